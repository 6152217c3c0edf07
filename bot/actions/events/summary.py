"""After an event: its organiser writes what was said, and whoever asked for it reads it (M1, M3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.actions import UnitOfWork
from bot.actions.events.board import EventBoard, board_of, event_over, refresh_event_board, sees_names
from bot.actions.events.fields import NothingWritten
from bot.actions.events.invite import check_own_reach
from bot.actions.events.render import EventContent, content_of, event_title, when_text
from bot.actions.notices.compose import TextTooLong
from bot.actions.translation.words import free
from bot.domain.errors import DomainError, NotPermitted, Stale
from bot.domain.events import AGENDA_LIMIT, EVENT_RULES, AfterWish, Ask, EventState
from bot.domain.marking import N_
from bot.domain.outgoing import Lane, OutgoingKind
from bot.domain.people import Actor
from bot.domain.translation import Subject
from bot.i18n import Html, Texts, texts
from bot.outbox.enqueue import Message, enqueue
from storage.models import Event, Invitation
from storage.queries.audit import audit
from storage.queries.dialogue import OpenQuestion, ask, close_question, find_question
from storage.queries.events import access_called_event, list_invitations, open_pupils, work_names
from storage.queries.renderings import source_changed

EXPECT_SUMMARY = "event.summary"
SUMMARY_LIMIT = AGENDA_LIMIT


class NotOverYet(DomainError):
    code = "not_over_yet"
    sentence = N_("It is not over yet. The summary can be written afterwards.")


class SummarySent(DomainError):
    code = "summary_sent"
    sentence = N_("The summary has been sent already.")


class NobodyAsked(DomainError):
    code = "nobody_asked"
    sentence = N_("Nobody is left who would get it.")


@dataclass(frozen=True, slots=True)
class SummaryDraft:
    """A summary before it is sent; `text` is empty while its words are asked for."""

    event_id: int
    content: EventContent
    text: str
    language: str
    asked: int
    invited: int


async def _access(uow: UnitOfWork, actor: Actor, event_id: int) -> Event:
    """Return the actor's own event that is over; a summary is its organiser's word.

    Raises:
        NotOverYet, SummarySent, NotPermitted.
    """
    event = await access_called_event(uow, actor, event_id, lock=True)
    if event.organiser_id != actor.person_id or Ask.SUMMARY not in EVENT_RULES[event.kind].asks:
        raise NotPermitted
    await check_own_reach(uow, actor, event)
    if event.state is not EventState.OPEN:
        raise NotPermitted
    if not event_over(event, uow.now):
        raise NotOverYet
    if event.summarised_at is not None:
        raise SummarySent
    return event


async def ask_summary(uow: UnitOfWork, actor: Actor, event_id: int) -> SummaryDraft:
    """Ask for the summary's words.

    Raises:
        NotOverYet, SummarySent, NotPermitted.
    """
    event = await _access(uow, actor, event_id)
    return await _keep(uow, actor, event, "")


async def keep_summary(uow: UnitOfWork, actor: Actor, question: OpenQuestion, text: str) -> SummaryDraft:
    """Keep the words until they are sent; another text takes their place.

    Raises:
        NothingWritten, TextTooLong, NotOverYet, SummarySent, NotPermitted.
    """
    event = await _access(uow, actor, question.ref_id)
    cleaned = text.strip()
    if not cleaned:
        raise NothingWritten
    if len(cleaned) > SUMMARY_LIMIT:
        raise TextTooLong(length=len(cleaned), limit=SUMMARY_LIMIT)
    return await _keep(uow, actor, event, cleaned)


async def _keep(uow: UnitOfWork, actor: Actor, event: Event, text: str) -> SummaryDraft:
    assert event.id is not None  # noqa: S101  (it is stored)
    await ask(uow, actor.person_id, EXPECT_SUMMARY, event.id, text=text)
    invitations = await list_invitations(uow, event.id)
    asked = sum(one.after is AfterWish.SUMMARY for one in invitations)
    view = SummaryDraft(event.id, content_of(event, actor.name), text, actor.language, asked, len(invitations))
    await uow.commit()
    return view


async def send_summary(uow: UnitOfWork, actor: Actor, event_id: int, *, everybody: bool) -> tuple[EventBoard, int]:
    """Send the kept words to those who asked for them, or to everybody invited; return how many get them.

    Raises:
        Stale: no words wait. NobodyAsked, NotOverYet, SummarySent, NotPermitted.
    """
    event = await _access(uow, actor, event_id)
    question = await find_question(uow, actor.person_id)
    if question is None or question.expects != EXPECT_SUMMARY or question.ref_id != event_id:
        raise Stale
    text = str(question.data.get("text") or "")
    if not text:
        raise Stale
    children, work = await open_pupils(uow, [event_id]), await work_names(uow, event)
    messages = []
    for one in await list_invitations(uow, event_id):
        names = [name for pupil, name in children.get(one.person_id, {}).items() if pupil in one.pupil_ids]
        if (names or not one.pupil_ids) and (everybody or one.after is AfterWish.SUMMARY):
            messages.append(_message(uow, event, one, actor, names or work))
    if not messages:
        raise NobodyAsked
    event.summary, event.summary_language, event.summarised_at = text, actor.language, uow.now
    await uow.flush()
    await source_changed(uow, Subject.EVENT_SUMMARY, event_id)
    await enqueue(uow, *messages)
    await close_question(uow, actor.person_id)
    await refresh_event_board(uow, event)
    await audit(uow, actor.person_id, "event.summary", "event", event_id, people=len(messages))
    board = await board_of(uow, event, named=sees_names(event, actor))
    await uow.commit()
    return board, len(messages)


def _message(uow: UnitOfWork, event: Event, one: Invitation, actor: Actor, children: Sequence[str]) -> Message:
    tr = texts(one.language)
    head = (
        tr.gettext("From {author}, about {children}", author=actor.name, children=tr.list(children))
        if children
        else tr.gettext("From {author}", author=actor.name)
    )
    words = free(tr, Subject.EVENT_SUMMARY, one.event_id)
    body = summary_text(tr, content_of(event, actor.name), words, head)
    return Message(
        one.person_id, OutgoingKind.NOTICE, body, f"event-summary:{one.id}", lane=Lane.ORDINARY,
        due_at=uow.school.considerate(uow.now), replies_to_id=one.outgoing_id, about="event", about_id=one.event_id,
    )  # fmt: skip


def summary_text(tr: Texts, content: EventContent, words: str, head: str = "") -> Html:
    """Return a summary as its readers see it; `words` are HTML already."""
    title = event_title(tr, content.kind, content.title)
    # Translators: {event} is its sign and name, "👥 Parents' meeting"
    lines = [tr.gettext("📝 <b>What was said: {event}</b>", event=title)]
    if content.day is not None:
        lines.append(Html(f"📅 {when_text(tr, content.day, content.starts, content.ends)}"))
    if head:
        lines.append(Html(head))
    lines.append(Html(words))
    return Html("\n".join(lines))
