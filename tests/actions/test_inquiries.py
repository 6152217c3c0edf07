"""Two people at once, pupils of age, and homes that the school is in touch with already, on both kinds of server."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.actions.absence.daylist import open_list
from bot.actions.absence.escalate import ask_on
from bot.actions.absence.inquiries_answers import answer_inquiry, log_call
from bot.actions.absence.record import Facts, record
from bot.actions.absence.roll import Marked, use_list
from bot.clock import Clock
from bot.domain.absence import AbsenceKind, AbsenceReason, AbsenceSource
from bot.domain.absence_taps import DayListTap, ListStep
from bot.domain.errors import DomainError, NotPermitted
from bot.domain.leave import LeaveState
from bot.domain.morning import InquiryAnswer, PhoneOutcome
from bot.domain.people import Actor, Relation
from bot.i18n import texts
from storage.models import CheckinPlan, Guardianship, LeaveRequest, Person
from storage.queries.absence import hold_absences
from storage.session import Database
from tests.actions.steps import come_in, rows

MONDAY = datetime(2026, 11, 23, 8, 40, tzinfo=ZoneInfo("Europe/Oslo"))


@pytest.fixture
def clock() -> Clock:
    """The morning gathering."""
    return Clock(MONDAY)


async def pupil(database: Database, name: str) -> tuple[int, int]:
    """Return (pupil, class)."""
    [(pupil_id, class_id)] = await rows(database, "SELECT id, class_id FROM pupil WHERE name = :name", name=name)
    assert isinstance(pupil_id, int)
    assert isinstance(class_id, int)
    return pupil_id, class_id


async def tap_list(database: Database, teacher: Actor, step: ListStep, name: str) -> Marked | DomainError:
    """Tap in a teacher's list of today."""
    pupil_id, class_id = await pupil(database, name)
    async with database.unit_of_work() as uow:
        await open_list(uow, teacher, class_id)
    async with database.unit_of_work() as uow:
        tap = DayListTap(step, class_id, uow.today.toordinal(), pupil_id)
        try:
            return (await use_list(uow, teacher, texts("nb"), tap, None)).marked
        except DomainError as refused:
            return refused


async def step_on(database: Database, clock: Clock, **step: float) -> None:
    """Move the clock and let the asking go on."""
    clock.forward(timedelta(**step))
    async with database.unit_of_work() as uow:
        await ask_on(uow)


async def asked(database: Database) -> list[tuple[object, ...]]:
    """Return (name, kind) of those with a question or a request to phone."""
    return await rows(
        database,
        "SELECT p.name, o.about FROM outgoing o JOIN person p ON p.id = o.recipient_id"
        " WHERE o.about IN ('inquiry', 'inquiry_call') AND o.state <> 'dropped' ORDER BY o.id",
    )


async def inquiry_of(database: Database) -> int:
    """Return the only inquiry."""
    [(found,)] = await rows(database, "SELECT id FROM inquiry")
    assert isinstance(found, int)
    return found


async def test_two_guardians_answer_at_once_and_one_answer_counts(example_school: Database, clock: Clock) -> None:
    kari = await come_in(example_school, "Kari Nordmann")
    ingrid, lars = await come_in(example_school, "Ingrid Berg"), await come_in(example_school, "Lars Berg")
    assert await tap_list(example_school, kari, ListStep.MARK, "Noah Berg") is Marked.MISSING
    await step_on(example_school, clock, seconds=21)
    await step_on(example_school, clock, minutes=15)
    assert [name for name, _ in await asked(example_school)] == ["Ingrid Berg", "Lars Berg"]
    number = await inquiry_of(example_school)

    async def answer(guardian: Actor, what: InquiryAnswer) -> bool:
        async with example_school.unit_of_work() as uow:
            return (await answer_inquiry(uow, guardian, number, what)).counted

    counted = await asyncio.gather(answer(ingrid, InquiryAnswer.ILL), answer(lars, InquiryAnswer.ON_THE_WAY))
    assert sorted(counted) == [False, True]
    [(kind, by)] = await rows(example_school, "SELECT kind, reported_by FROM absence")
    winner = ingrid if counted[0] else lars
    assert (kind, by) == ("absent" if counted[0] else "late", winner.person_id)
    assert await rows(example_school, "SELECT state, answered_by FROM inquiry") == [("explained", winner.person_id)]


async def test_teacher_and_guardian_tap_at_once_and_both_get_through(example_school: Database, clock: Clock) -> None:
    """Neither locks the other out: whoever comes second sees what the first has done."""
    kari, ingrid = await come_in(example_school, "Kari Nordmann"), await come_in(example_school, "Ingrid Berg")
    await tap_list(example_school, kari, ListStep.MARK, "Noah Berg")
    await step_on(example_school, clock, seconds=21)
    number = await inquiry_of(example_school)

    async def answer() -> None:
        async with example_school.unit_of_work() as uow:
            await answer_inquiry(uow, ingrid, number, InquiryAnswer.ON_THE_WAY)

    _, marked = await asyncio.gather(answer(), tap_list(example_school, kari, ListStep.ARRIVED, "Noah Berg"))
    assert marked is Marked.HERE
    [(state,)] = await rows(example_school, "SELECT state FROM inquiry")
    assert state == "arrived"
    assert await rows(example_school, "SELECT kind, arrived_at IS NOT NULL FROM absence") in (
        [("late", True)], [("late", 1)],
    )  # fmt: skip


async def test_two_teachers_mark_the_same_pupil_at_once_and_the_home_is_asked_once(
    example_school: Database, clock: Clock
) -> None:
    kari, nina = await come_in(example_school, "Kari Nordmann"), await come_in(example_school, "Nina Sørli")
    await come_in(example_school, "Ingrid Berg")
    marks = await asyncio.gather(*(tap_list(example_school, t, ListStep.MARK, "Noah Berg") for t in (kari, nina)))
    assert set(marks) <= {Marked.MISSING, Marked.SAME}
    assert len(await rows(example_school, "SELECT id FROM inquiry")) == 1
    await step_on(example_school, clock, seconds=21)
    assert await asked(example_school) == [("Ingrid Berg", "inquiry")]


async def test_home_reports_at_the_moment_of_the_mark_and_its_word_stands(example_school: Database) -> None:
    kari, ingrid = await come_in(example_school, "Kari Nordmann"), await come_in(example_school, "Ingrid Berg")
    noah, _ = await pupil(example_school, "Noah Berg")

    async def report() -> None:
        async with example_school.unit_of_work() as uow:
            facts = Facts(AbsenceKind.ABSENT, AbsenceReason.ILL)
            await record(uow, [noah], [uow.today], facts, source=AbsenceSource.HOME, reported_by=ingrid.person_id)
            await uow.commit()

    await asyncio.gather(report(), tap_list(example_school, kari, ListStep.MARK, "Noah Berg"))
    assert await rows(example_school, "SELECT reason, source FROM absence") == [("ill", "home")]


async def test_pupil_of_age_is_asked_and_the_former_guardians_are_not(example_school: Database, clock: Clock) -> None:
    kari = await come_in(example_school, "Kari Nordmann")
    for name in ("Ingrid Berg", "Lars Berg"):
        await come_in(example_school, name)
    noah, _ = await pupil(example_school, "Noah Berg")
    async with example_school.unit_of_work() as uow:
        await uow.change(sa.text("UPDATE pupil SET birth_date = :day WHERE id = :id").bindparams(
            sa.bindparam("day", date(2008, 1, 2), sa.Date), id=noah
        ))  # fmt: skip
        uow.session.add(Person(id=9000, roster_key="noah", name="Noah Berg selv", language="en", created_at=uow.now))
        await uow.flush()
        uow.session.add(Guardianship(pupil_id=noah, person_id=9000, relation=Relation.SELF))
        await uow.commit()
    own = await come_in(example_school, "Noah Berg selv")
    assert own.children == {noah}
    await tap_list(example_school, kari, ListStep.MARK, "Noah Berg")
    await step_on(example_school, clock, seconds=21)
    assert await asked(example_school) == [("Noah Berg selv", "inquiry")]
    [(payload,)] = await rows(example_school, "SELECT CAST(payload AS TEXT) FROM outgoing WHERE about = 'inquiry'")
    assert "You have not arrived at school." in str(payload)
    number = await inquiry_of(example_school)
    async with example_school.unit_of_work() as uow:
        await answer_inquiry(uow, own, number, InquiryAnswer.ILL)
    assert await rows(example_school, "SELECT reason FROM absence") == [("ill",)]


async def test_homes_in_touch_with_the_school_are_not_asked(example_school: Database, clock: Clock) -> None:
    kari = await come_in(example_school, "Kari Nordmann")
    for name in ("Ingrid Berg", "Amina Haddad"):
        await come_in(example_school, name)
    noah, _ = await pupil(example_school, "Noah Berg")
    ali, _ = await pupil(example_school, "Ali Haddad")
    async with example_school.unit_of_work() as uow:
        uow.session.add(
            CheckinPlan(
                pupil_id=noah, made_by=kari.person_id, made_at=uow.now, weekdays=[0, 2], ask_at=time(7),
                first=uow.today, last=uow.today + timedelta(days=28), staff_ids=[kari.person_id], guardian_ids=[],
            )
        )  # fmt: skip
        uow.session.add(
            LeaveRequest(
                pupil_id=ali, asked_by=kari.person_id, asked_at=uow.now, first=uow.today, last=uow.today, days=1,
                state=LeaveState.ASKED,
            )
        )  # fmt: skip
        await uow.commit()
    for name in ("Noah Berg", "Ali Haddad"):
        assert await tap_list(example_school, kari, ListStep.MARK, name) is Marked.NOT_ASKED
    await step_on(example_school, clock, minutes=30)
    assert await asked(example_school) == []
    assert await rows(example_school, "SELECT count(*) FROM absence WHERE reason = 'unknown'") == [(2,)]
    await step_on(example_school, clock, hours=24)
    assert await tap_list(example_school, kari, ListStep.MARK, "Noah Berg") is Marked.MISSING, "not on a Tuesday"


async def test_teacher_who_lost_the_class_is_not_told_to_phone(example_school: Database, clock: Clock) -> None:
    kari, nina = await come_in(example_school, "Kari Nordmann"), await come_in(example_school, "Nina Sørli")
    await tap_list(example_school, nina, ListStep.MARK, "Noah Berg")
    async with example_school.unit_of_work() as uow:
        await uow.change(sa.text("DELETE FROM class_staff WHERE person_id = :id"), {"id": nina.person_id})
        await uow.commit()
    await step_on(example_school, clock, seconds=21)
    assert await asked(example_school) == [("Kari Nordmann", "inquiry_call")]
    number = await inquiry_of(example_school)
    for stranger in (nina, await come_in(example_school, "Tom Eide"), await come_in(example_school, "Ingrid Berg")):
        async with example_school.unit_of_work() as uow:
            with pytest.raises(NotPermitted):
                await log_call(uow, stranger, number, PhoneOutcome.ILL)
    async with example_school.unit_of_work() as uow:
        with pytest.raises(NotPermitted):
            await log_call(uow, kari, number + 99, PhoneOutcome.ILL)
        with pytest.raises(NotPermitted):
            await answer_inquiry(uow, kari, number + 99, InquiryAnswer.ILL)


async def test_absence_explained_without_a_word_to_us_stops_the_asking(example_school: Database, clock: Clock) -> None:
    kari = await come_in(example_school, "Kari Nordmann")
    await come_in(example_school, "Ingrid Berg")
    await tap_list(example_school, kari, ListStep.MARK, "Noah Berg")
    noah, _ = await pupil(example_school, "Noah Berg")
    async with example_school.unit_of_work() as uow:
        facts = Facts(AbsenceKind.ABSENT, AbsenceReason.LEAVE)
        await record(uow, [noah], [uow.today], facts, source=AbsenceSource.LEAVE, reported_by=kari.person_id)
        await uow.commit()
    await step_on(example_school, clock, seconds=21)
    assert await asked(example_school) == []
    assert await rows(example_school, "SELECT state, due_at FROM inquiry") == [("explained", None)]
    async with example_school.unit_of_work() as uow:
        (held,) = await hold_absences(uow, [noah], [uow.today])
    assert held.reason is AbsenceReason.LEAVE


async def test_step_that_comes_due_on_the_next_day_only_closes(example_school: Database, clock: Clock) -> None:
    kari = await come_in(example_school, "Kari Nordmann")
    await come_in(example_school, "Ingrid Berg")
    await come_in(example_school, "Marit Lund")
    await tap_list(example_school, kari, ListStep.MARK, "Noah Berg")
    await step_on(example_school, clock, hours=20)
    assert await asked(example_school) == [], "the bot was down; nobody is asked about yesterday"
    assert await rows(example_school, "SELECT state, due_at FROM inquiry") == [("unresolved", None)]
    told = await rows(
        example_school,
        "SELECT p.name FROM outgoing o JOIN person p ON p.id = o.recipient_id WHERE o.about = 'inquiry_news'"
        " ORDER BY p.name",
    )
    assert told == [("Geir Moen",), ("Marit Lund",)]
