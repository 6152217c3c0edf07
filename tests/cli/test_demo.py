"""`skolebud demo` as a newcomer types it: the story as text, the first start, the second, the end."""

from __future__ import annotations

import logging
import os
import re
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.demo.conversation import CALM_DOWN, CLUMSY, FORGOTTEN_NB, GLAD, GLAD_NB, MORE_HELP, RIGHT
from bot.cli.demo.folder import DemoFolder
from bot.cli.demo.stage import ZONE, Stage, opening_time
from bot.cli.demo.story import ALI, ILL_TODAY, ZOFIA, play_story
from bot.cli.demo.story_talks import FIRST, LATER
from bot.cli.main import app
from bot.domain.notices import NoticeKind
from bot.i18n import texts
from bot.i18n.words import KIND_NAMES

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")
SECONDS = 90
LOGGERS = ("aiogram", "apscheduler", "aiohttp.access", "sqlalchemy")
"""Whose levels the command sets, beside the root's."""

Run = Callable[..., Result]


def demo(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `skolebud demo` to its end."""
    return subprocess.run(
        _command(words), env=_environment(settings), capture_output=True, text=True, timeout=SECONDS, check=False
    )


def _command(words: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", "bot", "demo", *words]


def _environment(settings: dict[str, str]) -> dict[str, str]:
    return {**os.environ, "PYTHONUTF8": "1", **settings}


@contextmanager
def running_demo(folder: Path, port: int = 0, **settings: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a demo until it has printed where its page is; give the process and what it printed."""
    words = ("--no-browser", "--folder", str(folder), "--port", str(port))
    with subprocess.Popen(
        _command(words),
        env={**_environment(settings), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            said = ""
            while "--fresh" not in said and (line := process.stdout.readline()):
                said += line
            yield process, said
        finally:
            process.kill()


def test_story_is_told_in_everybodys_language_and_ends_well() -> None:
    told = demo("--story")
    assert told.returncode == 0, told.stderr
    assert told.stderr == ""
    screens: dict[str, str] = {}
    for name, screen in re.findall(r"^\[([^\]\n]+)\]\n(.*?)(?=\n\n\[|\n━━|\Z)", told.stdout, re.DOTALL | re.MULTILINE):
        screens[name] = screens.get(name, "") + screen
    assert list(screens) == [
        "Kari Nordmann",
        "Piotr Kowalski",
        "Amina Haddad",
        "Ingrid Berg",
        "Omar Haddad",
        "Anna Kowalska",
        "Yusuf Rahman",
    ]
    for name, language in {"Piotr Kowalski": "pl", "Amina Haddad": "ar", "Ingrid Berg": "nb"}.items():
        tr = texts(language).plain
        for sentence in (KIND_NAMES[NoticeKind.OUTDOOR], "Understood", "I have a question", "Please call me"):
            assert str(tr.gettext(sentence)) in screens[name]
    assert str(texts("nb").plain.ngettext("{n} understood", "{n} understood", 1)) in screens["Kari Nordmann"]
    assert ILL_TODAY in screens["Amina Haddad"]
    assert str(texts("ar").plain.gettext("Shall I report this?")) in screens["Amina Haddad"]
    lists = screens["Kari Nordmann"].split("<- 📋")
    told_by_home = str(texts("nb").plain.gettext("{what}, told by the home", what=texts("nb").plain.gettext("illness")))
    assert lists[-3].count(told_by_home) == 2
    assert "❔ " in lists[-2]
    assert f"{ZOFIA}: {told_by_home}" in lists[-1]
    board = screens["Kari Nordmann"].split("<- 🗣")[-1]
    assert [board.count(f"{clock} {name}") for clock, name in ((FIRST, ALI), (LATER, ZOFIA))] == [1, 1]
    interpreted = str(texts("ar").plain.gettext("🗣 Interpreter: {details}", details=""))
    assert interpreted.strip() in screens["Amina Haddad"].split("<- 🗣")[-1]
    assert str(texts("pl").plain.gettext("🗣 No interpreter")) in screens["Piotr Kowalski"].split("<- 🗣")[-1]
    assert all(sentence in screens["Kari Nordmann"] for sentence in (*FORGOTTEN_NB, GLAD, GLAD_NB))
    answers = screens["Amina Haddad"].split("<- ✉️ ")
    assert [CLUMSY in answers[-3], RIGHT in answers[-2], MORE_HELP in answers[-1]] == [True] * 3
    assert [text in screens["Yusuf Rahman"] for text in (CALM_DOWN, CLUMSY, GLAD)] == [True] * 3
    nothing = texts("nb").plain.gettext("Nothing waits for you. When something does, you are told.")
    assert str(nothing) in screens["Yusuf Rahman"].split("<- ")[-1]


@pytest.mark.parametrize(
    ("began", "missed_on"),
    [("2027-03-24T12:50", "Tuesday 30 March"), ("2026-12-31T16:30", "Tuesday 5 January")],
    ids=["before Easter", "new year's eve, in the evening"],
)
async def test_story_can_be_told_on_any_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], began: str, missed_on: str
) -> None:
    stage = Stage(tmp_path, undo_seconds=1, founded=datetime.fromisoformat(began).replace(tzinfo=ZONE))
    async with stage.running(port=0):
        await play_story(stage, patience=SECONDS)
    assert f"it is {missed_on}, 08:35" in capsys.readouterr().out


@pytest.fixture
def demo_here() -> Iterator[Run]:
    """Run `skolebud demo` to its end without a process of its own; the log's settings are put back afterwards."""
    root = logging.getLogger()
    loggers = [root, *map(logging.getLogger, LOGGERS)]
    handlers, levels = root.handlers[:], [logger.level for logger in loggers]
    yield lambda *words: CliRunner().invoke(app, ["demo", *words])
    root.handlers[:] = handlers
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def test_story_that_does_not_go_on_says_where_and_fails(demo_here: Run) -> None:
    told = demo_here("--story", "--patience", "0")
    assert told.exit_code == 1
    assert isinstance(told.exception, SystemExit), "it ends by itself, without a traceback"
    assert told.stderr.startswith("The story broke off. Kari Nordmann ")
    assert "Traceback" not in told.stderr


def test_second_start_leads_to_the_open_page_and_ctrl_c_closes_it_quietly(tmp_path: Path, demo_here: Run) -> None:
    folder = tmp_path / "demo"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        # what is set up on this machine for a real school has no say in the demo
        with running_demo(folder, port, SKOLEBUD_TIMEZONE="Nowhere", SKOLEBUD_TOKEN="broken") as (process, said):
            assert f"Port {port} is taken" in said
            (address,) = set(ADDRESS.findall(said))
            second = demo_here("--no-browser", "--folder", str(folder))
            assert second.exit_code == 0
            assert address in second.stdout
            fresh = demo_here("--no-browser", "--fresh", "--folder", str(folder))
            assert fresh.exit_code == 1
            assert address in fresh.stderr
            assert process.poll() is None
            process.send_signal(signal.SIGINT)
            said, complaints = process.communicate(timeout=SECONDS)
    assert process.returncode == 0
    assert "Everything is kept." in said
    assert complaints == ""
    assert DemoFolder(folder).open_address() is None


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-23T10:15", "2026-11-23T10:15"),
        ("2026-11-23T06:00", "2026-11-23T08:15"),
        ("2026-11-23T08:00", "2026-11-23T08:00"),
        ("2026-11-23T13:01", "2026-11-24T08:15"),
        ("2026-11-23T19:30", "2026-11-24T08:15"),
        ("2026-11-27T16:01", "2026-11-30T08:15"),
        ("2026-11-28T11:00", "2026-11-30T08:15"),
        ("2026-11-29T23:59", "2026-11-30T08:15"),
        ("2026-10-24T12:00", "2026-10-26T08:15"),
        ("2027-03-25T10:00", "2027-03-30T08:15"),
        ("2026-12-31T20:00", "2027-01-04T08:15"),
    ],
    ids=[
        "in school",
        "early",
        "the lists are there",
        "school is nearly over",
        "evening",
        "friday afternoon",
        "saturday",
        "sunday night",
        "summer time ends",
        "Easter",
        "new year",
    ],
)
def test_school_opens_in_school_hours_only(now: str, opens: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=ZONE)
    assert opening_time(moment).astimezone(ZONE).replace(tzinfo=None) == datetime.fromisoformat(opens)


class TestFolder:
    def test_the_token_is_its_own_stays_and_only_the_owner_can_read_it(self, tmp_path: Path) -> None:
        first, other = DemoFolder(tmp_path / "a"), DemoFolder(tmp_path / "b")
        for folder in (first, other):
            folder.make_ready()
        assert first.token() != other.token()
        assert first.token() == DemoFolder(tmp_path / "a").token()
        assert stat.S_IMODE((tmp_path / "a" / "token").stat().st_mode) == 0o600

    def test_a_first_start_that_broke_off_is_cleared_away_and_begins_anew(self, tmp_path: Path) -> None:
        (tmp_path / "school.db").write_bytes(b"half a school")
        (tmp_path / "telegram.json").write_text("{}")
        folder = DemoFolder(tmp_path)
        assert folder.is_new
        folder.make_ready()
        assert list(tmp_path.iterdir()) == []

    def test_forgetting_leaves_what_is_not_the_demos(self, tmp_path: Path) -> None:
        (tmp_path / "notes.txt").write_text("mine")
        folder = DemoFolder(tmp_path)
        folder.token()
        folder.keep_ahead(timedelta(hours=1))
        assert folder.ahead == timedelta(hours=1)
        folder.forget()
        assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
        assert folder.ahead is None

    def test_an_address_left_by_a_crash_counts_for_nothing(self, tmp_path: Path) -> None:
        folder = DemoFolder(tmp_path)
        folder.token()
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        folder.opened(f"http://127.0.0.1:{port}/")
        assert folder.open_address() is None
