"""The school's calendar: weekends, public holidays, and the days that the school itself is closed."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from bot.actions import UnitOfWork
from bot.domain.calendar import LOOKAHEAD_DAYS, SchoolCalendar
from bot.domain.marking import N_
from storage.queries.absence import list_days_off

FRESH_SECONDS = 30.0
"""After which an imported calendar counts; it is the office's act of a minute, and every tap asks for it."""

HOLIDAY_NAMES = (
    # Translators: public holidays of Norway, by the names that people at a Norwegian school know them
    N_("New Year's Day"),
    N_("Maundy Thursday"),
    N_("Good Friday"),
    N_("Easter Sunday"),
    N_("Easter Monday"),
    N_("Labor Day"),
    N_("Ascension Day"),
    N_("Constitution Day"),
    N_("Pentecost"),
    N_("Pentecost Monday"),
    N_("Christmas Day"),
    N_("Second Day of Christmas"),
)
"""As the holidays library says them in English; a test holds the two together."""


@cache
def public_holidays(country: str, year: int) -> dict[date, str]:
    """Return the public holidays of a year with their English names."""
    import holidays  # slow to import, and not needed to start

    return dict(holidays.country_holidays(country, years=year, language="en_US").items())


async def school_calendar(uow: UnitOfWork, first: date, last: date) -> SchoolCalendar:
    """Return the calendar from `first` to `last`, and far enough beyond to find the next school day."""
    end = last + timedelta(days=LOOKAHEAD_DAYS)
    begin = first - timedelta(days=LOOKAHEAD_DAYS)
    public: dict[date, str] = {}
    for year in range(begin.year, end.year + 1):
        public |= public_holidays(uow.school.country, year)
    closed: dict[date, str] = {}
    for from_day, to_day, name in await uow.remembered("days_off", FRESH_SECONDS, lambda: list_days_off(uow)):
        if to_day < begin or from_day > end:
            continue
        for n in range((to_day - from_day).days + 1):
            closed[from_day + timedelta(days=n)] = name
    return SchoolCalendar(public, closed)
