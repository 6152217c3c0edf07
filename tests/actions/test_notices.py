"""Rules of notices that no screen shows alone: the queue's order, ids beyond every table, room for captions."""

from __future__ import annotations

from bisect import bisect_left
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.actions.notices import answers, compose, send
from bot.actions.notices.board import open_board
from bot.actions.notices.correct import apply_correction, start_correction
from bot.actions.notices.render import (
    CAPTION_ROOM,
    LONGER,
    MARK_ROOM,
    NoticeContent,
    Reader,
    render_notice,
    text_room,
    travels_as_caption,
)
from bot.actions.translation.words import missing_mark, show
from bot.clock import Clock
from bot.domain.errors import NotPermitted
from bot.domain.free_text import Look, fill
from bot.domain.messages import FileKind, FileRef, visible_length
from bot.domain.notices import CAPTION_LIMIT, TEXT_LIMIT, Answer, AudienceKind, NoticeKind
from bot.domain.outgoing import Lane, OutgoingKind
from bot.domain.people import Actor
from bot.domain.translation import Subject
from bot.i18n import languages, texts
from bot.outbox.enqueue import Message, enqueue, refresh_board
from storage.queries.entry import link_account
from storage.queries.originals import Original
from storage.queries.outgoing import Claimed, claim_due, find_by_key
from storage.queries.people import find_actor_by_person
from storage.session import Database, UnitOfWork

LARGEST_ID = 2**31 - 1
LEASE = timedelta(seconds=30)
PHOTO = FileRef(FileKind.PHOTO, "photo")


async def come_in(database: Database, name: str) -> Actor:
    async with database.unit_of_work() as uow:
        found = await uow.execute(sa.text("SELECT id FROM person WHERE name = :name"), {"name": name})
        person_id = int(found.scalars().all()[0])
        await link_account(uow, person_id, 5000 + person_id)
        await uow.commit()
        actor = await find_actor_by_person(uow, person_id)
    assert actor is not None
    return actor


async def claim(database: Database, limit: int = 500) -> list[Claimed]:
    async with database.unit_of_work() as uow:
        claimed = await claim_due(uow, limit=limit, lease=LEASE)
        await uow.commit()
    return claimed


async def write_to_school(uow: UnitOfWork, marit: Actor, text: str) -> int:
    view = await compose.start_notice(uow, marit)
    view = await compose.pick_audience(uow, marit, view.id, view.version, AudienceKind.SCHOOL, [])
    view = await compose.pick_kind(uow, marit, view.id, view.version, NoticeKind.GENERAL)
    view = await compose.set_text(uow, marit, view.id, text)
    await send.send_now(uow, marit, view.id, view.version)
    return view.id


async def test_a_correction_waits_for_the_bulk_of_a_large_notice(example_school: Database, clock: Clock) -> None:
    marit = await come_in(example_school, "Marit Lund")
    async with example_school.unit_of_work() as uow:
        notice = await write_to_school(uow, marit, "Møt klokka åtte.")
    clock.forward(timedelta(seconds=21))
    async with example_school.unit_of_work() as uow:
        assert await send.deliver_due(uow) == 1
    async with example_school.unit_of_work() as uow:
        draft = await start_correction(uow, marit, notice)
    async with example_school.unit_of_work() as uow:
        changed = await compose.set_text(uow, marit, draft.id, "Møt klokka ni.")
        await apply_correction(uow, marit, changed.id, changed.version, tell=True)
    first = [row for row in await claim(example_school) if row.recipient_id != marit.person_id]
    assert {row.kind for row in first} == {OutgoingKind.NOTICE}
    assert {row.lane for row in first} == {Lane.BULK}, "and the correction's lane would go before it"
    assert [row for row in await claim(example_school) if row.kind is OutgoingKind.CORRECTION] == []


async def test_a_live_screen_asked_for_twice_is_drawn_once_at_the_earlier_time(
    example_school: Database, clock: Clock
) -> None:
    kari = await come_in(example_school, "Kari Nordmann")
    async with example_school.unit_of_work() as uow:
        await enqueue(uow, Message(kari.person_id, OutgoingKind.REPORT, "status", "board-of:1"))
        board = await find_by_key(uow, "board-of:1")
        for minutes in (600, 1, 30):
            due = uow.now + timedelta(minutes=minutes)
            await refresh_board(uow, recipient_id=kari.person_id, edits_id=board, notice_id=1, due_at=due)
        found = await uow.execute(sa.text("SELECT count(*) FROM outgoing WHERE kind = 'board'"))
        assert found.scalar_one() == 1
        await uow.change(sa.text("UPDATE outgoing SET state = 'sent', message_id = 7 WHERE kind = 'report'"))
        await uow.commit()
    assert await claim(example_school) == []
    clock.forward(timedelta(minutes=1))
    [row] = await claim(example_school)
    assert (row.kind, row.edit_target) == (OutgoingKind.BOARD, (7, False))


async def test_ids_that_no_table_holds_read_like_anybody_elses(example_school: Database) -> None:
    kari = await come_in(example_school, "Kari Nordmann")
    ingrid = await come_in(example_school, "Ingrid Berg")
    for number in (LARGEST_ID, -LARGEST_ID, 0):
        async with example_school.unit_of_work() as uow:
            for attempt in (
                compose.open_draft(uow, kari, number, 1),
                send.undo_send(uow, kari, number),
                open_board(uow, kari, number),
                start_correction(uow, kari, number),
                answers.answer_notice(uow, ingrid, number, Answer.UNDERSTOOD, 1),
                answers.show_notice(uow, ingrid, number),
            ):
                with pytest.raises(NotPermitted):
                    await attempt
            view = await compose.start_notice(uow, kari)
            for kind in (AudienceKind.PUPIL, AudienceKind.CLASSES, AudienceKind.GRADE, AudienceKind.SCHOOL):
                with pytest.raises(NotPermitted):
                    await compose.pick_audience(uow, kari, view.id, view.version, kind, [number])


async def test_a_notice_that_is_due_in_two_places_at_once_goes_out_once(example_school: Database, clock: Clock) -> None:
    marit = await come_in(example_school, "Marit Lund")
    async with example_school.unit_of_work() as uow:
        await write_to_school(uow, marit, "Velkommen.")
    clock.forward(timedelta(seconds=21))
    for _ in range(2):
        async with example_school.unit_of_work() as uow:
            await send.deliver_due(uow)
    async with example_school.unit_of_work() as uow:
        counts = await uow.execute(
            sa.text("SELECT count(*), count(DISTINCT recipient_id) FROM outgoing WHERE kind = 'notice'")
        )
        rows, people = counts.one()
    assert rows == people > 100


def content(text: str, language: str = "nb", files: tuple[FileRef, ...] = (PHOTO,)) -> NoticeContent:
    return NoticeContent(1, NoticeKind.GENERAL, {}, text, language, "Kari Nordmann", files=files)


def read_in(code: str, told: NoticeContent, *, original: bool) -> str:
    """Return a notice as its readers have it: their own words, or a translation as long as there is room for."""
    shown = render_notice(told, texts(code), Reader(("M" * 80,), ("5A",)), original=original)
    words = Original(Subject.NOTICE, told.id, told.text, told.text_language)
    if original or code == told.text_language:
        return fill(shown, lambda _: show(texts(code), Look.QUOTE, words, None, helped=False))
    longer = texts(code).value("x" * int(len(told.text) * LONGER))
    mark = max((missing_mark(texts(code), words, helped=helped) for helped in (True, False)), key=visible_length)
    assert visible_length(mark) <= MARK_ROOM
    return fill(shown, lambda _: f"<blockquote>{longer}</blockquote>\n{mark}")


@pytest.mark.parametrize("words", ["å", "&", "<", "🙂", "&lt;", "ا"])
def test_what_travels_as_a_caption_fits_into_one_in_every_language(words: str) -> None:
    everyone = list(languages())
    fits = bisect_left(range(1, 1100), True, key=lambda n: not travels_as_caption(content(words * n), everyone))
    for code in everyone:
        for original in (False, True):
            shown = read_in(code, content(words * fits), original=original)
            assert visible_length(shown) <= CAPTION_ROOM < CAPTION_LIMIT
    assert text_room(content(words * fits), everyone, CAPTION_ROOM) < len(words * (fits + 1))


@pytest.mark.parametrize("files", [(), (PHOTO, PHOTO)], ids=["none", "two"])
def test_without_exactly_one_file_there_is_no_caption(files: tuple[FileRef, ...]) -> None:
    assert not travels_as_caption(content("Hei.", files=files), ["nb"])


@pytest.mark.parametrize("kind", NoticeKind)
def test_the_longest_notice_of_each_kind_fits_into_one_message_in_every_language(kind: NoticeKind) -> None:
    everything = {
        "date": "2026-11-25",
        "time": "18:00",
        "meet": "08:30",
        "back": "14:00",
        "opens": "10:00",
        "return_by": "2026-11-30",
        "week": "2026-W49",
        "place": "P" * 120,
        "bring": ["lunch", "water", "rain_clothes", "warm_clothes", "skis", "sunscreen", "change_of_clothes"],
    }
    longest = NoticeContent(1, kind, everything, "x" * TEXT_LIMIT, "nb", "Navn " * 40, revision=2)
    for code in languages():
        assert visible_length(read_in(code, longest, original=False)) < 4096
