"""A language's file is checked when it is read, and a new language needs nothing but its file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.i18n import languages
from bot.understanding import BadPhrases, ChildName, Intent, Understanding, check_phrases

NOW = datetime(2026, 11, 24, 7, 15)  # noqa: DTZ001 - the school's wall clock
MADE_UP = """
links: {until: [ki], joined: [ja]}
say:
  ill: [zub*]
  absent: ["ne tula"]
  past: [bi]
  question: [ka]
  not: [ne]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / "languages.yaml").write_text("xx: {name: Madeup, locale: en_GB, review: draft}", encoding="utf-8")
    (tmp_path / "xx").mkdir()
    monkeypatch.setenv("SKOLEBUD_LOCALES", str(tmp_path))
    languages.cache_clear()
    yield tmp_path
    languages.cache_clear()


def write(folder: Path, text: str) -> None:
    (folder / "xx" / "phrases.yaml").write_text(text, encoding="utf-8")


def test_a_made_up_language_needs_only_its_file(folder: Path) -> None:
    write(folder, MADE_UP)
    home = [ChildName(1, "Mira Sol")]
    understanding = Understanding()
    found = understanding.understand("Mira zubali friday", "xx", home, NOW)
    assert found is not None
    assert (found.intent, found.children) == (Intent.REPORT_ABSENCE, (1,))
    assert found.first == datetime(2026, 11, 27).date()  # noqa: DTZ001
    assert understanding.understand("ka Mira zubali", "xx", home, NOW) is None
    assert understanding.understand("Mira bi zubali", "xx", home, NOW) is None


def test_a_language_without_phrases_is_a_message(folder: Path) -> None:
    assert Understanding().understand("Mira zubali", "xx", [ChildName(1, "Mira Sol")], NOW) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("say: {illl: [x]}", "say.illl: is no group"),
        ("say: {ill: [yes]}", "say.ill: True is not text"),
        ("say: {ill: x}", "say.ill: is not a list"),
        ("say: {ill: ['... x']}", "say.ill: '... x' begins or ends"),
        ("say: {ill: ['{kid} x']}", "unknown slot {kid}"),
        ("numbers: {one: 'a'}", "numbers.one: is not a int"),
        ("hello: 1", "hello: is no key"),
        ("say: [", "is not YAML"),
        ("- a", "is not a mapping"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_key(folder: Path, text: str, told: str) -> None:
    write(folder, text)
    assert any(told in problem and "phrases.yaml" in problem for problem in check_phrases("xx"))
    with pytest.raises(BadPhrases, match=r"phrases\.yaml"):
        Understanding().warm()


def test_the_live_languages_files_are_in_order() -> None:
    assert [problem for code in languages() for problem in check_phrases(code)] == []
