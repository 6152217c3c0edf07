"""Puts what is due around a talk into words: before it for homes, after it for teachers, then for both (M5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta

from bot.actions import UnitOfWork
from bot.actions.readers import reader_texts
from bot.actions.talks.plan import REMINDED
from bot.actions.talks.words import (
    before_buttons,
    points_text,
    prepare_text,
    reminder_text,
    tick_buttons,
)
from bot.domain.conferences import MOST_POINTS
from bot.domain.messages import Button, Rows, rows
from bot.domain.outgoing import OutgoingKind
from bot.domain.reminders import DropReason, ReminderKind
from bot.domain.talk_taps import OpenTalk, OpenTalks
from bot.i18n import Html, Texts
from bot.outbox.enqueue import Message
from storage.queries.people import GuardianOf, list_guardians_of
from storage.queries.reminders import ReminderRow
from storage.queries.talks import (
    PointRow,
    TalkRow,
    list_languages,
    list_open_points_of,
    list_points,
    list_points_by_id,
    list_school_side,
    list_talks,
    list_unwritten_of,
)

Verdicts = dict[int, Message | DropReason]
UNWRITTEN_DAYS = 14
"""Days after a talk for which its summary is asked for."""
MOST_UNWRITTEN = 5
POINTS_OF_TALK = "talk_points"
"""What a message is about that shows the agreed points of a talk; `about_id` is the talk's id."""


@dataclass(frozen=True, slots=True)
class People:
    """Who may be reminded now: guardians by (pupil, person), staff by (person, class), leaders, languages of staff."""

    guardians: dict[tuple[int, int], GuardianOf]
    taught: set[tuple[int, int]]
    leaders: set[int]
    languages: dict[int, str | None]

    def is_school(self, person_id: int, talk: TalkRow) -> bool:
        """Tell whether somebody is the talk's teacher with the class, or of the leadership, and no guardian of it."""
        if (talk.pupil_id, person_id) in self.guardians:
            return False
        if person_id in self.leaders:
            return True
        return person_id == talk.teacher_id and (person_id, talk.class_id) in self.taught


async def look_up(uow: UnitOfWork, talks: Sequence[TalkRow], recipients: set[int]) -> People:
    """Return the rights and languages of now of everybody concerned by some talks."""
    found = await list_guardians_of(uow, {talk.pupil_id for talk in talks})
    taught, leaders = await list_school_side(uow, recipients)
    languages = await list_languages(uow, recipients)
    return People({(one.pupil_id, one.person_id): one for one in found}, taught, leaders, languages)


@dataclass(frozen=True, slots=True)
class Side:
    """Somebody who is told of what was agreed, in the own language; `home` or of the school."""

    person_id: int
    tr: Texts
    home: bool


async def list_sides(uow: UnitOfWork, talk: TalkRow) -> list[Side]:
    """Return the guardians with open access who have come in, and the talk's teacher while the class is theirs."""
    people = await look_up(uow, [talk], {talk.teacher_id})
    guardians = [
        Side(one.person_id, reader_texts(uow, one.language), home=True)
        for one in people.guardians.values()
        if one.enrolled
    ]
    if not people.is_school(talk.teacher_id, talk):
        return guardians
    return [*guardians, Side(talk.teacher_id, reader_texts(uow, people.languages.get(talk.teacher_id)), home=False)]


def wall_end(uow: UnitOfWork, talk: TalkRow) -> time:
    """Return the wall-clock end of a talk."""
    return uow.school.local(talk.ends_at).time().replace(tzinfo=None)


async def remind_of_talks(uow: UnitOfWork, due: Sequence[ReminderRow]) -> Verdicts:
    """Render reminders of talks; see `bot.actions.reminders.renderers` for the contract."""
    talks = {talk.id: talk for talk in await list_talks(uow, {row.occasion_id for row in due})}
    people = await look_up(uow, list(talks.values()), {row.recipient_id for row in due})
    preparing = {
        talks[row.occasion_id].pupil_id for row in due if row.kind is ReminderKind.PREPARE and row.occasion_id in talks
    }
    still: dict[int, list[PointRow]] = defaultdict(list)
    for point in await list_open_points_of(uow, preparing) if preparing else []:
        still[point.pupil_id].append(point)
    verdicts: Verdicts = {}
    prompts: dict[int, list[ReminderRow]] = defaultdict(list)
    for row in due:
        talk = talks.get(row.occasion_id)
        if talk is None or talk.cancelled or not row.occurrence.endswith(f"{talk.day}T{talk.starts:%H:%M}"):
            continue  # cancelled, or from another time: dropped
        if row.kind is ReminderKind.SUMMARY:
            if not people.is_school(row.recipient_id, talk):
                verdicts[row.id] = DropReason.NO_RIGHT
            elif talk.summary_version > 0:
                verdicts[row.id] = DropReason.NOT_NEEDED
            else:
                prompts[row.recipient_id].append(row)
        else:
            verdicts[row.id] = _to_home(uow, row, talk, people, still[talk.pupil_id])
    for person_id, waiting in prompts.items():
        verdicts |= await _prompt(uow, person_id, waiting, people)
    return verdicts


def _to_home(
    uow: UnitOfWork, row: ReminderRow, talk: TalkRow, people: People, still: Sequence[PointRow]
) -> Message | DropReason:
    guardian = people.guardians.get((talk.pupil_id, row.recipient_id))
    if guardian is None or not guardian.enrolled:
        return DropReason.NO_RIGHT
    tr, ends = reader_texts(uow, guardian.language), wall_end(uow, talk)
    text = (
        prepare_text(tr, talk, ends, still[:MOST_POINTS], reader_id=row.recipient_id, relation=guardian.relation)
        if row.kind is ReminderKind.PREPARE
        else reminder_text(tr, talk, ends, row.kind, uow.today, reader_id=row.recipient_id)
    )
    return Message(
        row.recipient_id,
        OutgoingKind.REMINDER,
        text,
        f"reminder:{row.id}",
        buttons=before_buttons(tr, talk),
        due_at=uow.school.considerate(uow.now),
        expires_at=row.expires_at,
        about=REMINDED,
        about_id=talk.id,
        pupil_id=talk.pupil_id,
    )


async def _prompt(uow: UnitOfWork, person_id: int, waiting: Sequence[ReminderRow], people: People) -> Verdicts:
    """Ask a teacher once for all talks that have no summary yet: all that are due are the same message."""
    since = uow.now - timedelta(days=UNWRITTEN_DAYS)
    own = await list_unwritten_of(uow, person_id, since, limit=MOST_UNWRITTEN + 1)
    if not own:
        return {row.id: DropReason.NOT_NEEDED for row in waiting}
    tr = reader_texts(uow, people.languages.get(person_id))
    first = min(waiting, key=lambda row: row.id)
    message = Message(
        person_id,
        OutgoingKind.REMINDER,
        unwritten_text(tr),
        f"reminder:{first.id}",
        buttons=unwritten_buttons(tr, own),
        due_at=uow.school.considerate(uow.now),
        expires_at=first.expires_at,
        about="talks",
        about_id=own[0].event_id,
        pupil_id=own[0].pupil_id,
    )
    return dict.fromkeys((row.id for row in waiting), message)


def unwritten_text(tr: Texts) -> Html:
    """Return the one calm question after a day of talks."""
    lines = [
        tr.gettext("📝 <b>What did you agree in these talks?</b>"),
        tr.gettext("A few sentences and what you agreed are enough. The home reads it, and both sides are reminded."),
        tr.gettext("Whenever it suits you: you are asked only once."),
    ]
    return Html("\n".join(lines))


def unwritten_buttons(tr: Texts, talks: Sequence[TalkRow]) -> Rows:
    """Return a button for each talk without a summary, and the way to the others when there are more."""
    shown = [
        [Button(f"📝 {talk.pupil_name} · {tr.short_day(talk.day)}", OpenTalk(talk.id, new=True).pack())]
        for talk in talks[:MOST_UNWRITTEN]
    ]
    more = [Button("▶️ " + tr.plain.gettext("More"), OpenTalks().pack())] if len(talks) > MOST_UNWRITTEN else []
    return rows(*shown, more)


async def remind_of_points(uow: UnitOfWork, due: Sequence[ReminderRow]) -> Verdicts:
    """Render reminders of what was agreed: one message a person and talk, however many points are due."""
    points = {point.id: point for point in await list_points_by_id(uow, {row.occasion_id for row in due})}
    talks = {talk.id: talk for talk in await list_talks(uow, {point.talk_id for point in points.values()})}
    people = await look_up(uow, list(talks.values()), {row.recipient_id for row in due})
    of_talk: dict[int, list[PointRow]] = defaultdict(list)
    for one in await list_points(uow, talks):
        of_talk[one.talk_id].append(one)
    verdicts: Verdicts = {}
    together: dict[tuple[int, int], list[ReminderRow]] = defaultdict(list)
    for row in due:
        point = points.get(row.occasion_id)
        if point is None or point.talk_id not in talks or point.dropped:
            continue
        talk = talks[point.talk_id]
        if not row.occurrence.endswith(f":{point.by_day}"):
            continue
        if not point.is_open:
            verdicts[row.id] = DropReason.NOT_NEEDED
        elif _language(row.recipient_id, talk, people) is None:
            verdicts[row.id] = DropReason.NO_RIGHT
        else:
            together[row.recipient_id, talk.id].append(row)
    for (person_id, talk_id), waiting in together.items():
        verdicts |= _point_message(uow, person_id, talks[talk_id], of_talk[talk_id], waiting, people)
    return verdicts


def _language(person_id: int, talk: TalkRow, people: People) -> str | None:
    """Return the language of somebody who may be reminded of what was agreed, "" for the school's; None: may not."""
    guardian = people.guardians.get((talk.pupil_id, person_id))
    if guardian is not None and guardian.enrolled:
        return guardian.language or ""
    return (people.languages.get(person_id) or "") if people.is_school(person_id, talk) else None


def _point_message(
    uow: UnitOfWork,
    person_id: int,
    talk: TalkRow,
    points: Sequence[PointRow],
    waiting: Sequence[ReminderRow],
    people: People,
) -> Verdicts:
    tr = reader_texts(uow, _language(person_id, talk, people))
    overdue = any(row.occurrence.startswith("after") for row in waiting)
    first = min(waiting, key=lambda row: row.id)
    message = Message(
        person_id,
        OutgoingKind.REMINDER,
        points_text(tr, talk, [point for point in points if point.is_open], overdue=overdue),
        f"reminder:{first.id}",
        buttons=tick_buttons(tr, points),
        due_at=uow.school.considerate(uow.now),
        expires_at=first.expires_at,
        about=POINTS_OF_TALK,
        about_id=talk.id,
        pupil_id=talk.pupil_id,
    )
    return dict.fromkeys((row.id for row in waiting), message)
