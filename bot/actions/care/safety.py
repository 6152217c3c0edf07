"""Something is not right: a report of bullying goes to a named adult and the leadership, never to the class (B10).

It is a conversation of its own between the guardian and those readers, with translation and reminders like any other.
Quiet hours hold for it too: whoever is in danger now is told whom to call instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.actions import UnitOfWork
from bot.actions.readers import reader_texts
from bot.actions.threads import NobodyReads, Receipt, Said, call_me_in, deliver
from bot.actions.threads.words import home_buttons
from bot.domain.care_taps import HaveReceived
from bot.domain.errors import NotPermitted
from bot.domain.messages import Button, rows
from bot.domain.outgoing import OutgoingKind
from bot.domain.people import Actor, Child, Contact
from bot.domain.threads import Part, ThreadKind, ThreadRef
from bot.i18n import Texts
from bot.outbox.enqueue import Message, enqueue
from storage.queries.audit import audit
from storage.queries.dialogue import ask, close_question
from storage.queries.people import access_child, find_contact
from storage.queries.safety import list_safety_readers, newest_report
from storage.queries.threads import access_thread, open_thread

EXPECT_SAFETY = "safety.text"


@dataclass(frozen=True, slots=True)
class ReportStart:
    """Whom a report would be about, and who would read it."""

    child: Child
    readers: tuple[str, ...]


async def start_report(uow: UnitOfWork, actor: Actor, pupil_id: int) -> ReportStart:
    """Expect a guardian's report about a child as the next text.

    Raises:
        NotPermitted: it is not the actor's child. NobodyReads: neither the named adult nor the leadership is here.
    """
    child = await access_child(uow, actor, pupil_id)
    readers = await list_safety_readers(uow, pupil_id)
    if not readers:
        raise NobodyReads
    await ask(uow, actor.person_id, EXPECT_SAFETY, pupil_id)
    await uow.commit()
    return ReportStart(child, tuple(reader.name for reader in readers))


async def report(uow: UnitOfWork, actor: Actor, pupil_id: int, text: str) -> Receipt:
    """Send a report to those who read such reports, and what the school has to do now beside it.

    Raises:
        NotPermitted: it is not the actor's child. MessageTooLong, NobodyReads.
    """
    child = await access_child(uow, actor, pupil_id)
    thread_id = await open_thread(uow, actor.person_id, pupil_id, ThreadKind.SAFETY)
    receipt = await deliver(uow, actor, thread_id, Said(text))
    due = uow.school.considerate(uow.now)
    await enqueue(
        uow,
        *(
            _duty(reader_texts(uow, reader.language), reader, child, thread_id, receipt.message_id, due_at=due)
            for reader in await list_safety_readers(uow, pupil_id)
        ),
    )
    await audit(uow, actor.person_id, "safety.report", "thread", thread_id)
    await close_question(uow, actor.person_id)
    await uow.commit()
    return receipt


def _duty(tr: Texts, reader: Contact, child: Child, thread_id: int, message_id: int, *, due_at: datetime) -> Message:
    text = tr.gettext(
        "🛡 This is a report that {child} may not be safe at school. Only you who read such reports see it, not the "
        "class's teachers. The school has to look into it and make a plan within five working days "
        "(Education Act § 12-4). Let the home know that you have it.",
        child=child.name,
    )
    received = Button("🤝 " + tr.plain.gettext("I have received it"), HaveReceived(thread_id).pack())
    return Message(
        reader.person_id,
        OutgoingKind.MESSAGE,
        text,
        f"safety:{message_id}:{reader.person_id}",
        buttons=rows([received]),
        due_at=due_at,
        about="thread",
        about_id=thread_id,
    )


async def ask_call(uow: UnitOfWork, actor: Actor, pupil_id: int) -> Receipt:
    """Ask those who read such reports to phone the guardian instead.

    Raises:
        NotPermitted: it is not the actor's child. NobodyReads.
    """
    await access_child(uow, actor, pupil_id)
    return await call_me_in(uow, actor, await open_thread(uow, actor.person_id, pupil_id, ThreadKind.SAFETY))


@dataclass(frozen=True, slots=True)
class Received:
    """What a tap on "I have received it" came to; `again` when somebody has said so before."""

    thread: ThreadRef
    again: bool


async def have_received(uow: UnitOfWork, actor: Actor, thread_id: int) -> Received:
    """Tell the home who has its report; once for each report, whoever taps first. It still waits for an answer.

    Raises:
        NotPermitted: the actor does not read such reports, or there is none.
    """
    thread = await access_thread(uow, actor, thread_id, hold=True)
    newest = await newest_report(uow, thread_id)
    guardian = await find_contact(uow, thread.guardian_id)
    if thread.kind is not ThreadKind.SAFETY or thread.part is not Part.SCHOOL or newest is None or guardian is None:
        raise NotPermitted
    tr = reader_texts(uow, guardian.language or guardian.home_language)
    text = tr.gettext(
        "🛡 {name} has received what you wrote about {child}, and follows it up. You will hear more here or by "
        "telephone.",
        name=actor.name,
        child=thread.pupil_name,
    )
    told = await enqueue(
        uow,
        Message(
            guardian.person_id,
            OutgoingKind.MESSAGE,
            text,
            f"safety-received:{newest}",
            buttons=home_buttons(tr, thread_id),
            due_at=uow.school.considerate(uow.now),
            about="thread",
            about_id=thread_id,
        ),
    )
    if told:
        await audit(uow, actor.person_id, "safety.received", "thread", thread_id)
    await uow.commit()
    return Received(thread, again=not told)
