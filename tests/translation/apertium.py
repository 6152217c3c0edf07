"""A real Apertium APY for tests, on 127.0.0.1: Debian's listens on every interface and cannot be told otherwise."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PYTHON = "/usr/bin/python3"
"""Debian's own: the package lies in its folders."""
PACKAGE = Path("/usr/lib/python3/dist-packages/apertium_apy")
MODES = Path("/usr/share/apertium/modes")
WANTED = ("nob-nno", "nno-nob", "dan-nob", "swe-nob")
PATIENCE = 30.0

# Binds to 127.0.0.1 only, on a free port that it prints; ends when whoever started it is gone.
STARTER = """
import os, sys, threading
import tornado.tcpserver

bind = tornado.tcpserver.TCPServer.bind

def bind_here(self, port, **others):
    bind(self, 0, address="127.0.0.1", **others)
    print(self._pending_sockets[0].getsockname()[1], flush=True)

def watch():
    sys.stdin.read()
    os._exit(0)

tornado.tcpserver.TCPServer.bind = bind_here
threading.Thread(target=watch, daemon=True).start()
from apertium_apy.apy import main
main()
"""


def need_apertium() -> None:
    """Skip when Apertium APY or one of the pairs is not installed."""
    missing = [str(path) for path in (PACKAGE, *(MODES / f"{mode}.mode" for mode in WANTED)) if not path.exists()]
    if missing:
        pytest.skip(f"Apertium is not installed: {missing[0]} is missing (see the marker in pyproject.toml)")


@contextmanager
def running_apertium() -> Iterator[str]:
    """Run Apertium APY and give out its address."""
    process = subprocess.Popen(
        [PYTHON, "-c", STARTER, str(MODES)],
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        port = process.stdout.readline().decode().strip()
        assert port.isdigit(), "Apertium APY did not start"
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # its pipelines too
        process.communicate(timeout=PATIENCE)
