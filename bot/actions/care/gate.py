"""Looks at a text before it goes out; one with something sensitive waits for its author's decision (P5).

The text waits in the dialogue's row: a restart does not lose it, the next thing the person does replaces it. What is
to happen with it afterwards is a name (`then`) and its values, so that every feature that sends words can use the same
gate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.actions import UnitOfWork
from bot.actions.care.sensitive import find, find_numbers
from bot.domain.errors import InvalidInput, NotPermitted
from bot.domain.marking import N_
from bot.domain.people import Actor
from bot.domain.sensitive import IN_DANGER, Sensitive, SensitiveKind, without_numbers
from storage.queries.audit import audit
from storage.queries.dialogue import OpenQuestion, ask, close_question, find_question
from storage.queries.people import find_contact
from storage.queries.threads import access_thread

EXPECT_CARE = "care.text"
"""A text waits for a decision; another text is the same one in other words."""


class HoldsNumber(InvalidInput):
    """An edit would bring a national identity number to where the words went."""

    code = "holds_number"
    sentence = N_(
        "That holds a national identity number, so the change was not passed on. Change it once more without."
    )


@dataclass(frozen=True, slots=True)
class Held:
    """A text that waits.

    Attributes:
        kinds: what was noticed, each kind once.
        then, ref_id, extra: what sending it means to whoever asked.
        pupil_id: whom it is about, 0 for nobody in particular.
        to_school: a home wrote it.
        thread_id: the conversation in which the school answers, 0 for none.
        before: the question that was open when it was written.
    """

    text: str
    kinds: tuple[SensitiveKind, ...]
    then: str
    ref_id: int
    pupil_id: int
    to_school: bool
    thread_id: int
    only_numbers: bool
    extra: Mapping[str, Any]
    before: OpenQuestion | None

    @property
    def has_number(self) -> bool:
        """Tell whether a national identity number stands in it: such a text never goes out as it is."""
        return SensitiveKind.IDENTITY_NUMBER in self.kinds


def noticed(text: str, actor: Actor, school_language: str, *, only_numbers: bool = False) -> tuple[Sensitive, ...]:
    """Return what is sensitive in a text of a person; `only_numbers` where sensitive words are what is asked for."""
    return find_numbers(text) if only_numbers else find(text, actor.language, school_language)


def in_danger(text: str, actor: Actor, school_language: str) -> bool:
    """Tell whether a text of a person speaks of violence or suicide: no other reading of it comes first."""
    return bool(IN_DANGER.intersection(_kinds(noticed(text, actor, school_language))))


async def look(
    uow: UnitOfWork,
    actor: Actor,
    text: str,
    *,
    then: str,
    ref_id: int = 0,
    pupil_id: int = 0,
    to_school: bool = True,
    thread_id: int = 0,
    only_numbers: bool = False,
    extra: Mapping[str, Any] | None = None,
) -> Held | None:
    """Keep a text in which something sensitive is, and return it; None when it may go out as it is."""
    kinds = _kinds(noticed(text, actor, uow.school.language, only_numbers=only_numbers))
    if not kinds:
        return None
    before = await find_question(uow, actor.person_id)
    if before is not None and before.expects == EXPECT_CARE:
        before = _read(before).before
    held = Held(text, kinds, then, ref_id, pupil_id, to_school, thread_id, only_numbers, dict(extra or {}), before)
    await _keep(uow, actor, held)
    await audit(uow, actor.person_id, "care.noticed", "person", actor.person_id, kinds=",".join(kinds))
    await uow.commit()
    return held


async def held_text(uow: UnitOfWork, actor: Actor) -> Held:
    """Return the text that waits.

    Raises:
        NotPermitted: none does any more.
    """
    question = await find_question(uow, actor.person_id)
    if question is None or question.expects != EXPECT_CARE:
        raise NotPermitted
    return _read(question)


async def waits_as(uow: UnitOfWork, actor: Actor, chat_message_id: int) -> bool:
    """Tell whether the text that waits is what stands in this message of the author's own chat."""
    question = await find_question(uow, actor.person_id)
    return (
        question is not None and question.expects == EXPECT_CARE and _read(question).extra.get("mid") == chat_message_id
    )


def check_edit(text: str) -> None:
    """Hold the new words of a message that was sent against identity numbers.

    Raises:
        HoldsNumber: there is one.
    """
    if find_numbers(text):
        raise HoldsNumber


async def write_again(uow: UnitOfWork, actor: Actor, text: str) -> tuple[Held, bool]:
    """Put other words in the place of the text that waits; return it, and whether it may go out now.

    The open question is again what it was before; the caller goes on with the text or shows what was noticed.

    Raises:
        NotPermitted: no text waits any more.
    """
    old = await held_text(uow, actor)
    kinds = _kinds(noticed(text, actor, uow.school.language, only_numbers=old.only_numbers))
    held = replace(old, text=text, kinds=kinds)
    if kinds:
        await _keep(uow, actor, held)
        await uow.commit()
    else:
        await _restore(uow, actor, held)
    return held, not kinds


async def let_go(uow: UnitOfWork, actor: Actor, *, masked: bool) -> Held:
    """Return the text to be sent after all, and make the open question what it was; the caller sends and commits.

    Args:
        masked: without its identity numbers; a text that holds one goes out in no other way.

    Raises:
        NotPermitted: no text waits any more, or it holds an identity number and is not masked.
    """
    held = await held_text(uow, actor)
    if held.has_number and not masked:
        raise NotPermitted
    await _restore(uow, actor, held)
    await audit(uow, actor.person_id, "care.anyway", "person", actor.person_id, kinds=",".join(held.kinds))
    return replace(held, text=without_numbers(held.text, find_numbers(held.text)))


@dataclass(frozen=True, slots=True)
class HomeToCall:
    """Whom the school phones instead of writing; empty when the text was for no single home."""

    name: str = ""
    phone: str | None = None


async def call_home(uow: UnitOfWork, actor: Actor) -> HomeToCall:
    """Throw away what somebody at the school wrote: they phone the home instead.

    Raises:
        NotPermitted: no text waits any more, it is a home's, or the conversation is not the actor's to read.
    """
    held = await held_text(uow, actor)
    if held.to_school:
        raise NotPermitted
    home = HomeToCall()
    if held.thread_id:
        thread = await access_thread(uow, actor, held.thread_id)
        contact = await find_contact(uow, thread.guardian_id)
        home = HomeToCall(contact.name, contact.phone) if contact else home
    await close_question(uow, actor.person_id)
    await audit(uow, actor.person_id, "care.call", "thread", held.thread_id)
    await uow.commit()
    return home


def _kinds(found: tuple[Sensitive, ...]) -> tuple[SensitiveKind, ...]:
    return tuple(dict.fromkeys(one.kind for one in found))


async def _restore(uow: UnitOfWork, actor: Actor, held: Held) -> None:
    """Make the open question what it was when the text was written."""
    if held.before is None:
        await close_question(uow, actor.person_id)
    else:
        await ask(uow, actor.person_id, held.before.expects, held.before.ref_id, **held.before.data)


async def _keep(uow: UnitOfWork, actor: Actor, held: Held) -> None:
    before = held.before
    await ask(
        uow,
        actor.person_id,
        EXPECT_CARE,
        held.ref_id,
        text=held.text,
        kinds=[kind.value for kind in held.kinds],
        then=held.then,
        pupil=held.pupil_id,
        school=held.to_school,
        thread=held.thread_id,
        numbers=held.only_numbers,
        extra=dict(held.extra),
        before=None if before is None else [before.expects, before.ref_id, before.data],
    )


def _read(question: OpenQuestion) -> Held:
    data = question.data
    before = data["before"]
    return Held(
        str(data["text"]),
        tuple(SensitiveKind(kind) for kind in data["kinds"]),
        str(data["then"]),
        question.ref_id,
        int(data["pupil"]),
        bool(data["school"]),
        int(data["thread"]),
        bool(data["numbers"]),
        dict(data["extra"]),
        None if before is None else OpenQuestion(before[0], before[1], before[2]),
    )
