"""Homes that are left in peace: who may say so, when it ends, and that no reminder reaches them (B8)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bot.actions.care import calm
from bot.clock import Clock
from bot.domain.care_taps import CalmAct, CalmClass, CalmHomes, CalmStep, CalmUntil, CareAct, CareStep
from bot.domain.errors import NotPermitted
from bot.domain.outgoing import OutgoingKind, OutgoingState
from bot.domain.people import Actor
from bot.domain.taps import LIMIT
from bot.outbox.enqueue import Message, enqueue
from storage.queries.outgoing import claim_due, settle
from storage.session import Database
from tests.actions.steps import come_in, rows

LEASE = timedelta(seconds=30)


async def pupil(database: Database, name: str) -> int:
    [(found,)] = await rows(database, "SELECT id FROM pupil WHERE name = :name", name=name)
    return int(found)


async def leave(database: Database, actor: Actor, pupil_id: int, weeks: int = 1) -> calm.CalmPupil:
    async with database.unit_of_work() as uow:
        return await calm.leave_for_weeks(uow, actor, pupil_id, weeks)


async def holds(database: Database, *pupils: int) -> set[int]:
    async with database.unit_of_work() as uow:
        return await calm.is_calm(uow, pupils)


async def test_the_contact_teacher_leaves_a_home_in_peace_until_a_day_and_it_ends_by_itself(
    example_school: Database, clock: Clock
) -> None:
    kari, ali = await come_in(example_school, "Kari Nordmann"), await pupil(example_school, "Ali Haddad")
    assert await holds(example_school, ali) == set()
    view = await leave(example_school, kari, ali, 2)
    assert view.until == date(2026, 12, 7)
    clock.forward(timedelta(days=14))
    assert await holds(example_school, ali) == {ali}, "the last day is included"
    clock.forward(timedelta(days=1))
    assert await holds(example_school, ali) == set()
    found = await rows(example_school, "SELECT act, about_id FROM audit_entry WHERE act LIKE 'calm.%'")
    assert found == [("calm.set", ali)]


async def test_extending_changes_the_period_and_ending_ends_it_once(example_school: Database) -> None:
    kari, marit = await come_in(example_school, "Kari Nordmann"), await come_in(example_school, "Marit Lund")
    ali = await pupil(example_school, "Ali Haddad")
    await leave(example_school, kari, ali, 4)
    await leave(example_school, marit, ali, 1)
    assert await rows(example_school, "SELECT count(*) FROM calm_home") == [(1,)]
    async with example_school.unit_of_work() as uow:
        assert (await calm.open_pupil(uow, kari, ali)).until == date(2026, 11, 30), "shorter is meant too"
    for _ in range(2):
        async with example_school.unit_of_work() as uow:
            assert (await calm.end_peace(uow, marit, ali)).until is None
    assert await holds(example_school, ali) == set()
    ended = await rows(example_school, "SELECT count(*) FROM audit_entry WHERE act = 'calm.end'")
    assert ended == [(1,)]
    await leave(example_school, kari, ali)
    assert await rows(example_school, "SELECT count(*) FROM calm_home") == [(2,)], "each period is a row"


@pytest.mark.parametrize("name", ["Nina Sørli", "Tom Eide", "Amina Haddad", "Yusuf Rahman"])
async def test_nobody_else_decides_about_it(example_school: Database, name: str) -> None:
    kari, other = await come_in(example_school, "Kari Nordmann"), await come_in(example_school, name)
    ali = await pupil(example_school, "Ali Haddad")
    with pytest.raises(NotPermitted):
        await leave(example_school, other, ali)
    await leave(example_school, kari, ali)
    async with example_school.unit_of_work() as uow:
        with pytest.raises(NotPermitted):
            await calm.end_peace(uow, other, ali)
        with pytest.raises(NotPermitted):
            await calm.open_pupil(uow, other, ali)
        with pytest.raises(NotPermitted):
            await calm.ask_day(uow, other, ali)
    assert await holds(example_school, ali) == {ali}


async def test_other_teachers_of_the_class_see_only_that_it_holds(example_school: Database) -> None:
    kari, nina, tom, marit, amina = [
        await come_in(example_school, name)
        for name in ("Kari Nordmann", "Nina Sørli", "Tom Eide", "Marit Lund", "Amina Haddad")
    ]
    await leave(example_school, kari, await pupil(example_school, "Ali Haddad"))
    async with example_school.unit_of_work() as uow:
        seen = {actor.name: await calm.list_homes(uow, actor) for actor in (kari, nina, tom, marit)}
        with pytest.raises(NotPermitted):
            await calm.list_homes(uow, amina)
    until = date(2026, 11, 30)
    assert [(one.name, one.until) for one in seen["Kari Nordmann"]] == [("Ali Haddad", until)]
    assert [(one.name, one.until) for one in seen["Marit Lund"]] == [("Ali Haddad", until)]
    assert [(one.name, one.until) for one in seen["Nina Sørli"]] == [("Ali Haddad", None)]
    assert seen["Tom Eide"] == []


async def test_a_teacher_who_is_the_childs_guardian_neither_decides_nor_hears_of_it(example_school: Database) -> None:
    kari, ali = await come_in(example_school, "Kari Nordmann"), await pupil(example_school, "Ali Haddad")
    marit = await come_in(example_school, "Marit Lund")
    async with example_school.unit_of_work() as uow:
        await uow.execute(
            sa.text(
                "INSERT INTO guardianship (person_id, pupil_id, relation, blocked)"
                " VALUES (:person, :pupil, 'guardian', :no)"
            ),
            {"person": kari.person_id, "pupil": ali, "no": False},
        )
        await uow.commit()
    with pytest.raises(NotPermitted):
        await leave(example_school, kari, ali)
    await leave(example_school, marit, ali)
    async with example_school.unit_of_work() as uow:
        assert await calm.list_homes(uow, kari) == []
        assert len(await calm.list_homes(uow, marit)) == 1


async def test_too_far_away_over_or_made_up_is_refused(example_school: Database) -> None:
    kari, ali = await come_in(example_school, "Kari Nordmann"), await pupil(example_school, "Ali Haddad")
    async with example_school.unit_of_work() as uow:
        for weeks in (0, -1, 3, 400):
            with pytest.raises(NotPermitted):
                await calm.leave_for_weeks(uow, kari, ali, weeks)
        with pytest.raises(calm.TooLongInPeace):
            await calm.leave_in_peace(uow, kari, ali, uow.today + timedelta(days=calm.MOST_DAYS + 1))
        with pytest.raises(NotPermitted):
            await calm.leave_in_peace(uow, kari, ali, uow.today - timedelta(days=1))
    assert await holds(example_school, ali) == set()


def reminder(actor: Actor, key: str, kind: OutgoingKind = OutgoingKind.REMINDER, **fields: object) -> Message:
    """Return a message to somebody."""
    return Message(actor.person_id, kind, "Hei", key, **fields)  # type: ignore[arg-type]


async def leaving(database: Database, *messages: Message) -> set[int]:
    """Enqueue messages; return the places of those that would leave."""
    async with database.unit_of_work() as uow:
        await enqueue(uow, *messages)
        await uow.commit()
    left: set[int] = set()
    while True:
        async with database.unit_of_work() as uow:
            claimed = await claim_due(uow, limit=50, lease=LEASE)
            for one in claimed:
                await settle(uow, one, OutgoingState.SENT)
            await uow.commit()
        if not claimed:
            return left
        going = {one.id for one in claimed if one.permitted and not one.disturbs}
        keys = {row[1] for row in await rows(database, "SELECT id, dedupe_key FROM outgoing") if row[0] in going}
        left |= {place for place, message in enumerate(messages) if message.dedupe_key in keys}


async def test_a_reminder_waiting_in_the_queue_is_not_sent_and_everything_else_is(example_school: Database) -> None:
    kari, amina = await come_in(example_school, "Kari Nordmann"), await come_in(example_school, "Amina Haddad")
    ali = await pupil(example_school, "Ali Haddad")
    await leave(example_school, kari, ali)
    left = await leaving(
        example_school,
        reminder(amina, "about", pupil_id=ali),
        reminder(amina, "unknown"),
        reminder(amina, "notice", OutgoingKind.NOTICE, pupil_id=ali),
        reminder(amina, "message", OutgoingKind.MESSAGE, pupil_id=ali),
        reminder(amina, "report", OutgoingKind.MESSAGE),
        reminder(kari, "teacher", pupil_id=ali),
    )
    assert left == {2, 3, 4, 5}


async def test_a_guardian_of_two_is_still_reminded_of_the_other_child(example_school: Database) -> None:
    kari, piotr = await come_in(example_school, "Kari Nordmann"), await come_in(example_school, "Piotr Kowalski")
    zofia, jan = await pupil(example_school, "Zofia Kowalska"), await pupil(example_school, "Jan Kowalski")
    await leave(example_school, kari, zofia)
    left = await leaving(
        example_school,
        reminder(piotr, "zofia", pupil_id=zofia),
        reminder(piotr, "jan", pupil_id=jan),
        reminder(piotr, "of both"),
    )
    assert left == {1, 2}


async def test_the_other_class_mates_are_reminded_as_ever(example_school: Database) -> None:
    kari, ingrid = await come_in(example_school, "Kari Nordmann"), await come_in(example_school, "Ingrid Berg")
    await leave(example_school, kari, await pupil(example_school, "Ali Haddad"))
    noah = await pupil(example_school, "Noah Berg")
    assert await leaving(example_school, reminder(ingrid, "noah", pupil_id=noah)) == {0}


@given(st.sets(st.integers(0, 5)), st.sets(st.integers(0, 5)))
def test_only_what_is_about_nobody_else_is_left_alone(pupils: set[int], in_peace: set[int]) -> None:
    alone = calm.leaves_alone(pupils, in_peace)
    assert alone == (bool(pupils) and not pupils - in_peace)


@given(st.integers(0, 2**31 - 1), st.integers(0, 2**31 - 1))
def test_every_button_fits_and_comes_back(one: int, two: int) -> None:
    for tap in (
        *(CareAct(step) for step in CareStep), CalmHomes(one), CalmClass(one, two), CalmUntil(one, two),
        *(CalmAct(step, one) for step in CalmStep),
    ):  # fmt: skip
        assert len(tap.pack().encode()) <= LIMIT
        assert type(tap).unpack(tap.pack()) == tap
