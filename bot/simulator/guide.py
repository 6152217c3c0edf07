"""What the page proposes to try: steps that tick themselves off as the visitor goes along."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class GuideStep:
    """One thing to try.

    Attributes:
        title: a few words.
        text: what to tap, and what will be seen.
        people: whose phones it is about; the page points at them.
        watch: the person in whose chat it shows that the step is done, if it shows at all.
        done: words of which one, in a text or on a button of that chat, means that it is done.
    """

    title: str
    text: str
    people: tuple[int, ...] = ()
    watch: int | None = None
    done: tuple[str, ...] = ()

    def view(self) -> dict[str, Any]:
        """Return the step as the page reads it."""
        return asdict(self)
