"""Second taps, old buttons and made-up data: nothing happens twice, and nothing that is not one's own is there."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from bot.domain.notices import Answer, AudienceKind, NoticeKind
from bot.domain.taps import (
    AnswerNotice,
    BoardView,
    BrowsePupils,
    ChangeField,
    DraftAct,
    DraftStep,
    MoreKinds,
    OpenBoard,
    OpenNotice,
    PickAudience,
    PickKind,
    PreviewNotice,
    ScheduleNotice,
    SetField,
    ShowNotice,
    Tap,
    ToggleItem,
    UndoSend,
)
from tests.scenarios.interpreter_steps import promised
from tests.scenarios.notices_steps import (
    NOT_HERE,
    STALE,
    UNDERSTOOD,
    begin,
    board,
    draft,
    forge,
    holding,
    pick_kind,
    readers,
    send,
    stored,
    tap,
    write,
)
from tests.scenarios.world import Actor, World

EVERYTHING = (
    'id, state, version, kind, "values", text, audience, audience_ids, revision, send_at FROM notice ORDER BY id'
)
ANSWERS = "person_id, answer, answered_revision FROM delivery WHERE answer IS NOT NULL"


def data_of(actor: Actor, label: str) -> str:
    """The data of a button on the newest message."""
    [data] = [b.data for row in actor.phone.last.buttons for b in row if label in b.text and b.data]
    return data


async def test_a_second_tap_on_each_step_changes_nothing_and_shows_how_it_stands(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await write(kari, "/new")
    steps = ["5A", "🌲", "08:30", "14:00", kari.say("Skip"), kari.say("packed lunch"), kari.say("Done")]
    steps += [kari.say("Without text")]
    for label in steps:
        if label == "08:30":
            await tap(kari, kari.tr.short_day(world.clock.now().date().replace(day=24)))
        while not kari.has_button(label, last=1):
            await tap(kari, kari.say("More"))
        old = data_of(kari, label)
        await tap(kari, label)
        before, screen = await stored(world, EVERYTHING), kari.phone.last.text
        again = await forge(kari, old)
        assert again.text == kari.say(STALE), label
        assert again.show_alert
        assert await stored(world, EVERYTHING) == before, label
        assert kari.phone.last.text == screen, label
    await kari.sees_button(kari.say("Send now"))


async def test_an_old_draft_screen_further_up_shows_the_current_one(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    old = await draft(kari, "Husk mat.")
    await write(kari, "Husk mat og drikke.")
    result = await kari.phone.tap(kari.say("Send now"), message=old)
    await world.idle()
    assert result.text == kari.say(STALE)
    assert "Husk mat og drikke." in old.text
    assert await stored(world, "state FROM notice") == [("draft",)]


async def test_sending_undoing_and_discarding_twice_is_the_same_as_once(world: World) -> None:
    kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
    await draft(kari, "Husk mat.")
    send_data, drop_data = data_of(kari, kari.say("Send now")), data_of(kari, kari.say("Discard"))
    await tap(kari, kari.say("Send now"))
    undo_data = data_of(kari, kari.say("Take it back"))
    assert (await forge(kari, send_data)).text == kari.say(NOT_HERE)
    assert (await forge(kari, drop_data)).text == kari.say(NOT_HERE), "what waits is taken back, not thrown away"
    await forge(kari, undo_data)
    assert (await forge(kari, undo_data)).text == kari.say("Taken back. Nothing was sent.")
    assert await stored(world, "state FROM notice") == [("draft",)]
    await tap(kari, kari.say("Discard"))
    assert (await forge(kari, drop_data)).text == kari.say(NOT_HERE)
    assert (await forge(kari, undo_data)).text == kari.say(NOT_HERE)
    await world.forward(minutes=5)
    assert ingrid.phone.messages == []


def taps_on_a_notice(notice: int, version: int) -> list[Tap]:
    return [
        *(DraftAct(notice, version, step) for step in DraftStep),
        PickAudience(notice, version, AudienceKind.CLASSES, 0),
        PickKind(notice, version, NoticeKind.URGENT),
        MoreKinds(notice, version, 1),
        BrowsePupils(notice, version, 1, 0),
        SetField(notice, version, "place", "x"),
        ToggleItem(notice, version, "skis", 0),
        ChangeField(notice, version, "text"),
        PreviewNotice(notice, version, "pl"),
        ScheduleNotice(notice, version, "2026-11-25T07:30"),
        UndoSend(notice),
        *(OpenBoard(notice, view) for view in BoardView),
    ]


async def test_anothers_draft_is_not_there_for_anybody_and_reads_like_none(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await draft(kari, "Bare et utkast.")
    [(notice, version)] = await stored(world, "id, version FROM notice")
    assert isinstance(notice, int)
    assert isinstance(version, int)
    before = await stored(world, EVERYTHING)
    made_up = [tap for one in taps_on_a_notice(notice, version) for tap in (one, _elsewhere(one))]
    strangers = [world.actor(name) for name in ("Nina Sørli", "Marit Lund", "Piotr Kowalski")]
    await asyncio.gather(*(nothing_is_there(other, made_up) for other in strangers))
    assert not readers(world, "Bare et utkast.") - {"Kari Nordmann"}
    assert await stored(world, EVERYTHING) == before


async def nothing_is_there(actor: Actor, made_up: list[Tap]) -> None:
    await write(actor, "/menu")
    screen = actor.phone.last
    for one in made_up:
        result = await actor.phone.tap_data(one.pack(), screen)
        assert (result.text, result.show_alert) == (actor.say(NOT_HERE), True), (actor.known.name, one)


def _elsewhere(one: Tap) -> Tap:
    """The same tap on a notice that nobody ever wrote."""
    elsewhere: dict[str, Any] = {"notice": 999_999}
    return replace(one, **elsewhere)


async def test_anothers_sent_notice_is_only_there_for_the_leadership_to_look_at(world: World) -> None:
    kari, marit = world.actor("Kari Nordmann"), world.actor("Marit Lund")
    await send(kari, "Husk mat.")
    [(notice, version)] = await stored(world, "id, version FROM notice")
    assert isinstance(notice, int)
    assert isinstance(version, int)
    before = await stored(world, EVERYTHING)
    others = [world.actor(name) for name in ("Nina Sørli", "Halina Nowak", "Piotr Kowalski")]
    await promised(world)
    await asyncio.gather(*(nothing_is_there(other, taps_on_a_notice(notice, version)) for other in others))
    assert (await forge(marit, OpenBoard(notice, BoardView.CORRECT).pack())).text == marit.say(NOT_HERE)
    assert (await forge(marit, UndoSend(notice).pack())).text == marit.say(NOT_HERE)
    await write(marit, "/menu")
    await forge(marit, OpenBoard(notice, BoardView.NAMES).pack())
    await marit.sees("Ingrid Berg")
    assert await stored(world, EVERYTHING) == before


async def test_a_home_cannot_answer_or_read_what_went_to_another(world: World) -> None:
    kari, piotr = world.actor("Kari Nordmann"), world.actor("Piotr Kowalski")
    await send(kari, "Ali har glemt jakken.", "5A, Ali Haddad")
    deliveries = [int(str(row[0])) for row in await stored(world, "id FROM delivery")]
    for delivery in [*deliveries, 999_999]:
        for one in (
            *(AnswerNotice(delivery, answer, 1) for answer in Answer),
            ShowNotice(delivery, original=True),
            ShowNotice(delivery, original=False),
            OpenNotice(delivery),
        ):
            assert (await forge(piotr, one.pack())).text == piotr.say(NOT_HERE)
    assert await stored(world, ANSWERS) == []
    assert await stored(world, "count(*) FROM thread_message") == [(0,)]
    assert not holding(piotr, "Ali")


async def test_a_guardian_shut_out_after_a_notice_came_can_do_nothing_with_it_any_more(world: World) -> None:
    kari, lars = world.actor("Kari Nordmann"), world.actor("Lars Berg")
    await send(kari, "Husk mat.")
    message = await lars.sees("Husk mat.")
    async with world.unit_of_work() as uow:
        await uow.execute(
            sa.text("UPDATE guardianship SET blocked = true WHERE person_id = (SELECT id FROM person WHERE name = :n)"),
            {"n": "Lars Berg"},
        )
        await uow.commit()
    before = [m.text for m in lars.phone.messages]
    for label in (UNDERSTOOD, "I have a question", "Please call me"):
        await lars.phone.tap(lars.say(label), message=message)
        await world.idle()
    assert await stored(world, ANSWERS) == []
    assert await stored(world, "count(*) FROM thread_message") == [(0,)]
    assert [m.text for m in lars.phone.messages if "Kari Nordmann" in m.text] == [t for t in before if "Kari" in t]


async def test_an_audience_beyond_ones_own_cannot_be_made_up(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await write(kari, "/new")
    [(notice, version)] = await stored(world, "id, version FROM notice")
    [(other_class,)] = await stored(world, "id FROM school_class WHERE name = '2B'")
    [(other_pupil,)] = await stored(world, "id FROM pupil WHERE name = 'Jan Kowalski'")
    for kind, ref in (
        (AudienceKind.CLASSES, other_class),
        (AudienceKind.PUPIL, other_pupil),
        (AudienceKind.PUPIL, 0),
        (AudienceKind.GRADE, 2),
        (AudienceKind.GRADE, 5),
        (AudienceKind.GRADE, 0),
        (AudienceKind.SCHOOL, 0),
        (AudienceKind.CLASSES, 999_999),
        (AudienceKind.CLASSES, -1),
    ):
        one = PickAudience(int(str(notice)), int(str(version)), kind, int(str(ref)))
        assert (await forge(kari, one.pack())).text == kari.say(NOT_HERE), one
    listed = BrowsePupils(int(str(notice)), int(str(version)), int(str(other_class)), 0)
    assert (await forge(kari, listed.pack())).text == kari.say(NOT_HERE)
    assert not holding(kari, "Jan Kowalski")
    assert await stored(world, "audience FROM notice") == [(None,)]


async def test_a_year_that_is_no_year_reaches_nobody(world: World) -> None:
    marit = world.actor("Marit Lund")
    await write(marit, "/new")
    for grade in (0, 6, -1):
        assert (await forge(marit, PickAudience(1, 1, AudienceKind.GRADE, grade).pack())).text == marit.say(NOT_HERE)


async def test_made_up_steps_on_ones_own_unfinished_draft_cause_no_accident(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await write(kari, "/new")
    await tap(kari, "5A")
    for made_up in (
        PreviewNotice(1, 2, "pl"),
        PreviewNotice(1, 2, "xx"),
        DraftAct(1, 2, DraftStep.CHANGE),
        DraftAct(1, 2, DraftStep.SEND),
        DraftAct(1, 2, DraftStep.LATER),
        DraftAct(1, 2, DraftStep.SKIP_TEXT),
        DraftAct(1, 2, DraftStep.APPLY_LOUD),
        SetField(1, 2, "place", "x"),
        SetField(1, 2, "bring", ""),
        ToggleItem(1, 2, "skis", 0),
        ToggleItem(1, 2, "gold", 0),
        ScheduleNotice(1, 2, "2026-11-25T07:30"),
        ScheduleNotice(1, 2, ","),
        OpenBoard(1, BoardView.TEXT),
        OpenBoard(1, BoardView.WAITING),
        PickKind(1, 2, NoticeKind.PRAISE),
        MoreKinds(1, 2, -7),
    ):
        assert (await forge(kari, made_up.pack())).answered, made_up
    assert await stored(world, 'kind, state, "values" FROM notice') == [(None, "draft", "{}")]
    assert await stored(world, "kind, error FROM set_aside_update") == []
    await pick_kind(kari, NoticeKind.GENERAL)


async def test_garbage_gets_a_kind_word_and_the_menu(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await begin(kari)
    for data in ("", "|", "zz|1", "nd|1", "nd|1|1|fly", "na|9999999999999|understood|1", "nt|1|1|school|x", "ø" * 32):
        result = await forge(kari, data)
        assert result.text in (kari.say(STALE), None), data
        assert result.answered, data
    await kari.sees(kari.say("I did not understand that. Here is what I can do."))


async def test_a_board_of_ones_own_opens_from_an_old_button_however_often(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await send(kari, "Husk mat.")
    status = await board(kari)
    for _ in range(2):
        await tap(kari, kari.say("Who has answered"), status)
        await tap(kari, kari.say("Summary"), status)
        await tap(kari, kari.say("Read it"), status)
        assert "Husk mat." in status.text
        await tap(kari, kari.say("Back"), status)
