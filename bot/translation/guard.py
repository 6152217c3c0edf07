"""The meaning guard: does a translation say the same as its source, as far as a machine can tell? (L3)"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class FindingKind(StrEnum):
    """What a translation lost, added or changed."""

    NAME = "name"
    NUMBER = "number"
    DATE = "date"
    """A date, a weekday, or a day told from today."""
    TIME = "time"
    LINK = "link"
    CLASS = "class"
    NEGATION = "negation"
    LENGTH = "length"
    EMPTY = "empty"
    UNTRANSLATED = "untranslated"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the guard does not let pass; `what` is the words or the value, for an interpreter's eyes."""

    kind: FindingKind
    what: str


def check(
    source: str, translated: str, source_language: str, target_language: str, names: Collection[str] = ()
) -> tuple[Finding, ...]:
    """Return what the translation of one sentence (or text) changed; empty when it passes."""
    if source.strip() and not translated.strip():
        return (Finding(FindingKind.EMPTY, source),)
    return ()
