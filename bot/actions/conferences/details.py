"""Changing how a booked talk is held: where, with the pupil or without, the interpreter (M4, M2)."""

from __future__ import annotations

from bot.actions import UnitOfWork
from bot.actions.conferences.book import TalkView, hold_talk, told, view_of
from bot.actions.conferences.desk import Access
from bot.domain.conferences import TalkPlace, TalkState
from bot.domain.errors import InvalidInput, NotPermitted, Stale
from bot.domain.events import DIALECT_LIMIT, GenderWish, InterpreterWish
from bot.domain.marking import N_
from bot.domain.people import Actor
from storage.models import Talk
from storage.queries.dialogue import OpenQuestion, ask, close_question

EXPECT_DIALECT = "round.dialect"


class DialectTooLong(InvalidInput):
    code = "dialect_too_long"
    sentence = N_("That is {length} characters; {limit} fit. Write it a little shorter.")


async def next_place(uow: UnitOfWork, actor: Actor, talk_id: int, version: int) -> TalkView:
    """Choose the next of the teacher's places.

    Raises:
        NotPermitted, RoundClosed, Stale, TalkOver: see `cancel_talk`.
    """
    talk, access = await _hold_booked(uow, actor, talk_id, version)
    places = list(access.row.places)
    here = places.index(talk.place) if talk.place in places else -1
    talk.place = TalkPlace(places[(here + 1) % len(places)])
    return await _changed(uow, actor, access, talk)


async def turn_pupil(uow: UnitOfWork, actor: Actor, talk_id: int, version: int) -> TalkView:
    """Let the pupil take part, or not.

    Raises:
        NotPermitted, RoundClosed, Stale, TalkOver: see `cancel_talk`.
    """
    talk, access = await _hold_booked(uow, actor, talk_id, version)
    talk.with_pupil = not talk.with_pupil
    return await _changed(uow, actor, access, talk)


async def _hold_booked(uow: UnitOfWork, actor: Actor, talk_id: int, version: int) -> tuple[Talk, Access]:
    talk, access = await hold_talk(uow, actor, talk_id, version)
    if talk.state is not TalkState.BOOKED:
        raise Stale
    return talk, access


async def _changed(uow: UnitOfWork, actor: Actor, access: Access, talk: Talk, *, only: int | None = None) -> TalkView:
    talk.version += 1
    await uow.flush()
    return await told(uow, actor, access, talk, act="talk.change", only=only)


async def set_detail(
    uow: UnitOfWork,
    actor: Actor,
    talk_id: int,
    version: int,
    *,
    gender: GenderWish | None = None,
    dialect: str | None = None,
) -> TalkView:
    """Set what else is wished of the interpreter of a booked talk.

    Raises:
        NotPermitted: no interpreter is wished, or it is another guardian's wish (P9). RoundClosed, Stale, TalkOver.
    """
    talk, access = await _hold_booked(uow, actor, talk_id, version)
    if talk.interpreter is not InterpreterWish.WANTED or not access.sees_wish(talk):
        raise NotPermitted
    if gender is not None:
        talk.gender = gender
    if dialect is not None:
        talk.dialect = dialect
    return await _changed(uow, actor, access, talk, only=talk.booked_by)


async def ask_dialect(uow: UnitOfWork, actor: Actor, talk_id: int, version: int) -> TalkView:
    """Expect the dialect, or what else the interpreter should know, as the next text.

    Raises:
        NotPermitted: no interpreter is wished, or it is another guardian's wish (P9). RoundClosed, Stale, TalkOver.
    """
    talk, access = await _hold_booked(uow, actor, talk_id, version)
    if talk.interpreter is not InterpreterWish.WANTED or not access.sees_wish(talk):
        raise NotPermitted
    await ask(uow, actor.person_id, EXPECT_DIALECT, talk_id)
    await uow.commit()
    return view_of(access, talk)


async def take_dialect(uow: UnitOfWork, actor: Actor, question: OpenQuestion, text: str) -> TalkView:
    """Store the dialect.

    Raises:
        NotPermitted, RoundClosed, Stale, TalkOver: see `ask_dialect`. DialectTooLong.
    """
    dialect = " ".join(text.split())
    if len(dialect) > DIALECT_LIMIT:
        raise DialectTooLong(length=len(dialect), limit=DIALECT_LIMIT)
    await close_question(uow, actor.person_id)
    return await set_detail(uow, actor, question.ref_id, 0, dialect=dialect)
