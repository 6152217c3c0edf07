"""The school's own calendar: looked at, and brought up to date from a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.actions import UnitOfWork
from bot.actions.calendar import school_calendar
from bot.domain.calendar_file import CalendarPlan, Stretch, plan_changes
from bot.domain.errors import DomainError
from bot.domain.followup import year_start
from bot.domain.marking import N_
from storage.queries.audit import audit
from storage.queries.calendar import list_stretches, store_stretches


class CalendarChanged(DomainError):
    code = "calendar_changed"
    sentence = N_("The calendar was changed meanwhile. Nothing was changed now: look at it and import again.")


async def plan_calendar(uow: UnitOfWork, wanted: list[Stretch]) -> CalendarPlan:
    """Return what importing a file would change; nothing is changed."""
    return plan_changes(wanted, await list_stretches(uow))


async def apply_calendar(uow: UnitOfWork, actor_id: int | None, wanted: list[Stretch], plan: CalendarPlan) -> None:
    """Change the calendar as it was shown, and nothing else.

    Raises:
        CalendarChanged: the file would change something else by now.
    """
    if await plan_calendar(uow, wanted) != plan:
        raise CalendarChanged
    await store_stretches(uow, plan.new, plan.renamed, plan.gone)
    counts = {"new": len(plan.new), "renamed": len(plan.renamed), "gone": len(plan.gone)}
    await audit(uow, actor_id, "calendar.import", "calendar", **counts)
    await uow.commit()


@dataclass(frozen=True, slots=True)
class CalendarView:
    """The school's calendar from the beginning of a school year on."""

    since: date
    stretches: tuple[Stretch, ...]
    school_days: int
    """Between the beginning of the school year and its end."""


async def show_calendar(uow: UnitOfWork) -> CalendarView:
    """Return the school's own calendar from this school year on, and how many school days this year has."""
    since = year_start(uow.today)
    until = since.replace(year=since.year + 1, month=7, day=31)
    calendar = await school_calendar(uow, since, until)
    stretches = tuple(await list_stretches(uow, since))
    return CalendarView(since, stretches, len(calendar.school_days(since, until)))
