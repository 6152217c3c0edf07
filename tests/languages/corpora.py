"""Reads the corpora and judges what the engine makes of each sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.understanding import ChildName, Intent, Understood
from handlers.languages import understand

FOLDER = Path(__file__).parent
LANGUAGES = ("nb", "en", "pl", "ar")
NOW = datetime(2026, 11, 24, 7, 15)  # noqa: DTZ001 - the school's wall clock
DRAFTS = {Intent.REPORT_ABSENCE, Intent.REPORT_LATE, Intent.REPORT_PART, Intent.EXTEND, Intent.ASK_LEAVE}
"""What a sentence that means something else must never become."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the engine did on one sentence; `what` names the fields that are wrong, never the sentence."""

    index: int
    kind: str
    intent: str
    what: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Nothing is wrong."""
        return not self.what

    @property
    def false_absence(self) -> bool:
        """A sentence that is no report became one."""
        return self.kind == "not" and bool(self.what)


@cache
def corpus(language: str, file: str) -> dict[str, Any]:
    """Return a corpus file."""
    loaded: dict[str, Any] = yaml.safe_load((FOLDER / language / f"{file}.yaml").read_text(encoding="utf-8"))
    return loaded


def judge(language: str, file: str) -> list[Verdict]:
    """Return a verdict for every sentence of a corpus."""
    return [*_judge_right(language, file), *_judge_not(language, file)]


def children(language: str, file: str, entry: dict[str, Any]) -> list[ChildName]:
    """Return the own children of the home that a sentence comes from."""
    names = corpus(language, file)["homes"][entry.get("home", "two")]
    return [ChildName(number, name) for number, name in enumerate(names, start=1)]


def _judge_right(language: str, file: str) -> Iterator[Verdict]:
    for index, entry in enumerate(corpus(language, file)["right"]):
        own = children(language, file, entry)
        found = understand(entry["say"], language, own, NOW, ("nb",))
        yield Verdict(index, "right", entry["intent"], tuple(_wrong(entry, own, found)))


def _judge_not(language: str, file: str) -> Iterator[Verdict]:
    for index, entry in enumerate(corpus(language, file)["not"]):
        found = understand(entry["say"], language, children(language, file, entry), NOW, ("nb",))
        wrong = found is not None and found.intent in DRAFTS
        yield Verdict(index, "not", str(entry["means"]), (f"became {found.intent}",) if wrong and found else ())


def _wrong(entry: dict[str, Any], own: list[ChildName], found: Understood | None) -> Iterator[str]:
    if found is None:
        yield "not understood"
        return
    if found.intent != entry["intent"]:
        yield f"became {found.intent}"
    if not _children_right(entry, own, found):
        yield "children"
    if found.intent in DRAFTS:
        yield from (name for name, right in _details(entry, found).items() if not right)


def _children_right(entry: dict[str, Any], own: list[ChildName], found: Understood) -> bool:
    wanted = {child.id for child in own if child.name in entry.get("children", [])}
    if len(own) == 1 and not found.children:
        return True
    return set(found.children) == wanted


def _details(entry: dict[str, Any], found: Understood) -> dict[str, bool]:
    days = entry.get("days", [NOW.date().isoformat()])
    first, last = (days["first"], days["last"]) if isinstance(days, dict) else (days[0], days[-1])
    late = found.intent is Intent.REPORT_LATE
    return {
        "first": (found.first or NOW.date()) == date.fromisoformat(first),
        "last": (found.last or NOW.date()) == date.fromisoformat(last),
        "reason": (found.reason or "none") == entry.get("reason", "none"),
        "starts": found.starts == _time(entry.get("from")),
        "ends": found.ends == _time(entry.get("time" if late else "to")),
    }


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None
