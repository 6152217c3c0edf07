"""Norway's public holidays, and their names in our catalogue."""

from __future__ import annotations

from datetime import date

from bot.actions.calendar import HOLIDAY_NAMES, public_holidays, school_calendar
from bot.domain.calendar import OffKind
from storage.models import DayOff
from storage.session import Database


def test_every_holiday_of_many_years_has_a_name_that_is_translated() -> None:
    names = {
        name
        for year in range(2024, 2045)
        for joined in public_holidays("NO", year).values()
        for name in joined.split("; ")
    }
    assert names == set(HOLIDAY_NAMES)


async def test_weekends_holidays_and_the_schools_own_days_are_no_school_days(database: Database) -> None:
    async with database.unit_of_work() as uow:
        uow.session.add(DayOff(first=date(2026, 12, 21), last=date(2027, 1, 1), name="Juleferie"))
        await uow.commit()
    async with database.unit_of_work() as uow:
        calendar = await school_calendar(uow, date(2026, 12, 1), date(2027, 6, 30))
    kinds = {
        date(2026, 12, 19): OffKind.WEEKEND,
        date(2026, 12, 22): OffKind.SCHOOL,
        date(2026, 12, 25): OffKind.SCHOOL,
        date(2027, 5, 17): OffKind.HOLIDAY,
        date(2027, 3, 25): OffKind.HOLIDAY,
    }
    for day, kind in kinds.items():
        off = calendar.day_off(day)
        assert off is not None
        assert off.kind is kind
    assert calendar.is_school_day(date(2027, 5, 18))
    assert calendar.next_school_day(date(2026, 12, 18)) == date(2027, 1, 4)
