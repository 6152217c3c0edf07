"""Understanding with the rules of the languages that need some beyond their data.

A language without a file here is understood all the same: its `phrases.yaml` says everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.understanding import ChildName, LanguageRules, Understanding, Understood
from handlers.languages.ar import ArabicRules
from handlers.languages.pl import PolishRules

RULES: dict[str, LanguageRules] = {"ar": ArabicRules(), "pl": PolishRules()}
"""By language code; a new file is added here."""

_understanding = Understanding(RULES)


def understand(
    text: str, language: str, children: Sequence[ChildName], now: datetime, fallback: Sequence[str] = ()
) -> Understood | None:
    """Return the draft that a guardian's message is, None if it is a message only (see `Understanding.understand`).

    Args:
        now: the school's wall-clock time.
        fallback: languages to try after the chosen one, the school's first.
    """
    return _understanding.understand(text, language, children, now, fallback)


def warm() -> None:
    """Make every language ready, so that the first message does not wait.

    Raises:
        BadPhrases: a language's file cannot be used.
    """
    _understanding.warm()
