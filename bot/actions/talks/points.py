"""What was agreed, between talks: done by either side's word, undone again, told to the other side (M5)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.actions import UnitOfWork
from bot.actions.talks.page import TalkView, view_of
from bot.actions.talks.remind import POINTS_OF_TALK, list_sides
from bot.actions.talks.words import points_text, tick_buttons
from bot.actions.translation.words import free
from bot.domain.messages import Rows
from bot.domain.outgoing import OutgoingKind, Reason
from bot.domain.people import Actor
from bot.domain.reminders import DropReason, Occasion
from bot.domain.talks import plan_point
from bot.domain.translation import Subject
from bot.i18n import Html, Texts
from bot.outbox.enqueue import Message, enqueue
from storage.queries.audit import audit
from storage.queries.outgoing import drop_waiting
from storage.queries.people import list_guardians_of
from storage.queries.reminders import drop_reminders, forget_dropped, plan_reminders
from storage.queries.talks import (
    PointRow,
    TalkRow,
    access_point,
    list_points,
    list_told,
    set_done,
)

LINE_OF_POINT = "talk_point"
"""What a quiet line is about that says how one point stands; `about_id` is the point's id."""


async def tick_point(uow: UnitOfWork, actor: Actor, point_id: int, *, done: bool) -> tuple[TalkView, bool]:
    """Say that something agreed is done, or open after all, for both sides; return whether this tap changed it.

    Raises:
        NotPermitted: it no longer stands as agreed, or the actor is of neither side now.
    """
    point, talk, home = await access_point(uow, actor, point_id)
    changed = point.is_open is done
    if changed:
        await set_done(uow, point.id, actor.person_id if done else None)
        if done:
            await drop_reminders(uow, Occasion.POINT, [point.id], reason=DropReason.NOT_NEEDED)
        else:
            await plan_points(uow, talk, [point])
        await _tell(uow, actor, talk, point, done=done, home=home)
        await audit(uow, actor.person_id, "point.done" if done else "point.undone", "point", point.id, home=home)
    view = await view_of(uow, actor, talk, home=home)
    await uow.commit()
    return view, changed


async def plan_points(uow: UnitOfWork, talk: TalkRow, points: Sequence[PointRow]) -> None:
    """Plan the reminders of open points that have a day, for the guardians of now and the teacher; caller commits."""
    guardians = sorted({one.person_id for one in await list_guardians_of(uow, [talk.pupil_id])})
    people = list(dict.fromkeys([*guardians, talk.teacher_id]))
    await forget_dropped(uow, Occasion.POINT, [point.id for point in points])
    for point in points:
        if point.by_day is None:
            continue
        planned = plan_point(point.by_day, uow.school, uow.now)
        await plan_reminders(uow, Occasion.POINT, point.id, [(person, one) for person in people for one in planned])


async def _tell(uow: UnitOfWork, actor: Actor, talk: TalkRow, point: PointRow, *, done: bool, home: bool) -> None:
    """Change what the others have on their screens; who was not reminded gets a quiet line, and that one changes.

    Guardians do not read which of them it was (P9).
    """
    points = await list_points(uow, [talk.id])
    if not any(one.is_open for one in points):
        await drop_waiting(uow, Reason.CANCELLED, about=POINTS_OF_TALK, about_id=talk.id)
    others = {one.person_id: one for one in await list_sides(uow, talk) if one.person_id != actor.person_id}
    stamp = f"{'done' if done else 'open'}:{uow.now.isoformat()}"
    texts_of = {
        one.person_id: _line(one.tr, talk, point, "" if home and one.home else actor.name, done=done)
        for one in others.values()
    }
    messages = []
    reminded = [row for row in await list_told(uow, POINTS_OF_TALK, talk.id) if row[1] in others]
    for outgoing_id, person_id in reminded:
        tr = others[person_id].tr
        text, buttons = points_text(tr, talk, points), tick_buttons(tr, points)
        messages.append(_edit(person_id, outgoing_id, stamp, talk, text, buttons))
    lines = [row for row in await list_told(uow, LINE_OF_POINT, point.id) if row[1] in others]
    messages += [_edit(person_id, outgoing_id, stamp, talk, texts_of[person_id]) for outgoing_id, person_id in lines]
    told = {person_id for _, person_id in (*reminded, *lines)}
    messages += [
        Message(
            person_id,
            OutgoingKind.MESSAGE,
            texts_of[person_id],
            f"point-line:{point.id}:{person_id}:{stamp}",
            silent=True,
            due_at=uow.school.considerate(uow.now),
            about=LINE_OF_POINT,
            about_id=point.id,
            pupil_id=talk.pupil_id,
        )
        for person_id in others
        if person_id not in told
    ]
    await enqueue(uow, *messages)


def _edit(person_id: int, outgoing_id: int, stamp: str, talk: TalkRow, text: Html, buttons: Rows = ()) -> Message:
    return Message(
        person_id,
        OutgoingKind.MESSAGE,
        text,
        f"point-edit:{outgoing_id}:{stamp}",
        buttons=buttons,
        edits_id=outgoing_id,
        about=POINTS_OF_TALK,
        about_id=talk.id,
        pupil_id=talk.pupil_id,
    )


def _line(tr: Texts, talk: TalkRow, point: PointRow, name: str, *, done: bool) -> Html:
    if done and name:
        head = tr.gettext("✅ {name} says that this is done, about {child}:", name=name, child=talk.pupil_name)
    elif done:
        head = tr.gettext("✅ This is done, about {child}:", child=talk.pupil_name)
    else:
        head = tr.gettext("↩️ This is open again, about {child}:", child=talk.pupil_name)
    return Html(head + "\n" + free(tr, Subject.POINT, point.id))
