"""In which language somebody reads, and in which they wrote."""

from __future__ import annotations

from bot.actions import UnitOfWork
from bot.domain.people import Actor
from bot.domain.scripts import written_language
from bot.i18n import Texts, find_language, languages, texts


def reader_texts(uow: UnitOfWork, language: str | None) -> Texts:
    """Return the sentences in a reader's language, the school's when none is known or live."""
    return texts(find_language(language) or uow.school.language)


def writer_language(uow: UnitOfWork, actor: Actor, text: str) -> str:
    """Return the language that somebody's words are to be translated from: the chosen one, if its letters allow it."""
    return written_language(text, actor.language, (uow.school.language, *languages()))
