"""The school's own calendar, as its office types it in: preview, refusal, a second import."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import app
from tests.conftest import EXAMPLE

Run = Callable[..., Result]
CALENDAR = str(EXAMPLE / "calendar.csv")


@pytest.fixture
def run(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command as an operator who reads English."""
    monkeypatch.chdir(tmp_path)
    for name, value in {"DATABASE": sqlite_url, "LANGUAGE": "en", "SCHOOL": "Solbakken skole"}.items():
        monkeypatch.setenv(f"SKOLEBUD_{name}", value)

    def invoke(*words: str, typed: str = "") -> Result:
        return CliRunner().invoke(app, ["calendar", *words], input=typed)

    return invoke


def stored(folder: Path) -> list[tuple[str, str, str]]:
    """Return what is stored, by day."""
    connection = sqlite3.connect(folder / "skolebud.db")
    try:
        return list(connection.execute("SELECT first, last, name FROM day_off ORDER BY first"))
    finally:
        connection.close()


def write(folder: Path, *lines: str) -> str:
    """Write a calendar file; return its name."""
    file = folder / "calendar.csv"
    file.write_text("\n".join(("first,last,name", *lines, "")), encoding="utf-8")
    return str(file)


def test_the_preview_is_shown_and_a_no_changes_nothing(run: Run, tmp_path: Path) -> None:
    result = run("import", CALENDAR, typed="no\n")
    assert result.exit_code == 1
    assert "New days without school: 8" in result.output
    assert "Monday 5 October 2026 – Friday 9 October 2026: Høstferie" in result.output.replace("y, ", "y ")
    assert stored(tmp_path) == []


def test_a_yes_applies_it_and_again_there_is_nothing_to_change(run: Run, tmp_path: Path) -> None:
    assert run("import", CALENDAR, typed="yes\n").exit_code == 0
    assert ("2026-11-13", "2026-11-13", "Planleggingsdag") in stored(tmp_path)
    assert len(stored(tmp_path)) == 8
    again = run("import", CALENDAR)
    assert again.exit_code == 0
    assert "nothing to change" in again.output


def test_a_dry_run_changes_nothing(run: Run, tmp_path: Path) -> None:
    assert run("import", CALENDAR, "--dry-run").exit_code == 0
    assert stored(tmp_path) == []


def test_a_second_file_changes_only_what_changed_and_keeps_other_years(run: Run, tmp_path: Path) -> None:
    first = ("2025-10-06,2025-10-10,Høstferie",)
    assert run("import", write(tmp_path, *first), "--yes").exit_code == 0
    year = ("2026-10-05,2026-10-09,Høstferie", "2026-11-13,,Planleggingsdag", "2027-02-22,2027-02-26,Vinterferie")
    assert run("import", write(tmp_path, *year), "--yes").exit_code == 0
    changed = ("2026-10-05,2026-10-09,Haustferie", "2026-11-20,,Planleggingsdag", year[2])
    result = run("import", write(tmp_path, *changed), "--yes")
    assert "New days without school: 1" in result.output
    assert "Other names: 1" in result.output
    assert "There is school after all: 1" in result.output
    assert stored(tmp_path) == [
        ("2025-10-06", "2025-10-10", "Høstferie"),
        ("2026-10-05", "2026-10-09", "Haustferie"),
        ("2026-11-20", "2026-11-20", "Planleggingsdag"),
        ("2027-02-22", "2027-02-26", "Vinterferie"),
    ]


def test_one_wrong_line_and_nothing_is_applied(run: Run, tmp_path: Path) -> None:
    file = write(tmp_path, "2026-10-05,2026-10-09,Høstferie", "2027-02-26,2027-02-22,Vinterferie", "x,,Planleggingsdag")
    result = run("import", file, "--yes")
    assert result.exit_code == 2
    assert "calendar.csv: Line 3: the last day, 2027-02-22, is before the first, 2027-02-26." in result.stderr
    assert "calendar.csv: Line 4: the date x is not a date." in result.stderr
    assert "Nothing was changed." in result.stderr
    assert stored(tmp_path) == []


def test_a_file_that_is_not_there(run: Run) -> None:
    result = run("import", "missing.csv")
    assert result.exit_code == 2
    assert "missing.csv cannot be read" in result.stderr


def test_show_lists_the_days_and_counts_the_school_days(run: Run) -> None:
    empty = run("show")
    assert empty.exit_code == 0
    assert "skolebud calendar import" in empty.output
    run("import", CALENDAR, "--yes")
    shown = run("show")
    assert shown.exit_code == 0
    assert "Sommerferie" in shown.output
    assert "school days, public holidays left out." in shown.output


def test_the_import_is_recorded_without_a_name(run: Run, tmp_path: Path) -> None:
    run("import", CALENDAR, "--yes")
    connection = sqlite3.connect(tmp_path / "skolebud.db")
    try:
        [(actor, detail)] = connection.execute("SELECT actor_id, detail FROM audit_entry WHERE act = 'calendar.import'")
    finally:
        connection.close()
    assert actor is None
    assert '"new": 8' in detail
