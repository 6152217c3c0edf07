"""What is sensitive in a text: identity numbers always, words in the writer's and the school's language (P5)."""

from __future__ import annotations

from stdnum.no import fodselsnummer

from bot.domain.sensitive import Sensitive, SensitiveKind, find_identity_numbers
from bot.i18n.sensitive import lexicon


def find(text: str, *languages: str) -> tuple[Sensitive, ...]:
    """Return what is sensitive in a text, each kind of words once, in the order of `SensitiveKind`.

    Args:
        languages: whose words are looked for; a home that writes Polish writes "barnevernet" all the same.
    """
    kinds = {kind for language in languages for kind in lexicon(language).find(text)}
    words = tuple(Sensitive(kind) for kind in SensitiveKind if kind in kinds)
    return (*find_numbers(text), *words)


def find_numbers(text: str) -> tuple[Sensitive, ...]:
    """Return where national identity numbers and D-numbers stand in a text."""
    return find_identity_numbers(text, fodselsnummer.is_valid)
