"""What an event holds, read from what its organiser typed or tapped; used for drafts and for changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta

from bot.actions import UnitOfWork
from bot.actions.notices.compose import TextTooLong
from bot.domain.errors import InvalidInput
from bot.domain.event_draft import EventField
from bot.domain.events import AGENDA_LIMIT, PLACE_LIMIT, TITLE_LIMIT, Moment, check_end
from bot.domain.inputs import PastMoment, read_day, read_time
from bot.domain.marking import N_
from storage.models import Event

REMIND_DAYS_CHOICES = (0, 1, 2, 3, 7)
REMIND_HOURS_CHOICES = (0, 1, 2, 4)


class AnswersAfterEvent(InvalidInput):
    code = "answers_after_event"
    sentence = N_("It begins on {day}. Choose a day before that for the answers, or leave it open.")


class TapInstead(InvalidInput):
    code = "tap_instead"
    sentence = N_("Tap one of the buttons above, or leave the question open.")


class NothingWritten(InvalidInput):
    code = "nothing_written"
    sentence = N_("This needs a few words. Write them now.")


def store_field(uow: UnitOfWork, event: Event, field: EventField, text: str, language: str) -> None:
    """Read a value into its column; "" leaves it open. An agenda is kept with the `language` of its writer.

    Raises:
        InvalidInput: it does not fit the field or what is known already.
    """
    _READERS[field](uow, event, text)
    if field is EventField.AGENDA:
        event.text_language = language


def _title(_: UnitOfWork, event: Event, text: str) -> None:
    event.title = _limited(" ".join(text.split()), TITLE_LIMIT)


def _place(_: UnitOfWork, event: Event, text: str) -> None:
    event.place = _limited(" ".join(text.split()), PLACE_LIMIT)


def _agenda(_: UnitOfWork, event: Event, text: str) -> None:
    event.text = _limited(text, AGENDA_LIMIT)


def _day(uow: UnitOfWork, event: Event, text: str) -> None:
    day = read_day(text, uow.today)
    if event.starts is not None:
        _check_to_come(uow, day, event.starts)
    event.day = day


def _starts(uow: UnitOfWork, event: Event, text: str) -> None:
    starts = read_time(text) if text else None
    if event.day is not None and starts is not None:
        _check_to_come(uow, event.day, starts)
    event.starts = starts


def _ends(_: UnitOfWork, event: Event, text: str) -> None:
    ends = read_time(text) if text else None
    if event.starts is not None:
        check_end(event.starts, ends)
    event.ends = ends


def _answer_by(uow: UnitOfWork, event: Event, text: str) -> None:
    found = read_day(text, uow.today) if text else None
    if found is not None and event.day is not None and found > event.day:
        raise AnswersAfterEvent(day=event.day)
    event.answer_by = found


def _childcare(_: UnitOfWork, event: Event, text: str) -> None:
    event.childcare = _choice(text or "0", (0, 1)) == 1


def _remind_days(_: UnitOfWork, event: Event, text: str) -> None:
    event.remind_days = _choice(text, REMIND_DAYS_CHOICES)


def _remind_hours(_: UnitOfWork, event: Event, text: str) -> None:
    event.remind_hours = _choice(text, REMIND_HOURS_CHOICES)


_READERS: dict[EventField, Callable[[UnitOfWork, Event, str], None]] = {
    EventField.TITLE: _title,
    EventField.PLACE: _place,
    EventField.AGENDA: _agenda,
    EventField.DAY: _day,
    EventField.STARTS: _starts,
    EventField.ENDS: _ends,
    EventField.ANSWER_BY: _answer_by,
    EventField.CHILDCARE: _childcare,
    EventField.REMIND_DAYS: _remind_days,
    EventField.REMIND_HOURS: _remind_hours,
}


def _limited(text: str, limit: int) -> str:
    if len(text) > limit:
        raise TextTooLong(length=len(text), limit=limit)
    return text


def _choice(text: str, choices: Sequence[int]) -> int:
    if text not in {str(one) for one in choices}:
        raise TapInstead
    return int(text)


def _check_to_come(uow: UnitOfWork, day: date, starts: time) -> None:
    moment = datetime.combine(day, starts)
    if uow.school.at(moment) <= uow.now:
        raise PastMoment(moment=moment)


def settle_times(uow: UnitOfWork, event: Event) -> None:
    """Write down in UTC what the wall clock says: beginning, end, and until when answers are taken."""
    if event.day is None:
        event.starts_at = event.ends_at = event.answers_until = None
        return
    moment = Moment(event.day, event.starts, event.ends)
    event.starts_at = uow.school.at(moment.wall_start())
    end = moment.wall_end()
    event.ends_at = uow.school.at(end) if end is not None else None
    event.answers_until = event.starts_at
    if event.answer_by is not None:
        midnight = datetime.combine(event.answer_by + timedelta(days=1), time())
        event.answers_until = min(event.starts_at, uow.school.at(midnight))
