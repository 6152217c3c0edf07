"""Free text inside a message that is rendered before its translation exists.

A message does not hold a free text itself but an element of our small HTML that names it, the reader's language and how
it is shown. What leaves for a person is filled with the text as it stands in that moment. People's words are escaped,
so nobody can write such an element.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.translation import Subject


class Look(StrEnum):
    """How a free text is shown."""

    QUOTE = "quote"
    """A quotation with a mark below it that says who translated it, or that it is not translated yet."""
    LINE = "line"
    """The words alone, in a line of something else; a mark as one sign."""
    SIDE = "side"
    """Original and rendering one below the other, for an interpreter (L4)."""
    ORIGINAL = "original"
    """As it was written (L1)."""


@dataclass(frozen=True, slots=True)
class FreeText:
    """A free text as somebody is to read it."""

    subject: Subject
    subject_id: int
    language: str
    """The reader's."""
    look: Look = Look.QUOTE

    def element(self) -> str:
        """Return the element that stands for the text until the message leaves."""
        return f'<free of="{self.subject.value}" id="{self.subject_id}" to="{self.language}" as="{self.look.value}"/>'


_ELEMENT = re.compile(r'<free of="(\w+)" id="(\d+)" to="([\w-]+)" as="(\w+)"/>')


def free_texts(html: str) -> list[FreeText]:
    """Return the free texts that a message is to show, in their order, each once."""
    if "<free " not in html:
        return []
    return list(dict.fromkeys(_read(found) for found in _ELEMENT.finditer(html)))


def fill(html: str, show: Callable[[FreeText], str]) -> str:
    """Put what `show` returns (HTML) into the place of each free text."""
    return _ELEMENT.sub(lambda found: show(_read(found)), html) if "<free " in html else html


def _read(found: re.Match[str]) -> FreeText:
    subject, ref, language, look = found.groups()
    return FreeText(Subject(subject), int(ref), language, Look(look))
