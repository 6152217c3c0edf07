"""Own children are found as they are called, and nobody else's are."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.understanding import ChildName, Intent
from handlers.languages import understand

NOW = datetime(2026, 11, 24, 7, 15)  # noqa: DTZ001 - the school's wall clock


def children_in(text: str, language: str, *names: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    found = understand(text, language, [ChildName(i, name) for i, name in enumerate(names)], NOW)
    assert found is not None
    return found.children, found.candidates


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("Nie ma dziś Zuzi", "pl", "Zuzanna Kowalska"),
        ("Kuby nie będzie", "pl", "Jakub Kowalski"),
        ("Pawła dziś nie będzie", "pl", "Paweł Nowak"),
        ("Alego dziś nie będzie", "pl", "Ali Hassan"),
        ("Kuba er syk", "nb", "Jakub Kowalski"),
        ("Nooah er syk", "nb", "Noah Hansen"),
        ("ola henrik er syk", "nb", "Ola-Henrik Lund"),
        ("يوسف مريض اليوم", "ar", "Yousef Haddad"),
        ("حسين مريض اليوم", "ar", "Hussein Haddad"),
        ("زينب مريضة", "ar", "Zainab Haddad"),
        ("نور مريضة", "ar", "Noor Haddad"),
        ("Ali مريض", "ar", "Ali Haddad"),
    ],
)
def test_a_child_is_found_as_it_is_called(text: str, language: str, name: str) -> None:
    assert children_in(text, language, "Theodor Berg", name) == ((1,), ())


def test_a_short_form_of_two_children_gives_both_as_candidates() -> None:
    assert children_in("Ola er syk", "nb", "Ola-Henrik Lund", "Ola-Martin Lund") == ((), (0, 1))


def test_a_whole_name_is_the_childs_who_bears_it() -> None:
    assert children_in("Ola er syk", "nb", "Ola Lund", "Ola-Martin Lund") == ((0,), ())


def test_both_children() -> None:
    assert children_in("Noah og Sofie er syke", "nb", "Noah Hansen", "Sofie Hansen")[0] == (0, 1)
    assert children_in("begge barna er syke", "nb", "Noah Hansen", "Sofie Hansen")[0] == (0, 1)


def test_who_is_well_is_not_reported() -> None:
    text = "Noah er syk, men Sofie kommer som vanlig"
    assert children_in(text, "nb", "Noah Hansen", "Sofie Hansen")[0] == (0,)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Sofia er syk", "nb"),
        ("Noahs bror er syk", "nb"),
        ("Sara's brother is sick", "en"),
        ("Emma i 5B er syk", "nb"),
        ("Brat Kuby jest chory", "pl"),
        ("أخت علي مريضة", "ar"),
        ("الموعد بكرا صعب علي لأني مريضة", "ar"),
    ],
)
def test_someone_else_is_not_reported(text: str, language: str) -> None:
    names = ["Sofie Hansen", "Noah Hansen", "Sara Miller", "Jakub Nowak", "Ali Haddad"]
    found = understand(text, language, [ChildName(i, name) for i, name in enumerate(names)], NOW)
    assert found is None or found.intent not in {Intent.REPORT_ABSENCE, Intent.EXTEND}
