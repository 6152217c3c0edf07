"""Free texts on their way into other languages: held, filled, told, asked for once; on both databases (L3, L4, L6)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.actions.translation.fill import fill_payloads
from bot.actions.translation.tell import retell
from bot.actions.translation.words import free
from bot.actions.translation.work import Work, settle, take_due
from bot.clock import Clock
from bot.domain.events import EventKind, EventState
from bot.domain.free_text import Look
from bot.domain.notices import AudienceKind
from bot.domain.outgoing import OutgoingKind, OutgoingState
from bot.domain.people import Actor
from bot.domain.threads import MessageKind
from bot.domain.translation import Checked, Finding, FindingKind, MadeBy, RenderingState, Subject, Trouble
from bot.i18n import Html, texts
from bot.outbox.enqueue import Message, enqueue
from bot.translation.pipeline import Outcome
from storage.models import Event, ThreadMessage
from storage.queries.outgoing import Claimed, claim_due
from storage.queries.outgoing import settle as settle_row
from storage.queries.renderings import change_rendering, load_rendering, source_changed
from storage.queries.threads import open_thread
from storage.session import Database
from tests.actions.steps import come_in, rows

ARABIC = texts("ar")
WORDS, MEANT = "Ali hadde en fin dag.", "قضى علي يوما جميلا."
LEASE = timedelta(seconds=30)


class Spoken:
    """Kari has written to Amina, and the message waits in the queue."""

    def __init__(self, database: Database, amina: Actor, kari: Actor, message: int) -> None:
        self.database, self.amina, self.kari, self.message = database, amina, kari, message

    async def enqueue(self, key: str = "one", *, due_at: datetime | None = None) -> None:
        """Put a message that shows the text into Amina's queue."""
        async with self.database.unit_of_work() as uow:
            text = Html(f"<b>Kari</b>\n{free(ARABIC, Subject.MESSAGE, self.message)}")
            await enqueue(uow, Message(self.amina.person_id, OutgoingKind.MESSAGE, text, key, due_at=due_at))
            await uow.commit()

    async def take(self, limit: int = 8) -> list[Work]:
        """Claim what a machine is to translate."""
        async with self.database.unit_of_work() as uow:
            taken = await take_due(uow, limit=limit, lease=LEASE)
            await uow.commit()
        return taken

    async def settle(self, work: Work, outcome: Outcome) -> None:
        """Store what the machine made."""
        async with self.database.unit_of_work() as uow:
            await settle(uow, work, outcome, "")
            await uow.commit()

    async def leave(self) -> list[tuple[Claimed, dict[str, Any]]]:
        """Claim what may leave now and fill it, as the sender does; it counts as sent."""
        async with self.database.unit_of_work() as uow:
            claimed = await claim_due(uow, limit=10, lease=LEASE)
            filled = await fill_payloads(uow, [(row.payload, row.language) for row in claimed])
            for row in claimed:
                await settle_row(uow, row, OutgoingState.SENT, message_id=row.id)
            await uow.commit()
        return list(zip(claimed, filled, strict=True))

    async def rewrite(self, text: str) -> None:
        """Kari's words become others."""
        async with self.database.unit_of_work() as uow:
            message = await uow.session.get(ThreadMessage, self.message)
            assert message is not None
            message.text = text
            await uow.flush()
            await source_changed(uow, Subject.MESSAGE, self.message)
            await uow.commit()


@pytest.fixture
async def spoken(example_school: Database) -> Spoken:
    """Kari's words to Amina, stored."""
    amina, kari = await come_in(example_school, "Amina Haddad"), await come_in(example_school, "Kari Nordmann")
    async with example_school.unit_of_work() as uow:
        thread = await open_thread(uow, amina.person_id, next(iter(amina.children)))
        message = ThreadMessage(
            thread_id=thread,
            author_id=kari.person_id,
            kind=MessageKind.TEXT,
            text=WORDS,
            language="nb",
            sent_at=uow.now,
        )
        uow.session.add(message)
        await uow.flush()
        await uow.commit()
    assert message.id is not None
    return Spoken(example_school, amina, kari, message.id)


def made(text: str = MEANT) -> Outcome:
    """Return what an engine made."""
    return Outcome(text, MadeBy.ENGINE, "apertium")


async def test_a_message_waits_for_its_translation_and_leaves_with_it(spoken: Spoken) -> None:
    await spoken.enqueue()
    assert await spoken.leave() == []
    [work] = await spoken.take()
    assert (work.original.text, work.row.language) == (WORDS, "ar")
    assert {"Ali Haddad", "Amina Haddad", "Kari Nordmann"} <= work.names
    assert "Jan Kowalski" not in work.names  # of another class, and no relation
    await spoken.settle(work, made())
    [(row, payload)] = await spoken.leave()
    mark = ARABIC.gettext(
        "🤖 <i>Machine translation from {language}. It may contain mistakes.</i>", language="النرويجية"
    )
    assert MEANT in payload["text"]
    assert mark in payload["text"]
    assert WORDS not in payload["text"]
    assert [line[0]["tap"] for line in payload["buttons"]] == [f"oa|{work.row.id}"]
    assert "<free " in row.payload["text"]


async def test_an_engine_that_takes_too_long_keeps_nobody_waiting_and_comes_as_an_edit(
    spoken: Spoken, clock: Clock
) -> None:
    await spoken.enqueue()
    [work] = await spoken.take()
    clock.move_to(clock.now() + spoken.database.school.translation_hold)
    [(first, payload)] = await spoken.leave()
    assert WORDS in payload["text"]
    assert "buttons" not in payload
    await spoken.settle(work, made())
    [(edit, later)] = await spoken.leave()
    assert edit.edits_id == first.id
    assert MEANT in later["text"]


async def test_quiet_hours_are_kept_when_the_translation_is_there(spoken: Spoken, clock: Clock) -> None:
    morning = clock.now() + timedelta(hours=8)
    await spoken.enqueue(due_at=morning)
    [work] = await spoken.take()
    await spoken.settle(work, made())
    assert await spoken.leave() == []
    clock.move_to(morning)
    [(_, payload)] = await spoken.leave()
    assert MEANT in payload["text"]


async def test_one_text_is_made_once_for_many_messages(spoken: Spoken) -> None:
    for key in ("one", "two", "three", "one"):
        await spoken.enqueue(key)
    [work] = await spoken.take()
    assert await spoken.take() == []
    await spoken.settle(work, made())
    assert [len(await spoken.leave()) for _ in range(3)] == [1, 1, 1]  # one chat, one after the other
    assert await rows(spoken.database, "SELECT count(*) FROM rendering") == [(1,)]


@pytest.mark.parametrize(
    ("outcome", "again"),
    [
        (Outcome("", None, trouble=Trouble.NO_ENGINE), None),
        (Outcome("", None, trouble=Trouble.FAILED), timedelta(minutes=1)),
        (Outcome("", None, trouble=Trouble.FAILED, retry_after=600.0), timedelta(minutes=10)),
        (
            Outcome("قضى يوما.", MadeBy.ENGINE, "x", Trouble.GUARD, (Finding(FindingKind.NAME, "Ali"),)),
            None,
        ),
    ],
)
async def test_without_a_machines_text_the_original_leaves_at_once(
    spoken: Spoken, outcome: Outcome, again: timedelta | None
) -> None:
    await spoken.enqueue()
    [work] = await spoken.take()
    await spoken.settle(work, outcome)
    [(_, payload)] = await spoken.leave()
    assert WORDS in payload["text"]
    assert outcome.text not in payload["text"] or not outcome.text
    async with spoken.database.unit_of_work() as uow:
        row = await load_rendering(uow, work.row.id)
    assert row is not None
    assert (row.state, row.trouble, row.text) == (RenderingState.HUMAN, outcome.trouble, outcome.text)
    assert row.due_at == (row.changed_at + again if again else None)


async def test_an_engine_that_failed_is_asked_three_times_more_and_then_people_are_left_with_it(
    spoken: Spoken, clock: Clock
) -> None:
    await spoken.enqueue()
    for _ in range(4):
        [work] = await spoken.take()
        await spoken.settle(work, Outcome("", None, trouble=Trouble.FAILED))
        clock.move_to(clock.now() + timedelta(minutes=31))
    assert await spoken.take() == []


async def test_other_words_are_translated_anew_and_a_late_answer_to_the_old_ones_is_not_shown(spoken: Spoken) -> None:
    await spoken.enqueue()
    [old] = await spoken.take()
    await spoken.rewrite("Ali hadde en lang dag.")
    await spoken.settle(old, made("late"))
    [new] = await spoken.take()
    assert new.original.text == "Ali hadde en lang dag."
    await spoken.settle(new, made("يوم طويل"))
    [(_, payload)] = await spoken.leave()
    assert "late" not in payload["text"]
    assert "يوم طويل" in payload["text"]


async def test_words_that_changed_after_they_were_translated_keep_what_was_said_before(spoken: Spoken) -> None:
    await spoken.enqueue()
    [work] = await spoken.take()
    await spoken.settle(work, made())
    await spoken.leave()
    await spoken.rewrite("Noe annet.")
    assert await rows(spoken.database, "SELECT text, made_by FROM rendering_version") == [(MEANT, "engine")]
    [(state, text)] = await rows(spoken.database, "SELECT state, text FROM rendering")
    assert (state, text) == ("waiting", "")


async def test_an_interpreter_is_never_overruled_by_a_machine_that_answers_late(spoken: Spoken) -> None:
    await spoken.enqueue()
    [work] = await spoken.take()
    async with spoken.database.unit_of_work() as uow:
        row = await load_rendering(uow, work.row.id)
        assert row is not None
        stored = await change_rendering(
            uow, row, text="بيد", checked=Checked.TRANSLATED, checker_id=spoken.kari.person_id,
            made_by=MadeBy.INTERPRETER,
        )  # fmt: skip
        await retell(uow, work.row.id)
        await uow.commit()
    assert stored
    await spoken.settle(work, made())
    [(_, payload)] = await spoken.leave()
    assert "بيد" in payload["text"]
    assert MEANT not in payload["text"]


async def test_a_correction_of_what_somebody_else_has_changed_meanwhile_is_refused(spoken: Spoken) -> None:
    await spoken.enqueue()
    [work] = await spoken.take()
    await spoken.settle(work, made())
    async with spoken.database.unit_of_work() as uow:
        row = await load_rendering(uow, work.row.id)
        assert row is not None
        stale = replace(row, version=row.version - 1)
        stored = await change_rendering(
            uow, stale, text="x", checked=Checked.CORRECTED, checker_id=spoken.kari.person_id
        )
    assert not stored
    assert await rows(spoken.database, "SELECT text FROM rendering") == [(MEANT,)]


async def test_every_reader_gets_each_change_once_and_in_the_message_they_read(spoken: Spoken) -> None:
    await spoken.enqueue()
    [work] = await spoken.take()
    await spoken.settle(work, made())
    [(first, _)] = await spoken.leave()
    for text in ("one", "two"):
        async with spoken.database.unit_of_work() as uow:
            row = await load_rendering(uow, work.row.id)
            assert row is not None
            await change_rendering(uow, row, text=text, checked=Checked.CORRECTED, checker_id=spoken.kari.person_id)
            await retell(uow, row.id)
            await retell(uow, row.id)
            await uow.commit()
        [(edit, payload)] = await spoken.leave()
        assert edit.edits_id == first.id
        assert f"<blockquote>\u2068{text}\u2069</blockquote>" in payload["text"]


async def test_two_replicas_never_translate_the_same_text(spoken: Spoken) -> None:
    for number in range(6):
        async with spoken.database.unit_of_work() as uow:
            message = ThreadMessage(
                thread_id=1, author_id=spoken.kari.person_id, kind=MessageKind.TEXT, text=f"Setning {number}",
                language="nb", sent_at=uow.now,
            )  # fmt: skip
            uow.session.add(message)
            await uow.flush()
            await enqueue(
                uow,
                Message(
                    spoken.amina.person_id,
                    OutgoingKind.MESSAGE,
                    free(ARABIC, Subject.MESSAGE, message.id or 0),
                    f"n{number}",
                ),
            )
            await uow.commit()
    taken = await asyncio.gather(*(spoken.take(3) for _ in range(4)))
    ids = [work.row.id for works in taken for work in works]
    assert len(ids) == len(set(ids)) == 6


async def test_who_reads_the_language_it_was_written_in_waits_for_nothing(spoken: Spoken) -> None:
    async with spoken.database.unit_of_work() as uow:
        await enqueue(
            uow,
            Message(
                spoken.amina.person_id,
                OutgoingKind.MESSAGE,
                free(texts("nb"), Subject.MESSAGE, spoken.message, Look.QUOTE),
                "own",
            ),
        )
        await uow.commit()
    [(_, payload)] = await spoken.leave()
    assert payload["text"] == f"<blockquote>{WORDS}</blockquote>"
    assert await rows(spoken.database, "SELECT count(*) FROM rendering") == [(0,)]


async def test_what_is_being_sent_while_its_translation_comes_is_changed_after(spoken: Spoken, clock: Clock) -> None:
    """The sender has read the original already, and the translation must not miss it."""
    await spoken.enqueue()
    [work] = await spoken.take()
    clock.move_to(clock.now() + spoken.database.school.translation_hold)
    async with spoken.database.unit_of_work() as uow:
        [row] = await claim_due(uow, limit=10, lease=LEASE)
        [payload] = await fill_payloads(uow, [(row.payload, row.language)])
        coming = asyncio.create_task(spoken.settle(work, made()))
        await asyncio.wait({coming}, timeout=0.5)  # as long as this transaction lasts it has to wait
        await uow.commit()
    await coming
    assert WORDS in payload["text"]
    async with spoken.database.unit_of_work() as uow:
        await settle_row(uow, row, OutgoingState.SENT, message_id=row.id)
        await uow.commit()
    [(edit, later)] = await spoken.leave()
    assert edit.edits_id == row.id
    assert MEANT in later["text"]


async def test_a_text_inside_something_else_is_told_in_one_line_that_changes(spoken: Spoken, clock: Clock) -> None:
    """However often it is corrected, its reader has one line below the agenda, with the newest words."""
    async with spoken.database.unit_of_work() as uow:
        event = Event(
            kind=EventKind.CLASS_MEETING, state=EventState.OPEN, organiser_id=spoken.kari.person_id, text=WORDS,
            text_language="nb", day=uow.today, zone="Europe/Oslo", uid="x", starts_at=uow.now, created_at=uow.now,
            audience=AudienceKind.SCHOOL, audience_ids=[],
        )  # fmt: skip
        uow.session.add(event)
        await uow.flush()
        text = Html(f"<b>Møte</b>\n{free(ARABIC, Subject.EVENT, event.id or 0)}")
        await enqueue(uow, Message(spoken.amina.person_id, OutgoingKind.MESSAGE, text, "agenda"))
        await uow.commit()
    [work] = await spoken.take()
    await spoken.settle(work, made())
    [(root, _)] = await spoken.leave()
    lines: list[Claimed] = []
    edits: list[Claimed] = []
    for words in ("one", "two", "three"):
        async with spoken.database.unit_of_work() as uow:
            row = await load_rendering(uow, work.row.id)
            assert row is not None
            await change_rendering(uow, row, text=words, checked=Checked.CORRECTED, checker_id=spoken.kari.person_id)
            await retell(uow, row.id)
            await uow.commit()
        [(told, payload)] = await spoken.leave()
        assert words in payload["text"]
        (edits if told.edits_id else lines).append(told)
        clock.forward(timedelta(minutes=1))
    [line] = lines
    assert line.reply_target == root.id
    assert [one.edits_id for one in edits] == [line.id, line.id]


async def test_a_reminder_says_what_is_true_when_it_leaves_and_is_not_changed_later(spoken: Spoken) -> None:
    await spoken.enqueue()
    [work] = await spoken.take()
    await spoken.settle(work, made())
    [(first, _)] = await spoken.leave()
    async with spoken.database.unit_of_work() as uow:
        text = free(ARABIC, Subject.MESSAGE, spoken.message)
        await enqueue(uow, Message(spoken.amina.person_id, OutgoingKind.REMINDER, text, "reminder"))
        await uow.commit()
    [(_, payload)] = await spoken.leave()
    assert MEANT in payload["text"]
    async with spoken.database.unit_of_work() as uow:
        row = await load_rendering(uow, work.row.id)
        assert row is not None
        await change_rendering(uow, row, text="بيد", checked=Checked.CORRECTED, checker_id=spoken.kari.person_id)
        await retell(uow, row.id)
        await uow.commit()
    [(edit, _)] = await spoken.leave()
    assert edit.edits_id == first.id
