"""Short messages between a home and the contact teachers (N1, B5), each way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.actions import UnitOfWork
from bot.actions.notices.render import reply_button
from bot.domain.errors import DomainError, InvalidInput, NotPermitted
from bot.domain.marking import N_
from bot.domain.messages import rows
from bot.domain.outgoing import Lane, OutgoingKind
from bot.domain.people import Actor, Child, Contact
from bot.domain.threads import THREAD_TEXT_LIMIT, MessageKind
from bot.i18n import Html, Texts, find_language, texts
from bot.i18n.words import language_name
from bot.outbox.enqueue import Message, enqueue
from storage.models import ThreadMessage
from storage.queries.audit import audit
from storage.queries.dialogue import OpenQuestion, ask, close_question, find_question
from storage.queries.outgoing import find_by_message
from storage.queries.people import (
    access_child,
    find_actor_by_person,
    find_contact,
    list_children,
    list_contact_teachers,
    list_leadership,
)
from storage.queries.threads import (
    ThreadRef,
    access_thread,
    add_message,
    may_read_class,
    notice_author,
    open_thread,
    reachable_among,
    waits_for_call,
    was_just_sent,
)

EXPECT_HOME = "thread.home"
EXPECT_REPLY = "thread.reply"
EXPECT_KEPT = "thread.kept"
"""A text was written without being asked for; it waits here for one tap."""


CALL_AGAIN = timedelta(minutes=15)
"""Within it, a repeated "please call me" about the same thing is the same one."""


SAME_WITHIN = timedelta(minutes=2)
"""Within it, the same words under the same button are a second tap."""


class MessageTooLong(InvalidInput):
    code = "message_too_long"
    sentence = N_("That is {length} characters; {limit} fit into one message. Make it shorter, or send it in two.")


class NobodyReads(DomainError):
    code = "nobody_reads"
    sentence = N_("Nobody at the school can read messages here yet. Please call the school.")


@dataclass(frozen=True, slots=True)
class Receipt:
    """Who reads a message, and from when if quiet hours hold it back; `to_school` or from it."""

    readers: tuple[str, ...]
    child: str
    reads_from: datetime | None
    to_school: bool


async def ask_about(uow: UnitOfWork, actor: Actor, pupil_ids: Sequence[int], notice_id: int) -> None:
    """Expect the guardian's question about a notice as the next text."""
    pupil = next(p for p in pupil_ids if p in actor.children)
    await ask(uow, actor.person_id, EXPECT_HOME, pupil, notice=notice_id)


async def call_about(uow: UnitOfWork, actor: Actor, pupil_ids: Sequence[int], notice_id: int) -> Receipt:
    """Ask the sender of a notice to phone the guardian; the caller commits."""
    pupil = next(p for p in pupil_ids if p in actor.children)
    return await _from_home(uow, actor, pupil, MessageKind.CALL_ME, "", notice_id)


async def start_message(uow: UnitOfWork, actor: Actor, pupil_id: int) -> Child:
    """Expect a guardian's message about a child as the next text.

    Raises:
        NotPermitted: it is not the actor's child.
    """
    child = await access_child(uow, actor, pupil_id)
    await ask(uow, actor.person_id, EXPECT_HOME, pupil_id)
    await uow.commit()
    return child


async def call_me(uow: UnitOfWork, actor: Actor, pupil_id: int) -> Receipt:
    """Ask the contact teachers of a child to phone the guardian (B5).

    Raises:
        NotPermitted: it is not the actor's child. NobodyReads.
    """
    await access_child(uow, actor, pupil_id)
    receipt = await _from_home(uow, actor, pupil_id, MessageKind.CALL_ME, "", None)
    await close_question(uow, actor.person_id)
    await uow.commit()
    return receipt


async def send_message(uow: UnitOfWork, actor: Actor, question: OpenQuestion, text: str) -> Receipt:
    """Send the text that the open question asked for.

    Raises:
        MessageTooLong, NobodyReads, NotPermitted.
    """
    notice = question.data.get("notice")
    kind = MessageKind.QUESTION if notice else MessageKind.TEXT
    await access_child(uow, actor, question.ref_id)
    receipt = await _from_home(uow, actor, question.ref_id, kind, _checked(text), notice)
    await close_question(uow, actor.person_id)
    await uow.commit()
    return receipt


async def send_about(
    uow: UnitOfWork, actor: Actor, pupil_id: int, text: str, subject: Callable[[Texts], Html]
) -> Receipt:
    """Send a guardian's text about something of the school's, such as a month's report; the caller commits.

    Args:
        subject: says in a reader's language what the text is about, as a line above it.

    Raises:
        MessageTooLong, NobodyReads. NotPermitted: it is not the actor's child.
    """
    return await _from_home(uow, actor, pupil_id, MessageKind.TEXT, _checked(text), None, subject)


@dataclass(frozen=True, slots=True)
class Kept:
    """A text that waits for its tap, and whom it may be about; `joined` when it was written in several messages."""

    text: str
    children: tuple[Child, ...]
    joined: bool


async def keep_text(uow: UnitOfWork, actor: Actor, text: str) -> Kept:
    """Keep a text that was written unasked. One that waits already stays before it: nothing is lost unsaid.

    Raises:
        MessageTooLong: it would not fit; the person is told before any tap.
    """
    waiting = await find_question(uow, actor.person_id)
    earlier = str(waiting.data["text"]) if waiting is not None and waiting.expects == EXPECT_KEPT else ""
    whole = _checked(f"{earlier}\n{text}" if earlier else text)
    await ask(uow, actor.person_id, EXPECT_KEPT, 0, text=whole)
    children = await list_children(uow, actor)
    await uow.commit()
    return Kept(whole, tuple(children), joined=bool(earlier))


async def send_kept(uow: UnitOfWork, actor: Actor, pupil_id: int) -> Receipt:
    """Send the kept text about a child; a second tap finds nothing kept.

    Raises:
        NotPermitted: nothing is kept any more, or it is not the actor's child. NobodyReads.
    """
    question = await find_question(uow, actor.person_id)
    if question is None or question.expects != EXPECT_KEPT:
        raise NotPermitted
    await access_child(uow, actor, pupil_id)
    receipt = await _from_home(uow, actor, pupil_id, MessageKind.TEXT, str(question.data["text"]), None)
    await close_question(uow, actor.person_id)
    await uow.commit()
    return receipt


async def send_written(uow: UnitOfWork, actor: Actor, pupil_id: int, text: str) -> Receipt:
    """Send words that the person wrote before and that were not kept; the same ones twice are one message.

    Raises:
        MessageTooLong, NobodyReads. NotPermitted: it is not the actor's child.
    """
    child = await access_child(uow, actor, pupil_id)
    cleaned = _checked(text)
    thread_id = await open_thread(uow, actor.person_id, pupil_id)
    if await was_just_sent(uow, thread_id, actor.person_id, cleaned, uow.now - SAME_WITHIN):
        readers = await _readers(uow, child.class_id, None)
        return Receipt(tuple(reader.name for reader in readers), child.name, None, to_school=True)
    receipt = await _from_home(uow, actor, pupil_id, MessageKind.TEXT, cleaned, None)
    await uow.commit()
    return receipt


def _checked(text: str) -> str:
    cleaned = text.strip()
    if len(cleaned) > THREAD_TEXT_LIMIT:
        raise MessageTooLong(length=len(cleaned), limit=THREAD_TEXT_LIMIT)
    return cleaned


async def _readers(uow: UnitOfWork, class_id: int, notice_id: int | None) -> list[Contact]:
    """Who at the school reads it: the notice's sender, else the contact teachers, else the leadership."""
    for candidates in (await _sender_of(uow, class_id, notice_id), await list_contact_teachers(uow, class_id)):
        there = await reachable_among(uow, [c.person_id for c in candidates])
        if there:
            return [c for c in candidates if c.person_id in there]
    leaders = list({c.person_id: c for c, _ in await list_leadership(uow)}.values())
    there = await reachable_among(uow, [c.person_id for c in leaders])
    if not there:
        raise NobodyReads
    return [c for c in leaders if c.person_id in there]


async def _sender_of(uow: UnitOfWork, class_id: int, notice_id: int | None) -> list[Contact]:
    """A notice's sender who still works with the class; somebody who has left it reads nothing more."""
    author_id = await notice_author(uow, notice_id) if notice_id is not None else None
    author = await find_actor_by_person(uow, author_id) if author_id is not None else None
    if author is None or not await may_read_class(uow, author, class_id):
        return []
    contact = await find_contact(uow, author.person_id)
    return [contact] if contact else []


async def _from_home(
    uow: UnitOfWork,
    actor: Actor,
    pupil_id: int,
    kind: MessageKind,
    text: str,
    notice_id: int | None,
    subject: Callable[[Texts], Html] | None = None,
) -> Receipt:
    child = await access_child(uow, actor, pupil_id)
    thread_id = await open_thread(uow, actor.person_id, pupil_id)
    readers = await _readers(uow, child.class_id, notice_id)
    due = uow.school.considerate(uow.now)
    receipt = Receipt(
        tuple(reader.name for reader in readers),
        child.name,
        uow.school.local(due) if due > uow.now else None,
        to_school=True,
    )
    if kind is MessageKind.CALL_ME and await waits_for_call(uow, thread_id, notice_id, uow.now - CALL_AGAIN):
        return receipt  # a double tap rings once
    message_id = await add_message(
        uow,
        ThreadMessage(
            thread_id=thread_id,
            author_id=actor.person_id,
            kind=kind,
            notice_id=notice_id,
            text=text,
            language=actor.language,
            sent_at=uow.now,
        ),
        home_waits=True,
    )
    sender = await find_contact(uow, actor.person_id)
    phone = sender.phone if sender else None
    messages = []
    for reader in readers:
        tr = texts(find_language(reader.language) or uow.school.language)
        body = _home_text(tr, actor, child, kind, text, phone, subject(tr) if subject else None)
        messages.append(_message(reader.person_id, tr, body, thread_id, message_id, due))
    await enqueue(uow, *messages)
    await audit(uow, actor.person_id, "thread.write", "thread", thread_id, kind=kind)
    return receipt


def _home_text(
    tr: Texts, actor: Actor, child: Child, kind: MessageKind, text: str, phone: str | None, subject: Html | None
) -> Html:
    who = {"guardian": actor.name, "child": child.name, "school_class": child.class_name}
    if kind is MessageKind.CALL_ME:
        number = tr.value(phone) if phone else tr.gettext("no number is known; the office may have one")
        return tr.gettext(
            "📞 <b>{guardian}</b> ({child}, {school_class}) asks you to call.\nTelephone: {number}",
            number=number,
            **who,
        )
    head = (
        tr.gettext("❓ <b>{guardian}</b> ({child}, {school_class}) has a question:", **who)
        if kind is MessageKind.QUESTION
        else tr.gettext("✉️ <b>{guardian}</b> ({child}, {school_class}) writes:", **who)
    )
    lines = [head, *([subject] if subject else []), quoted(tr, text, actor.language)]
    return Html("\n".join(lines))


def quoted(tr: Texts, text: str, language: str) -> Html:
    """Return free text as it was written, marked with its language when the reader's is another."""
    body = f"<blockquote>{tr.value(text)}</blockquote>"
    if language != tr.code:
        mark = tr.gettext("🌐 <i>Written in {language}, not translated yet.</i>", language=language_name(language, tr))
        body += f"\n{mark}"
    return Html(body)


def _message(person_id: int, tr: Texts, text: str, thread_id: int, message_id: int, due: datetime) -> Message:
    return Message(
        person_id,
        OutgoingKind.MESSAGE,
        text,
        f"thread:{message_id}:{person_id}",
        buttons=rows([reply_button(tr, thread_id)]),
        lane=Lane.ORDINARY,
        due_at=due,
        about="thread",
        about_id=thread_id,
    )


async def start_reply(uow: UnitOfWork, actor: Actor, thread_id: int) -> tuple[ThreadRef, tuple[str, ...]]:
    """Expect an answer in a thread as the next text; return the thread and the names of those who will read it.

    Raises:
        NotPermitted: the actor has no part in it any more. NobodyReads.
    """
    thread = await access_thread(uow, actor, thread_id)
    await ask(uow, actor.person_id, EXPECT_REPLY, thread_id)
    other = await _other_side(uow, actor, thread)
    await uow.commit()
    return thread, other


async def _other_side(uow: UnitOfWork, actor: Actor, thread: ThreadRef) -> tuple[str, ...]:
    if actor.person_id == thread.guardian_id:
        return tuple(reader.name for reader in await _readers(uow, thread.class_id, None))
    guardian = await find_contact(uow, thread.guardian_id)
    return (guardian.name,) if guardian else ()


async def reply(uow: UnitOfWork, actor: Actor, thread_id: int, text: str) -> Receipt:
    """Send an answer in a thread to the other side. An open question about something else stays open.

    Raises:
        MessageTooLong, NobodyReads, NotPermitted.
    """
    thread = await access_thread(uow, actor, thread_id)
    cleaned = _checked(text)
    if actor.person_id == thread.guardian_id:
        receipt = await _from_home(uow, actor, thread.pupil_id, MessageKind.TEXT, cleaned, None)
    else:
        receipt = await _from_school(uow, actor, thread, cleaned)
    question = await find_question(uow, actor.person_id)
    if question is not None and question.expects == EXPECT_REPLY and question.ref_id == thread_id:
        await close_question(uow, actor.person_id)
    await uow.commit()
    return receipt


async def _from_school(uow: UnitOfWork, actor: Actor, thread: ThreadRef, text: str) -> Receipt:
    guardian = await find_contact(uow, thread.guardian_id)
    if guardian is None:
        raise NotPermitted
    message_id = await add_message(
        uow,
        ThreadMessage(
            thread_id=thread.id,
            author_id=actor.person_id,
            kind=MessageKind.TEXT,
            text=text,
            language=actor.language,
            sent_at=uow.now,
        ),
        home_waits=False,
    )
    tr = texts(find_language(guardian.language) or find_language(guardian.home_language) or uow.school.language)
    head = tr.gettext("✉️ <b>{teacher}</b> writes about {child}:", teacher=actor.name, child=thread.pupil_name)
    due = uow.school.considerate(uow.now)
    body = f"{head}\n{quoted(tr, text, actor.language)}"
    await enqueue(uow, _message(guardian.person_id, tr, body, thread.id, message_id, due))
    await audit(uow, actor.person_id, "thread.answer", "thread", thread.id)
    later = uow.school.local(due) if due > uow.now else None
    return Receipt((guardian.name,), thread.pupil_name, later, to_school=False)


async def find_thread_of(uow: UnitOfWork, actor: Actor, message_id: int) -> int | None:
    """Return the thread of the message that a person answers by Telegram's own reply, None when it has none."""
    found = await find_by_message(uow, actor.person_id, message_id)
    return found[1] if found and found[0] == "thread" else None
