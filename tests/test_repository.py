"""What the repository says about itself is true: README, settings, commands, links, locks."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from pydantic import SecretStr

from bot.cli.main import app
from bot.i18n import languages
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md")))
LOCKS = ("requirements.lock", "requirements-dev.lock")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def tracked() -> tuple[str, ...]:
    """Every file that git keeps."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(name for name in listed.split("\0") if name and (ROOT / name).is_file())


def project() -> dict[str, object]:
    return dict(tomllib.loads(read("pyproject.toml"))["project"])


def defaults() -> dict[str, str]:
    """Every setting's variable with its default as an operator would write it."""
    found = {}
    for name, field in Settings.model_fields.items():
        value = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
        found[f"SKOLEBUD_{name.upper()}"] = str(value)
    return found


# Settings


def test_readme_tells_every_setting_with_its_default_and_meaning() -> None:
    described = {f"SKOLEBUD_{name.upper()}": field.description for name, field in Settings.model_fields.items()}
    wanted = [
        f"| `{name}` | {f'`{default}`' if default else 'empty'} | {described[name]} |"
        for name, default in defaults().items()
    ]
    there = [line for line in read("README.md").splitlines() if line.startswith("| `SKOLEBUD_")]
    assert sorted(there) == sorted(wanted), "write these lines:\n" + "\n".join(wanted)


def test_env_example_names_every_setting_and_shows_the_defaults() -> None:
    lines = re.findall(r"^#?(SKOLEBUD_[A-Z_]+)=(.*)$", read(".env.example"), re.MULTILINE)
    assert len(lines) == len(dict(lines))
    assert dict(lines) == defaults()


def test_compose_file_sets_only_what_the_bot_reads_and_holds_no_secret() -> None:
    compose = yaml.safe_load(read("compose.yaml"))
    bot, database = compose["services"]["bot"], compose["services"]["database"]
    assert set(bot["environment"]) <= set(defaults())
    assert bot["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert compose["services"]["migrate"]["command"] == ["migrate"]
    assert database["environment"]["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")
    assert "${POSTGRES_PASSWORD:?" in bot["environment"]["SKOLEBUD_DATABASE"]
    assert "ports" not in database
    assert all(port.startswith("127.0.0.1:") for port in bot["ports"])


def test_image_gets_every_package_of_the_wheel_and_no_more() -> None:
    wheel = tomllib.loads(read("pyproject.toml"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    wanted = {*wheel["packages"], *wheel["shared-data"]}
    copied = {source for source, target in re.findall(r"^COPY (\S+) (\S+)$", read("Dockerfile"), re.MULTILINE)}
    let_in = {line[1:] for line in read(".dockerignore").splitlines() if line.startswith("!")}
    assert wanted <= copied
    assert copied <= let_in | {"requirements.lock"}
    assert {"pyproject.toml", "requirements.lock", "README.md", "LICENSE"} | wanted == let_in


# Commands


def commands_in(text: str) -> set[str]:
    """Every `skolebud …` that a page tells somebody to type."""
    typed = re.findall(r"(?:\.venv/bin/|`|ExecStart\w*=\S*/)skolebud( [^`\n#;]*)?", text)
    in_docker = re.findall(r"docker compose run .* bot ([^`\n#]+)", text)
    return {line.strip() for line in (*typed, *in_docker) if line.strip()}


def check_command(line: str) -> None:
    """Walk down the command's words; hold every option against what the command knows."""
    command: Any = typer.main.get_command(app)
    words = line.split()
    while words and words[0] in getattr(command, "commands", ()):
        command = command.commands[words.pop(0)]
    assert not hasattr(command, "commands"), f"there is no `skolebud {line}`"
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    used = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert used <= known, f"`skolebud {line}`: {used - known}"


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_a_page_names_exists(page: str) -> None:
    for line in commands_in(read(page)):
        check_command(line)


def test_readme_shows_the_commands_that_a_school_needs() -> None:
    shown = {" ".join(line.split()[:2]) for line in commands_in(read("README.md"))}
    for needed in ("migrate", "run", "check", "roster import", "letters --out", "person show", "person block"):
        assert needed in shown


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_that_a_page_names_exists_and_is_explained(page: str) -> None:
    explained = set(re.findall(r"^([a-z0-9-]+):.*## ", read("Makefile"), re.MULTILINE))
    used = set(re.findall(r"(?:^|`)make(?: -C \S+)? ([a-z][a-z0-9-]*)", read(page), re.MULTILINE))
    assert used <= explained


def test_make_help_explains_every_target() -> None:
    listed = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = re.search(r"^\.PHONY: (.*)$", read("Makefile"), re.MULTILINE)
    assert targets is not None
    assert [name for name in targets[1].split() if f"  make {name} " not in listed] == []


# Pages


def anchors(page: Path) -> set[str]:
    """The headings of a page as links name them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_every_link_between_the_pages_leads_somewhere(page: str) -> None:
    here = (ROOT / page).parent
    for target in re.findall(r"\]\(([^)\s]+)\)", read(page)):
        if target.startswith(("https://", "http://")):
            continue
        name, _, anchor = target.partition("#")
        path = here / name if name else ROOT / page
        assert path.exists(), f"{page} links to {target}"
        assert not anchor or anchor in anchors(path), f"{page} links to {target}"


def test_readme_tells_which_languages_are_live_and_who_has_read_them() -> None:
    rows = re.findall(r"^\| ([a-z]{2}) \| (.+?) \| (.+?) \|$", read("README.md"), re.MULTILINE)
    live = [(code, one.name, one.draft) for code, one in languages().items()]
    assert [(code, name, read_by.startswith("not yet")) for code, name, read_by in rows] == live


def test_changelog_begins_with_the_version_that_the_project_has() -> None:
    newest = re.search(r"^## (\S+)", read("CHANGELOG.md"), re.MULTILINE)
    assert newest is not None
    assert newest[1] == project()["version"]


def test_the_licence_is_the_one_that_the_project_names() -> None:
    assert read("LICENSE").startswith("MIT License\n")
    assert project()["license"] == "MIT"


# Files


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_of_a_lock_carries_hashes_and_no_address(lock: str) -> None:
    text = read(lock)
    assert "://" not in text
    assert "index-url" not in text
    pins = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(pins) > 30
    for pin in pins:
        name = pin.split()[0]
        assert re.fullmatch(r"[A-Za-z0-9._-]+(\[[a-z,-]+\])?==[^\s;]+", name.rstrip(";")), name
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", pin), f"{name} has no hash"


def test_both_locks_pin_the_same_versions() -> None:
    run, dev = (dict(re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", read(lock), re.MULTILINE)) for lock in LOCKS)
    assert run.items() <= dev.items()
    needed = {re.split(r"[\[><=]", str(line))[0].lower() for line in project()["dependencies"]}  # type: ignore[attr-defined]
    assert needed <= run.keys()


PRIVATE = {
    "a place on somebody's machine": r"(?<![\w.])/(home|root|wor[k]|Users)/\w",
    "a package registry's host": r"py[p]i\.(org|io)|python[h]osted|registry\.np[m]js|deb\.debia[n]\.org",
    "a bot's token": r"\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b",
    "a private key": r"BEGIN [A-Z ]*PRIVATE KE[Y]",
    "a merge that was not finished": r"^<{7} |^>{7} ",
}


@pytest.mark.parametrize("what", PRIVATE)
def test_no_tracked_file_holds(what: str) -> None:
    pattern = re.compile(PRIVATE[what], re.MULTILINE)
    found = []
    for name in tracked():
        try:
            text = read(name)
        except UnicodeDecodeError:
            continue
        found += [f"{name}: {match[0]}" for match in pattern.finditer(text)]
    assert found == []


def test_no_secret_no_database_and_no_letter_is_tracked() -> None:
    kinds = (".env", ".db", ".db-wal", ".pem", ".key", ".mo", ".pyc")
    assert [name for name in tracked() if name.endswith(kinds) or name.startswith(("letters/", ".demo/"))] == []


def test_ci_script_can_be_run() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert subprocess.run(["bash", "-n", ".ci/run"], cwd=ROOT, check=False).returncode == 0


def test_a_skipped_test_fails_where_every_test_has_to_run(tmp_path: Path) -> None:
    test = tmp_path / "test_left_out.py"
    test.write_text("import pytest\n\ndef test_left_out() -> None:\n    pytest.skip('no such server here')\n")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.conftest",
        "-p",
        "no:cacheprovider",
        "-c",
        "/dev/null",
        str(test),
    ]

    def outcome(**environment: str) -> tuple[int, str]:
        kept = {key: value for key, value in os.environ.items() if key != "SKOLEBUD_TEST_REQUIRE"}
        done = subprocess.run(
            command, cwd=ROOT, env={**kept, **environment}, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout

    code, told = outcome()
    assert code == 0
    assert "1 skipped" in told
    code, told = outcome(SKOLEBUD_TEST_REQUIRE="all")
    assert code == 1
    assert "1 failed" in told
    assert "no such server here" in told
