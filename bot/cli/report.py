"""`skolebud report`: what the office takes out of the absence book."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.actions.absence.words import day_off_text
from bot.actions.absence_report import report_absences, report_day, report_leave
from bot.actions.absence_report_format import (
    ABSENCE_COLUMNS,
    LEAVE_COLUMNS,
    Record,
    absence_records,
    day_html,
    day_text,
    leave_records,
    to_csv,
    to_json,
)
from bot.cli.common import Operator, run, stop, write_private
from bot.domain.followup import year_start
from bot.domain.inputs import read_calendar_date
from bot.domain.marking import N_

app = typer.Typer(help="Absence and leave for the office: lists and a page to print.", no_args_is_help=True)


class TableFormat(StrEnum):
    """How a list for other systems is written."""

    CSV = "csv"
    JSON = "json"


class PageFormat(StrEnum):
    """How the list of a day is written."""

    TEXT = "text"
    HTML = "html"


ClassName = Annotated[str | None, typer.Option("--class", help="Only this class, such as 5A.")]
Output = Annotated[
    Path | None, typer.Option(help="Write into this file, which only its owner can read; without it on the screen.")
]
Table = Annotated[TableFormat, typer.Option("--format", help="How to write it.")]
Excel = Annotated[bool, typer.Option("--excel", help="CSV that Excel opens with a double click.")]


@app.command()
def absences(
    first: Annotated[str, typer.Option("--from", help="The first day, such as 2026-11-01.")],
    last: Annotated[str, typer.Option("--to", help="The last day.")],
    class_name: ClassName = None,
    kind: Table = TableFormat.CSV,
    output: Output = None,
    excel: Excel = False,
) -> None:
    """Write the absences of a time: a line for each pupil and day, reasons as codes."""

    async def work(operator: Operator) -> None:
        days = _day(first), _day(last)
        async with operator.database.unit_of_work() as uow:
            lines = await report_absences(uow, *days, class_name)
        if not lines:
            message = N_("No absence is stored from {first} to {last}.")
            typer.echo(operator.tr.gettext(message, first=days[0], last=days[1]), err=True)
        records = absence_records(lines, operator.database.school.zone)
        _write(operator, output, _table(kind, ABSENCE_COLUMNS, records, excel=excel))

    run(work)


@app.command()
def leave(
    first: Annotated[str | None, typer.Option("--from", help="The first day; the school year's without it.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="The last day; the school year's without it.")] = None,
    class_name: ClassName = None,
    kind: Table = TableFormat.CSV,
    output: Output = None,
    excel: Excel = False,
) -> None:
    """Write the requests for leave and how they stand, without what was written in them."""

    async def work(operator: Operator) -> None:
        async with operator.database.unit_of_work() as uow:
            since = year_start(uow.today)
            days = (
                _day(first) if first else since,
                _day(last) if last else date(since.year + 1, 7, 31),
            )
            lines = await report_leave(uow, *days, class_name)
        if not lines:
            message = N_("Nobody has asked for leave from {first} to {last}.")
            typer.echo(operator.tr.gettext(message, first=days[0], last=days[1]), err=True)
        records = leave_records(lines, operator.database.school.zone)
        _write(operator, output, _table(kind, LEAVE_COLUMNS, records, excel=excel))

    run(work)


@app.command()
def day(
    on: Annotated[str | None, typer.Option("--day", help="The day, such as 2026-11-23; today without it.")] = None,
    class_name: ClassName = None,
    kind: Annotated[PageFormat, typer.Option("--format", help="text, or html for a page to print.")] = PageFormat.TEXT,
    output: Output = None,
) -> None:
    """Write who is away on a day, class by class, to be printed."""

    async def work(operator: Operator) -> None:
        async with operator.database.unit_of_work() as uow:
            report = await report_day(uow, _day(on) if on else uow.today, class_name)
        if report.day_off is not None:
            typer.echo(day_off_text(operator.tr, report.day_off), err=True)
        elif not any(one.absent for one in report.classes):
            typer.echo(operator.tr.gettext(N_("Nobody is away on {day}."), day=report.day), err=True)
        text = (
            day_html(report, operator.tr, operator.settings.school)
            if kind is PageFormat.HTML
            else day_text(report, operator.tr)
        )
        _write(operator, output, text)

    run(work)


def _day(text: str) -> date:
    return read_calendar_date(text, example="2026-11-23")


def _table(kind: TableFormat, columns: Sequence[str], records: Sequence[Record], *, excel: bool) -> str:
    return to_json(records) if kind is TableFormat.JSON else to_csv(columns, records, excel=excel)


def _write(operator: Operator, output: Path | None, text: str) -> None:
    """Write into a new file that only its owner can read, or to the screen."""
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        write_private(output, text)
    except FileExistsError:
        stop(operator.tr.gettext(N_("{file} is there already. Choose another name."), file=str(output)))
    except OSError:
        stop(operator.tr.gettext(N_("{file} cannot be written. Choose another place."), file=str(output)))
    typer.echo(
        operator.tr.gettext(N_("Written into {file}. Delete it when it has served."), file=str(output)), err=True
    )
