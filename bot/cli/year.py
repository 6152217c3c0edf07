"""`skolebud year`: the dates of the school year, for calendars and reminders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from babel.dates import format_date

from bot.actions.year.ics_read import IcsDates
from bot.actions.year.imports import YearView, apply_dates, plan_dates, read_dates, show_dates
from bot.actions.year.words import audience_text
from bot.cli.common import Operator, run, stop
from bot.domain.marking import N_
from bot.domain.roster import RosterInvalid
from bot.domain.school import School
from bot.domain.year_plan import DEFAULT_SOURCE, Facts, YearPlan
from bot.i18n import Texts

app = typer.Typer(help="The year wheel: dates that homes find in their calendars.", no_args_is_help=True)

SOURCE = re.compile(r"[a-z0-9][a-z0-9-]{0,19}")
RESERVED = "old"

File = Annotated[Path, typer.Argument(help="A .csv file (docs/example/year.csv) or an .ics file from a calendar.")]
Yes = Annotated[bool, typer.Option("--yes", help="Apply without asking.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")]
For = Annotated[
    str, typer.Option("--for", help='Whom entries of an .ics file are for that do not say it: "whole school", "5A".')
]
Source = Annotated[str, typer.Option("--source", help="Which calendar the file is, when the school keeps several.")]


@app.command("import")
def import_file(
    file: File, yes: Yes = False, dry_run: DryRun = False, whom: For = "", source: Source = DEFAULT_SOURCE
) -> None:
    """Show what the file would change, and change it after a yes. Nothing is changed when a line is wrong.

    The file is the whole calendar: a date to come that is not in it any more is cancelled, a past one stays.
    """

    async def work(operator: Operator) -> None:
        if source == RESERVED or not SOURCE.fullmatch(source):
            stop(operator.tr.gettext(N_("{option}: use small letters, digits and dashes."), option="--source"))
        data, ics = _read(operator, file)
        async with operator.database.unit_of_work() as uow:
            try:
                found = await read_dates(uow, data, ics=ics, audience=whom)
            except RosterInvalid as error:
                _stop(operator, file, error)
            plan = await plan_dates(uow, source, found.dates)
            view = await show_dates(uow)
            school = uow.school
        for line in preview(plan, found, view.classes, school, operator.tr):
            typer.echo(line)
        if dry_run or plan.is_empty:
            return
        if not yes and not operator.confirm(N_("Apply all this?")):
            operator.say(N_("Nothing was changed."))
            raise typer.Exit(1)
        async with operator.database.unit_of_work() as uow:
            await apply_dates(uow, None, source, found.dates, plan)
        operator.say(N_("Done."))

    run(work)


def _read(operator: Operator, file: Path) -> tuple[bytes, bool]:
    ending = file.suffix.casefold()
    if ending not in {".csv", ".ics"}:
        sentence = N_("{file}: this is neither a .csv nor an .ics file. Save it as one of them.")
        stop(operator.tr.gettext(sentence, file=file.name), operator.tr.gettext(N_("Nothing was changed.")))
    try:
        return file.read_bytes(), ending == ".ics"
    except OSError:
        sentence = N_("The file {file} cannot be read. Check its name.")
        stop(operator.tr.gettext(sentence, file=str(file)), operator.tr.gettext(N_("Nothing was changed.")))


def _stop(operator: Operator, file: Path, error: RosterInvalid) -> NoReturn:
    tr = operator.tr
    lines = [f"{file.name}: {tr.gettext(one.sentence, **one.fields)}" for one in error.problems]
    stop(*lines, tr.gettext(N_("Nothing was changed.")))


def preview(plan: YearPlan, found: IcsDates, names: dict[int, str], school: School, tr: Texts) -> Iterator[str]:
    """Yield the lines of a preview: each kind of change with its number, then the dates."""
    if plan.is_empty:
        yield tr.gettext("The file says what is stored already: nothing to change.")
    for heading, dates in (
        (N_("New dates: {count}"), [(one.facts, None) for one in plan.new]),
        (N_("Changed dates: {count}"), [(one.new, one.old) for one in plan.changed]),
        (N_("Not in the file any more, to be cancelled: {count}"), [(one.facts, None) for one in plan.gone]),
    ):
        if dates:
            yield tr.gettext(heading, count=len(dates))
        for facts, before in dates:
            yield f"  · {date_line(facts, names, school, tr)}"
            if before is not None and before != facts:
                yield "    " + tr.gettext("Before: {what}", what=date_line(before, names, school, tr))
    if plan.unchanged:
        yield tr.gettext("Unchanged dates: {count}", count=plan.unchanged)
    if found.outside:
        yield tr.gettext("Left out, because they lie outside the school year: {count}", count=found.outside)


def date_line(facts: Facts, names: dict[int, str], school: School, tr: Texts) -> str:
    """Return a date with its year: "Monday, 28 September 2026, 09:00–10:00: Class photo (5A), gym"."""
    last = facts.last_day(school)
    days = [str(format_date(day, "full", locale=tr.locale)) for day in dict.fromkeys((facts.day, last))]
    when = " – ".join(days)
    if facts.starts is not None:
        end = facts.end_time(school)
        when += f", {tr.clock(facts.starts)}" + (f"–{tr.clock(end)}" if end is not None else "")
    place = f", {facts.place}" if facts.place else ""
    return f"{tr.value(when)}: {tr.value(facts.title)} ({audience_text(tr, facts.audience, names)}){tr.value(place)}"


@app.command()
def show() -> None:
    """Show the dates that are not over."""

    async def work(operator: Operator) -> None:
        async with operator.database.unit_of_work() as uow:
            view = await show_dates(uow)
            school = uow.school
        for line in _lines(view, school, operator.tr):
            typer.echo(line)

    run(work)


def _lines(view: YearView, school: School, tr: Texts) -> Iterator[str]:
    if not view.dates:
        yield tr.gettext("No dates are stored. Import them: {command}", command="skolebud year import FILE.csv")
    for facts in view.dates:
        yield date_line(facts, view.classes, school, tr)
