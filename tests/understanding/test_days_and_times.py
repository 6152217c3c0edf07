"""Days, ranges and times of day as they stand in sentences. Now is Tuesday 2026-11-24."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from bot.understanding import ChildName, Intent, Understood
from handlers.languages import understand

HOME = [ChildName(1, "Noah Hansen")]


def said(text: str, language: str = "nb", now: datetime = datetime(2026, 11, 24, 7, 15)) -> Understood:  # noqa: DTZ001
    found = understand(text, language, HOME, now)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("i dag", (11, 24), (11, 24)),
        ("i overmorgen", (11, 26), (11, 26)),
        ("på mandag", (11, 30), (11, 30)),
        ("neste fredag", (12, 4), (12, 4)),
        ("fra onsdag til fredag", (11, 25), (11, 27)),
        ("til torsdag", (11, 24), (11, 26)),
        ("i dag og i morgen", (11, 24), (11, 25)),
        ("fredag og mandag", (11, 27), (11, 30)),
        ("mandag og onsdag", (11, 30), (11, 30)),
        ("25.11", (11, 25), (11, 25)),
        ("25/11/2026", (11, 25), (11, 25)),
        ("2026-11-25", (11, 25), (11, 25)),
        ("25. november", (11, 25), (11, 25)),
        ("25.-27. november", (11, 25), (11, 27)),
        ("25.11-27.11", (11, 25), (11, 27)),
        ("tirsdag 1. desember", (12, 1), (12, 1)),
        ("resten av uka", (11, 24), (11, 27)),
        ("neste uke", (11, 30), (12, 4)),
        ("uke 49", (11, 30), (12, 4)),
        ("i 3 dager", (11, 24), (11, 26)),
    ],
)
def test_days(words: str, first: tuple[int, int], last: tuple[int, int]) -> None:
    found = said(f"Noah er borte {words}")
    assert (found.first, found.last) == (date(2026, *first), date(2026, *last))


def test_week_one_said_in_december_is_next_years() -> None:
    assert said("Noah er borte uke 1").first == date(2027, 1, 4)


def test_this_week_said_on_a_saturday_is_the_coming_one() -> None:
    found = said("Noah er borte hele uka", now=datetime(2026, 11, 28, 12, 0))  # noqa: DTZ001
    assert (found.first, found.last) == (date(2026, 11, 30), date(2026, 12, 4))


@pytest.mark.parametrize("text", ["Noah var borte i går", "Noah var syk forrige uke", "Noah er borte 20.11"])
def test_what_is_over_is_no_report(text: str) -> None:
    assert understand(text, "nb", HOME, datetime(2026, 11, 24, 7, 15)) is None  # noqa: DTZ001


@pytest.mark.parametrize(
    ("language", "text", "ends"),
    [
        ("nb", "Noah kommer kl 9", time(9)),
        ("nb", "Noah kommer kl. 09.30", time(9, 30)),
        ("nb", "Noah kommer halv ti", time(9, 30)),
        ("en", "Noah will be in at half past nine", time(9, 30)),
        ("en", "Noah will arrive around 10am", time(10)),
        ("pl", "Noah przyjdzie o wpół do dziesiątej", time(9, 30)),
        ("ar", "Noah رح يوصل الساعة ٩ ونص", time(9, 30)),
        ("en", "Noah is late, dentist at 9", None),
        ("nb", "Noah blir 20 minutter forsinket", None),
    ],
)
def test_arrival(language: str, text: str, ends: time | None) -> None:
    found = said(text, language)
    assert (found.intent, found.ends) == (Intent.REPORT_LATE, ends)


def test_part_of_a_day_has_both_its_ends() -> None:
    found = said("Noah har tannlege fra 10 til 12")
    assert (found.intent, found.starts, found.ends) == (Intent.REPORT_PART, time(10), time(12))


def test_one_o_clock_is_in_the_afternoon() -> None:
    assert said("Jeg henter Noah kl 1").starts == time(13)
