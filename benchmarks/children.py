"""Child processes: every bot runs in a process of its own, so that nothing shares its core or its interpreter."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

STOP_WITHIN = 25.0
"""Seconds after which a child that was asked to end is ended."""
LAST_LINES = 15


class ChildFailed(Exception):
    """A bot ended by itself; the message holds its last lines."""


@dataclass(slots=True)
class Child:
    """A running process. `started` is when it was asked for (monotonic seconds)."""

    name: str
    process: subprocess.Popen[bytes]
    log: IO[bytes]
    started: float

    def check(self) -> None:
        """Hold that it still runs.

        Raises:
            ChildFailed: it has ended.
        """
        if self.process.poll() is not None:
            raise ChildFailed(f"{self.name} ended with {self.process.returncode}:\n{self.last_lines()}")

    def last_lines(self) -> str:
        """Return the end of what it wrote."""
        self.log.seek(0)
        lines = self.log.read().decode(errors="replace").splitlines()
        return "\n".join(lines[-LAST_LINES:])

    @property
    def resident_mb(self) -> float:
        """Megabytes of memory that it holds now."""
        found = subprocess.run(["ps", "-o", "rss=", "-p", str(self.process.pid)], capture_output=True, check=True)  # noqa: S607
        return int(found.stdout) / 1024

    @property
    def cpu_seconds(self) -> float | None:
        """Processor seconds that it has used, None where the system does not tell precisely."""
        stat = Path(f"/proc/{self.process.pid}/stat")
        if not stat.exists():
            return None
        fields = stat.read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def child(name: str, *arguments: str, env: Mapping[str, str]) -> AsyncIterator[Child]:
    """Run `python -m …` until the block ends."""
    clean = {key: value for key, value in os.environ.items() if not re.match("SKOLEBUD_|COV_", key)}
    with tempfile.TemporaryFile() as log:
        started = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            env={**clean, **env},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=Path(__file__).parents[1],
        )
        running = Child(name, process, log, started)
        try:
            yield running
        finally:
            await _end(process)


async def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    deadline = time.monotonic() + STOP_WITHIN
    while process.poll() is None and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
    if process.poll() is None:
        process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=5)
