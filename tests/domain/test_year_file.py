"""The year wheel's file: what its lines mean, and that each mistake is named with its line and a way out (M6)."""

from __future__ import annotations

from datetime import date, time

import pytest

from bot.domain.events import EventKind
from bot.domain.notices import AudienceKind
from bot.domain.roster_cells import CellError
from bot.domain.roster_problems import RosterInvalid
from bot.domain.year_file import Audience, Classes, YearDate, read_for, read_year
from tests.conftest import EXAMPLE

TODAY = date(2026, 11, 23)
CLASSES = Classes({"2B": 1, "5A": 2, "5B": 3, "8C": 4}, {"2B": 2, "5A": 5, "5B": 5, "8C": 8})
HEADER = "key,date,last,start,end,title,for,place,kind"


def read(*lines: str, header: str = HEADER) -> list[YearDate]:
    return read_year("\n".join((header, *lines)).encode(), CLASSES, TODAY)


def refused(*lines: str, header: str = HEADER) -> list[str]:
    """Return what is said about a file that is refused."""
    with pytest.raises(RosterInvalid) as caught:
        read(*lines, header=header)
    return [one.sentence.format(**one.fields) for one in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("whole school", Audience(AudienceKind.SCHOOL)),
        ("Hele  skolen", Audience(AudienceKind.SCHOOL)),
        ("year 5", Audience(AudienceKind.GRADE, (5,))),
        ("5. trinn", Audience(AudienceKind.GRADE, (5,))),
        ("5", Audience(AudienceKind.GRADE, (5,))),
        ("trinn 2 og 8", Audience(AudienceKind.GRADE, (2, 8))),
        ("year 2, 5", Audience(AudienceKind.GRADE, (2, 5))),
        ("5A", Audience(AudienceKind.CLASSES, (2,))),
        ("8c 5 A", None),
        ("8c, 5a", Audience(AudienceKind.CLASSES, (2, 4))),
        ("9A", None),
        ("year 9", None),
        ("year", None),
        ("everybody we like", None),
        ("", None),
    ],
)
def test_an_audience_is_read_as_schools_write_it(text: str, meant: Audience | None) -> None:
    if meant is None:
        with pytest.raises(CellError):
            read_for(text, CLASSES)
    else:
        assert read_for(text, CLASSES) == meant


def test_a_line_says_when_what_and_for_whom() -> None:
    (one,) = read("foto,08.09.2026,,09.00,13:00,Fotografering,5A 5B,Gymsalen,")
    assert one == YearDate(
        "foto", date(2026, 9, 8), date(2026, 9, 8), time(9), time(13), "Fotografering",
        Audience(AudienceKind.CLASSES, (2, 3)), "Gymsalen", EventKind.DATE,
    )  # fmt: skip


def test_columns_that_may_be_empty_may_be_missing() -> None:
    (one,) = read("2026-09-08;Fotografering;hele skolen", header="Date;Title;For")
    assert (one.key, one.starts, one.place, one.kind) == ("", None, "", EventKind.DATE)


def test_the_example_is_a_whole_year_without_a_mistake() -> None:
    found = read_year((EXAMPLE / "year.csv").read_bytes(), CLASSES, TODAY)
    assert len(found) > 40
    assert (found[0].day, found[-1].day) == (date(2026, 8, 17), date(2027, 6, 18))
    assert {one.kind for one in found} == {EventKind.DATE, EventKind.FAU, EventKind.SU, EventKind.SMU}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (",,,,,Foto,5A,,", "the cell date is empty"),
        (",2026-13-01,,,,Foto,5A,,", "2026-13-01 is not a date"),
        (",2016-09-08,,,,Foto,5A,,", "years away"),
        (",2026-09-08,2026-09-07,,,Foto,5A,,", "before the first"),
        (",2026-09-08,2026-12-24,,,Foto,5A,,", "longer than"),
        (",2026-09-08,,9 am,,Foto,5A,,", "9 am is not a time"),
        (",2026-09-08,,,10:00,Foto,5A,,", "an end and no start"),
        (",2026-09-08,,10:00,10:00,Foto,5A,,", "before it starts"),
        (",2026-09-08,,,,,5A,,", "the cell title is empty"),
        (f",2026-09-08,,,,{'x' * 81},5A,,", "title is too long"),
        (",2026-09-08,,,,Foto,,,", "the cell for is empty"),
        (",2026-09-08,,,,Foto,9Z,,", "no class 9Z"),
        (",2026-09-08,,,,Foto,year 9,,", "no class of year 9"),
        (",2026-09-08,,,,Foto,5A,,party", "party is not a kind"),
        (",2026-09-08,,,,Foto,5A,,conference", "conference is not a kind"),
        (",2026-09-08,,,,FAU,5A,,fau", "Write nothing in the column for"),
        (",2026-09-08,,,,Foto 010170 12345,5A,,", "national identity number"),
    ],
)
def test_each_mistake_is_named_with_its_line(line: str, said: str) -> None:
    (sentence,) = refused(",2026-09-01,,,,Riktig,5A,,", line)
    assert sentence.startswith("Line 3:")
    assert said in sentence
    assert "{" not in sentence


def test_all_mistakes_are_named_at_once_in_the_order_of_lines() -> None:
    said = refused(
        "a,2026-09-08,,,,Foto,9Z,,", "a,x,,,,Foto,5A,,", ",2026-09-08,,,,Foto,5A,,", ",2026-09-08,,,,Foto,5A,,"
    )
    assert [sentence.split(":")[0] for sentence in said] == ["Line 2", "Line 3", "Line 5"]
    assert "the same as line 4" in said[-1]


def test_a_key_belongs_to_one_line_and_an_empty_file_is_a_mistake() -> None:
    assert "on line 2 too" in refused("a,2026-09-08,,,,En,5A,,", "a,2026-09-09,,,,To,5A,,")[0]
    assert "no date in the file" in refused()[0]
