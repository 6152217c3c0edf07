"""Many homes at the very same time: no time twice, no pupil twice, nobody in line forgotten (M4), on both databases."""

from __future__ import annotations

import asyncio
from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa

from bot.actions.conferences import book as booking
from bot.actions.conferences import invite, layout, look_after, waiting
from bot.actions.conferences.book import SiblingThen
from bot.clock import Clock
from bot.domain.conference_slots import RoundClosed, SlotTaken, Span
from bot.domain.conference_taps import NO_INTERPRETER, BookSlot, BookStep, RoundStep, Wish
from bot.domain.conferences import TalkPlace
from bot.domain.errors import NotPermitted, Stale
from bot.domain.people import Actor
from storage.queries.entry import link_account
from storage.queries.people import find_actor_by_person
from storage.session import Database
from tests.actions.steps import come_in, rows

DAY = date(2026, 12, 1)


async def everybody_in(database: Database, class_name: str = "5A") -> list[Actor]:
    """Let one guardian of each pupil of a class come in; return them by pupil."""
    found = await rows(
        database,
        "SELECT min(g.person_id) FROM guardianship g JOIN pupil u ON u.id = g.pupil_id"
        " JOIN school_class c ON c.id = u.class_id WHERE c.name = :name AND g.blocked = :no GROUP BY u.id ORDER BY 1",
        name=class_name, no=False,
    )  # fmt: skip
    actors = []
    for (person_id,) in found:
        async with database.unit_of_work() as uow:
            await link_account(uow, person_id, 10_000 + person_id)
            await uow.commit()
            actor = await find_actor_by_person(uow, person_id)
        assert actor is not None
        actors.append(actor)
    return actors


async def open_round(database: Database, minutes: int = 60) -> tuple[Actor, int, list[int]]:
    """Lay out a round of 5A with a time every half hour; return the teacher, the round and the times' ids."""
    kari = await come_in(database, "Kari Nordmann")
    [(class_id,)] = await rows(database, "SELECT id FROM school_class WHERE name = '5A'")
    async with database.unit_of_work() as uow:
        view = await layout.start_round(uow, kari, class_id)
    assert not isinstance(view, list)
    for step, value in ((RoundStep.MINUTES, "30"), (RoundStep.LONG, "60"), (RoundStep.PAUSE, "0")):
        async with database.unit_of_work() as uow:
            view = await layout.set_value(uow, kari, view.event_id, view.version, step, value)
    end = time(13 + minutes // 60, minutes % 60)
    async with database.unit_of_work() as uow:
        view = await layout.add_span(uow, kari, view.event_id, view.version, Span(DAY, time(13), end))
    async with database.unit_of_work() as uow:
        await invite.invite(uow, kari, view.event_id, view.version)
    found = await rows(database, "SELECT id FROM slot WHERE event_id = :e ORDER BY starts_at", e=view.event_id)
    return kari, view.event_id, [row[0] for row in found]


async def pupil_of(database: Database, home: Actor, class_name: str = "5A") -> int:
    found = await rows(
        database,
        "SELECT u.id FROM pupil u JOIN school_class c ON c.id = u.class_id JOIN guardianship g ON g.pupil_id = u.id"
        " WHERE c.name = :name AND g.person_id = :p ORDER BY u.id",
        name=class_name, p=home.person_id,
    )  # fmt: skip
    return int(found[0][0])


async def book(
    database: Database, home: Actor, pupil: int, slot: int, *, wish: Wish = NO_INTERPRETER
) -> booking.TalkView:
    async with database.unit_of_work() as uow:
        return await booking.book(
            uow, home, BookSlot(pupil, slot, BookStep.BOOK, TalkPlace.SCHOOL, with_pupil=False, wish=wish)
        )


async def hold_everything(database: Database) -> None:
    """Hold what must be true whatever happened at once."""
    booked = "SELECT id FROM talk WHERE state = 'booked'"
    doubled = f"SELECT talk_id FROM slot WHERE talk_id IS NOT NULL AND talk_id NOT IN ({booked})"
    assert await rows(database, doubled) == [], "a time belongs to a talk that is not booked"
    empty = (
        "SELECT id FROM talk WHERE state = 'booked' AND id NOT IN (SELECT talk_id FROM slot WHERE talk_id IS NOT NULL)"
    )
    assert await rows(database, empty) == [], "a booked talk has no time"
    outside = (
        "SELECT t.id FROM talk t JOIN slot s ON s.talk_id = t.id"
        " WHERE s.starts_at < t.starts_at OR s.ends_at > t.ends_at"
    )
    assert await rows(database, outside) == [], "a talk holds a time in which it is not"
    both = "SELECT id FROM slot WHERE talk_id IS NOT NULL AND (held_until IS NOT NULL OR closed = :yes)"
    assert await rows(database, both, yes=True) == []
    waits = (
        "SELECT w.id FROM talk_wait w JOIN talk t ON t.event_id = w.event_id AND t.pupil_id = w.pupil_id"
        " WHERE t.state = 'booked'"
    )
    assert await rows(database, waits) == [], "a home with a talk stands in line"


async def tick(database: Database) -> int:
    async with database.unit_of_work() as uow:
        return (await waiting.pass_on_due(uow)).done


async def test_a_class_books_at_once_each_time_is_taken_once_and_each_home_knows(example_school: Database) -> None:
    homes = await everybody_in(example_school)
    _, _, times = await open_round(example_school, 180)
    assert (len(homes), len(times)) == (23, 6)
    pupils = [await pupil_of(example_school, home) for home in homes]
    tries = [
        book(example_school, home, pupil, times[(number + shift) % 6])
        for shift in range(2)
        for number, (home, pupil) in enumerate(zip(homes, pupils, strict=True))
    ]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert all(isinstance(one, booking.TalkView | SlotTaken) for one in results), results
    assert await rows(example_school, "SELECT count(DISTINCT pupil_id) FROM talk WHERE state = 'booked'") == [(6,)]
    assert await rows(example_school, "SELECT count(*) FROM slot WHERE talk_id IS NULL") == [(0,)]
    await hold_everything(example_school)


async def test_two_guardians_at_once_make_one_talk(example_school: Database) -> None:
    piotr, anna = [await come_in(example_school, name) for name in ("Piotr Kowalski", "Anna Kowalska")]
    _, _, times = await open_round(example_school, 180)
    pupil = await pupil_of(example_school, piotr)
    await asyncio.gather(book(example_school, piotr, pupil, times[0]), book(example_school, anna, pupil, times[3]))
    await asyncio.gather(*(book(example_school, piotr, pupil, times[5]) for _ in range(3)))
    assert await rows(example_school, "SELECT count(*), max(version) FROM talk") == [(1, 3)], "the second tap is none"
    assert await rows(example_school, "SELECT count(*) FROM slot WHERE talk_id IS NOT NULL") == [(1,)]
    await hold_everything(example_school)


async def test_interpreted_talks_that_reach_into_each_other_do_not_lock_each_other_out(
    example_school: Database,
) -> None:
    homes = (await everybody_in(example_school))[:8]
    _, _, times = await open_round(example_school, 180)
    pupils = [await pupil_of(example_school, home) for home in homes]
    for _ in range(3):
        tries = [
            book(example_school, home, pupil, times[number % 5], wish=Wish("ar") if number % 2 else NO_INTERPRETER)
            for number, (home, pupil) in enumerate(zip(homes, pupils, strict=True))
        ]
        results = await asyncio.wait_for(asyncio.gather(*tries, return_exceptions=True), 60)
        assert all(isinstance(one, booking.TalkView | SlotTaken) for one in results), results
        await hold_everything(example_school)
        times = times[::-1]


async def test_two_who_change_places_with_each_other_at_once_end_with_a_time_each(example_school: Database) -> None:
    ingrid, amina = [await come_in(example_school, name) for name in ("Ingrid Berg", "Amina Haddad")]
    _, _, times = await open_round(example_school, 90)
    pupils = [await pupil_of(example_school, home) for home in (ingrid, amina)]
    await book(example_school, ingrid, pupils[0], times[0])
    await book(example_school, amina, pupils[1], times[1])
    results = await asyncio.wait_for(
        asyncio.gather(
            book(example_school, ingrid, pupils[0], times[1]),
            book(example_school, amina, pupils[1], times[0]),
            return_exceptions=True,
        ),
        30,
    )
    assert all(isinstance(one, booking.TalkView | SlotTaken) for one in results), results
    assert await rows(example_school, "SELECT count(*) FROM talk WHERE state = 'booked'") == [(2,)]
    await hold_everything(example_school)


async def test_swap_against_book_neither_is_lost(example_school: Database) -> None:
    ingrid, amina = [await come_in(example_school, name) for name in ("Ingrid Berg", "Amina Haddad")]
    _, _, times = await open_round(example_school, 60)
    noah, ali = [await pupil_of(example_school, home) for home in (ingrid, amina)]
    await book(example_school, ingrid, noah, times[0])
    results = await asyncio.gather(
        book(example_school, ingrid, noah, times[1]), book(example_school, amina, ali, times[1]), return_exceptions=True
    )
    taken = sum(isinstance(one, SlotTaken) for one in results)
    assert taken == 1
    assert await rows(example_school, "SELECT count(*) FROM talk WHERE state = 'booked' AND pupil_id = :p", p=noah) == [
        (1,)
    ]
    await hold_everything(example_school)


async def cancel(database: Database, home: Actor, talk_id: int | None) -> None:
    async with database.unit_of_work() as uow:
        await booking.cancel_talk(uow, home, talk_id or 0, 0)


async def join(database: Database, home: Actor, event: int, pupil: int) -> waiting.WaitView:
    async with database.unit_of_work() as uow:
        return await waiting.join(uow, home, event, pupil)


async def test_who_begins_to_wait_while_another_cancels_gets_the_time_or_sees_it(example_school: Database) -> None:
    ingrid, amina, james = [await come_in(example_school, n) for n in ("Ingrid Berg", "Amina Haddad", "James Miller")]
    _, event, times = await open_round(example_school, 60)
    noah, ali, sara = [await pupil_of(example_school, home) for home in (ingrid, amina, james)]
    await book(example_school, amina, ali, times[1])
    for _ in range(4):
        talk = (await book(example_school, ingrid, noah, times[0])).talk
        _, seen = await asyncio.gather(
            cancel(example_school, ingrid, talk.id), join(example_school, james, event, sara)
        )
        await asyncio.gather(tick(example_school), tick(example_school))
        kept = await rows(example_school, "SELECT held_pupil_id FROM slot WHERE id = :s", s=times[0])
        assert kept == [(sara,)] or seen.free == 1, "nobody told them of a free time"
        await hold_everything(example_school)
        async with example_school.unit_of_work() as uow:
            await waiting.leave(uow, james, event, sara)
        assert await rows(example_school, "SELECT count(*) FROM slot WHERE held_until IS NOT NULL") == [(0,)]


async def test_a_freed_time_is_kept_for_the_first_in_line_however_many_replicas_tick(
    example_school: Database, clock: Clock
) -> None:
    ingrid, amina, james, olena = [
        await come_in(example_school, name)
        for name in ("Ingrid Berg", "Amina Haddad", "James Miller", "Olena Bondarenko")
    ]
    _, event, times = await open_round(example_school, 30)
    noah, ali, sara, danylo = [await pupil_of(example_school, home) for home in (ingrid, amina, james, olena)]
    talk = (await book(example_school, ingrid, noah, times[0])).talk
    await join(example_school, amina, event, ali)
    clock.forward(timedelta(minutes=1))
    await join(example_school, james, event, sara)
    await cancel(example_school, ingrid, talk.id)
    with pytest.raises(SlotTaken):  # not yet passed on, and nobody's but theirs who wait
        await book(example_school, olena, danylo, times[0])
    await asyncio.gather(*(tick(example_school) for _ in range(3)))
    offers = "SELECT DISTINCT pupil_id FROM outgoing WHERE about = 'talk_offer' ORDER BY 1"
    assert await rows(example_school, offers) == [(ali,)]
    assert await rows(example_school, "SELECT max(offers) FROM talk_wait") == [(1,)]
    for stranger, pupil in ((olena, danylo), (james, sara)):
        with pytest.raises(SlotTaken):
            await book(example_school, stranger, pupil, times[0])
    clock.forward(timedelta(hours=5))
    results = await asyncio.gather(
        tick(example_school), book(example_school, amina, ali, times[0]), return_exceptions=True
    )
    await tick(example_school)
    [(held, taken)] = await rows(example_school, "SELECT held_pupil_id, talk_id FROM slot")
    assert (held == sara) is isinstance(results[1], SlotTaken)
    assert (held is None) is (taken is not None)
    await hold_everything(example_school)


async def test_calling_off_the_round_while_homes_book_leaves_no_talk(example_school: Database) -> None:
    homes = (await everybody_in(example_school))[:8]
    kari, event, times = await open_round(example_school, 120)
    pupils = [await pupil_of(example_school, home) for home in homes]
    await book(example_school, homes[0], pupils[0], times[0])

    async def call_off() -> None:
        async with example_school.unit_of_work() as uow:
            await look_after.cancel_round(uow, kari, event)

    tries = [
        book(example_school, home, pupil, times[number % 4])
        for number, (home, pupil) in enumerate(zip(homes, pupils, strict=True))
    ]
    results = await asyncio.wait_for(asyncio.gather(*tries[:4], call_off(), *tries[4:], return_exceptions=True), 60)
    assert all(isinstance(one, booking.TalkView | SlotTaken | RoundClosed | None) for one in results), results
    assert await rows(example_school, "SELECT count(*) FROM talk WHERE state = 'booked'") == [(0,)]
    assert await rows(example_school, "SELECT count(*) FROM slot WHERE talk_id IS NOT NULL") == [(0,)]
    planned = "SELECT count(*) FROM reminder WHERE occasion = 'talk' AND state = 'planned'"
    assert await rows(example_school, planned) == [(0,)]
    await hold_everything(example_school)


async def test_the_teacher_calls_off_a_talk_while_its_home_moves_it(example_school: Database) -> None:
    ingrid = await come_in(example_school, "Ingrid Berg")
    kari, _, times = await open_round(example_school, 60)
    noah = await pupil_of(example_school, ingrid)
    await book(example_school, ingrid, noah, times[0])

    async def call_off() -> None:
        async with example_school.unit_of_work() as uow:
            await look_after.call_off(uow, kari, times[0])

    results = await asyncio.gather(call_off(), book(example_school, ingrid, noah, times[1]), return_exceptions=True)
    assert all(isinstance(one, booking.TalkView | None) for one in results), results
    [(state, starts)] = await rows(example_school, "SELECT state, starts FROM talk")
    assert (state, str(starts)[:5]) == ("booked", "13:30"), "the home has another time, or moved in time"
    await hold_everything(example_school)


async def test_a_home_gets_no_two_talks_at_one_time(example_school: Database) -> None:
    """Piotr has children in 2B and 5A, whose teachers offer the same hour."""
    piotr = await come_in(example_school, "Piotr Kowalski")
    _, _, times = await open_round(example_school, 60)
    zofia = await pupil_of(example_school, piotr)
    [(jan,)] = await rows(example_school, "SELECT id FROM pupil WHERE name = 'Jan Kowalski'")
    [(other_class,)] = await rows(example_school, "SELECT id FROM school_class WHERE name = '2B'")
    marit = await come_in(example_school, "Marit Lund")
    async with example_school.unit_of_work() as uow:
        view = await layout.start_round(uow, marit, other_class)
    assert not isinstance(view, list)
    async with example_school.unit_of_work() as uow:
        view = await layout.add_span(uow, marit, view.event_id, view.version, Span(DAY, time(13), time(13, 20)))
    async with example_school.unit_of_work() as uow:
        await invite.invite(uow, marit, view.event_id, view.version)
    [(theirs,)] = await rows(example_school, "SELECT id FROM slot WHERE event_id = :e", e=view.event_id)
    results = await asyncio.gather(
        book(example_school, piotr, zofia, times[0]), book(example_school, piotr, jan, theirs), return_exceptions=True
    )
    assert sum(isinstance(one, SiblingThen) for one in results) == 1, results
    await hold_everything(example_school)


async def test_made_up_ids_and_other_peoples_children_read_alike(example_school: Database) -> None:
    ingrid, amina = [await come_in(example_school, name) for name in ("Ingrid Berg", "Amina Haddad")]
    kari, event, times = await open_round(example_school, 60)
    noah, ali = [await pupil_of(example_school, home) for home in (ingrid, amina)]
    talk = (await book(example_school, ingrid, noah, times[0])).talk
    other = await come_in(example_school, "Fiona O'Connell")  # of 2B
    [(liam,)] = await rows(example_school, "SELECT id FROM pupil WHERE name = 'Liam Opdal'")
    for actor, pupil, slot in (
        (amina, noah, times[1]), (ingrid, ali, times[1]), (other, liam, times[1]), (ingrid, noah, 2**31 - 1),
        (ingrid, -1, times[1]), (kari, liam, times[1]),
    ):  # fmt: skip
        with pytest.raises(NotPermitted):
            await book(example_school, actor, pupil, slot)
    async with example_school.unit_of_work() as uow:
        for attempt in (
            booking.show_talk(uow, amina, talk.id or 0),
            booking.cancel_talk(uow, amina, talk.id or 0, 0),
            booking.cancel_talk(uow, ingrid, 2**31 - 1, 0),
            waiting.join(uow, other, event, liam),
            waiting.join(uow, amina, event, noah),
            look_after.close_slot(uow, amina, times[1], closed=True),
            look_after.call_off(uow, amina, times[0]),
            look_after.cancel_round(uow, amina, event),
            look_after.show_slot(uow, ingrid, times[0]),
            invite.remind_unbooked(uow, amina, event),
            layout.show_draft(uow, kari, event),
            layout.start_round(uow, ingrid, layout.ANY_CLASS),
            layout.start_round(uow, kari, 2**31 - 1),
        ):
            with pytest.raises(NotPermitted):
                await attempt
    with pytest.raises(Stale):
        async with example_school.unit_of_work() as uow:
            await booking.cancel_talk(uow, ingrid, talk.id or 0, 99)
    assert await rows(example_school, "SELECT count(*) FROM talk WHERE state = 'booked'") == [(1,)]


async def test_a_guardian_who_was_shut_out_books_and_cancels_nothing(example_school: Database) -> None:
    ingrid, lars = [await come_in(example_school, name) for name in ("Ingrid Berg", "Lars Berg")]
    _, _, times = await open_round(example_school, 60)
    noah = await pupil_of(example_school, ingrid)
    talk = (await book(example_school, lars, noah, times[0])).talk
    async with example_school.unit_of_work() as uow:
        await uow.change(
            sa.text("UPDATE guardianship SET blocked = :yes WHERE person_id = :p").bindparams(
                yes=True, p=lars.person_id
            )
        )
        await uow.commit()
        shut_out = await find_actor_by_person(uow, lars.person_id)
    assert shut_out is None, "nothing else ties Lars to the school"
    without = Actor(lars.person_id, lars.account_id, lars.name, "nb", frozenset(), frozenset())
    for attempt in (book(example_school, without, noah, times[1]), cancel(example_school, without, talk.id)):
        with pytest.raises(NotPermitted):
            await attempt
