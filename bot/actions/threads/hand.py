"""A contact teacher hands a conversation to the leadership for a while, visibly, and gets it back (B4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.actions import UnitOfWork
from bot.actions.notices.render import reply_button
from bot.actions.readers import reader_texts
from bot.actions.threads.readers import reachable_leadership, reachable_teachers
from bot.actions.threads.reroute import reroute
from bot.actions.threads.words import home_buttons, open_button, words_of
from bot.domain.errors import NotPermitted
from bot.domain.messages import rows
from bot.domain.outgoing import OutgoingKind
from bot.domain.people import Actor, Contact
from bot.domain.threads import MessageKind, Part, SaidRow, ThreadKind, ThreadRef
from bot.i18n import Html, Texts
from bot.outbox.enqueue import Message, enqueue
from storage.queries.audit import audit
from storage.queries.people import find_contact, list_contact_teachers
from storage.queries.thread_messages import add_message, list_messages
from storage.queries.threads import access_thread, access_thread_to_write, change_thread

SHOWN = 3
"""Messages of the conversation that go to the leadership with it; the whole one is a tap away."""
ROOM = 2000
"""Characters of them at most, so that they fit into one message in every language."""
STAYS = "thread_line"
"""What a quiet line to a class's teacher is about while the leadership has the conversation: it names only the child,
and goes to whoever works with that child's class."""


async def may_hand(uow: UnitOfWork, actor: Actor, thread: ThreadRef) -> bool:
    """Tell whether somebody can hand a conversation to the leadership: a contact teacher, who has it now."""
    if thread.part is not Part.SCHOOL or thread.kind is not ThreadKind.ORDINARY or thread.handed_at is not None:
        return False
    return not actor.leads and actor.person_id in {
        contact.person_id for contact in await list_contact_teachers(uow, thread.class_id)
    }


async def ask_hand(uow: UnitOfWork, actor: Actor, thread_id: int) -> tuple[ThreadRef, tuple[str, ...]]:
    """Return the conversation that somebody is about to hand over, and who would have it then.

    Raises:
        NotPermitted: the actor is no contact teacher who has it. NobodyReads: nobody of the leadership can be reached.
    """
    thread = await access_thread(uow, actor, thread_id)
    if not await may_hand(uow, actor, thread):
        raise NotPermitted
    return thread, tuple(leader.name for leader in await reachable_leadership(uow, thread))


async def hand_over(uow: UnitOfWork, actor: Actor, thread_id: int) -> None:
    """Hand a conversation to the leadership: they read and answer from now on, and the home is told who has it.

    Raises:
        NotPermitted: the actor is no contact teacher who has it. HandedOver: it is there already. NobodyReads.
    """
    thread = await access_thread_to_write(uow, actor, thread_id)
    if not await may_hand(uow, actor, thread):
        raise NotPermitted
    leaders = await reachable_leadership(uow, thread)
    last = await list_messages(uow, actor, thread, limit=SHOWN)
    mark = await _mark(uow, actor, thread, MessageKind.HANDED_OVER)
    await change_thread(uow, thread.id, handed_at=uow.now, handed_by=actor.person_id)
    await reroute(uow, replace(thread, handed_at=uow.now))
    await _give_leadership(uow, actor, thread, mark, leaders, _fitting(last))
    await _tell_home(
        uow,
        thread,
        mark,
        lambda tr: tr.gettext(
            "🤝 Your conversation about {child} is with the school's leadership for a while: {names}. "
            "They read what you write here, and answer you.",
            names=tr.list(leader.name for leader in leaders),
            child=thread.pupil_name,
        ),
    )
    others = [one for one in await reachable_teachers(uow, thread) if one.person_id != actor.person_id]
    await _tell_teachers(
        uow,
        thread,
        mark,
        others,
        lambda tr: tr.gettext(
            "🤝 {teacher} has handed the conversation with {guardian} about {child} to the leadership.",
            teacher=actor.name,
            guardian=thread.guardian_name,
            child=thread.pupil_name,
        ),
        silent=True,
    )
    await audit(uow, actor.person_id, "thread.hand_over", "thread", thread.id)
    await uow.commit()


async def hand_back(uow: UnitOfWork, actor: Actor, thread_id: int) -> None:
    """Give a conversation back to the contact teachers, who see all of it again; both sides are told.

    A second tap changes nothing.

    Raises:
        NotPermitted: the actor is not of the leadership. NobodyReads: no contact teacher can be reached.
    """
    thread = await access_thread_to_write(uow, actor, thread_id)
    if not actor.leads or thread.part is not Part.SCHOOL:
        raise NotPermitted
    if thread.handed_at is not None:
        teachers = await reachable_teachers(uow, thread) or await reachable_leadership(uow, thread)
        mark = await _mark(uow, actor, thread, MessageKind.HANDED_BACK)
        await change_thread(uow, thread.id, handed_at=None, handed_by=None)
        await reroute(uow, replace(thread, handed_at=None))
        await _tell_home(
            uow,
            thread,
            mark,
            lambda tr: tr.gettext(
                "🤝 Your conversation about {child} is back with {names}, who can read all of it.",
                names=tr.list(teacher.name for teacher in teachers),
                child=thread.pupil_name,
            ),
        )
        await _tell_teachers(
            uow,
            thread,
            mark,
            [teacher for teacher in teachers if teacher.person_id != actor.person_id],
            lambda tr: tr.gettext(
                "🤝 {leader} gives you back the conversation with {guardian} about {child}. You can read all of it.",
                leader=actor.name,
                guardian=thread.guardian_name,
                child=thread.pupil_name,
            ),
        )
        await audit(uow, actor.person_id, "thread.hand_back", "thread", thread.id)
    await uow.commit()


async def _mark(uow: UnitOfWork, actor: Actor, thread: ThreadRef, kind: MessageKind) -> int:
    """Store in the conversation itself who handed it where; return the mark's id."""
    return await add_message(uow, thread_id=thread.id, author_id=actor.person_id, kind=kind, language=actor.language)


def _fitting(last: Sequence[SaidRow]) -> list[SaidRow]:
    """Return the newest messages that fit together, in the order in which they were said."""
    chosen: list[SaidRow] = []
    for message in last:
        if chosen and sum(one.length for one in chosen) + message.length > ROOM:
            break
        chosen.append(message)
    return [message for message in reversed(chosen) if message.length]


async def _give_leadership(
    uow: UnitOfWork, actor: Actor, thread: ThreadRef, mark: int, leaders: Sequence[Contact], last: Sequence[SaidRow]
) -> None:
    messages = []
    for leader in leaders:
        tr = reader_texts(uow, leader.language)
        head = tr.gettext(
            "🤝 <b>{teacher}</b> hands you the conversation with <b>{guardian}</b> ({child}, {school_class}). "
            "You have it until you give it back. It was said last:",
            teacher=actor.name,
            guardian=thread.guardian_name,
            child=thread.pupil_name,
            school_class=thread.class_name,
        )
        said = [f"<b>{tr.value(one.author)}</b>\n{words_of(tr, one.id)}" for one in last]
        messages.append(
            Message(
                leader.person_id,
                OutgoingKind.MESSAGE,
                "\n\n".join([head, *said]),
                f"thread-handed:{mark}:{leader.person_id}",
                buttons=rows([reply_button(tr, thread.id), open_button(tr, thread.id)]),
                due_at=uow.school.considerate(uow.now),
                about="thread",
                about_id=thread.id,
            )
        )
    await enqueue(uow, *messages)


async def _tell_home(uow: UnitOfWork, thread: ThreadRef, mark: int, text: Callable[[Texts], Html]) -> None:
    guardian = await find_contact(uow, thread.guardian_id)
    tr = reader_texts(uow, (guardian.language or guardian.home_language) if guardian else None)
    await enqueue(
        uow,
        Message(
            thread.guardian_id,
            OutgoingKind.MESSAGE,
            text(tr),
            f"thread-handed:{mark}:{thread.guardian_id}",
            buttons=home_buttons(tr, thread.id),
            due_at=uow.school.considerate(uow.now),
            about="thread",
            about_id=thread.id,
        ),
    )


async def _tell_teachers(
    uow: UnitOfWork,
    thread: ThreadRef,
    mark: int,
    teachers: Sequence[Contact],
    text: Callable[[Texts], Html],
    *,
    silent: bool = False,
) -> None:
    messages = []
    for teacher in teachers:
        tr = reader_texts(uow, teacher.language)
        messages.append(
            Message(
                teacher.person_id,
                OutgoingKind.MESSAGE,
                text(tr),
                f"thread-handed:{mark}:{teacher.person_id}",
                buttons=rows([open_button(tr, thread.id)]),
                silent=silent,
                due_at=uow.school.considerate(uow.now),
                about=STAYS,
                about_id=thread.id,
                pupil_id=thread.pupil_id,
            )
        )
    await enqueue(uow, *messages)
