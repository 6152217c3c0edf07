"""Sending a notice: now (after a time of grace) or later, taken back while it waits, fanned out when due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.actions import UnitOfWork
from bot.actions.notices.audience import check_audience, describe, reader_language
from bot.actions.notices.board import board_message
from bot.actions.notices.compose import DraftView, finish_step, open_draft, view_draft
from bot.actions.notices.content import content_of, reader_of
from bot.actions.notices.previews import redraw_previews
from bot.actions.notices.render import NoticeContent, answer_buttons, render_notice, travels_as_caption
from bot.actions.notices.waiting import ask_for_readings, tell_waited
from bot.domain.errors import DomainError, InvalidInput, NotPermitted, Stale
from bot.domain.inputs import HORIZON_DAYS, read_moment
from bot.domain.marking import N_
from bot.domain.messages import FileRef
from bot.domain.notices import KINDS, NoticeKind, NoticeState, missing_text, next_field
from bot.domain.outgoing import Lane, OutgoingKind
from bot.domain.people import Actor
from bot.i18n import Html, texts
from bot.i18n.words import KIND_NAMES
from bot.outbox.enqueue import Message, enqueue, refresh_board
from storage.models import Delivery, Notice
from storage.queries.audit import audit
from storage.queries.dialogue import ask, close_question
from storage.queries.notices import (
    Recipient,
    access_own_notice,
    claim_due_notices,
    link_outgoing,
    list_deliveries,
    list_files,
    list_recipients,
)
from storage.queries.outgoing import find_by_key
from storage.queries.people import find_actor_by_person
from storage.sql import insert_new

BULK_FROM = 60
"""Homes from which a notice lets smaller ones go first."""
FIRST_LOOK = timedelta(seconds=3)
"""How soon the sender's screen is drawn again after a notice went out: a class is reached by then."""


class Unfinished(InvalidInput):
    code = "unfinished"
    sentence = N_("Something is still missing. Answer the question below, then send.")


class NobodyThere(InvalidInput):
    code = "nobody_there"
    sentence = N_("There is no home to send this to yet. The school office can check the list of homes.")


class DayIsOver(InvalidInput):
    code = "day_is_over"
    sentence = N_("This is about {day}, and that is over when it would arrive. Change the day or the time.")


class TooLateToUndo(DomainError):
    code = "too_late_to_undo"
    sentence = N_("It has gone out already. You can correct it: open the sent message and tap “Correct”.")


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A notice that waits for its time. `quiet` tells that quiet hours moved it; `waits` that it goes out earlier,
    when an interpreter has read its translations."""

    notice_id: int
    kind: NoticeKind
    audience_label: str
    guardians: int
    unreached: int
    send_at_local: datetime
    quiet: bool
    soon: bool
    waits: bool = False


async def send_now(uow: UnitOfWork, actor: Actor, notice_id: int, version: int) -> Scheduled:
    """Send a draft after the time of grace; in quiet hours when they end, unless it is urgent (N12).

    Raises:
        Unfinished, NobodyThere, DayIsOver: it cannot go yet. Stale, NotPermitted.
    """
    notice = await _ready(uow, actor, notice_id, version)
    wanted = uow.now + uow.school.undo
    moment = wanted if KINDS[_kind(notice)].urgent else uow.school.considerate(wanted)
    return await _schedule(uow, actor, notice, moment, quiet=moment > wanted, soon=moment == wanted)


async def send_later(uow: UnitOfWork, actor: Actor, notice_id: int, version: int | None, local: str) -> Scheduled:
    """Send a draft at a wall-clock time, typed or from a button ("2026-11-25T07:30").

    Raises:
        InvalidInput: it is no time to come. Unfinished, NobodyThere, DayIsOver, Stale, NotPermitted.
    """
    notice = await _ready(uow, actor, notice_id, version)
    now = uow.school.local(uow.now).replace(tzinfo=None)
    wall = read_moment(local.replace("T", " "), now)
    wanted = uow.school.at(wall)
    moment = wanted if KINDS[_kind(notice)].urgent else uow.school.considerate(wanted)
    return await _schedule(uow, actor, notice, moment, quiet=moment > wanted, soon=False)


async def ask_when(uow: UnitOfWork, actor: Actor, notice_id: int, version: int) -> DraftView:
    """Ask when a draft is to go out; the answer may be typed.

    Raises:
        Stale, NotPermitted, Unfinished.
    """
    notice = await _ready(uow, actor, notice_id, version)
    view = await view_draft(uow, notice)
    await ask(uow, actor.person_id, "notice.moment", notice_id)
    await uow.commit()
    return view


def _kind(notice: Notice) -> NoticeKind:
    assert notice.kind is not None  # noqa: S101  (`_ready` has looked)
    return notice.kind


async def _ready(uow: UnitOfWork, actor: Actor, notice_id: int, version: int | None) -> Notice:
    notice = await open_draft(uow, actor, notice_id, version)
    if notice.corrects_id is not None:
        raise Stale  # a correction is applied, not sent
    if notice.kind is None or notice.audience is None or next_field(notice.kind, notice.values) is not None:
        raise Unfinished
    if missing_text(notice.kind, notice.text, bool(await list_files(uow, notice_id))):
        raise Unfinished
    await check_audience(uow, actor, notice.audience, notice.audience_ids)
    return notice


async def _schedule(
    uow: UnitOfWork, actor: Actor, notice: Notice, moment: datetime, *, quiet: bool, soon: bool
) -> Scheduled:
    assert notice.audience is not None  # noqa: S101
    assert notice.id is not None  # noqa: S101
    if moment > uow.now + timedelta(days=HORIZON_DAYS):
        raise Stale
    audience = await describe(uow, notice.audience, notice.audience_ids)
    if not audience.guardians:
        raise NobodyThere
    local = uow.school.local(moment)
    _check_day(notice, local.date())
    notice.state, notice.send_at, notice.send_local = NoticeState.SCHEDULED, moment, f"{local:%Y-%m-%dT%H:%M:%S}"
    notice.version += 1
    await close_question(uow, actor.person_id)
    await uow.flush()
    await ask_for_readings(uow, notice, audience.languages)
    await redraw_previews(uow, notice.id)
    await audit(uow, actor.person_id, "notice.schedule", "notice", notice.id, kind=notice.kind)
    uow.enqueued = True  # the clock and the translating task look again at once
    view = await scheduled_view(uow, notice, quiet=quiet, soon=soon)
    await uow.commit()
    return view


async def scheduled_view(uow: UnitOfWork, notice: Notice, *, quiet: bool = False, soon: bool = False) -> Scheduled:
    """Return when a scheduled notice goes out, and to whom."""
    assert notice.id is not None and notice.send_at is not None and notice.audience is not None  # noqa: S101, PT018
    audience = await describe(uow, notice.audience, notice.audience_ids)
    waits = notice.waits_for_interpreter
    return Scheduled(
        notice.id, _kind(notice), audience.label, audience.guardians, audience.unreached,
        uow.school.local(notice.send_at), quiet and not waits, soon and not waits, waits,
    )  # fmt: skip


def _check_day(notice: Notice, arrives: date) -> None:
    """A notice about a coming day must arrive before that day is over (an incident tells of a past one)."""
    value = notice.values.get("date")
    if notice.kind in {NoticeKind.INCIDENT, NoticeKind.LETTER} or not value:
        return
    if date.fromisoformat(value) < arrives:
        raise DayIsOver(day=date.fromisoformat(value))


async def undo_send(uow: UnitOfWork, actor: Actor, notice_id: int) -> DraftView:
    """Take a notice back while it waits; it becomes the draft it was.

    Raises:
        TooLateToUndo: it has gone out. NotPermitted: it is not the actor's.
    """
    notice = await access_own_notice(uow, actor, notice_id, lock=True)
    if notice.author_id != actor.person_id:
        raise NotPermitted
    if notice.state is NoticeState.SENT:
        raise TooLateToUndo
    if notice.state is NoticeState.SCHEDULED:
        notice.state, notice.send_at, notice.send_local = NoticeState.DRAFT, None, None
        notice.version += 1
        await audit(uow, actor.person_id, "notice.undo", "notice", notice_id)
    elif notice.state is not NoticeState.DRAFT:
        raise NotPermitted
    return await finish_step(uow, actor, notice)


async def deliver_due(uow: UnitOfWork) -> int:
    """Fan out every notice whose time has come; rights and lateness are looked at again. Returns how many.

    Raises:
        Exception: what kept one of them back; it stays due, and the others have gone out all the same.
    """
    notices = await claim_due_notices(uow)
    broken: list[Exception] = []
    for notice in notices:
        try:
            async with uow.session.begin_nested():
                await _deliver(uow, notice)
        except Exception as error:  # noqa: BLE001  (raised below, when the others have gone)
            broken.append(error)
    if len(broken) < len(notices):
        await uow.commit()
    if broken:
        raise broken[0]
    return len(notices)


async def _deliver(uow: UnitOfWork, notice: Notice) -> None:
    assert notice.id is not None  # noqa: S101
    assert notice.audience is not None  # noqa: S101
    author = await find_actor_by_person(uow, notice.author_id)
    try:
        if author is None:
            raise NotPermitted
        await check_audience(uow, author, notice.audience, notice.audience_ids)
        _check_day(notice, uow.school.local(_arrival(uow, notice)).date())
    except DomainError as refused:
        await _not_sent(uow, notice, refused)
        return
    found = await list_recipients(uow, notice.audience, notice.audience_ids)
    notice.state, notice.sent_at = NoticeState.SENT, uow.now
    await uow.flush()
    await _store_deliveries(uow, notice, found)
    await _enqueue_homes(uow, notice, found)
    await link_outgoing(uow, notice.id)
    if notice.waits_for_interpreter:
        await tell_waited(uow, notice)
    await _enqueue_board(uow, notice)
    await audit(uow, notice.author_id, "notice.send", "notice", notice.id, guardians=len({r.person_id for r in found}))


def _arrival(uow: UnitOfWork, notice: Notice) -> datetime:
    """When homes read what goes out now; one that fires late may have slid into the quiet hours."""
    return uow.now if KINDS[_kind(notice)].urgent else uow.school.considerate(uow.now)


async def _not_sent(uow: UnitOfWork, notice: Notice, refused: DomainError) -> None:
    """Give the notice back as a draft and tell its author why."""
    assert notice.id is not None  # noqa: S101
    notice.state, notice.send_at = NoticeState.DRAFT, None
    notice.version += 1
    await audit(uow, None, "notice.not_sent", "notice", notice.id, code=refused.code)
    tr = texts(notice.text_language)
    kind = tr.gettext(KIND_NAMES[_kind(notice)])
    why = tr.gettext(refused.sentence, **refused.fields)
    text = tr.gettext("⚠️ “{kind}” was not sent. {why}", kind=Html(kind), why=Html(why))
    await enqueue(
        uow,
        Message(
            notice.author_id, OutgoingKind.REPORT, text, dedupe_key=f"not-sent:{notice.id}:{notice.version}",
            lane=Lane.URGENT, about="notice", about_id=notice.id,
        ),
    )  # fmt: skip


async def _store_deliveries(uow: UnitOfWork, notice: Notice, found: list[Recipient]) -> None:
    by_person: dict[int, list[Recipient]] = {}
    for recipient in found:
        by_person.setdefault(recipient.person_id, []).append(recipient)
    rows = [
        {
            "notice_id": notice.id,
            "person_id": person_id,
            "pupil_ids": [r.pupil_id for r in mine],
            "language": reader_language(mine[0], uow.school.language),
            "answered_revision": 0,
        }
        for person_id, mine in by_person.items()
    ]
    await insert_new(uow, Delivery, rows, "notice_id", "person_id")


async def _enqueue_homes(uow: UnitOfWork, notice: Notice, found: list[Recipient]) -> None:
    assert notice.id is not None  # noqa: S101
    content = await content_of(uow, notice)
    deliveries = await list_deliveries(uow, notice.id)
    names = {r.pupil_id: (r.pupil_name, r.class_name) for r in found}
    rule = KINDS[content.kind]
    lane = Lane.URGENT if rule.urgent else Lane.BULK if len(deliveries) >= BULK_FROM else Lane.ORDINARY
    due = _arrival(uow, notice)
    together = travels_as_caption(content, [d.language for d in deliveries])
    messages: list[Message] = []
    for delivery in deliveries:
        messages += _home_messages(content, delivery, names, lane=lane, due=due, together=together)
    await enqueue(uow, *messages)


def files_and_text(content: NoticeContent, language: str) -> tuple[FileRef | None, tuple[FileRef, ...]]:
    """Return the file that carries the text as its caption, and the files that go before it on their own."""
    if travels_as_caption(content, [language]):
        return content.files[0], ()
    return None, content.files


def _home_messages(
    content: NoticeContent,
    delivery: Delivery,
    names: dict[int, tuple[str, str]],
    *,
    lane: Lane,
    due: datetime,
    together: bool,
) -> list[Message]:
    assert delivery.id is not None  # noqa: S101
    tr = texts(delivery.language)
    text = render_notice(content, tr, reader_of(delivery, names))
    key = f"notice:{delivery.notice_id}:{delivery.person_id}"
    buttons = answer_buttons(
        tr,
        delivery.id,
        content.revision,
        answer=delivery.answer,
        has_original=delivery.language != content.text_language,
    )

    def message(text: str, key: str, file: FileRef | None = None, *, last: bool = False) -> Message:
        return Message(
            delivery.person_id, OutgoingKind.NOTICE, text, key, buttons=buttons if last else (), lane=lane,
            file=file, due_at=due, about="notice" if last else "notice_file", about_id=delivery.notice_id,
        )  # fmt: skip

    if together:
        return [message(text, key, content.files[0], last=True)]
    files = [message("", f"{key}:{i}", file) for i, file in enumerate(content.files)]
    return [*files, message(text, key, last=True)]


async def _enqueue_board(uow: UnitOfWork, notice: Notice) -> None:
    """Send the author the live status of what just went out, and remember which message it is."""
    assert notice.id is not None  # noqa: S101
    message = await board_message(uow, notice)
    notice.board_id = await _enqueue_one(uow, message)
    await refresh_board(
        uow,
        recipient_id=notice.author_id,
        edits_id=notice.board_id,
        notice_id=notice.id,
        due_at=uow.now + FIRST_LOOK,
    )


async def _enqueue_one(uow: UnitOfWork, message: Message) -> int:
    await enqueue(uow, message)
    return await find_by_key(uow, message.dedupe_key)
