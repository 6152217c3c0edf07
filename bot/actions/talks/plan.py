"""When people are reminded of a talk (M5, M9): planned with its time, dropped with it."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Protocol

from bot.actions import UnitOfWork
from bot.actions.calendar import school_calendar
from bot.domain.events import Moment
from bot.domain.outgoing import Reason
from bot.domain.reminders import Due, Occasion
from bot.domain.talks import plan_home, plan_summary
from storage.queries.outgoing import drop_waiting
from storage.queries.people import list_guardians_of
from storage.queries.reminders import drop_reminders, forget_dropped, plan_reminders
from storage.queries.talks import find_round

REMINDED = "talk"
"""What a message is about that reminds of a talk; `about_id` is the talk's id."""


class TalkTime(Protocol):
    """What planning needs of a talk: the stored row has it."""

    @property
    def id(self) -> int | None: ...
    @property
    def event_id(self) -> int: ...
    @property
    def pupil_id(self) -> int: ...
    @property
    def day(self) -> date: ...
    @property
    def starts(self) -> time: ...
    @property
    def ends_at(self) -> datetime: ...


async def plan_talk_reminders(uow: UnitOfWork, talk: TalkTime) -> None:
    """Plan a booked talk's reminders for the pupil's guardians and the prompt afterwards for the round's teacher.

    Call it whenever a talk is booked or gets another time: what was planned for another time is dropped, what is
    planned already stays, what was sent for another time keeps nothing back. The caller commits.
    """
    talk_id = _id(talk)
    round_row = await find_round(uow, talk.event_id)
    if round_row is None:
        return
    await drop_reminders(uow, Occasion.TALK, [talk_id])
    await forget_dropped(uow, Occasion.TALK, [talk_id])
    moment = Moment(talk.day, talk.starts)
    school = uow.school
    days = school.remind_days if round_row.remind_days is None else round_row.remind_days
    hours = school.remind_hours if round_row.remind_hours is None else round_row.remind_hours
    home = plan_home(moment, school, uow.now, days=days, hours=hours)
    guardians = {one.person_id for one in await list_guardians_of(uow, [talk.pupil_id])}
    planned: list[tuple[int, Due]] = [(person, one) for person in sorted(guardians) for one in home]
    prompt = plan_summary(moment, talk.ends_at, school, await school_calendar(uow, talk.day, talk.day))
    if prompt is not None:
        planned.append((round_row.teacher_id, prompt))
    await plan_reminders(uow, Occasion.TALK, talk_id, planned)


async def drop_talk_reminders(uow: UnitOfWork, talk: TalkTime) -> None:
    """Take back what is planned about a talk that does not take place, and what waits to leave; the caller commits."""
    await drop_reminders(uow, Occasion.TALK, [_id(talk)])
    await drop_waiting(uow, Reason.CANCELLED, about=REMINDED, about_id=_id(talk))


def _id(talk: TalkTime) -> int:
    assert talk.id is not None  # noqa: S101  (the caller has stored it)
    return talk.id
