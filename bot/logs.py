"""Logs as JSON lines: event, ids, codes, durations. Never a name, a text or a telephone number (P6)."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


_TEMPLATE = 120
"""Characters of another library's template that are kept."""
_OWN = ("bot", "handlers", "storage", "locales")


class JsonFormatter(logging.Formatter):
    """One JSON object a line. An exception keeps its kind and places; its message may quote data and is left out.

    Of another library's line only the first line of its template stays: what it fills in may be data (aiosqlite
    and asyncio write out whole statements and tasks).
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as JSON."""
        entry: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "event": _event(record),
        }
        entry.update({key: value for key, value in vars(record).items() if key not in _STANDARD})
        if record.exc_info and record.exc_info[1] is not None:
            entry["exception"] = type(record.exc_info[1]).__name__
            entry["where"] = _places(record.exc_info[1])
        return json.dumps(entry, ensure_ascii=False, default=str)


def _event(record: logging.LogRecord) -> str:
    if record.name.partition(".")[0] in _OWN:
        return record.getMessage()
    return str(record.msg).partition("\n")[0][:_TEMPLATE]


def _places(error: BaseException) -> list[str]:
    places = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 3)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-8:]


def set_up_logging(level: str) -> None:
    """Send every log line to standard error as JSON.

    aiogram's own lines about updates and asyncio's about tasks may hold data, so only their warnings pass.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("aiogram", "apscheduler", "aiohttp.access", "sqlalchemy"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
