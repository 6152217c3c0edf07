"""Who may look at what a translation was made of: everybody against everything, whatever the button says (P7, P9)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.actions.translation.dispute import dispute, show_source
from bot.clock import Clock
from bot.domain.conferences import PointOwner
from bot.domain.errors import NotPermitted
from bot.domain.events import EventKind, EventState
from bot.domain.leave import LeaveState
from bot.domain.notices import AudienceKind, NoticeKind, NoticeState
from bot.domain.people import Actor
from bot.domain.polls import PollKind, PollState
from bot.domain.threads import MessageKind
from bot.domain.translation import Checked, MadeBy, RenderingState, Subject
from storage.models import (
    AgreedPoint,
    Ballot,
    Delivery,
    Event,
    Invitation,
    LeaveRequest,
    Notice,
    Poll,
    Rendering,
    TalkPreparation,
    Thread,
    ThreadMessage,
)
from storage.queries.originals import load_originals
from storage.queries.people import find_actor_by_person
from storage.session import Database, UnitOfWork
from tests.scenarios.talks_steps import person_id, pupil_of, store_talk

MOTHER, FATHER, OTHER = "Amina Haddad", "Omar Haddad", "Ingrid Berg"
TEACHER, ELSEWHERE, PRINCIPAL, INTERPRETER = "Kari Nordmann", "Tom Eide", "Marit Lund", "Yusuf Rahman"
EVERYBODY = (MOTHER, FATHER, OTHER, TEACHER, ELSEWHERE, PRINCIPAL, INTERPRETER)
READERS = {
    Subject.MESSAGE: {MOTHER, TEACHER, PRINCIPAL},
    Subject.NOTICE: {MOTHER, TEACHER, PRINCIPAL},
    Subject.EVENT: {MOTHER, TEACHER, PRINCIPAL},
    Subject.EVENT_SUMMARY: {TEACHER, PRINCIPAL},
    Subject.TALK: {MOTHER, FATHER, TEACHER, PRINCIPAL},
    Subject.POINT: {MOTHER, FATHER, TEACHER, PRINCIPAL},
    Subject.PREPARATION: {MOTHER, TEACHER},
    Subject.LEAVE: {MOTHER, TEACHER, PRINCIPAL},
    Subject.LEAVE_ANSWER: {MOTHER, FATHER, TEACHER, PRINCIPAL},
    Subject.POLL: {MOTHER, TEACHER},
}
"""Amina has written or got it; it is about her and Omar's son in Kari's class."""
Maker = Callable[[UnitOfWork, "People"], Awaitable[int]]
People = dict[str, int]


async def _stored(uow: UnitOfWork, row: object) -> int:
    uow.session.add(row)
    await uow.flush()
    ref = getattr(row, "id", None)
    assert isinstance(ref, int)
    return ref


async def _message(uow: UnitOfWork, people: People) -> int:
    pupil, _ = await pupil_of(uow, "Ali Haddad")
    thread = await _stored(uow, Thread(guardian_id=people[MOTHER], pupil_id=pupil, opened_at=uow.now, last_at=uow.now))
    message = ThreadMessage(
        thread_id=thread,
        author_id=people[MOTHER],
        text="Hei.",
        language="nb",
        sent_at=uow.now,
        kind=MessageKind.TEXT,
    )
    return await _stored(uow, message)


async def _notice(uow: UnitOfWork, people: People) -> int:
    pupil, class_id = await pupil_of(uow, "Ali Haddad")
    notice = await _stored(
        uow,
        Notice(
            author_id=people[TEACHER], kind=NoticeKind.GENERAL, text="Hei.", text_language="nb",
            audience=AudienceKind.CLASSES, audience_ids=[class_id], state=NoticeState.SENT, created_at=uow.now,
        ),
    )  # fmt: skip
    uow.session.add(Delivery(notice_id=notice, person_id=people[MOTHER], pupil_ids=[pupil], language="ar"))
    return notice


async def _event(uow: UnitOfWork, people: People) -> int:
    pupil, class_id = await pupil_of(uow, "Ali Haddad")
    event = await _stored(
        uow,
        Event(
            kind=EventKind.CLASS_MEETING, state=EventState.OPEN, organiser_id=people[TEACHER], text="Hei.",
            text_language="nb", summary="Takk.", summary_language="nb", day=uow.today, zone="Europe/Oslo", uid="x",
            starts_at=uow.now, created_at=uow.now, audience=AudienceKind.CLASSES, audience_ids=[class_id],
        ),
    )  # fmt: skip
    uow.session.add(
        Invitation(event_id=event, person_id=people[MOTHER], pupil_ids=[pupil], language="ar", answered_revision=0)
    )
    return event


async def _talk(uow: UnitOfWork, _: People) -> int:
    talk = await store_talk(uow, "Ali Haddad", MOTHER)
    await uow.change(
        sa.text("UPDATE talk SET summary = 'Hei.', summary_language = 'nb' WHERE id = :talk").bindparams(talk=talk)
    )
    return talk


async def _point(uow: UnitOfWork, people: People) -> int:
    talk = await _talk(uow, people)
    point = AgreedPoint(talk_id=talk, text="Lese.", language="nb", owner=PointOwner.HOME, made_at=uow.now)
    return await _stored(uow, point)


async def _preparation(uow: UnitOfWork, people: People) -> int:
    talk = await _talk(uow, people)
    words = TalkPreparation(talk_id=talk, person_id=people[MOTHER], text="Hei.", language="nb", written_at=uow.now)
    return await _stored(uow, words)


async def _leave(uow: UnitOfWork, people: People) -> int:
    pupil, _ = await pupil_of(uow, "Ali Haddad")
    request = LeaveRequest(
        pupil_id=pupil, asked_by=people[MOTHER], asked_at=uow.now, first=uow.today, last=uow.today, days=1,
        why="Reise.", why_language="nb", state=LeaveState.GRANTED, decision_text="God tur.", decision_language="nb",
    )  # fmt: skip
    return await _stored(uow, request)


async def _poll(uow: UnitOfWork, people: People) -> int:
    pupil, class_id = await pupil_of(uow, "Ali Haddad")
    poll = await _stored(
        uow,
        Poll(
            kind=PollKind.POLL, state=PollState.OPEN, author_id=people[TEACHER], question="Hva?", text_language="nb",
            audience=AudienceKind.CLASSES, audience_ids=[class_id], created_at=uow.now, zone="Europe/Oslo",
        ),
    )  # fmt: skip
    uow.session.add(Ballot(poll_id=poll, person_id=people[MOTHER], pupil_ids=[pupil], language="ar"))
    return poll


MAKERS: dict[Subject, Maker] = {
    Subject.MESSAGE: _message,
    Subject.NOTICE: _notice,
    Subject.EVENT: _event,
    Subject.EVENT_SUMMARY: _event,
    Subject.TALK: _talk,
    Subject.POINT: _point,
    Subject.PREPARATION: _preparation,
    Subject.LEAVE: _leave,
    Subject.LEAVE_ANSWER: _leave,
    Subject.POLL: _poll,
}


async def make(uow: UnitOfWork, subject: Subject, people: People) -> int:
    """Store something of a subject with its Arabic rendering; return the rendering's id."""
    ref = await MAKERS[subject](uow, people)
    await uow.flush()
    return await _rendering(uow, subject, ref)


async def _rendering(uow: UnitOfWork, subject: Subject, ref: int) -> int:
    original = (await load_originals(uow, {(subject, ref)}))[subject, ref]
    return await _stored(
        uow,
        Rendering(
            subject=subject, subject_id=ref, language="ar", source_language="nb", source_hash=original.hash,
            thread_id=original.thread_id, pupil_id=original.pupil_id, state=RenderingState.READY, text="نص",
            made_by=MadeBy.ENGINE, checked=Checked.NOT, version=2, created_at=uow.now, changed_at=uow.now,
        ),
    )  # fmt: skip


async def actors(uow: UnitOfWork) -> dict[str, Actor]:
    found = {}
    for name in EVERYBODY:
        actor = await find_actor_by_person(uow, await person_id(uow, name))
        assert actor is not None, name
        found[name] = actor
    return found


def test_every_subject_has_a_rule() -> None:
    assert set(READERS) == set(MAKERS) == set(Subject)


@pytest.mark.parametrize("subject", list(Subject))
async def test_exactly_its_readers_see_the_original(example_school: Database, clock: Clock, subject: Subject) -> None:
    async with example_school.unit_of_work() as uow:
        await _come_in(uow)
        people = await actors(uow)
        rendering = await make(uow, subject, {name: one.person_id for name, one in people.items()})
        await uow.commit()
    async with example_school.unit_of_work() as uow:
        seen = set()
        for name, actor in people.items():
            try:
                source = await show_source(uow, actor, rendering)
            except NotPermitted:
                continue
            seen.add(name)
            assert source.original.language == "nb"
        assert seen == READERS[subject]
    async with example_school.unit_of_work() as uow:
        for name in set(EVERYBODY) - READERS[subject]:
            with pytest.raises(NotPermitted):
                await dispute(uow, people[name], rendering, 2)
    clock.forward(timedelta(minutes=1))


@pytest.mark.parametrize("subject", [one for one in Subject if MOTHER in READERS[one]])
async def test_a_guardian_whose_access_has_ended_sees_it_no_more(example_school: Database, subject: Subject) -> None:
    async with example_school.unit_of_work() as uow:
        await _come_in(uow)
        people = await actors(uow)
        rendering = await make(uow, subject, {name: one.person_id for name, one in people.items()})
        await uow.change(
            sa.text("UPDATE guardianship SET blocked = :yes WHERE person_id = :person").bindparams(
                yes=True, person=people[MOTHER].person_id
            )
        )
        await uow.commit()
        mother = await find_actor_by_person(uow, people[MOTHER].person_id)
        if mother is not None:  # nobody at all any more is refused before this
            with pytest.raises(NotPermitted):
                await show_source(uow, mother, rendering)


async def _later(uow: UnitOfWork, people: People, kind: MessageKind, author: str, to: str | None = None) -> int:
    """Store one more message of Amina's conversation with its rendering; return the rendering's id."""
    [(thread,)] = (await uow.execute(sa.text("SELECT id FROM thread"))).all()
    message = await _stored(
        uow,
        ThreadMessage(
            thread_id=thread, author_id=people[author], text="Senere.", language="nb", sent_at=uow.now, kind=kind,
            to_person_id=people[to] if to else None,
        ),
    )  # fmt: skip
    return await _rendering(uow, Subject.MESSAGE, message)


async def _sees(uow: UnitOfWork, people: dict[str, Actor], rendering: int) -> set[str]:
    seen = set()
    for name, actor in people.items():
        try:
            await show_source(uow, actor, rendering)
        except NotPermitted:
            continue
        seen.add(name)
    return seen


async def test_what_comes_after_handing_over_and_between_two_is_not_for_the_class_s_teachers(
    example_school: Database,
) -> None:
    async with example_school.unit_of_work() as uow:
        await _come_in(uow)
        people = await actors(uow)
        refs = {name: one.person_id for name, one in people.items()}
        first = await make(uow, Subject.MESSAGE, refs)
        between = await _later(uow, refs, MessageKind.ASKS, INTERPRETER, MOTHER)
        assert await _sees(uow, people, between) == {MOTHER}
        await _later(uow, refs, MessageKind.HANDED_OVER, TEACHER)
        after = await _later(uow, refs, MessageKind.TEXT, MOTHER)
        await uow.change(sa.text("UPDATE thread SET handed_at = opened_at"))
        await uow.flush()
        assert await _sees(uow, people, first) == {MOTHER, TEACHER, PRINCIPAL}
        assert await _sees(uow, people, after) == {MOTHER, PRINCIPAL}


async def test_two_say_at_once_that_it_is_wrong_and_it_counts_once(example_school: Database) -> None:
    async with example_school.unit_of_work() as uow:
        await _come_in(uow)
        people = await actors(uow)
        rendering = await make(uow, Subject.TALK, {name: one.person_id for name, one in people.items()})
        await uow.commit()
    done = []
    for name in (MOTHER, FATHER):
        async with example_school.unit_of_work() as uow:
            done.append(await dispute(uow, people[name], rendering, 2))
    assert [one.again for one in done] == [False, True]
    async with example_school.unit_of_work() as uow:
        found = await uow.execute(sa.text("SELECT version, disputed_by FROM rendering"))
        assert found.all() == [(3, people[MOTHER].person_id)]
    async with example_school.unit_of_work() as uow:
        stale = await dispute(uow, people[TEACHER], rendering, 2)
        assert stale.again


async def _come_in(uow: UnitOfWork) -> None:
    from storage.queries.entry import link_account, set_language

    for name in EVERYBODY:
        ref = await person_id(uow, name)
        await link_account(uow, ref, 5000 + ref)
        await set_language(uow, ref, "ar" if name in {MOTHER, FATHER} else "en")
