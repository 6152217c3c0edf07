"""The office's commands, as they are typed: what they print, what they refuse, what they leave behind."""

from __future__ import annotations

import json
import re
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import app
from bot.domain.codes import normalise_code
from tests.conftest import EXAMPLE

Run = Callable[..., Result]

PEOPLE, STAFF = str(EXAMPLE / "people.csv"), str(EXAMPLE / "staff.csv")


@pytest.fixture
def environment(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An operator's folder: English, a migrated database, no token."""
    monkeypatch.chdir(tmp_path)
    for name, value in {"DATABASE": sqlite_url, "LANGUAGE": "en", "SCHOOL": "Solbakken skole"}.items():
        monkeypatch.setenv(f"SKOLEBUD_{name}", value)
    monkeypatch.delenv("SKOLEBUD_TOKEN", raising=False)
    return tmp_path


@pytest.fixture
def run(environment: Path) -> Run:
    def invoke(*words: str, typed: str = "") -> Result:
        return CliRunner().invoke(app, list(words), input=typed)

    return invoke


@pytest.fixture
def imported(run: Run) -> Run:
    result = run("roster", "import", PEOPLE, "--staff", STAFF, "--yes")
    assert result.exit_code == 0, result.output
    return run


def count(environment: Path, name: str) -> int:
    with sqlite3.connect(environment / "skolebud.db") as connection:
        (found,) = connection.execute(f"SELECT count(*) FROM {name}").fetchone()
    connection.close()
    return int(found)


class TestImport:
    def test_the_preview_is_shown_and_a_no_changes_nothing(self, run: Run, environment: Path) -> None:
        result = run("roster", "import", PEOPLE, "--staff", STAFF, typed="no\n")
        assert result.exit_code == 1
        assert "New pupils: 71" in result.output
        assert "Roar Fjellheim is shut out of everything about Sander Fjellheim" in result.output
        assert "and 51 more" in result.output
        assert "Marit Lund: principal" in result.output
        assert count(environment, "pupil") == 0

    def test_a_yes_applies_it_and_again_there_is_nothing_to_change(self, run: Run, environment: Path) -> None:
        assert run("roster", "import", PEOPLE, "--staff", STAFF, typed="yes\n").exit_code == 0
        assert count(environment, "pupil") == 71
        again = run("roster", "import", PEOPLE, "--staff", STAFF)
        assert again.exit_code == 0
        assert "nothing to change" in again.output

    def test_a_dry_run_changes_nothing(self, run: Run, environment: Path) -> None:
        result = run("roster", "import", PEOPLE, "--dry-run")
        assert result.exit_code == 0
        assert count(environment, "person") == 0

    def test_wrong_lines_are_named_and_nothing_is_applied(self, run: Run, environment: Path) -> None:
        file = environment / "people.csv"
        file.write_text(Path(PEOPLE).read_text(encoding="utf-8").replace("2019-09-18", "31/5/16"), encoding="utf-8")
        result = run("roster", "import", str(file), "--yes")
        assert result.exit_code == 2
        assert "people.csv: Line 2: the date 31/5/16 is not a date." in result.stderr
        assert "people.csv: Line 3:" in result.stderr
        assert "New pupils" not in result.output
        assert count(environment, "person") == 0

    def test_what_contradicts_the_stored_school_is_named_too(self, imported: Run, environment: Path) -> None:
        file = environment / "people.csv"
        text = Path(PEOPLE).read_text(encoding="utf-8")
        line = next(line for line in text.splitlines() if "Roar" in line)
        file.write_text(
            text.replace(line, line.replace("400 00 127", "999 99 999").replace("yes", "")), encoding="utf-8"
        )
        result = imported("roster", "import", str(file), "--yes")
        assert result.exit_code == 2
        assert "people.csv: Line 105: Roar Fjellheim is, or may be" in result.stderr

    def test_half_a_file_needs_to_be_meant(self, imported: Run, environment: Path) -> None:
        file = environment / "people.csv"
        lines = Path(PEOPLE).read_text(encoding="utf-8").splitlines()
        file.write_text("\n".join(lines[:60]), encoding="utf-8")
        result = imported("roster", "import", str(file), "--yes")
        assert result.exit_code == 2
        assert "--allow-large" in result.stderr
        assert imported("roster", "import", str(file), "--yes", "--allow-large").exit_code == 0

    def test_a_file_that_is_not_there(self, run: Run) -> None:
        result = run("roster", "import", "missing.csv")
        assert result.exit_code == 2
        assert "missing.csv cannot be read" in result.stderr

    def test_a_database_that_is_not_ready(self, run: Run, monkeypatch: pytest.MonkeyPatch, environment: Path) -> None:
        monkeypatch.setenv("SKOLEBUD_DATABASE", f"sqlite:///{environment / 'other.db'}")
        result = run("roster", "import", PEOPLE)
        assert result.exit_code == 2
        assert "skolebud migrate" in result.stderr
        assert not (environment / "other.db").exists()

    def test_a_wrong_setting_is_named(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SKOLEBUD_LANGUAGE", "xx")
        result = run("roster", "import", PEOPLE)
        assert result.exit_code == 2
        assert "SKOLEBUD_LANGUAGE" in result.stderr


class TestLetters:
    def letters(self, run: Run, *more: str) -> Result:
        return run("letters", "--out", "letters", "--bot-username", "skolebud_bot", *more)

    def test_they_are_written_for_their_owner_alone(self, imported: Run, environment: Path) -> None:
        result = self.letters(imported)
        assert result.exit_code == 0, result.output
        folder = environment / "letters"
        assert {path.name for path in folder.iterdir()} == {
            "letters.txt",
            "letters.json",
            "letters.html",
            "staff-codes.txt",
        }
        assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in folder.iterdir())
        assert "117 letters" in result.output

    def test_the_second_codes_are_in_no_letter(self, imported: Run, environment: Path) -> None:
        self.letters(imported)
        folder = environment / "letters"
        seconds = re.findall(r"\b[0-9]{8}\b", (folder / "staff-codes.txt").read_text(encoding="utf-8"))
        assert len(seconds) == 8
        for name in ("letters.txt", "letters.json", "letters.html"):
            text = (folder / name).read_text(encoding="utf-8")
            assert not [second for second in seconds if second in text]

    def test_the_printed_page(self, imported: Run, environment: Path) -> None:
        self.letters(imported)
        page = (environment / "letters" / "letters.html").read_text(encoding="utf-8")
        assert page.count("<article") == page.count("<svg") == 117
        assert page.count('<article lang="ar" dir="rtl">') > 0
        assert "http-equiv" not in page
        assert "<script" not in page

    def test_codes_in_the_files_are_codes(self, imported: Run, environment: Path) -> None:
        self.letters(imported, "--format", "json", "--class", "5A")
        made = json.loads((environment / "letters" / "letters.json").read_text(encoding="utf-8"))
        assert made
        assert all(normalise_code(one["code"]) == normalise_code(one["link"]) for one in made)
        assert not (environment / "letters" / "letters.html").exists()

    def test_letters_that_may_be_needed_are_not_written_over(self, imported: Run, environment: Path) -> None:
        self.letters(imported)
        before = count(environment, "entry_code")
        result = self.letters(imported, "--again")
        assert result.exit_code == 2
        assert "letters.txt is there already" in result.stderr
        assert count(environment, "entry_code") == before

    def test_without_a_token_the_name_of_the_bot_is_asked_for(self, imported: Run) -> None:
        result = imported("letters", "--out", "letters")
        assert result.exit_code == 2
        assert "--bot-username" in result.stderr


class TestPerson:
    def test_show(self, imported: Run) -> None:
        result = imported("person", "show", "roar fjellheim")
        assert result.exit_code == 0
        assert "Sander Fjellheim (8C), father: blocked" in result.output
        assert "Has not joined yet." in result.output

    def test_several_of_one_name_are_told_apart(self, imported: Run) -> None:
        result = imported("person", "show", "Anne Larsen")
        assert result.exit_code == 2
        (key, *_) = re.findall(r"tel:\+47\d{8}", result.stderr)
        assert imported("person", "show", key).exit_code == 0

    def test_block_and_unblock(self, imported: Run) -> None:
        assert imported("person", "block", "Omar Haddad", "--pupil", "Ali Haddad").exit_code == 0
        assert "blocked" in imported("person", "show", "Omar Haddad").output
        assert imported("person", "unblock", "Omar Haddad", "--pupil", "Ali Haddad", typed="no\n").exit_code == 1
        assert "blocked" in imported("person", "show", "Omar Haddad").output
        assert imported("person", "unblock", "Omar Haddad", "--pupil", "Ali Haddad", typed="yes\n").exit_code == 0
        assert "blocked" not in imported("person", "show", "Omar Haddad").output

    def test_a_pupil_of_somebody_else(self, imported: Run) -> None:
        result = imported("person", "block", "Omar Haddad", "--pupil", "Noah Berg")
        assert result.exit_code == 2
        assert "Ali Haddad" in result.stderr

    def test_unlink(self, imported: Run) -> None:
        result = imported("person", "unlink", "Omar Haddad", "--yes")
        assert result.exit_code == 0
        assert "has not joined with any phone" in result.output
