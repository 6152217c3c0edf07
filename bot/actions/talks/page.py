"""A talk's page for the home and for the school, what a guardian writes before it, and lists of talks (M5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta

from bot.actions import UnitOfWork
from bot.actions.readers import reader_texts
from bot.actions.talks.remind import wall_end
from bot.actions.translation.tell import request
from bot.domain.people import Actor
from bot.domain.talk_summary import TalkIsCancelled, TalkIsOver, check_preparation
from bot.domain.translation import Subject
from storage.queries.audit import audit
from storage.queries.dialogue import OpenQuestion, ask, close_question, find_question
from storage.queries.people import find_contact
from storage.queries.talks import (
    PointRow,
    Preparation,
    TalkRow,
    access_home_talk,
    access_talk,
    list_home_talks,
    list_open_talks,
    list_points,
    list_preparations,
    list_unwritten_of,
    store_preparation,
)

EXPECT_PREPARE = "talk.prepare"
EXPECT_DIFFER = "talk.differ"
EXPECT_SUMMARY = "talk.summary"
EXPECT_POINT = "talk.point"
EXPECTS = frozenset({EXPECT_PREPARE, EXPECT_DIFFER, EXPECT_SUMMARY, EXPECT_POINT})
"""Open questions about a talk; `ref_id` is its id."""

ON_PAGE = 4
LAST_PAGE = 99
UNWRITTEN_DAYS = 60
"""Days after a talk for which it stands among those to be written up."""


@dataclass(frozen=True, slots=True)
class TalkView:
    """A talk as its page shows it; `preparations` are the own words for a home and everybody's for the school."""

    talk: TalkRow
    home: bool
    ends: time
    points: tuple[PointRow, ...]
    preparations: tuple[Preparation, ...]
    author: str


async def show_talk(uow: UnitOfWork, actor: Actor, talk_id: int) -> TalkView:
    """Return a talk for the home or the school; an open question about it is left.

    Raises:
        NotPermitted: the actor is of neither side now.
    """
    talk, home = await access_talk(uow, actor, talk_id)
    await leave_talk_question(uow, actor, talk_id)
    view = await view_of(uow, actor, talk, home=home)
    await uow.commit()
    return view


async def view_of(uow: UnitOfWork, actor: Actor, talk: TalkRow, *, home: bool) -> TalkView:
    """Return the page of a talk that the actor may see."""
    written = await list_preparations(uow, talk.id, actor.person_id if home else None)
    points = await list_points(uow, [talk.id])
    author = await find_contact(uow, talk.summarised_by) if talk.summarised_by is not None else None
    name = author.name if author else talk.teacher_name
    return TalkView(talk, home, wall_end(uow, talk), tuple(points), tuple(written), name)


async def leave_talk_question(uow: UnitOfWork, actor: Actor, talk_id: int) -> None:
    """Close an open question about this talk; the caller commits."""
    question = await find_question(uow, actor.person_id)
    if question is not None and question.expects in EXPECTS and question.ref_id == talk_id:
        await close_question(uow, actor.person_id)


async def start_preparation(uow: UnitOfWork, actor: Actor, talk_id: int) -> TalkView:
    """Expect a guardian's words before a talk as the next text.

    Raises:
        NotPermitted: it is not about an own child. TalkIsCancelled, TalkIsOver.
    """
    talk = await _before(uow, actor, talk_id)
    await ask(uow, actor.person_id, EXPECT_PREPARE, talk_id)
    view = await view_of(uow, actor, talk, home=True)
    await uow.commit()
    return view


async def keep_preparation(uow: UnitOfWork, actor: Actor, question: OpenQuestion, text: str) -> TalkView:
    """Store a guardian's words before a talk, in place of earlier ones, for the teacher and nobody else (P9).

    Raises:
        NotPermitted: it is not about an own child. TalkIsCancelled, TalkIsOver, LineMissing, LineTooLong.
    """
    talk = await _before(uow, actor, question.ref_id)
    await store_preparation(uow, talk.id, actor.person_id, check_preparation(text), actor.language)
    await close_question(uow, actor.person_id)
    await audit(uow, actor.person_id, "talk.prepare", "talk", talk.id, pupil=talk.pupil_id)
    view = await view_of(uow, actor, talk, home=True)
    await _ask_for_teacher(uow, talk, view.preparations)
    await uow.commit()
    return view


async def _ask_for_teacher(uow: UnitOfWork, talk: TalkRow, preparations: Sequence[Preparation]) -> None:
    """Ask for the teacher's language at once: no message brings these words, the teacher opens them some time."""
    teacher = await find_contact(uow, talk.teacher_id)
    language = reader_texts(uow, teacher.language if teacher else None).code
    for one in preparations:
        await request(uow, Subject.PREPARATION, one.id, [language])


async def _before(uow: UnitOfWork, actor: Actor, talk_id: int) -> TalkRow:
    talk = await access_home_talk(uow, actor, talk_id)
    if talk.cancelled:
        raise TalkIsCancelled
    if talk.ends_at <= uow.now:
        raise TalkIsOver
    return talk


WithPoints = tuple[TalkRow, tuple[PointRow, ...]]
"""A talk with what is still open of what was agreed in it."""


@dataclass(frozen=True, slots=True)
class TalksPage:
    """A person's talks: those to come, those to write up, and those of which something agreed is open."""

    coming: tuple[TalkRow, ...]
    unwritten: tuple[TalkRow, ...]
    open_home: tuple[WithPoints, ...]
    open_school: tuple[WithPoints, ...]
    page: int
    more: bool


async def list_own_talks(uow: UnitOfWork, actor: Actor, page: int) -> TalksPage:
    """Return a person's own talks, some at a time.

    The leadership may open any talk, but only the own rounds are listed here.
    """
    page = min(max(0, page), LAST_PAGE)
    start, beyond = page * ON_PAGE, ON_PAGE + 1
    coming = await list_home_talks(uow, actor, uow.now, offset=start, limit=beyond)
    unwritten: list[TalkRow] = []
    school: tuple[WithPoints, ...] = ()
    more_school = False
    if actor.roles:
        since = uow.now - timedelta(days=UNWRITTEN_DAYS)
        unwritten = await list_unwritten_of(uow, actor.person_id, since, offset=start, limit=beyond)
        school, more_school = await _open(uow, actor, start, home=False)
    home, more_home = await _open(uow, actor, start, home=True)
    more = more_home or more_school or len(coming) > ON_PAGE or len(unwritten) > ON_PAGE
    return TalksPage(tuple(coming[:ON_PAGE]), tuple(unwritten[:ON_PAGE]), home, school, page, more)


async def _open(uow: UnitOfWork, actor: Actor, start: int, *, home: bool) -> tuple[tuple[WithPoints, ...], bool]:
    talks = await list_open_talks(uow, actor, home=home, offset=start, limit=ON_PAGE + 1)
    shown = talks[:ON_PAGE]
    points = [point for point in await list_points(uow, [talk.id for talk in shown]) if point.is_open]
    by_talk = tuple((talk, tuple(point for point in points if point.talk_id == talk.id)) for talk in shown)
    return by_talk, len(talks) > ON_PAGE
