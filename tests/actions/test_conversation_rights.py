"""What somebody has lost, or never had, of a conversation stays away by every way round (L4, B4, B10, P7).

On both databases.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from bot.actions.interpreters import consent, follow, questions, tasks
from bot.actions.threads import reply, speak
from bot.actions.threads.edit import edit_message
from bot.actions.threads.hand import hand_over
from bot.actions.threads.page import list_files, open_conversation
from bot.actions.threads.take_back import take_back
from bot.actions.translation.dispute import show_source
from bot.clock import Clock
from bot.domain.errors import DomainError, NotPermitted
from bot.domain.interpreters import Side, Span
from bot.domain.messages import FileKind, FileRef
from bot.domain.threads import ThreadKind
from bot.domain.translation import Subject
from storage.queries.interpreters import list_available, may_follow, store_offer
from storage.queries.originals import load_originals
from storage.queries.spoken_of import list_names
from storage.queries.threads import hold_thread
from storage.session import Database, UnitOfWork
from tests.actions.steps import come_in, rows
from tests.scenarios.interpreter_steps import (
    ALI,
    AMINA,
    KARI,
    YUSUF,
    allowed,
    person_of,
    promised,
    pupil_of,
    rendered,
    said,
    thread_of,
    waiting_message,
)


async def try_(database: Database, work: Callable[[UnitOfWork], Awaitable[Any]]) -> Any:
    """Do something in a transaction of its own; return what came, or the refusal."""
    async with database.unit_of_work() as uow:
        try:
            return await work(uow)
        except DomainError as refused:
            return refused


def with_uow(act: Callable[..., Awaitable[Any]], *values: Any, **more: Any) -> Callable[[UnitOfWork], Awaitable[Any]]:
    """Return an action with its values, for the transaction that `try_` opens."""
    return lambda uow: act(uow, *values, **more)


async def test_what_a_guardian_ends_is_over_whatever_else_was_allowed_before(example_school: Database) -> None:
    """One line on the page, one button: behind it may stand the conversation and everything."""
    yusuf, amina = await come_in(example_school, YUSUF), await come_in(example_school, AMINA)
    await promised(example_school)
    ordinary, safety = await thread_of(example_school), await thread_of(example_school, kind=ThreadKind.SAFETY)
    for end_first in (0, 1):
        for everything, span in ((False, Span.MONTH), (True, Span.WEEK)):
            async with example_school.unit_of_work() as uow:
                await consent.give_consent(uow, amina, ordinary, yusuf.person_id, span, everything=everything)
        apart = await allowed(example_school, safety)
        [one] = (await try_(example_school, lambda uow: consent.show_consents(uow, amina, ordinary))).followers
        both = await rows(
            example_school, "SELECT id FROM interpreter_consent WHERE ended_at IS NULL AND id <> :s ORDER BY id",
            s=apart,
        )  # fmt: skip
        assert len(both) == 2
        assert (one.id,) in both
        await try_(example_school, with_uow(consent.end, amina, both[end_first][0]))
        async with example_school.unit_of_work() as uow:
            assert not await may_follow(uow, yusuf.person_id, ordinary)
            assert await may_follow(uow, yusuf.person_id, safety), "that is a matter of its own"
        await try_(example_school, with_uow(consent.end, amina, apart))
        async with example_school.unit_of_work() as uow:
            assert not await may_follow(uow, yusuf.person_id, safety)


async def test_two_consents_of_one_moment_end_together(example_school: Database) -> None:
    yusuf, amina = await come_in(example_school, YUSUF), await come_in(example_school, AMINA)
    await promised(example_school)
    thread = await thread_of(example_school)
    first, _ = await allowed(example_school, thread), await allowed(example_school, thread)
    await try_(example_school, lambda uow: consent.end(uow, amina, first))
    async with example_school.unit_of_work() as uow:
        assert not await may_follow(uow, yusuf.person_id, thread)


async def test_other_words_after_it_was_handed_over_are_not_the_teachers_to_read(
    example_school: Database, clock: Clock
) -> None:
    """B4: the class's teacher sees what was said until then, and an edit is said later."""
    home, kari = await come_in(example_school, "Ingrid Berg"), await come_in(example_school, KARI)
    await come_in(example_school, "Marit Lund")
    for chat, text in ((7, "Først dette"), (8, "Så dette")):
        spoken = await try_(example_school, with_uow(speak, home, text, chat_message_id=chat))
        clock.forward(timedelta(minutes=1))
    thread = spoken.receipt.thread_id
    edited = spoken.receipt.message_id
    rendering = await rendered(example_school, Subject.MESSAGE, edited, "ar", "ثم هذا")
    await try_(example_school, lambda uow: edit_message(uow, home, 7, "Først dette, rettet"))
    clock.forward(timedelta(minutes=1))
    assert await try_(example_school, lambda uow: hand_over(uow, kari, thread)) is None
    clock.forward(timedelta(minutes=1))
    await try_(example_school, lambda uow: edit_message(uow, home, 8, "Og det er lærerens skyld"))
    view = await try_(example_school, lambda uow: open_conversation(uow, kari, thread))
    assert [one.kind.value for one in view.messages] == ["text", "handed_over"]
    assert edited not in {one.id for one in view.messages}
    assert isinstance(await try_(example_school, lambda uow: show_source(uow, kari, rendering)), NotPermitted)


async def test_an_interpreter_gets_other_words_in_the_place_of_the_old_ones(
    example_school: Database, clock: Clock
) -> None:
    """Else an approval under the old words would be one of words that the interpreter has not seen."""
    amina, yusuf = await come_in(example_school, AMINA), await come_in(example_school, YUSUF)
    await come_in(example_school, KARI)
    await promised(example_school)
    thread = await thread_of(example_school)
    await allowed(example_school, thread)
    spoken = await try_(example_school, lambda uow: speak(uow, amina, "علي مريض", chat_message_id=7))
    message = spoken.receipt.message_id
    key = f"follow:{message}:{yusuf.person_id}"
    await try_(example_school, lambda uow: edit_message(uow, amina, 7, "علي مريض اليوم"))
    assert await rows(example_school, "SELECT count(*) FROM outgoing WHERE about = 'follow'") == [(1,)], "it waits"
    async with example_school.unit_of_work() as uow:
        await uow.change(sa.text("UPDATE outgoing SET state = 'sent', message_id = id, dedupe_key = dedupe_key"))
        await uow.commit()
    clock.forward(timedelta(minutes=1))
    await try_(example_school, lambda uow: edit_message(uow, amina, 7, "علي بخير"))
    edits = await rows(
        example_school,
        "SELECT e.recipient_id, e.about, e.about_id FROM outgoing e JOIN outgoing o ON o.id = e.edits_id"
        " WHERE o.dedupe_key = :key",
        key=key,
    )
    assert edits == [(yusuf.person_id, "follow", thread)]
    assert await rows(
        example_school,
        "SELECT count(*) FROM rendering_use u JOIN outgoing e ON e.id = u.outgoing_id WHERE e.about = 'follow'"
        " AND e.edits_id IS NOT NULL",
    ) == [(1,)], "the new translation comes into it too"


async def test_what_can_still_be_taken_back_no_interpreter_opens(example_school: Database, clock: Clock) -> None:
    """ "Nobody has read it, and nobody will" (B1)."""
    amina, yusuf = await come_in(example_school, AMINA), await come_in(example_school, YUSUF)
    await come_in(example_school, KARI)
    await promised(example_school)
    thread = await thread_of(example_school)
    await allowed(example_school, thread)
    spoken = await try_(example_school, lambda uow: speak(uow, amina, "كلام في الغضب", chat_message_id=7))
    message = spoken.receipt.message_id
    rendering = await rendered(example_school, Subject.MESSAGE, message, "nb")
    view = await try_(example_school, lambda uow: follow.show_followed(uow, yusuf, thread))
    assert view.messages == ()
    assert await try_(example_school, lambda uow: tasks.open_queue(uow, yusuf)) == 0
    assert await try_(example_school, lambda uow: tasks.take_next(uow, yusuf)) is None
    assert isinstance(await try_(example_school, lambda uow: tasks.show_task(uow, yusuf, rendering)), NotPermitted)
    clock.forward(timedelta(minutes=1))
    view = await try_(example_school, lambda uow: follow.show_followed(uow, yusuf, thread))
    assert [one.id for one, _ in view.messages] == [message]
    assert (await try_(example_school, lambda uow: tasks.take_next(uow, yusuf))).row.id == rendering


async def test_of_what_was_taken_back_no_translation_is_kept(example_school: Database, clock: Clock) -> None:
    amina, yusuf = await come_in(example_school, AMINA), await come_in(example_school, YUSUF)
    await come_in(example_school, KARI)
    await promised(example_school)
    thread = await thread_of(example_school)
    await allowed(example_school, thread)
    for state_text in ("Sinte ord", ""):
        spoken = await try_(example_school, lambda uow: speak(uow, amina, "كلام في الغضب", chat_message_id=7))
        message = spoken.receipt.message_id
        await rendered(example_school, Subject.MESSAGE, message, "nb", state_text)
        await try_(example_school, lambda uow: edit_message(uow, amina, 7, "كلام آخر في الغضب"))
        await rendered(example_school, Subject.MESSAGE, message, "nb", state_text)
        assert await try_(example_school, with_uow(take_back, amina, message)) is None
        assert await rows(
            example_school, "SELECT count(*) FROM rendering WHERE subject = 'message' AND subject_id = :m", m=message
        ) == [(0,)]
    assert await rows(example_school, "SELECT count(*) FROM rendering_version") == [(0,)]
    clock.forward(timedelta(minutes=1))
    assert await try_(example_school, lambda uow: tasks.open_queue(uow, yusuf)) == 0


async def test_who_works_with_the_class_follows_no_report_of_bullying(example_school: Database) -> None:
    """B10: also not as the interpreter whom a home chooses."""
    yusuf, amina = await come_in(example_school, YUSUF), await come_in(example_school, AMINA)
    await promised(example_school)
    ordinary, safety = await thread_of(example_school), await thread_of(example_school, kind=ThreadKind.SAFETY)
    await allowed(example_school, safety)
    async with example_school.unit_of_work() as uow:
        assert await may_follow(uow, yusuf.person_id, safety)
        await uow.execute(
            sa.text(
                "INSERT INTO class_staff (class_id, person_id, is_contact)"
                " SELECT class_id, :person, false FROM pupil WHERE name = :ali"
            ),
            {"person": await person_of(uow, YUSUF), "ali": ALI},
        )
        await uow.commit()
        assert not await may_follow(uow, yusuf.person_id, safety)
        pupil = await pupil_of(uow, ALI)
        assert [one.person_id for one in await list_available(uow, amina.person_id, pupil, {"ar"})] == [yusuf.person_id]
    for thread, refusal in ((safety, True), (ordinary, False)):
        done = await try_(
            example_school,
            with_uow(consent.give_consent, amina, thread, yusuf.person_id, Span.WEEK, everything=False),
        )
        assert isinstance(done, NotPermitted) is refusal
    assert (await try_(example_school, lambda uow: consent.show_consents(uow, amina, safety))).available == ()


async def test_whoever_at_the_school_looks_is_written_down(example_school: Database) -> None:
    """P6: files sent once more, and what a translation was made of, too."""
    amina, kari = await come_in(example_school, AMINA), await come_in(example_school, KARI)
    thread = await thread_of(example_school)
    message, rendering = await waiting_message(example_school, thread)
    async with example_school.unit_of_work() as uow:
        await uow.execute(
            sa.text("UPDATE thread_message SET file_kind = :kind, file_id = 'f', file_name = 'x' WHERE id = :m"),
            {"kind": FileKind.PHOTO.value, "m": message},
        )
        await uow.commit()
    for actor in (amina, kari):
        async with example_school.unit_of_work() as uow:
            assert [file for file, _ in await list_files(uow, actor, thread)] == [FileRef(FileKind.PHOTO, "f", "x")]
            await show_source(uow, actor, rendering)
            await uow.commit()
    looked = (
        "SELECT actor_id, act, about, about_id FROM audit_entry WHERE act IN ('thread.files', 'translation.source')"
    )
    assert await rows(example_school, f"{looked} ORDER BY id") == [
        (kari.person_id, "thread.files", "thread", thread),
        (kari.person_id, "translation.source", "rendering", rendering),
    ]


async def test_the_home_of_a_message_that_nobody_could_be_sent_cannot_say_that_nobody_read_it(
    example_school: Database, clock: Clock
) -> None:
    """What did not reach a reader's telephone stands on the conversation's page all the same."""
    home, kari = await come_in(example_school, "Ingrid Berg"), await come_in(example_school, KARI)
    spoken = await try_(example_school, lambda uow: speak(uow, home, "Hei", chat_message_id=7))
    clock.forward(timedelta(minutes=1))
    async with example_school.unit_of_work() as uow:
        await uow.change(sa.text("UPDATE outgoing SET state = 'failed'"))
        await uow.commit()
    view = await try_(example_school, lambda uow: open_conversation(uow, kari, spoken.receipt.thread_id))
    assert len(view.messages) == 1
    refused = await try_(example_school, lambda uow: take_back(uow, home, spoken.receipt.message_id))
    assert refused.code == "gone_out"


async def test_the_school_is_asked_where_the_conversation_is_read_now(example_school: Database, clock: Clock) -> None:
    """Not the teacher who wrote last and has handed it over: the question would never leave (B4)."""
    amina, yusuf, kari = [await come_in(example_school, name) for name in (AMINA, YUSUF, KARI)]
    await come_in(example_school, "Marit Lund")
    await promised(example_school)
    thread = await thread_of(example_school)
    await allowed(example_school, thread)
    spoken = await try_(example_school, lambda uow: speak(uow, amina, "علي مريض", chat_message_id=7))
    clock.forward(timedelta(minutes=1))
    await try_(example_school, lambda uow: reply(uow, kari, thread, "God bedring"))
    message = spoken.receipt.message_id
    asked = await try_(example_school, lambda uow: questions.start_asking(uow, yusuf, message, Side.SCHOOL))
    assert asked.name == KARI
    await try_(example_school, lambda uow: hand_over(uow, kari, thread))
    asked = await try_(example_school, lambda uow: questions.start_asking(uow, yusuf, message, Side.SCHOOL))
    assert asked.name == "Marit Lund"


async def test_classmates_and_siblings_in_a_homes_words_are_names_too(example_school: Database) -> None:
    """A home writes of the child who was hit, and of the one who did it: no name leaves the house (L3)."""
    piotr = await come_in(example_school, "Piotr Kowalski")
    await come_in(example_school, "Tom Eide")
    [(pupil, class_id)] = await rows(example_school, "SELECT id, class_id FROM pupil WHERE name = 'Jan Kowalski'")
    thread = await thread_of(example_school, "Piotr Kowalski", "Jan Kowalski")
    message = await said(example_school, thread, piotr.name, "Jan się bije", "pl")
    async with example_school.unit_of_work() as uow:
        original = (await load_originals(uow, {(Subject.MESSAGE, message)}))[Subject.MESSAGE, message]
        names = await list_names(uow, original)
    own = await rows(
        example_school, "SELECT p.name FROM pupil p JOIN guardianship g ON g.pupil_id = p.id WHERE g.person_id = :one",
        one=piotr.person_id,
    )  # fmt: skip
    mates = await rows(example_school, "SELECT name FROM pupil WHERE class_id = :c", c=class_id)
    assert len(own) > 1
    assert len(mates) > 1
    assert pupil in piotr.children
    assert {name for (name,) in [*own, *mates]} | {piotr.name, "Tom Eide"} <= names


async def test_a_home_can_be_asked_while_somebody_changes_the_conversation(example_school: Database) -> None:
    """Else the two would wait for each other: the one holds the translation, the other the conversation."""
    await come_in(example_school, AMINA)
    thread = await thread_of(example_school)

    async def offer() -> None:
        async with example_school.unit_of_work() as other:
            await store_offer(other, thread)
            await other.commit()

    async with example_school.unit_of_work() as uow:
        await hold_thread(uow, thread)
        task = asyncio.create_task(offer())
        done, _ = await asyncio.wait({task}, timeout=5)
        assert done or uow.sqlite, "where there is one writer at a time nobody holds two things"
    await task
