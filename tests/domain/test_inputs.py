"""Dates, times and weeks as people type them: read right, or refused with a sentence; never guessed."""

# ruff: noqa: DTZ001  (the clock on the wall has no zone)

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import InvalidInput
from bot.domain.inputs import (
    HORIZON_DAYS,
    FutureDate,
    NotADate,
    NotATime,
    NotAWeek,
    PastDate,
    PastMoment,
    TooFarDate,
    read_calendar_date,
    read_day,
    read_moment,
    read_past_day,
    read_time,
    read_week,
)

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 10, 0)
TODAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("24.11", date(2026, 11, 24)),
        ("24.11.", date(2026, 11, 24)),
        (" 24 / 11 ", date(2026, 11, 24)),
        ("24-11-2026", date(2026, 11, 24)),
        ("2026-11-24", date(2026, 11, 24)),
        ("٢٤.١١", date(2026, 11, 24)),
        ("۲۴.۱۱.۲۰۲۶", date(2026, 11, 24)),
        ("23.11", TODAY),
        ("12.1", date(2027, 1, 12)),
        ("22.9", date(2027, 9, 22)),
    ],
)
def test_a_coming_day_is_read_however_it_is_typed(typed: str, read: date) -> None:
    assert read_day(typed, TODAY) == read


@pytest.mark.parametrize(
    "typed", ["", "tomorrow", "31.11", "24", "24.13", "29.02.2027", "24.11.26", "1.2.3.4", "²4.11"]
)
def test_what_is_no_day_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(NotADate) as refused:
        read_day(typed, TODAY)
    assert refused.value.fields == {"example": "30.11"}


def test_a_day_that_is_over_and_one_too_far_ahead_are_refused_by_name() -> None:
    with pytest.raises(PastDate) as past:
        read_day("20.11", TODAY)
    assert past.value.fields == {"day": date(2026, 11, 20)}
    with pytest.raises(TooFarDate):
        read_day("24.11.2028", TODAY)


def test_the_29th_of_february_means_the_next_leap_year() -> None:
    assert read_day("29.2", date(2027, 11, 1)) == date(2028, 2, 29)
    with pytest.raises(TooFarDate):
        read_day("29.2", TODAY)


@given(TODAYS, st.integers(0, 300))
def test_every_coming_day_is_read_back_with_and_without_its_year(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)
    assert read_day(f"{day:%d.%m.%Y}", today) == day
    assert read_day(day.isoformat(), today) == day
    assert read_day(f"{day:%d.%m.%Y}".translate(EASTERN), today) == day
    if (day.month, day.day) != (2, 29):
        assert read_day(f"{day.day}.{day.month}", today) == day


@given(TODAYS, st.integers(0, 300))
def test_the_day_of_an_incident_is_the_latest_such_day(today: date, ago: int) -> None:
    day = today - timedelta(days=ago)
    if (day.month, day.day) != (2, 29):
        assert read_past_day(f"{day:%d.%m}", today) == day
    assert read_past_day(f"{day:%d.%m.%Y}", today) == day


def test_an_incident_cannot_lie_ahead_nor_years_back() -> None:
    with pytest.raises(FutureDate):
        read_past_day("24.11", TODAY)
    with pytest.raises(NotADate):
        read_past_day("24.11.2024", TODAY)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("8", time(8)),
        ("08:30", time(8, 30)),
        ("8.30", time(8, 30)),
        ("0830", time(8, 30)),
        ("830", time(8, 30)),
        ("kl. 8", time(8)),
        ("KL 14:05", time(14, 5)),
        ("١٤:٠٥", time(14, 5)),
        ("0:00", time(0)),
        ("23 : 59", time(23, 59)),
    ],
)
def test_a_time_is_read_however_it_is_typed(typed: str, read: time) -> None:
    assert read_time(typed) == read


@pytest.mark.parametrize("typed", ["", "24:00", "8:60", "8:5", "half nine", "12345", "8 30", "-8", "20.11.2026"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(NotATime):
        read_time(typed)


@given(st.times())
def test_every_minute_of_the_day_is_read_back(moment: time) -> None:
    wanted = moment.replace(second=0, microsecond=0)
    assert read_time(f"{moment:%H:%M}") == wanted
    assert read_time(f"{moment:%H%M}") == wanted
    assert read_time(f"kl. {moment:%H.%M}") == wanted


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("48", "2026-W48"),
        ("uke 49", "2026-W49"),
        ("Tydzień 49", "2026-W49"),
        ("الأسبوع ٤٩", "2026-W49"),
        ("2026-W50", "2026-W50"),
        ("53", "2026-W53"),
        ("2", "2027-W02"),
        ("45", "2026-W45"),
    ],
)
def test_a_week_is_the_coming_one_of_that_number(typed: str, read: str) -> None:
    assert read_week(typed, TODAY) == read


@pytest.mark.parametrize("typed", ["", "54", "0", "next week", "2027-W53", "9999-W10", "2020-W10", "0000-W01"])
def test_what_is_no_week_of_this_school_year_is_refused(typed: str) -> None:
    with pytest.raises(NotAWeek):
        read_week(typed, TODAY)


@given(TODAYS, st.integers(0, 42))
def test_every_coming_week_is_read_back_by_its_number(today: date, ahead: int) -> None:
    year, week, _ = (today + timedelta(weeks=ahead)).isocalendar()
    if week != 53:
        assert read_week(str(week), today) == f"{year}-W{week:02d}"
    assert read_week(f"{year}-W{week:02d}", today) == f"{year}-W{week:02d}"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("25.11 07:30", datetime(2026, 11, 25, 7, 30)),
        ("25.11, kl. 7", datetime(2026, 11, 25, 7, 0)),
        ("2026-11-25 07:30", datetime(2026, 11, 25, 7, 30)),
        ("15:00", datetime(2026, 11, 23, 15, 0)),
        ("kl 15", datetime(2026, 11, 23, 15, 0)),
        ("09:59", datetime(2026, 11, 24, 9, 59)),
        ("10:00", datetime(2026, 11, 24, 10, 0)),
        ("15.30", datetime(2026, 11, 23, 15, 30)),
        ("٢٥.١١ ٠٧:٣٠", datetime(2026, 11, 25, 7, 30)),
    ],
)
def test_a_moment_is_a_day_and_a_time_or_the_next_such_time(typed: str, read: datetime) -> None:
    assert read_moment(typed, NOW) == read


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        (",", NotATime),
        ("", NotATime),
        ("20.11", NotATime),  # the 20th of November, or eleven minutes past eight in the evening?
        ("20.12.2026", NotATime),
        ("25.11 later", NotATime),
        ("soon 07:30", NotATime),
        ("31.11 07:30", NotADate),
        ("20.11 07:30", PastDate),
        ("23.11 09:00", PastMoment),
        ("23.11 10:00", PastMoment),
        ("25.11.2028 07:30", TooFarDate),
    ],
)
def test_a_moment_that_cannot_be_meant_is_refused(typed: str, refusal: type[InvalidInput]) -> None:
    with pytest.raises(refusal):
        read_moment(typed, NOW)


@given(st.datetimes(NOW + timedelta(minutes=1), NOW + timedelta(days=300)))
def test_every_moment_to_come_is_read_back(moment: datetime) -> None:
    wanted = moment.replace(second=0, microsecond=0)
    if wanted > NOW:
        assert read_moment(f"{moment:%d.%m.%Y %H:%M}", NOW) == wanted


def test_a_date_of_birth_needs_its_year() -> None:
    for typed in ("31.05.2016", "31 5 2016", "31052016", "2016-05-31", "٣١.٠٥.٢٠١٦"):
        assert read_calendar_date(typed) == date(2016, 5, 31)
    for typed in ("31.05", "31.05.16", "31.06.2016", ""):
        with pytest.raises(NotADate):
            read_calendar_date(typed)


READERS: list[Callable[[str], object]] = [
    read_calendar_date,
    read_time,
    lambda text: read_day(text, TODAY),
    lambda text: read_past_day(text, TODAY),
    lambda text: read_week(text, TODAY),
    lambda text: read_moment(text, NOW),
]
NEARLY = st.text("0123456789٠٩۵²Ⅷ .,:/-Wkluke\u2068\x00", max_size=16)


@given(st.one_of(NEARLY, st.text(max_size=30)))
def test_nothing_that_can_be_typed_causes_an_accident(text: str) -> None:
    for read in READERS:
        try:
            read(text)
        except InvalidInput as refusal:
            refused = refusal
        else:
            continue
        assert refused.sentence.format_map(dict.fromkeys(refused.fields, "")), "a refusal says what to do"


@given(st.one_of(NEARLY, st.text(max_size=30)))
def test_what_is_read_as_a_day_lies_within_the_coming_school_year(text: str) -> None:
    try:
        day = read_day(text, TODAY)
    except InvalidInput:
        return
    assert TODAY <= day <= TODAY + timedelta(days=HORIZON_DAYS)
