"""What the invited do with an invitation: coming or not, how many, interpreter, childcare (M1, M2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.actions import UnitOfWork
from bot.actions.events.plan import plan_event_reminders
from bot.actions.events.slip_words import answerable, asks_of, current_answer, slip_buttons, slip_text, state_of
from bot.domain.errors import InvalidInput, NotPermitted, Stale
from bot.domain.events import (
    DIALECT_LIMIT,
    EVENT_RULES,
    MOST_CHILDREN,
    MOST_COMING,
    AfterWish,
    Ask,
    Circle,
    DeadlinePassed,
    EventAnswer,
    EventOver,
    GenderWish,
    InterpreterWish,
)
from bot.domain.leave import LineMissing, LineTooLong
from bot.domain.marking import N_
from bot.domain.outgoing import Lane, OutgoingKind
from bot.domain.people import Actor
from bot.domain.reminders import DropReason, Occasion
from bot.domain.slip import UNKNOWN_LANGUAGE, Question, SlipState, next_question, questions
from bot.i18n import Html, texts
from bot.i18n.spoken import is_spoken, read_spoken
from bot.outbox.enqueue import Message, refresh_live
from storage.models import Event, Invitation
from storage.queries.audit import audit
from storage.queries.dialogue import OpenQuestion, ask, close_question, find_question
from storage.queries.invitations import (
    Invited,
    access_invitation,
    change_invitation,
    drop_waiting_reminders,
    own_languages,
)
from storage.queries.reminders import drop_reminders, forget_dropped

EXPECT_LANGUAGE = "slip.language"
EXPECT_DIALECT = "slip.dialect"
EXPECTED = "slip."
"""How what a slip asks for in words begins; a tap that goes on with the slip leaves such a question."""
BOARD_DELAY = timedelta(seconds=2)
"""How long answers gather before the organiser's screen is drawn again."""
NO_INTERPRETER = "no"
"""The value of the button that declines an interpreter."""

_NEEDS = {
    Question.PEOPLE: Ask.COUNT,
    Question.INTERPRETER: Ask.INTERPRETER,
    Question.LANGUAGE: Ask.INTERPRETER,
    Question.DIALECT: Ask.INTERPRETER,
    Question.GENDER: Ask.INTERPRETER,
    Question.CHILDCARE: Ask.CHILDCARE,
    Question.AFTER: Ask.SUMMARY,
}
_NOTHING_ELSE: dict[str, Any] = {
    "people": 0, "interpreter": None, "interpreter_language": "", "dialect": "", "gender": None, "childcare": 0,
    "after": None,
}  # fmt: skip
"""What belongs to an earlier answer goes with it."""


class InvitationChanged(Stale):
    code = "invitation_changed"
    sentence = N_("The invitation has changed. Please read it again, then answer.")


class EventCancelled(InvalidInput):
    code = "event_cancelled"
    sentence = N_("This was cancelled. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Slip:
    """An invitation as it stands after a step, and what is asked next.

    `on` goes on with the questions that follow; `again` when nothing was new; `languages` are the person's own, other
    than the school's.
    """

    invited: Invited
    question: Question | None = None
    on: bool = False
    again: bool = False
    languages: tuple[str, ...] = ()


def invitation_message(
    uow: UnitOfWork,
    event: Event,
    invitation: Invitation,
    organiser_name: str,
    child_names: Sequence[str],
    *,
    lead: Html | None = None,
    due_at: datetime | None = None,
    replies_to_id: int | None = None,
) -> Message:
    """Return an invitation with its answer slip, in the language of the invited.

    `lead` stands above it: what has changed, say. The dedupe key holds the revision, so that each is sent once.
    """
    tr = texts(invitation.language)
    text = slip_text(tr, event, invitation, organiser_name, child_names, uow.now)
    return Message(
        invitation.person_id,
        OutgoingKind.NOTICE if event.revision == 1 else OutgoingKind.CORRECTION,
        f"{lead}\n\n{text}" if lead else text,
        f"event:{event.id}:{event.revision}:{invitation.person_id}",
        buttons=slip_buttons(tr, event, invitation, uow.now),
        lane=Lane.ORDINARY if event.revision == 1 else Lane.URGENT,
        due_at=due_at,
        replies_to_id=replies_to_id,
        about="event",
        about_id=event.id or 0,
        pupil_id=_pupil_of_work(event, invitation),
    )


def _pupil_of_work(event: Event, invitation: Invitation) -> int | None:
    """Return the pupil for working with whom a teacher is invited: when that work ends, the message does not leave."""
    around = EVENT_RULES[event.kind].circle is Circle.AROUND_PUPIL and not invitation.pupil_ids
    return event.audience_ids[0] if around and event.audience_ids else None


async def show_slip(uow: UnitOfWork, actor: Actor, event_id: int) -> Slip:
    """Return the own invitation as it stands; what the slip had asked for in words is not asked any more.

    Raises:
        NotPermitted: there is none for the actor, or not any more.
    """
    invited = await access_invitation(uow, actor, event_id)
    if await leave_words(uow, actor):
        await uow.commit()
    return Slip(invited)


async def answer_slip(uow: UnitOfWork, actor: Actor, event_id: int, revision: int, answer: EventAnswer) -> Slip:
    """Store coming or not, let the organiser's screen follow, and return what is asked next.

    Nothing is answered on anybody else's behalf, and nobody at home is told (P9). A second tap changes nothing.

    Raises:
        NotPermitted, InvitationChanged, DeadlinePassed, EventOver, EventCancelled.
    """
    invited = await _held(uow, actor, event_id, revision)
    event, invitation = invited.event, invited.invitation
    if answer is EventAnswer.OTHER_COMES and not invitation.pupil_ids:
        raise NotPermitted
    await leave_words(uow, actor)
    slip = await _asking(uow, actor, Slip(invited, on=True), None, answer)
    if current_answer(event, invitation) is answer:
        await uow.commit()
        return replace(slip, question=_unanswered(slip, invitation), again=True)
    before = invitation.answer
    kept = {} if before is answer else _NOTHING_ELSE
    await change_invitation(
        uow, invitation, answer=answer, answered_at=uow.now, answered_revision=event.revision, **kept
    )
    await _settle_reminders(uow, actor, event, before, answer)
    await touch_board(uow, event)
    await audit(uow, actor.person_id, "event.answer", "event", event_id, answer=answer, revision=revision)
    await uow.commit()
    return replace(slip, question=_unanswered(slip, invitation))


async def ask_slip(
    uow: UnitOfWork, actor: Actor, event_id: int, revision: int, question: Question, *, on: bool
) -> Slip:
    """Open one question of the slip; a language or a dialect can be written.

    Raises:
        NotPermitted, InvitationChanged, DeadlinePassed, EventOver, EventCancelled.
    """
    invited = await _held(uow, actor, event_id, revision)
    _check_fits(invited, question)
    await leave_words(uow, actor)
    slip = Slip(invited, question, on, languages=await own_languages(uow, actor.person_id))
    await _expect_words(uow, actor, slip)
    await uow.commit()
    return slip


async def set_slip(
    uow: UnitOfWork, actor: Actor, event_id: int, revision: int, question: Question, value: str, *, on: bool
) -> Slip:
    """Store the answer to one question; with `on` the next one follows. A second tap changes nothing.

    Raises:
        NotPermitted, InvitationChanged, DeadlinePassed, EventOver, EventCancelled.
    """
    invited = await _held(uow, actor, event_id, revision)
    _check_fits(invited, question)
    values = _values(question, value)
    if question is Question.DIALECT and not await _is_asked_words(uow, actor, event_id):
        values = {}  # the button of a question that was answered in words: what was written stays
    return await _store(uow, actor, Slip(invited, on=on), question, values)


async def read_words(uow: UnitOfWork, actor: Actor, question: OpenQuestion, text: str) -> Slip:
    """Store a language or a dialect that was written. A language that nobody has a code for is kept as written.

    Raises:
        LineMissing, LineTooLong: it is no short line.
        NotPermitted, InvitationChanged, DeadlinePassed, EventOver, EventCancelled.
    """
    invited = await _held(uow, actor, question.ref_id, int(question.data["revision"]))
    line = " ".join(text.split())
    if not line:
        raise LineMissing
    if len(line) > DIALECT_LIMIT:
        raise LineTooLong(length=len(line), limit=DIALECT_LIMIT)
    slip = Slip(invited, on=bool(question.data["on"]))
    if question.expects == EXPECT_DIALECT:
        _check_fits(invited, Question.DIALECT)
        return await _store(uow, actor, slip, Question.DIALECT, {"dialect": line})
    _check_fits(invited, Question.LANGUAGE)
    code = read_spoken(line, texts(actor.language))
    if code is not None:
        return await _store(uow, actor, slip, Question.INTERPRETER, _wanted(code))
    return await _store(uow, actor, slip, Question.DIALECT, {**_wanted(UNKNOWN_LANGUAGE), "dialect": line})


async def _held(uow: UnitOfWork, actor: Actor, event_id: int, revision: int) -> Invited:
    """Return the own invitation, held, when it can be answered as it was on the screen."""
    invited = await access_invitation(uow, actor, event_id, hold=True)
    if not answerable(invited.event):
        raise NotPermitted
    check_open(invited.event, uow.now)
    if revision != invited.event.revision:
        raise InvitationChanged
    return invited


def check_open(event: Event, now: datetime) -> None:
    """Hold an event against the moment.

    Raises:
        DeadlinePassed, EventOver, EventCancelled: it cannot be answered any more.
    """
    state = state_of(event, now)
    if state is SlipState.CANCELLED:
        raise EventCancelled
    if state is SlipState.OVER:
        raise EventOver
    if state is SlipState.CLOSED:
        raise DeadlinePassed


def _check_fits(invited: Invited, question: Question) -> None:
    """A question belongs to an answer: nobody who does not come is asked for how many.

    Raises:
        NotPermitted: the event asks no such thing. Stale: the answer is another one by now.
    """
    if _NEEDS[question] not in asks_of(invited.event):
        raise NotPermitted
    fits = EventAnswer.NOT_COMING if question is Question.AFTER else EventAnswer.COMING
    if current_answer(invited.event, invited.invitation) is not fits:
        raise Stale
    if question in {Question.DIALECT, Question.GENDER} and (
        invited.invitation.interpreter is not InterpreterWish.WANTED
    ):
        raise Stale


def _values(question: Question, value: str) -> dict[str, Any]:
    """Return what a button's value stores.

    Raises:
        NotPermitted: no button of ours has that value.
    """
    match question:
        case Question.PEOPLE:
            return {"people": _number(value, 1, MOST_COMING)}
        case Question.CHILDCARE:
            return {"childcare": _number(value, 0, MOST_CHILDREN)}
        case Question.INTERPRETER if value == NO_INTERPRETER:
            return {"interpreter": InterpreterWish.NO_THANKS, "interpreter_language": "", "dialect": "", "gender": None}
        case Question.INTERPRETER if is_spoken(value):
            return _wanted(value)
        case Question.DIALECT if not value:
            return {"dialect": ""}
        case Question.GENDER if value in set(GenderWish):
            return {"gender": GenderWish(value)}
        case Question.AFTER if value in set(AfterWish):
            return {"after": AfterWish(value)}
    raise NotPermitted


def _number(value: str, least: int, most: int) -> int:
    if not value.isdecimal() or not value.isascii() or not least <= int(value) <= most:
        raise NotPermitted
    return int(value)


def _wanted(language: str) -> dict[str, Any]:
    return {"interpreter": InterpreterWish.WANTED, "interpreter_language": language}


async def _store(uow: UnitOfWork, actor: Actor, slip: Slip, asked: Question, values: dict[str, Any]) -> Slip:
    """Store values that are checked, and return the slip with what is asked after them."""
    invitation = slip.invited.invitation
    if values.get("interpreter_language", invitation.interpreter_language) != invitation.interpreter_language:
        values = {"dialect": "", **values}  # a dialect belongs to its language
    await leave_words(uow, actor)
    again = all(getattr(invitation, name) == value for name, value in values.items())
    if not again:
        await change_invitation(uow, invitation, **values)
        await touch_board(uow, slip.invited.event)
        await audit(uow, actor.person_id, "event.wish", "event", slip.invited.event_id, asked=asked)
    assert invitation.answer is not None  # noqa: S101  (`_check_fits` has looked)
    slip = await _asking(uow, actor, replace(slip, again=again), asked, invitation.answer)
    await _expect_words(uow, actor, slip)
    await uow.commit()
    return slip


async def _asking(uow: UnitOfWork, actor: Actor, slip: Slip, asked: Question | None, answer: EventAnswer) -> Slip:
    """Return the slip with the question that follows: an interpreter's own ones always, the others with `on`."""
    languages = await own_languages(uow, actor.person_id)
    slip = replace(slip, languages=languages)
    if asked is Question.INTERPRETER and slip.invited.invitation.interpreter is InterpreterWish.WANTED:
        return replace(slip, question=Question.DIALECT)
    if asked is Question.DIALECT:
        return replace(slip, question=Question.GENDER)
    asks = asks_of(slip.invited.event)
    planned = questions(answer, asks, childcare=Ask.CHILDCARE in asks, foreign=bool(languages))
    if not slip.on:
        return slip
    return replace(slip, question=next_question(asked, planned) if asked else next(iter(planned), None))


def _unanswered(slip: Slip, invitation: Invitation) -> Question | None:
    """Return the first question after "I am coming" that is still open: a double tap does not skip it."""
    given = {
        Question.PEOPLE: invitation.people > 0,
        Question.INTERPRETER: invitation.interpreter is not None,
        Question.AFTER: invitation.after is not None,
    }
    question = slip.question
    return None if question is None or given.get(question, False) else question


async def _expect_words(uow: UnitOfWork, actor: Actor, slip: Slip) -> None:
    expects = {Question.LANGUAGE: EXPECT_LANGUAGE, Question.DIALECT: EXPECT_DIALECT}
    if slip.question in expects:
        revision = slip.invited.event.revision
        await ask(uow, actor.person_id, expects[slip.question], slip.invited.event_id, revision=revision, on=slip.on)


async def _is_asked_words(uow: UnitOfWork, actor: Actor, event_id: int) -> bool:
    question = await find_question(uow, actor.person_id)
    return question is not None and question.expects == EXPECT_DIALECT and question.ref_id == event_id


async def leave_words(uow: UnitOfWork, actor: Actor) -> bool:
    """Ask for no language, dialect or topic any more; other questions stay. Return whether one was; commits nothing."""
    question = await find_question(uow, actor.person_id)
    return question is not None and question.expects.startswith(EXPECTED) and await close_question(uow, actor.person_id)


async def _settle_reminders(
    uow: UnitOfWork, actor: Actor, event: Event, before: EventAnswer | None, answer: EventAnswer
) -> None:
    """Remind nobody of an answer that is given, or of what they do not come to (M9)."""
    assert event.id is not None  # noqa: S101  (it is stored)
    who = actor.person_id
    away = answer is not EventAnswer.COMING
    for occasion in (Occasion.ANSWER, *([Occasion.EVENT] if away else [])):
        await drop_reminders(uow, occasion, [event.id], recipient_id=who, reason=DropReason.NOT_NEEDED)
    # one that fires at this moment is waited for above, and what it put into the queue is dropped here
    await drop_waiting_reminders(uow, event.id, who)
    if not away and before not in {None, EventAnswer.COMING}:
        await forget_dropped(uow, Occasion.EVENT, [event.id], recipient_id=who)
        await plan_event_reminders(uow, event, [who])


async def touch_board(uow: UnitOfWork, event: Event) -> None:
    """Ask for the organiser's live screen to be drawn again; many answers before that are one drawing."""
    if event.board_id is not None and event.organiser_id is not None:
        await refresh_live(
            uow,
            OutgoingKind.EVENT_BOARD,
            recipient_id=event.organiser_id,
            edits_id=event.board_id,
            about_id=event.id or 0,
            due_at=uow.now + BOARD_DELAY,
        )
