"""What interpreters approved is remembered, masked; interpreters and the leadership can take it out again (L5)."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.actions import UnitOfWork
from bot.domain.errors import NotPermitted
from bot.domain.people import Actor
from bot.translation.mask import TOKEN, mask
from bot.translation.pipeline import remembered
from bot.translation.sounds import may_name
from storage.queries.audit import audit
from storage.queries.dialogue import ask, find_question
from storage.queries.interpreters import access_interpreter
from storage.queries.memory import (
    Remembered,
    access_memory,
    find_remembered,
    list_remembered,
    remember_pair,
    set_withdrawn,
)
from storage.queries.originals import Original
from storage.queries.renderings import RenderingRow
from storage.queries.spoken_of import list_names

__all__ = ["MemoryPage", "Remembered", "everybody", "is_bare", "remember", "search_memory", "show_memory", "withdraw"]

EXPECT_SEARCH = "interpreter.search"
"""The list of remembered sentences is open: what is written next is looked for in it."""
ON_PAGE = 3
LAST_PAGE = 999
WORDS_LIMIT = 100
GAP = "___"
_NUMBER = re.compile(r"\d")
_BESIDE = re.compile(rf"(?:([\u0620-\u064a\u066e-\u06d3]+) )?(?:{TOKEN.pattern})(?: ([\u0620-\u064a\u066e-\u06d3]+))?")
"""A masked value with the words in Arabic letters before and after it."""
_CAPITAL = re.compile(r"(?<=[\w,;:)»”] )[^\W\d_]{2,}")
"""A word that does not begin its sentence."""


async def remember(
    uow: UnitOfWork, actor: Actor, row: RenderingRow, original: Original, text: str, names: Collection[str]
) -> int:
    """Store the pairs of sentences that an interpreter approved; return how many are new. The caller commits.

    Of what is one home's only those are kept in which nothing is left that could tell of whom they speak.
    """
    known = await everybody(uow, original) if row.is_home_bound else frozenset(names)
    stored = 0
    for key, source, target in remembered(original.text, text, names, original.language, row.language):
        if not (
            is_bare(source, known, careful=row.is_home_bound) and is_bare(target, known, careful=row.is_home_bound)
        ):
            continue
        pair = (original.language, row.language)
        stored += await remember_pair(uow, actor.person_id, pair, key, source, target)
    return stored


async def everybody(uow: UnitOfWork, original: Original) -> frozenset[str]:
    """Return the names of everybody at the school, whomever the text is about."""
    return await list_names(uow, replace(original, thread_id=None, pupil_id=None, audience=None, audience_ids=()))


def is_bare(masked: str, names: Collection[str], *, careful: bool) -> bool:
    """Tell whether a masked sentence holds no name, number or date any more.

    Args:
        names: whole names of everybody whom it might speak of.
        careful: a word with a capital inside the sentence is taken for the name of somebody whom nobody here knows.
    """
    rest = TOKEN.sub(" ", masked)
    if _NUMBER.search(rest) or any(True for _ in mask(rest, names).found):
        return False
    if not careful:
        return True
    beside = (word for found in _BESIDE.finditer(masked) for word in (found[1], found[found.re.groups]) if word)
    if any(may_name(word, names) for word in beside):
        return False  # letters without capitals: a family's name beside a first name that is masked
    return not any(word.group()[0].isupper() for word in _CAPITAL.finditer(rest))


@dataclass(frozen=True, slots=True)
class MemoryPage:
    """A page of what is remembered; `words` is what was looked for."""

    found: tuple[Remembered, ...]
    words: str
    page: int
    more: bool


async def show_memory(uow: UnitOfWork, actor: Actor, page: int) -> MemoryPage:
    """Return a page of the remembered sentences, and look for what is written next.

    Raises:
        NotPermitted: the actor neither leads the school nor interprets for it. NotPromised.
    """
    question = await find_question(uow, actor.person_id)
    words = str(question.data.get("words", "")) if question is not None and question.expects == EXPECT_SEARCH else ""
    if page == 0:
        words = ""  # opened anew; the pages of a search come after its first
    return await _page(uow, actor, words, page)


async def search_memory(uow: UnitOfWork, actor: Actor, text: str) -> MemoryPage:
    """Return the first page of the remembered sentences in which these words stand.

    Raises:
        NotPermitted: the actor neither leads the school nor interprets for it. NotPromised.
    """
    return await _page(uow, actor, " ".join(text.split())[:WORDS_LIMIT], 0)


async def _page(uow: UnitOfWork, actor: Actor, words: str, page: int) -> MemoryPage:
    languages = await _languages(uow, actor)
    page = min(max(0, page), LAST_PAGE)
    found = await list_remembered(uow, languages, words, offset=page * ON_PAGE, limit=ON_PAGE + 1)
    await ask(uow, actor.person_id, EXPECT_SEARCH, words=words)
    await uow.commit()
    return MemoryPage(tuple(map(_readable, found[:ON_PAGE])), words, page, len(found) > ON_PAGE)


def _readable(pair: Remembered) -> Remembered:
    """Return a pair with a gap where a name, a number or a day stood."""
    return replace(pair, source=TOKEN.sub(GAP, pair.source), text=TOKEN.sub(GAP, pair.text))


async def _languages(uow: UnitOfWork, actor: Actor) -> frozenset[str] | None:
    """Return the languages of which an interpreter sees pairs; the leadership sees all."""
    if actor.leads:
        return None
    languages = await access_interpreter(uow, actor)
    await access_memory(uow, actor)
    return languages


async def withdraw(uow: UnitOfWork, actor: Actor, memory_id: int, *, out: bool) -> Remembered:
    """Take a remembered sentence out, or put it back; a second tap changes nothing.

    Raises:
        NotPermitted: the actor neither leads the school nor interprets these languages for it. NotPromised.
    """
    languages = await _languages(uow, actor)
    pair = await find_remembered(uow, memory_id)
    if languages is not None and not {pair.source_language, pair.language} <= languages:
        raise NotPermitted
    if await set_withdrawn(uow, memory_id, actor.person_id, withdrawn=out):
        await audit(uow, actor.person_id, "memory.withdraw" if out else "memory.restore", "memory", memory_id)
    pair = await find_remembered(uow, memory_id)
    await uow.commit()
    return _readable(pair)
