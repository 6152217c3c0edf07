"""An interpreter asks one side what was meant; only the two of them see question and answer (L4)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.actions import UnitOfWork
from bot.actions.interpreters.follow import FOLLOW
from bot.actions.interpreters.words import answer_button, answered_text, asked_text, first_name
from bot.actions.readers import reader_texts
from bot.actions.threads.readers import readers_of
from bot.actions.translation.words import free
from bot.domain.errors import NotPermitted
from bot.domain.free_text import FreeText
from bot.domain.interpreters import HelperGone, NothingMeant, Side, TranslationTooLong
from bot.domain.messages import rows
from bot.domain.outgoing import Lane, OutgoingKind
from bot.domain.people import Actor, Contact
from bot.domain.threads import THREAD_TEXT_LIMIT, MessageKind, Part
from bot.domain.translation import Subject
from bot.i18n import Html
from bot.outbox.enqueue import Message, enqueue
from storage.models import ThreadMessage
from storage.queries.audit import audit
from storage.queries.dialogue import OpenQuestion, ask, close_question, find_question
from storage.queries.interpreter_messages import Spoken, find_key_of, find_spoken, list_school_authors, store_between
from storage.queries.interpreters import (
    Followed,
    access_followed_thread,
    access_interpreter,
    may_follow,
    understood,
)
from storage.queries.people import find_actor_by_person, find_contact
from storage.queries.threads import access_thread, reachable_among

EXPECT_ASK = "interpreter.ask"
"""What an interpreter asks one side; `ref_id` is the message it is about."""
EXPECT_ANSWER = "interpreter.answer"
"""What one side answers; `ref_id` is the question's message."""
ASKS_KEY = "interpreter-asks"
AUTHORS = 5


@dataclass(frozen=True, slots=True)
class Asking:
    """Whom an interpreter asks, and in which language they read."""

    thread: Followed
    side: Side
    name: str
    language: str


async def show_sides(uow: UnitOfWork, actor: Actor, message_id: int) -> Followed:
    """Return the conversation of a message whose sides an interpreter may ask.

    Raises:
        NotPermitted: never allowed to. NotPromised. AccessEnded.
    """
    _, followed = await _access(uow, actor, message_id)
    return followed


async def start_asking(uow: UnitOfWork, actor: Actor, message_id: int, side: Side) -> Asking:
    """Expect an interpreter's question to one side as the next text.

    Raises:
        NotPermitted: never allowed to, or nobody is there to be asked. NobodyReads. NotPromised. AccessEnded.
    """
    _, followed = await _access(uow, actor, message_id)
    contact = await _asked(uow, followed, side)
    await ask(uow, actor.person_id, EXPECT_ASK, message_id, side=side.value)
    await uow.commit()
    return Asking(followed, side, contact.name, _language(uow, contact))


async def send_question(uow: UnitOfWork, actor: Actor, question: OpenQuestion, text: str) -> Asking:
    """Send what an interpreter asks to one side, and to nobody else.

    Raises:
        NothingMeant, TranslationTooLong. NotPermitted: never allowed to. NotPromised. AccessEnded.
    """
    _, followed = await _access(uow, actor, question.ref_id)
    side = Side(question.data["side"])
    contact = await _asked(uow, followed, side)
    theirs = _language(uow, contact)
    mine = await access_interpreter(uow, actor)
    message_id = await store_between(
        uow,
        ThreadMessage(
            thread_id=followed.id,
            author_id=actor.person_id,
            kind=MessageKind.ASKS,
            to_person_id=contact.person_id,
            text=_checked(text),
            # who can write the reader's language is asked to do so
            language=theirs if theirs in mine else actor.language,
            sent_at=uow.now,
        ),
    )
    tr = reader_texts(uow, theirs)
    child = followed.pupil if side is Side.HOME else f"{followed.pupil}, {followed.class_name}"
    await enqueue(
        uow,
        Message(
            contact.person_id,
            OutgoingKind.MESSAGE,
            asked_text(tr, actor.name, child, free(tr, Subject.MESSAGE, message_id)),
            f"{ASKS_KEY}:{message_id}",
            buttons=rows([answer_button(tr, message_id)]),
            lane=Lane.ORDINARY,
            due_at=uow.school.considerate(uow.now),
            about="thread",
            about_id=followed.id,
        ),
    )
    await close_question(uow, actor.person_id)
    await audit(uow, actor.person_id, "interpreter.ask", "thread", followed.id, side=side.value)
    await uow.commit()
    return Asking(followed, side, contact.name, theirs)


async def start_answer(uow: UnitOfWork, actor: Actor, message_id: int) -> str:
    """Expect the answer to an interpreter's question as the next text; return the interpreter's name.

    Raises:
        NotPermitted: the question was asked of somebody else, or the actor has no part in it any more. HelperGone.
    """
    question = await _question_to(uow, actor, message_id)
    await ask(uow, actor.person_id, EXPECT_ANSWER, message_id)
    await uow.commit()
    return question.author


async def send_reply(uow: UnitOfWork, actor: Actor, message_id: int, text: str) -> str:
    """Send the answer to the interpreter who asked, and to nobody else; return the interpreter's name.

    An open question about something else stays open.

    Raises:
        NothingMeant, TranslationTooLong. HelperGone: nobody follows any more. NotPermitted: no part in it any more.
    """
    name = await _answer(uow, actor, message_id, text)
    question = await find_question(uow, actor.person_id)
    if question is not None and question.expects == EXPECT_ANSWER and question.ref_id == message_id:
        await close_question(uow, actor.person_id)
    await uow.commit()
    return name


async def _answer(uow: UnitOfWork, actor: Actor, question_id: int, text: str) -> str:
    asked = await _question_to(uow, actor, question_id)
    message_id = await store_between(
        uow,
        ThreadMessage(
            thread_id=asked.thread_id,
            author_id=actor.person_id,
            kind=MessageKind.ANSWERS,
            to_person_id=asked.author_id,
            text=_checked(text),
            language=actor.language,
            sent_at=uow.now,
        ),
    )
    contact = await find_contact(uow, asked.author_id)
    tr = reader_texts(uow, contact.language or contact.home_language if contact else None)
    # an interpreter reads what was written itself, not a machine's translation of it
    language = actor.language if actor.language in await understood(uow, asked.author_id) else tr.code
    words = Html(FreeText(Subject.MESSAGE, message_id, language).element())
    await enqueue(
        uow,
        Message(
            asked.author_id,
            OutgoingKind.MESSAGE,
            answered_text(tr, first_name(actor.name), words),
            f"interpreter-answer:{message_id}",
            lane=Lane.ORDINARY,
            due_at=uow.school.considerate(uow.now),
            about=FOLLOW,
            about_id=asked.thread_id,
        ),
    )
    await audit(uow, actor.person_id, "interpreter.answer", "thread", asked.thread_id)
    return asked.author


async def find_question_of(uow: UnitOfWork, actor: Actor, message_id: int) -> int | None:
    """Return the interpreter's question that a person answers by Telegram's own reply, None when it is none."""
    key = await find_key_of(uow, actor.person_id, message_id)
    name, _, ref = (key or "").partition(":")
    return int(ref) if name == ASKS_KEY else None


async def _access(uow: UnitOfWork, actor: Actor, message_id: int) -> tuple[Spoken, Followed]:
    await access_interpreter(uow, actor)
    message = await find_spoken(uow, message_id)
    if message is None or not message.has_words:
        raise NotPermitted
    return message, await access_followed_thread(uow, actor, message.thread_id)


async def _question_to(uow: UnitOfWork, actor: Actor, message_id: int) -> Spoken:
    asked = await find_spoken(uow, message_id)
    if asked is None or asked.kind is not MessageKind.ASKS or asked.to_person_id != actor.person_id:
        raise NotPermitted
    await access_thread(uow, actor, asked.thread_id)
    if not await may_follow(uow, asked.author_id, asked.thread_id):
        raise HelperGone
    return asked


async def _asked(uow: UnitOfWork, followed: Followed, side: Side) -> Contact:
    """Return who is asked: the guardian, or who wrote last for the school and still reads it, or who reads it now.

    Raises:
        NotPermitted: nobody can be asked.
    """
    if side is Side.HOME:
        contact = await find_contact(uow, followed.guardian_id)
        if contact is None or not await reachable_among(uow, [contact.person_id]):
            raise NotPermitted
        return contact
    authors = await list_school_authors(uow, followed.id, limit=AUTHORS)
    there = await reachable_among(uow, authors)
    for person_id in authors:
        if person_id in there and await _reads(uow, person_id, followed.id):
            contact = await find_contact(uow, person_id)
            if contact is not None:
                return contact
    guardian = await find_actor_by_person(uow, followed.guardian_id)
    if guardian is None:
        raise NotPermitted
    return (await readers_of(uow, await access_thread(uow, guardian, followed.id)))[0]


async def _reads(uow: UnitOfWork, person_id: int, thread_id: int) -> bool:
    actor = await find_actor_by_person(uow, person_id)
    if actor is None:
        return False
    try:
        thread = await access_thread(uow, actor, thread_id)
    except NotPermitted:
        return False
    return thread.part is Part.SCHOOL


def _language(uow: UnitOfWork, contact: Contact) -> str:
    return reader_texts(uow, contact.language or contact.home_language).code


def _checked(text: str) -> str:
    cleaned = text.strip()
    if not any(map(str.isalnum, cleaned)):
        raise NothingMeant
    if len(cleaned) > THREAD_TEXT_LIMIT:
        raise TranslationTooLong(length=len(cleaned), limit=THREAD_TEXT_LIMIT)
    return cleaned
