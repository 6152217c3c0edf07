"""The year wheel as the office imports it: preview, a yes, a refusal, both kinds of file (M6)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import app
from bot.clock import Clock
from tests.conftest import EXAMPLE

Run = Callable[..., Result]
HEADER = "key,date,start,end,title,for"


@pytest.fixture
def run(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Run:
    """Run a command on a Monday in November, as an operator who reads English, over the classes 5A and 8C."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.cli.common.Clock", lambda: clock)
    for name, value in {"DATABASE": sqlite_url, "LANGUAGE": "en", "SCHOOL": "Solbakken skole"}.items():
        monkeypatch.setenv(f"SKOLEBUD_{name}", value)
    connection = sqlite3.connect(tmp_path / "skolebud.db")
    with connection:
        connection.executemany(
            "INSERT INTO school_class (name, grade) VALUES (?, ?)", [("2B", 2), ("5A", 5), ("8C", 8)]
        )
    connection.close()

    def invoke(*words: str, typed: str = "") -> Result:
        return CliRunner().invoke(app, ["year", *words], input=typed)

    return invoke


def stored(folder: Path) -> list[tuple[str, str, str]]:
    connection = sqlite3.connect(folder / "skolebud.db")
    try:
        return list(connection.execute("SELECT day, title, state FROM event ORDER BY day, id"))
    finally:
        connection.close()


def write(folder: Path, *lines: str) -> str:
    file = folder / "year.csv"
    file.write_text("\n".join((HEADER, *lines, "")), encoding="utf-8")
    return str(file)


def test_the_preview_is_shown_and_a_no_or_a_dry_run_changes_nothing(run: Run, tmp_path: Path) -> None:
    result = run("import", str(EXAMPLE / "year.csv"), typed="no\n")
    assert result.exit_code == 1
    assert "New dates: 47" in result.output
    assert "17 May 2027, 09:15–12:00: 17. mai-tog (the whole school)" in result.output
    assert run("import", str(EXAMPLE / "year.csv"), "--dry-run").exit_code == 0
    assert stored(tmp_path) == []


def test_a_second_file_shows_old_and_new_and_what_will_be_cancelled(run: Run, tmp_path: Path) -> None:
    first = write(
        tmp_path, "a,2027-03-01,09:00,,Tur,5A", ",2027-03-02,,,Fest,year 8", ",2026-09-01,,,Start,whole school"
    )
    assert run("import", first, "--yes").exit_code == 0
    result = run("import", write(tmp_path, "a,2027-03-01,10:00,,Tur,5A"), typed="yes\n")
    assert "Changed dates: 1" in result.output
    assert "Before: Monday, 1 March 2027, 09:00: Tur (5A)" in result.output
    assert "to be cancelled: 1" in result.output
    assert stored(tmp_path) == [
        ("2026-09-01", "Start", "open"), ("2027-03-01", "Tur", "open"), ("2027-03-02", "Fest", "cancelled"),
    ]  # fmt: skip
    shown = run("show").output
    assert "10:00: Tur (5A)" in shown
    assert "Fest" not in shown
    assert "nothing to change" in run("import", str(tmp_path / "year.csv")).output


def test_wrong_lines_are_named_and_nothing_changes(run: Run, tmp_path: Path) -> None:
    result = run("import", write(tmp_path, ",2027-03-01,,,Tur,5A", ",2027-03-01,,,Tur,9Z", ",x,,,Tur,5A"), "--yes")
    assert result.exit_code == 2
    assert "year.csv: Line 3: there is no class 9Z" in result.output
    assert "year.csv: Line 4: the date x is not a date" in result.output
    assert "Nothing was changed." in result.output
    assert stored(tmp_path) == []


def test_a_calendar_file_says_for_whom_or_is_told(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "skole.ics"
    entry = "BEGIN:VEVENT\nUID:a\nSUMMARY:Tur\nDTSTART;VALUE=DATE:20270301\nRRULE:FREQ=DAILY;COUNT=2\nEND:VEVENT"
    file.write_text(f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{entry}\nEND:VCALENDAR\n", newline="\r\n")
    refused = run("import", str(file), "--yes")
    assert refused.exit_code == 2
    assert "skole.ics: Tur: nothing says whom it is for" in refused.output
    assert "9Z is no year and no class" in run("import", str(file), "--for", "9Z").output
    assert run("import", str(file), "--yes", "--for", "5. trinn", "--source", "sfo").exit_code == 0
    assert [row[:2] for row in stored(tmp_path)] == [("2027-03-01", "Tur"), ("2027-03-02", "Tur")]
    other = run("import", write(tmp_path, ",2027-03-05,,,Fest,5A"), "--yes")
    assert "cancelled" not in other.output, "another calendar of the school"
    assert len(stored(tmp_path)) == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("import", "year.pdf"), "neither a .csv nor an .ics file"),
        (("import", "missing.csv"), "cannot be read"),
        (("import", "year.csv", "--source", "old"), "small letters"),
        (("import", "year.csv", "--source", "A:B"), "small letters"),
        (("show",), "No dates are stored"),
    ],
)
def test_what_cannot_be_done_says_why(run: Run, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    write(tmp_path, ",2027-03-05,,,Fest,5A")
    assert said in run(*words).output
    assert stored(tmp_path) == []
