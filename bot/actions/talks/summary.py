"""After a talk: the teacher writes what was agreed, and sends it to the home (M5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.actions import UnitOfWork
from bot.actions.talks.page import (
    EXPECT_POINT,
    EXPECT_SUMMARY,
    TalkView,
    leave_talk_question,
    view_of,
)
from bot.actions.talks.points import plan_points
from bot.actions.talks.remind import list_sides
from bot.actions.talks.words import answer_buttons, summary_text
from bot.domain.conferences import MOST_POINTS, PointOwner
from bot.domain.errors import Stale
from bot.domain.outgoing import OutgoingKind, Reason
from bot.domain.people import Actor
from bot.domain.reminders import DropReason, Occasion
from bot.domain.talk_summary import (
    DraftPoint,
    EnoughPoints,
    NoSummaryText,
    SummaryDraft,
    TalkIsCancelled,
    TalkNotYet,
    day_in,
    decode_draft,
)
from bot.domain.translation import Subject
from bot.outbox.enqueue import Message, enqueue
from storage.queries.audit import audit
from storage.queries.dialogue import OpenQuestion, ask, close_question
from storage.queries.outgoing import drop_waiting
from storage.queries.people import list_guardians_of
from storage.queries.reminders import drop_reminders
from storage.queries.renderings import source_changed
from storage.queries.talks import (
    PointRow,
    TalkRow,
    access_school_talk,
    add_point,
    change_talk,
    drop_points,
    list_points,
)

SUMMARY_SENT = "talk_summary"
"""What a message is about that brings a summary; `about_id` is the talk's id."""


@dataclass(frozen=True, slots=True)
class Writing:
    """A summary being written, as the home will read it; `readers` are the guardians who will."""

    talk: TalkRow
    draft: SummaryDraft
    readers: tuple[str, ...]


async def begin_summary(uow: UnitOfWork, actor: Actor, talk_id: int) -> Writing:
    """Go on with a talk's draft; make one of what was sent, or an empty one. Without words they are asked for.

    Raises:
        NotPermitted: it is not the actor's talk to write up. TalkIsCancelled, TalkNotYet.
    """
    talk = await access_school_talk(uow, actor, talk_id)
    _check_begun(uow, talk)
    draft = open_draft(talk)
    if draft is None:
        draft = await _draft_of_sent(uow, talk)
        talk = await change_talk(uow, talk.id, draft=draft.encode())
    if draft.text:
        await leave_talk_question(uow, actor, talk_id)
    else:
        await ask(uow, actor.person_id, EXPECT_SUMMARY, talk_id)
    writing = await _writing(uow, talk, draft)
    await uow.commit()
    return writing


def _check_begun(uow: UnitOfWork, talk: TalkRow) -> None:
    if talk.cancelled:
        raise TalkIsCancelled
    if talk.starts_at > uow.now:
        raise TalkNotYet


async def _draft_of_sent(uow: UnitOfWork, talk: TalkRow) -> SummaryDraft:
    points = await list_points(uow, [talk.id])
    agreed = tuple(DraftPoint(one.text, one.language, one.owner, one.by_day, one.id) for one in points)
    version = decode_draft(talk.draft).version if talk.draft else 1
    return SummaryDraft(version, talk.summary, talk.summary_language, agreed)


def open_draft(talk: TalkRow) -> SummaryDraft | None:
    """Return what is being written about a talk; None when nothing is, also after it was sent or thrown away."""
    draft = decode_draft(talk.draft) if talk.draft else None
    return None if draft is None or draft.closed else draft


async def _writing(uow: UnitOfWork, talk: TalkRow, draft: SummaryDraft) -> Writing:
    guardians = await list_guardians_of(uow, [talk.pupil_id])
    return Writing(talk, draft, tuple(one.name for one in guardians if one.enrolled))


async def _held(uow: UnitOfWork, actor: Actor, talk_id: int, version: int | None) -> tuple[TalkRow, SummaryDraft]:
    """Return a talk of the actor's with its draft; `version` is the button's, None for words that were typed.

    Raises:
        NotPermitted. Stale: there is no draft any more, or it has changed. TalkIsCancelled.
    """
    talk = await access_school_talk(uow, actor, talk_id)
    _check_begun(uow, talk)
    draft = open_draft(talk)
    if draft is None:
        raise Stale
    if version is not None:
        draft.check(version)
    return talk, draft


async def _keep(uow: UnitOfWork, talk: TalkRow, draft: SummaryDraft) -> Writing:
    writing = await _writing(uow, await change_talk(uow, talk.id, draft=draft.encode()), draft)
    await uow.commit()
    return writing


async def show_writing(uow: UnitOfWork, actor: Actor, talk_id: int) -> Writing | TalkView:
    """Return how a talk stands for the school: what is being written, else its page.

    Raises:
        NotPermitted: it is not the actor's talk to write up.
    """
    talk = await access_school_talk(uow, actor, talk_id)
    draft = open_draft(talk)
    if draft and not draft.text:
        await ask(uow, actor.person_id, EXPECT_SUMMARY, talk_id)
    else:
        await leave_talk_question(uow, actor, talk_id)
    found = await _writing(uow, talk, draft) if draft else await view_of(uow, actor, talk, home=False)
    await uow.commit()
    return found


async def ask_words(uow: UnitOfWork, actor: Actor, talk_id: int, version: int) -> Writing:
    """Expect the summary's words as the next text.

    Raises:
        NotPermitted, Stale.
    """
    talk, draft = await _held(uow, actor, talk_id, version)
    await ask(uow, actor.person_id, EXPECT_SUMMARY, talk_id)
    writing = await _writing(uow, talk, draft)
    await uow.commit()
    return writing


async def keep_words(uow: UnitOfWork, actor: Actor, question: OpenQuestion, text: str) -> Writing:
    """Take the summary's words, in the language in which the teacher reads.

    Raises:
        NotPermitted, Stale, LineMissing, LineTooLong.
    """
    talk, draft = await _held(uow, actor, question.ref_id, None)
    changed = draft.with_text(text, actor.language)
    await close_question(uow, actor.person_id)
    return await _keep(uow, talk, changed)


async def ask_owner(uow: UnitOfWork, actor: Actor, talk_id: int, version: int) -> Writing:
    """Return the draft for the question who does what is agreed.

    Raises:
        NotPermitted, Stale, EnoughPoints.
    """
    talk, draft = await _held(uow, actor, talk_id, version)
    if not draft.has_room:
        raise EnoughPoints(n=MOST_POINTS)
    await leave_talk_question(uow, actor, talk_id)
    writing = await _writing(uow, talk, draft)
    await uow.commit()
    return writing


async def ask_point(uow: UnitOfWork, actor: Actor, talk_id: int, version: int, owner: PointOwner) -> Writing:
    """Expect the words of what is agreed as the next text.

    Raises:
        NotPermitted, Stale, EnoughPoints.
    """
    talk, draft = await _held(uow, actor, talk_id, version)
    if not draft.has_room:
        raise EnoughPoints(n=MOST_POINTS)
    await ask(uow, actor.person_id, EXPECT_POINT, talk_id, owner=owner.value)
    writing = await _writing(uow, talk, draft)
    await uow.commit()
    return writing


async def keep_point(uow: UnitOfWork, actor: Actor, question: OpenQuestion, text: str) -> Writing:
    """Take the words of what is agreed; its day is asked next.

    Raises:
        NotPermitted, Stale, EnoughPoints, LineMissing, LineTooLong.
    """
    talk, draft = await _held(uow, actor, question.ref_id, None)
    changed = draft.with_pending(text, actor.language, PointOwner(question.data["owner"]))
    await close_question(uow, actor.person_id)
    return await _keep(uow, talk, changed)


async def keep_day(uow: UnitOfWork, actor: Actor, talk_id: int, version: int, weeks: int) -> Writing:
    """Take the day of what is agreed.

    Raises:
        NotPermitted, Stale.
    """
    talk, draft = await _held(uow, actor, talk_id, version)
    return await _keep(uow, talk, draft.with_day(day_in(weeks, uow.today)))


async def undo_point(uow: UnitOfWork, actor: Actor, talk_id: int, version: int) -> Writing:
    """Take the last point of the draft away.

    Raises:
        NotPermitted, Stale.
    """
    talk, draft = await _held(uow, actor, talk_id, version)
    return await _keep(uow, talk, draft.without_last())


async def discard_draft(uow: UnitOfWork, actor: Actor, talk_id: int, version: int) -> TalkView:
    """Throw the draft away; what was sent stays.

    Raises:
        NotPermitted, Stale.
    """
    talk, draft = await _held(uow, actor, talk_id, version)
    talk = await change_talk(uow, talk.id, draft=draft.ended().encode())
    await leave_talk_question(uow, actor, talk_id)
    view = await view_of(uow, actor, talk, home=False)
    await uow.commit()
    return view


async def send_summary(uow: UnitOfWork, actor: Actor, talk_id: int, version: int) -> tuple[TalkView, tuple[str, ...]]:
    """Send the draft to the guardians with open access, plan the reminders of what is agreed; return who reads it.

    A corrected summary is told again, and what the home had confirmed is open again.

    Raises:
        NotPermitted, Stale, NoSummaryText.
    """
    talk, draft = await _held(uow, actor, talk_id, version)
    if not draft.text:
        raise NoSummaryText
    draft = draft if draft.pending is None else draft.with_day(None)
    points = await _store_points(uow, talk, draft)
    talk = await change_talk(
        uow,
        talk.id,
        summary=draft.text,
        summary_language=draft.language,
        summary_version=talk.summary_version + 1,
        summarised_by=actor.person_id,
        summarised_at=uow.now,
        confirmed_by=None,
        confirmed_at=None,
        draft=draft.ended().encode(),
    )
    await source_changed(uow, Subject.TALK, talk.id)
    await plan_points(uow, talk, [point for point in points if point.is_open])
    names = await _tell_home(uow, actor, talk, points)
    await leave_talk_question(uow, actor, talk.id)
    await audit(uow, actor.person_id, "talk.summary", "talk", talk.id, version=talk.summary_version, points=len(points))
    view = await view_of(uow, actor, talk, home=False)
    await uow.commit()
    return view, names


async def _store_points(uow: UnitOfWork, talk: TalkRow, draft: SummaryDraft) -> list[PointRow]:
    """Make what stands as agreed the same as the draft; what is done stays done."""
    standing = {point.id: point for point in await list_points(uow, [talk.id])}
    kept = {point.id for point in draft.points if point.id in standing}
    gone = standing.keys() - kept
    await drop_points(uow, gone)
    await drop_reminders(uow, Occasion.POINT, gone, reason=DropReason.CANCELLED)
    for point in draft.points:
        if point.id not in standing:
            await add_point(
                uow,
                talk_id=talk.id,
                text=point.text,
                language=point.language,
                owner=point.owner,
                by_day=point.by_day,
            )
    return await list_points(uow, [talk.id])


async def _tell_home(uow: UnitOfWork, actor: Actor, talk: TalkRow, points: Sequence[PointRow]) -> tuple[str, ...]:
    await drop_waiting(uow, Reason.CANCELLED, about=SUMMARY_SENT, about_id=talk.id)
    messages, names = [], []
    guardians = {one.person_id: one.name for one in await list_guardians_of(uow, [talk.pupil_id])}
    for side in await list_sides(uow, talk):
        if not side.home:
            continue
        names.append(guardians[side.person_id])
        messages.append(
            Message(
                side.person_id,
                OutgoingKind.MESSAGE,
                summary_text(side.tr, talk, points, actor.name),
                f"talk-summary:{talk.id}:{talk.summary_version}:{side.person_id}",
                buttons=answer_buttons(side.tr, talk),
                due_at=uow.school.considerate(uow.now),
                about=SUMMARY_SENT,
                about_id=talk.id,
                pupil_id=talk.pupil_id,
            )
        )
    await enqueue(uow, *messages)
    return tuple(names)
