"""Puts the commands together."""

from __future__ import annotations

import typer

from bot.cli import calendar, demo, letters, person, report, roster, run, year

app = typer.Typer(
    name="skolebud",
    help="A Telegram bot between a school and its pupils' homes.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("demo")(demo.demo)
app.command("run")(run.run)
app.command("migrate")(run.migrate)
app.command("check")(run.check)
app.add_typer(roster.app, name="roster")
app.command("letters")(letters.letters)
app.add_typer(person.app, name="person")
app.add_typer(calendar.app, name="calendar")
app.add_typer(year.app, name="year")
app.add_typer(report.app, name="report")
