"""In which language somebody reads."""

from __future__ import annotations

from bot.actions import UnitOfWork
from bot.i18n import Texts, find_language, texts


def reader_texts(uow: UnitOfWork, language: str | None) -> Texts:
    """Return the sentences in a reader's language, the school's when none is known or live."""
    return texts(find_language(language) or uow.school.language)
