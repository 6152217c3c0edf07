"""`skolebud roster`: bring the school's files in."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.actions.roster import ImportPlan, ImportRefused, apply_import, plan_import
from bot.cli.common import WRONG, Operator, run, stop
from bot.domain.marking import N_
from bot.domain.people import Relation, Role
from bot.domain.roster import Roster, RosterInvalid, StaffRoster, decode_csv, parse_people, parse_staff
from bot.domain.roster_changes import HEADINGS, SENSITIVE, Change
from bot.i18n import Texts
from bot.i18n.words import RELATION_NAMES, ROLE_NAMES

SHOWN = 20
"""Lines of one kind in the preview; what ends or blocks somebody's access is always told in full."""

app = typer.Typer(help="The school's pupils, guardians and staff.", no_args_is_help=True)


@app.callback()
def roster() -> None:
    """The school's pupils, guardians and staff."""


@app.command("import")
def import_files(
    people: Annotated[Path, typer.Argument(help="The file of pupils and guardians: the whole school.")],
    staff: Annotated[Path | None, typer.Option(help="The file of the staff: all of them.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Apply without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
    allow_large: Annotated[
        bool, typer.Option("--allow-large", help="Apply although much of the school would be gone.")
    ] = False,
) -> None:
    """Show what the files would change, and change it after a yes. Nothing is changed when anything is wrong."""

    async def work(operator: Operator) -> None:
        files = _read_files(operator, people, staff)
        async with operator.database.unit_of_work() as uow:
            try:
                plan = await plan_import(uow, *files)
            except ImportRefused as error:
                _stop_refused(operator.tr, error, people, staff)
        for line in preview(plan, operator.tr):
            typer.echo(line)
        if dry_run or plan.is_empty:
            return
        if plan.is_large and not allow_large:
            operator.say(N_("Much of the school would be gone. If the file is complete, add --allow-large."))
        elif not yes and not operator.confirm(N_("Apply all this?")):
            operator.say(N_("Nothing was changed."))
            raise typer.Exit(1)
        async with operator.database.unit_of_work() as uow:
            await apply_import(uow, None, plan, allow_large=allow_large)
        operator.say(N_("Done."))

    run(work)


def _read_files(operator: Operator, people: Path, staff: Path | None) -> tuple[Roster, StaffRoster | None]:
    today = operator.database.school.local(operator.database.now()).date()
    lines: list[str] = []
    roster = _read(operator.tr, people, lines, lambda text: parse_people(text, today=today))
    staff_roster = _read(operator.tr, staff, lines, parse_staff) if staff else None
    if lines or roster is None:
        stop(*lines, operator.tr.gettext(N_("Nothing was changed.")))
    return roster, staff_roster


def _read(tr: Texts, path: Path, lines: list[str], parse: Any) -> Any:
    """Return what a file says; None, with `lines` to correct, when it cannot be used."""
    try:
        return parse(decode_csv(path.read_bytes()))
    except RosterInvalid as error:
        lines += [f"{path.name}: {tr.gettext(one.sentence, **one.fields)}" for one in error.problems]
    except OSError:
        lines.append(str(tr.gettext(N_("The file {file} cannot be read. Check its name."), file=str(path))))
    return None


def _stop_refused(tr: Texts, error: ImportRefused, people: Path, staff: Path | None) -> None:
    for one in error.problems:
        path = staff if one.staff and staff else people
        typer.echo(f"{path.name}: {tr.gettext(one.sentence, **one.fields)}", err=True)
    typer.echo(tr.gettext(N_("Nothing was changed.")), err=True)
    raise typer.Exit(WRONG)


def preview(plan: ImportPlan, tr: Texts) -> Iterable[str]:
    """Yield the lines of a preview: each kind with its number, then what it is about."""
    counts = plan.counts
    if not counts:
        yield tr.gettext(N_("The files say what is stored already: nothing to change."))
    for kind, count in counts.items():
        yield tr.gettext(HEADINGS[kind], count=count)
        told = plan.of_kind(kind)
        shown = told if kind in SENSITIVE else told[:SHOWN]
        for change in shown:
            yield f"  · {_line(change, tr)}"
        if len(told) > len(shown):
            # Translators: the end of a list of which only the beginning is shown
            yield "  · " + tr.ngettext("and {n} more", "and {n} more", len(told) - len(shown))


def _line(change: Change, tr: Texts) -> str:
    fields: dict[str, object] = {}
    for name, value in change.fields.items():
        if isinstance(value, Role):
            value = tr.gettext(ROLE_NAMES[value])
        elif isinstance(value, Relation):
            value = tr.gettext(RELATION_NAMES[value])
        fields[name] = value
    return tr.gettext(change.sentence, **fields)
