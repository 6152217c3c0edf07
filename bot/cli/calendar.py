"""`skolebud calendar`: the days on which the school itself is closed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from babel.dates import format_date

from bot.actions.calendar_import import CalendarView, apply_calendar, plan_calendar, show_calendar
from bot.cli.common import Operator, run, stop
from bot.domain.calendar_file import CalendarPlan, Stretch, read_calendar
from bot.domain.marking import N_
from bot.domain.roster import RosterInvalid
from bot.i18n import Texts

app = typer.Typer(help="The school's own calendar: days without school.", no_args_is_help=True)

Yes = Annotated[bool, typer.Option("--yes", help="Apply without asking.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")]
File = Annotated[
    Path, typer.Argument(help="A CSV file with the columns first, last, name; one line for each time off.")
]


@app.command("import")
def import_file(file: File, yes: Yes = False, dry_run: DryRun = False) -> None:
    """Show what the file would change, and change it after a yes. Nothing is changed when a line is wrong.

    The file speaks for the time from its first to its last day; years before and after it stay.
    """

    async def work(operator: Operator) -> None:
        wanted = _read(operator, file)
        async with operator.database.unit_of_work() as uow:
            plan = await plan_calendar(uow, wanted)
        for line in preview(plan, operator.tr):
            typer.echo(line)
        if dry_run or plan.is_empty:
            return
        if not yes and not operator.confirm(N_("Apply all this?")):
            operator.say(N_("Nothing was changed."))
            raise typer.Exit(1)
        async with operator.database.unit_of_work() as uow:
            await apply_calendar(uow, None, wanted, plan)
        operator.say(N_("Done."))

    run(work)


def _read(operator: Operator, file: Path) -> list[Stretch]:
    tr = operator.tr
    found: list[Stretch] | None = None
    lines: list[str] = []
    try:
        found = read_calendar(file.read_bytes())
    except RosterInvalid as error:
        lines += [f"{file.name}: {tr.gettext(one.sentence, **one.fields)}" for one in error.problems]
    except OSError:
        lines.append(str(tr.gettext(N_("The file {file} cannot be read. Check its name."), file=str(file))))
    if found is None:
        stop(*lines, tr.gettext(N_("Nothing was changed.")))
    return found


def preview(plan: CalendarPlan, tr: Texts) -> Iterator[str]:
    """Yield the lines of a preview: each kind of change with its number, then the days."""
    if plan.is_empty:
        yield tr.gettext("The file says what is stored already: nothing to change.")
    for heading, stretches in (
        (N_("New days without school: {count}"), plan.new),
        (N_("Other names: {count}"), plan.renamed),
        (N_("There is school after all: {count}"), plan.gone),
    ):
        if stretches:
            yield tr.gettext(heading, count=len(stretches))
            for one in stretches:
                yield f"  · {stretch_line(one, tr)}"


def stretch_line(one: Stretch, tr: Texts) -> str:
    """Return a stretch with its days and years: "Monday, 28 September 2026 – …: Høstferie"."""
    first, last = (tr.value(str(format_date(day, "full", locale=tr.locale))) for day in (one.first, one.last))
    days = first if one.first == one.last else f"{first} – {last}"
    return f"{days}: {tr.value(one.name)}"


@app.command()
def show() -> None:
    """Show the days without school, from this school year on."""

    async def work(operator: Operator) -> None:
        async with operator.database.unit_of_work() as uow:
            view = await show_calendar(uow)
        for line in _lines(view, operator.tr):
            typer.echo(line)

    run(work)


def _lines(view: CalendarView, tr: Texts) -> Iterator[str]:
    if not view.stretches:
        yield tr.gettext(
            "No days without school are stored. Import them: {command}", command="skolebud calendar import FILE.csv"
        )
    for one in view.stretches:
        yield stretch_line(one, tr)
    years = f"{view.since.year}/{(view.since.year + 1) % 100:02}"
    yield tr.ngettext(
        "The school year {years} has {n} school day, public holidays left out.",
        "The school year {years} has {n} school days, public holidays left out.",
        view.school_days,
        years=years,
    )
