"""Holds requests and results against the list of every Bot API method and type.

The list is a JSON file, `methods` and `types` with their fields, types and required flags; it is found by the
environment variable SKOLEBUD_BOT_API and is no part of the project.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.simulator.files import Upload

VARIABLE = "SKOLEBUD_BOT_API"

needs_bot_api = pytest.mark.skipif(
    not os.environ.get(VARIABLE),
    reason=f"{VARIABLE} does not name the file of the Bot API's methods and types",
)

# Newer than the list, and sent by client libraries as their defaults.
_IGNORED_PARAMETERS = frozenset({"reply_to_message_id", "allow_sending_without_reply", "disable_web_page_preview"})


class Validator:
    """Collects what does not fit in `problems`; `check` raises AssertionError when there is anything."""

    def __init__(self, path: Path) -> None:
        listed = json.loads(path.read_text("utf-8"))
        self._methods: dict[str, Any] = listed["methods"]
        self._types: dict[str, Any] = listed["types"]
        self.problems: list[str] = []
        self.calls = 0

    def __call__(self, method: str, params: Mapping[str, Any], result: Any) -> None:
        """Hold one call against the list; `result` None (a refused call) is not looked at."""
        self.calls += 1
        known = self._methods.get(method)
        if known is None:
            self.problems.append(f"{method}: no such method")
            return
        given = {k: v for k, v in params.items() if k not in _IGNORED_PARAMETERS}
        attached = {v.removeprefix("attach://") for v in _strings(given) if v.startswith("attach://")}
        given = {k: v for k, v in given.items() if k not in attached or not isinstance(v, Upload)}
        self._fields(method, known["fields"], given, from_request=True)
        if result is not None:
            self._one_of(f"{method} →", known["returns"], result, from_request=False)

    def update(self, update: Mapping[str, Any]) -> None:
        """Hold one update, as a webhook gets it, against the list."""
        self._one_of("update", ["Update"], update, from_request=False)

    def check(self) -> None:
        """Raise AssertionError with every problem, when there is one."""
        if self.problems:
            raise AssertionError("\n".join(dict.fromkeys(self.problems)))

    def _fields(self, where: str, fields: Mapping[str, Any], given: Mapping[str, Any], *, from_request: bool) -> None:
        self.problems += [
            f"{where}: {name} is missing" for name, field in fields.items() if field["required"] and name not in given
        ]
        for name, value in given.items():
            if name not in fields:
                self.problems.append(f"{where}: {name} is no field")
            else:
                self._one_of(f"{where}.{name}", fields[name]["types"], value, from_request=from_request)

    def _one_of(self, where: str, kinds: list[str], value: Any, *, from_request: bool) -> None:
        """Accept a value that fits one of several types; else keep the complaints of the type that came nearest."""
        nearest: list[str] | None = None
        before = self.problems
        for kind in kinds:
            self.problems = []
            self._value(where, kind, value, from_request=from_request)
            if nearest is None or len(self.problems) < len(nearest):
                nearest = self.problems
            if not nearest:
                break
        self.problems = before + (nearest or [])

    def _value(self, where: str, kind: str, value: Any, *, from_request: bool) -> None:
        if from_request and isinstance(value, str) and kind not in {"String", "InputFile"}:
            value = _parsed(value)
        if kind.startswith("Array of "):
            if not isinstance(value, list):
                self.problems.append(f"{where}: {_short(value)} is no list")
                return
            for i, item in enumerate(value):
                self._one_of(f"{where}[{i}]", [kind.removeprefix("Array of ")], item, from_request=from_request)
        elif kind in _PLAIN:
            if not _PLAIN[kind](value):
                self.problems.append(f"{where}: {_short(value)} is no {kind}")
        elif kind == "InputFile":
            if not isinstance(value, str | Upload):
                self.problems.append(f"{where}: {_short(value)} is no file")
        else:
            self._object(where, kind, value, from_request=from_request)

    def _object(self, where: str, kind: str, value: Any, *, from_request: bool) -> None:
        known = self._types[kind]
        if "subtypes" in known:
            self._one_of(where, known["subtypes"], value, from_request=from_request)
        elif not isinstance(value, dict):
            self.problems.append(f"{where}: {_short(value)} is no {kind}")
        else:
            self._fields(f"{where} ({kind})", known["fields"], value, from_request=from_request)


_PLAIN = {
    "String": lambda value: isinstance(value, str),
    "Integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "Float": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "Boolean": lambda value: isinstance(value, bool),
}


def _parsed(value: str) -> Any:
    """Forms carry everything as strings: numbers, Booleans and objects as JSON."""
    try:
        return json.loads(value.lower() if value in {"True", "False"} else value)
    except ValueError:
        return value


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        parsed = _parsed(value)
        return [value] if isinstance(parsed, str) else [value, *_strings(parsed)]
    if isinstance(value, Mapping):
        return [s for item in value.values() for s in _strings(item)]
    return [s for item in value for s in _strings(item)] if isinstance(value, list) else []


def _short(value: Any) -> str:
    return repr(value)[:60]


def make_validator(path: str | Path | None = None) -> Validator:
    """Make a validator for `Simulator(validator=…)`; without a path, the file that SKOLEBUD_BOT_API names.

    Raises KeyError when neither is there: mark such tests with `needs_bot_api` and `pytest.mark.botapi`.
    """
    return Validator(Path(path or os.environ[VARIABLE]))
