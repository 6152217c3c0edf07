"""`python -m benchmarks [name …] [--json FILE] [--quick]`: measure, print, and say which figures were reached."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import os
import platform
import time
from pathlib import Path

from benchmarks.report import Report

NAMES = ("updates", "absence", "booking", "reminders", "understanding", "translation", "start", "broadcast")


def main() -> None:
    """Run the benchmarks that were asked for, all of them without a name."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(NAMES)}; all when none is given")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there too")
    parser.add_argument("--quick", action="store_true", help="smaller and fewer: a first look, not a figure to quote")
    given = parser.parse_args()
    if unknown := set(given.names) - set(NAMES):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; choose of {', '.join(NAMES)}")
    reports: dict[str, Report] = {}
    for name in given.names or NAMES:
        started = time.monotonic()
        reports[name] = asyncio.run(importlib.import_module(f"benchmarks.{name}").measure(quick=given.quick))
        print(reports[name].text(), flush=True)
        print(f"  took  {time.monotonic() - started:.0f} s", flush=True)
    if given.json:
        machine = {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}
        found = {name: report.as_json() for name, report in reports.items()}
        given.json.write_text(json.dumps({"machine": machine, "quick": given.quick, "benchmarks": found}, indent=1))


if __name__ == "__main__":
    main()
