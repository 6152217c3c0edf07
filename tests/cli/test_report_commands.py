"""What the office takes out: lists for other systems and a page to print, as typed at a prompt."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import sqlite3
import stat
from collections.abc import Callable
from datetime import date, time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from bot.actions.absence.record import Facts, record
from bot.actions.absence_report_format import ABSENCE_COLUMNS, BOM, safe_cell, to_csv
from bot.cli.main import app
from bot.clock import Clock
from bot.domain.absence import AbsenceKind, AbsenceReason, AbsenceSource
from bot.domain.school import School
from storage.session import Database
from tests.conftest import import_example

Run = Callable[..., Result]
MONDAY = date(2026, 11, 23)


async def _fill(url: str) -> None:
    """Import the example school, with one pupil named to harm a spreadsheet, and store a week."""
    clock = Clock()
    database = Database(url, now=clock.now, school=School(name="Solbakken skole"))
    try:
        await import_example(database)
        async with database.unit_of_work() as uow:
            await _store(uow, "Ali Haddad", MONDAY, Facts(AbsenceKind.ABSENT, AbsenceReason.ILL))
            late = Facts(AbsenceKind.LATE, AbsenceReason.OTHER, ends=time(9, 15))
            await _store(uow, "Noah Berg", MONDAY, late)
            await _store(uow, "Sander Fjellheim", date(2026, 11, 24), Facts(AbsenceKind.ABSENT, AbsenceReason.UNKNOWN))
            await uow.commit()
    finally:
        await database.close()


async def _store(uow: object, pupil: str, day: date, facts: Facts) -> None:
    import sqlalchemy as sa

    from storage.session import UnitOfWork

    assert isinstance(uow, UnitOfWork)
    found = (await uow.execute(sa.text("SELECT id FROM pupil WHERE name = :name"), {"name": pupil})).scalar_one()
    await record(uow, [found], [day], facts, source=AbsenceSource.HOME, reported_by=None)


@pytest.fixture
def folder(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An office's folder: English, a school with a few absences."""
    monkeypatch.chdir(tmp_path)
    for name, value in {"DATABASE": sqlite_url, "LANGUAGE": "en", "SCHOOL": "Solbakken <skole>"}.items():
        monkeypatch.setenv(f"SKOLEBUD_{name}", value)
    asyncio.run(_fill(sqlite_url))
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    """Type `skolebud report …`."""

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(app, ["report", *words])

    return invoke


def change(folder: Path, statement: str, *values: object) -> None:
    """Change the database from outside."""
    connection = sqlite3.connect(folder / "skolebud.db")
    try:
        with connection:
            connection.execute(statement, values)
    finally:
        connection.close()


def audits(folder: Path) -> list[tuple[str, int | None, dict[str, object]]]:
    """Return what is recorded of taking lists out."""
    connection = sqlite3.connect(folder / "skolebud.db")
    try:
        found = connection.execute(
            "SELECT act, actor_id, detail FROM audit_entry WHERE act LIKE 'report.%' ORDER BY id"
        )
        return [(act, actor, json.loads(detail)) for act, actor, detail in found]
    finally:
        connection.close()


WEEK = ("--from", "2026-11-23", "--to", "27.11.2026")


class TestAbsences:
    def test_a_line_for_each_pupil_and_day(self, run: Run, folder: Path) -> None:
        result = run("absences", *WEEK)
        assert result.exit_code == 0, result.output
        rows = list(csv.DictReader(io.StringIO(result.stdout)))
        assert [row["pupil"] for row in rows] == ["Ali Haddad", "Noah Berg", "Sander Fjellheim"]
        assert tuple(rows[0]) == ABSENCE_COLUMNS
        late = rows[1]
        assert (late["class"], late["day"], late["kind"], late["reason"], late["from"], late["to"], late["source"]) == (
            "5A", "2026-11-23", "late", "other", "", "09:15", "home",
        )  # fmt: skip
        assert late["reported_at"][-6:] in {"+01:00", "+02:00"}, "the school's clock"
        [(act, actor, detail)] = audits(folder)
        assert (act, actor, detail["lines"], detail["first"]) == ("report.absences", None, 3, "2026-11-23")

    def test_one_class_as_json(self, run: Run) -> None:
        result = run("absences", *WEEK, "--class", "8c", "--format", "json")
        [row] = json.loads(result.stdout)
        assert (row["pupil"], row["class"], row["reason"]) == ("Sander Fjellheim", "8C", "unknown")

    def test_what_was_taken_back_is_not_there(self, run: Run, folder: Path) -> None:
        change(folder, "UPDATE absence SET state = 'withdrawn' WHERE kind = 'late'")
        assert "Noah Berg" not in run("absences", *WEEK).stdout

    def test_a_pupil_who_has_left_is_still_there(self, run: Run, folder: Path) -> None:
        change(folder, "UPDATE pupil SET left_at = '2026-11-25 10:00:00' WHERE name = 'Ali Haddad'")
        assert "Ali Haddad" in run("absences", *WEEK).stdout

    def test_a_file_for_excel_belongs_to_its_owner_and_is_not_written_over(self, run: Run, folder: Path) -> None:
        result = run("absences", *WEEK, "--excel", "--output", "out.csv")
        assert result.exit_code == 0
        assert result.stdout == ""
        data = (folder / "out.csv").read_bytes()
        assert data.startswith(b"\xef\xbb\xbfclass;pupil;day")
        assert stat.S_IMODE((folder / "out.csv").stat().st_mode) == 0o600
        again = run("absences", *WEEK, "--output", "out.csv")
        assert again.exit_code == 2
        assert "out.csv is there already" in again.stderr
        assert (folder / "out.csv").read_bytes() == data

    def test_a_name_that_would_be_a_formula_is_a_name(self, run: Run, folder: Path) -> None:
        change(folder, "UPDATE pupil SET name = ? WHERE name = 'Ali Haddad'", '=HYPERLINK("http://x.example")')
        rows = list(csv.DictReader(io.StringIO(run("absences", *WEEK).stdout)))
        assert rows[0]["pupil"] == '\'=HYPERLINK("http://x.example")'
        [row, *_] = json.loads(run("absences", *WEEK, "--format", "json").stdout)
        assert row["pupil"] == '=HYPERLINK("http://x.example")', "JSON runs nothing"

    def test_an_empty_time_says_so_and_is_still_a_file(self, run: Run) -> None:
        result = run("absences", "--from", "2026-01-01", "--to", "2026-01-31")
        assert result.exit_code == 0
        assert result.stdout.strip() == ",".join(ABSENCE_COLUMNS)
        assert "No absence is stored from" in result.stderr

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (("--from", "yesterday", "--to", "2026-11-27"), "I could not read that as a date."),
            (("--from", "2026-11-27", "--to", "2026-11-23"), "The last day is before the first one."),
            ((*WEEK, "--class", "9Z"), "There is no class 9Z. The classes are: 2B, 5A, 8C."),
            ((*WEEK, "--output", "nowhere/out.csv"), "nowhere/out.csv cannot be written."),
        ],
    )
    def test_what_is_wrong_is_one_sentence(self, run: Run, words: tuple[str, ...], sentence: str) -> None:
        result = run("absences", *words)
        assert result.exit_code == 2
        assert sentence in result.stderr
        assert result.stderr.count("\n") == 1
        assert result.stdout == ""

    def test_a_school_without_classes(self, sqlite_template: Path, folder: Path, run: Run) -> None:
        (folder / "skolebud.db").write_bytes(sqlite_template.read_bytes())
        result = run("absences", *WEEK)
        assert result.exit_code == 2
        assert "skolebud roster import" in result.stderr


class Page(HTMLParser):
    """What a browser would see: text in cells, and anything that would fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def page_of(text: str) -> Page:
    """Read a page as a browser would."""
    page = Page()
    page.feed(text)
    return page


class TestDay:
    def test_each_class_with_those_who_are_away(self, run: Run, folder: Path) -> None:
        result = run("day", "--day", "2026-11-23")
        assert result.exit_code == 0, result.output
        assert "5A: 2 of" in result.stdout
        assert "  Ali Haddad: illness" in result.stdout
        assert "  Noah Berg: late, comes at 09:15 (another reason)" in result.stdout
        assert "8C" in result.stdout
        assert "nobody is away" in result.stdout
        assert [entry[0] for entry in audits(folder)] == ["report.day"]

    def test_the_page_stands_alone_and_shows_a_hostile_name_as_it_is(self, run: Run, folder: Path) -> None:
        hostile = '<script src="//x.example">علي</script>'
        change(folder, "UPDATE pupil SET name = ? WHERE name = 'Ali Haddad'", hostile)
        result = run("day", "--day", "2026-11-23", "--class", "5A", "--format", "html", "--output", "day.html")
        assert result.exit_code == 0, result.output
        text = (folder / "day.html").read_text(encoding="utf-8")
        page = page_of(text)
        assert hostile in page.text
        assert "Solbakken <skole>" in page.text
        assert not {"script", "link", "img", "iframe"} & set(page.tags)
        assert not [name for name, _ in page.attributes if name in {"src", "href"} or name.startswith("on")]
        assert page.tags.count("bdi") >= 3, "names keep their own direction"
        assert "@page { size: A4" in text

    def test_a_day_without_school_says_why(self, run: Run) -> None:
        result = run("day", "--day", "2026-11-22")
        assert result.exit_code == 0
        assert "is in the weekend: no school." in result.stderr

    def test_a_day_on_which_everybody_is_there(self, run: Run) -> None:
        result = run("day", "--day", "2026-11-26")
        assert "Nobody is away on" in result.stderr

    def test_today_without_a_day(self, run: Run) -> None:
        assert run("day").exit_code == 0


class TestLeave:
    def test_requests_and_how_they_stand_without_what_was_written(self, run: Run, folder: Path) -> None:
        for day, state in (("2026-12-14", "granted"), ("2027-01-11", "refused")):
            change(
                folder,
                "INSERT INTO leave_request (pupil_id, asked_by, asked_at, first, last, days, why, why_language, state,"
                " version, by_leadership, decided_at, decision_text, decision_language)"
                " SELECT p.id, g.person_id, '2026-11-20 09:00:00', ?, ?, 1, 'bryllup', 'nb', ?, 1, 0,"
                " '2026-11-21 09:00:00', 'hyggelig', 'nb' FROM pupil p JOIN guardianship g ON g.pupil_id = p.id"
                " WHERE p.name = 'Noah Berg' LIMIT 1",
                day, day, state,
            )  # fmt: skip
        result = run("leave", "--from", "2026-08-01", "--to", "2027-07-31")
        assert result.exit_code == 0, result.output
        rows = list(csv.DictReader(io.StringIO(result.stdout)))
        assert [(row["pupil"], row["first"], row["state"]) for row in rows] == [
            ("Noah Berg", "2026-12-14", "granted"),
            ("Noah Berg", "2027-01-11", "refused"),
        ]
        assert "bryllup" not in result.stdout
        assert "hyggelig" not in result.stdout

    def test_nobody_has_asked(self, run: Run) -> None:
        result = run("leave", "--class", "5A")
        assert result.exit_code == 0
        assert "Nobody has asked for leave" in result.stderr


@given(st.lists(st.text(max_size=20), min_size=1, max_size=5), st.booleans())
def test_no_cell_of_a_file_begins_a_formula(cells: list[str], excel: bool) -> None:
    text = to_csv(["pupil"], [{"pupil": cell} for cell in cells], excel=excel)
    rows = list(csv.reader(io.StringIO(text.removeprefix(BOM), newline=""), delimiter=";" if excel else ","))[1:]
    for row in rows:
        assert not row or not row[0].lstrip().startswith(("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"))


@pytest.mark.parametrize("name", ["Ali", "O'Brien", "Ødegård, Åse", "علي", 12, ""])
def test_an_ordinary_cell_stays_as_it_is(name: str | int) -> None:
    assert safe_cell(name) == name
