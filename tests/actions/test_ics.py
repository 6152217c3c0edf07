"""Calendar files, read back with a reader of our own side and of the other: days, clocks, cancellations (M6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.actions.year.ics import entry_of_event, entry_of_talk, write_calendar
from bot.actions.year.ics_read import IcsDates, read_ics
from bot.domain.conferences import TalkPlace, TalkState
from bot.domain.events import EventAnswer, EventKind, EventState, Moment
from bot.domain.notices import AudienceKind
from bot.domain.roster_problems import RosterInvalid
from bot.domain.school import School
from bot.domain.year_file import Audience, Classes
from bot.i18n import texts
from storage.models import Event, Talk
from storage.queries.year import OwnEvent, OwnTalk

SCHOOL = School(name="Solbakken skole")
OSLO = ZoneInfo("Europe/Oslo")
CREATED = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
CLASSES = Classes({"2B": 1, "5A": 2, "8C": 3}, {"2B": 2, "5A": 5, "8C": 8})
FIRST, LAST = date(2026, 8, 1), date(2027, 7, 31)


def event(day: date, starts: time | None = None, ends: time | None = None, **values: Any) -> Event:
    moment = Moment(day, starts, ends)
    end = moment.wall_end()
    made = {
        "kind": EventKind.DATE, "state": EventState.OPEN, "title": "Idrettsdag", "text_language": "nb", "day": day,
        "starts": starts, "ends": ends, "zone": "Europe/Oslo", "starts_at": SCHOOL.at(moment.wall_start()),
        "ends_at": SCHOOL.at(end) if end else None, "created_at": CREATED, "uid": "abc@skolebud",
    }  # fmt: skip
    return Event(**{**made, **values})


def written(made: Event, language: str = "nb", answer: EventAnswer | None = None) -> Any:
    tr = texts(language)
    (entry,) = Calendar.from_ical(
        write_calendar([entry_of_event(OwnEvent(made, answer), SCHOOL, tr)], SCHOOL, tr)
    ).walk("VEVENT")
    return entry


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        (date(2027, 3, 26), datetime(2027, 3, 26, 17, 0, tzinfo=UTC)),
        (date(2027, 3, 29), datetime(2027, 3, 29, 16, 0, tzinfo=UTC)),
        (date(2026, 10, 23), datetime(2026, 10, 23, 16, 0, tzinfo=UTC)),
        (date(2026, 10, 26), datetime(2026, 10, 26, 17, 0, tzinfo=UTC)),
    ],
)
def test_six_in_the_evening_is_six_on_both_sides_of_a_change_of_clocks(day: date, utc: datetime) -> None:
    entry = written(event(day, time(18), time(19, 30)))
    assert entry["dtstart"].dt == utc
    assert entry["dtstart"].dt.astimezone(OSLO).time() == time(18)
    assert entry["dtend"].dt.astimezone(OSLO).time() == time(19, 30)


def test_a_whole_day_is_a_date_and_ends_before_the_next_one() -> None:
    raw = write_calendar(
        [entry_of_event(OwnEvent(event(date(2026, 10, 25))), SCHOOL, texts("nb"))], SCHOOL, texts("nb")
    )
    assert b"DTSTART;VALUE=DATE:20261025" in raw
    assert b"DTEND;VALUE=DATE:20261026" in raw, "a day of 25 hours is one day"


@given(
    st.dates(date(2026, 8, 1), date(2027, 7, 31)),
    st.none() | st.times(),
    st.sampled_from(["nb", "en", "pl", "ar"]),
)
def test_what_is_written_is_read_back_as_the_same_day_and_wall_clock(
    day: date, clock: time | None, language: str
) -> None:
    starts = clock.replace(second=0, microsecond=0, fold=0) if clock is not None else None
    made = event(day, starts)
    begins = SCHOOL.local(SCHOOL.at(datetime.combine(day, starts or time())))
    tr = texts(language)
    raw = write_calendar([entry_of_event(OwnEvent(made), SCHOOL, tr)], SCHOOL, tr, followed=True)
    (found,) = read_ics(raw, CLASSES, OSLO, first=FIRST, last=LAST, audience=Audience(AudienceKind.SCHOOL)).dates
    assert found.day == begins.date()
    assert found.starts == (begins.time() if starts is not None else None)
    assert (found.key, found.title) == ("abc@skolebud", "Idrettsdag")


def test_a_followed_calendar_says_its_name_and_how_often_to_look() -> None:
    raw = write_calendar([], SCHOOL, texts("nb"), followed=True)
    for line in (b"X-WR-CALNAME:Solbakken skole", b"REFRESH-INTERVAL;VALUE=DURATION:PT2H", b"X-PUBLISHED-TTL:PT2H"):
        assert line in raw


def test_a_cancelled_event_and_one_that_another_goes_to_take_no_time() -> None:
    gone = event(date(2026, 12, 3), revision=3, cancelled_at=CREATED, state=EventState.CANCELLED)
    entry = written(gone)
    assert (str(entry["status"]), int(entry["sequence"]), str(entry["transp"])) == ("CANCELLED", 2, "TRANSPARENT")
    assert str(written(event(date(2026, 12, 3)), answer=EventAnswer.OTHER_COMES)["transp"]) == "TRANSPARENT"
    assert str(written(event(date(2026, 12, 3)))["transp"]) == "TRANSPARENT", "the pupils' day, not the parents'"
    assert str(written(event(date(2026, 12, 3), time(18), kind=EventKind.CLASS_MEETING))["transp"]) == "OPAQUE"


@pytest.mark.parametrize("language", ["nb", "en", "pl", "ar"])
def test_a_meeting_about_one_pupil_says_nothing_to_who_looks_over_the_shoulder(language: str) -> None:
    made = event(
        date(2026, 12, 3), time(9), kind=EventKind.RESPONSIBILITY_GROUP, title="Om Ali", text="Støtte i matematikk"
    )
    entry = written(made, language)
    assert str(entry["summary"]) == texts(language).plain.gettext("Meeting at school")
    assert "description" not in entry
    open_one = written(
        event(date(2026, 12, 3), time(18), kind=EventKind.CLASS_MEETING, title="", text="1. Jul"), language
    )
    assert str(open_one["summary"]) == texts(language).plain.gettext("Parents' meeting")
    assert str(open_one["description"]) == "1. Jul"


def test_signs_that_mean_something_to_calendars_are_kept_as_they_are() -> None:
    odd = "Møte; om, \\n «alt»\nog: mer 🎒"
    entry = written(event(date(2026, 12, 3), time(9), title=odd[:70], place="Rom 1, 2; 3", text="BEGIN:VEVENT\nX"))
    assert str(entry["location"]) == "Rom 1, 2; 3"
    assert str(entry["description"]) == "BEGIN:VEVENT\nX"
    assert "om, " in str(entry["summary"])


@pytest.mark.parametrize("language", ["nb", "ar"])
def test_a_talk_has_its_class_and_no_name(language: str) -> None:
    talk = Talk(
        id=7, event_id=1, pupil_id=2, state=TalkState.BOOKED, booked_by=3, booked_at=CREATED, version=2,
        place=TalkPlace.VIDEO, with_pupil=True, day=date(2026, 12, 3), starts=time(15), zone="Europe/Oslo",
        starts_at=datetime(2026, 12, 3, 14, 0, tzinfo=UTC), ends_at=datetime(2026, 12, 3, 14, 20, tzinfo=UTC),
        summary="hemmelig",
    )  # fmt: skip
    tr = texts(language)
    made = entry_of_talk(OwnTalk(talk, "abc@skolebud", "5A", "https://video.example/x"), tr)
    (entry,) = Calendar.from_ical(write_calendar([made], SCHOOL, tr)).walk("VEVENT")
    assert "5A" in str(entry["summary"])
    assert (str(entry["uid"]), str(entry["sequence"])) == ("talk-7-abc@skolebud", "1")
    assert str(entry["url"]) == "https://video.example/x"
    assert "hemmelig" not in entry.to_ical().decode()
    unsafe = entry_of_talk(OwnTalk(talk, "abc@skolebud", "5A", "javascript:alert(1)"), tr)
    assert unsafe.url == ""
    assert replace(made, url="").place == unsafe.place


# --- reading what others wrote ------------------------------------------------------------------


def read(*entries: str, audience: Audience | None = Audience(AudienceKind.SCHOOL)) -> IcsDates:  # noqa: B008
    body = "".join(f"BEGIN:VEVENT\n{entry.strip()}\nEND:VEVENT\n" for entry in entries)
    raw = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{body}END:VCALENDAR\n".replace("\n", "\r\n").encode()
    return read_ics(raw, CLASSES, OSLO, first=FIRST, last=LAST, audience=audience)


def refused(*entries: str, audience: Audience | None = None) -> list[str]:
    with pytest.raises(RosterInvalid) as caught:
        read(*entries, audience=audience)
    return [one.sentence.format(**one.fields) for one in caught.value.problems]


def test_a_weekly_entry_keeps_its_hour_over_the_change_of_clocks_and_ends_with_the_year() -> None:
    weekly = "UID:a\nSUMMARY:Svømming\nDTSTART;TZID=Europe/Oslo:20261015T080000\nDTEND;TZID=Europe/Oslo:20261015T093000"
    found = read(f"{weekly}\nRRULE:FREQ=WEEKLY\nEXDATE;TZID=Europe/Oslo:20261022T080000").dates
    assert {(one.starts, one.ends) for one in found} == {(time(8), time(9, 30))}
    assert [one.day for one in found[:2]] == [date(2026, 10, 15), date(2026, 10, 29)]
    assert LAST >= found[-1].day > date(2027, 7, 20)
    assert len({one.key for one in found}) == len(found)
    moved = f"{weekly.replace('20261015', '20261030')}\nRECURRENCE-ID;TZID=Europe/Oslo:20261029T080000"
    other = read(f"{weekly}\nRRULE:FREQ=WEEKLY", moved).dates
    assert next(one for one in other if one.day == date(2026, 10, 30)).key == found[1].key, "found again where it was"


def test_times_elsewhere_become_the_schools_and_several_days_stay_several() -> None:
    utc, far, days = read(
        "UID:a\nSUMMARY:A\nDTSTART:20261123T080000Z\nDTEND:20261123T090000Z",
        "UID:b\nSUMMARY:B\nDTSTART;TZID=America/New_York:20261123T200000\nDURATION:PT1H",
        "UID:c\nSUMMARY:C\nDTSTART;VALUE=DATE:20270301\nDTEND;VALUE=DATE:20270304",
    ).dates
    assert (utc.starts, utc.ends) == (time(9), time(10))
    assert (far.day, far.starts, far.ends) == (date(2026, 11, 24), time(2), time(3))
    assert (days.day, days.last, days.starts) == (date(2027, 3, 1), date(2027, 3, 3), None)


def test_whom_an_entry_is_for_is_said_by_property_category_or_option() -> None:
    when = "DTSTART;VALUE=DATE:20270301"
    own, by_category, several, by_option = read(
        f"UID:a\nSUMMARY:A\n{when}\nX-SKOLEBUD-FOR:5. trinn\nCATEGORIES:2B",
        f"UID:b\nSUMMARY:B\n{when}\nCATEGORIES:Tur,2B",
        f"UID:c\nSUMMARY:C\n{when}\nCATEGORIES:2B,5A",
        f"UID:d\nSUMMARY:D\n{when}\nCATEGORIES:Tur",
    ).dates
    assert own.audience == Audience(AudienceKind.GRADE, (5,))
    assert by_category.audience == Audience(AudienceKind.CLASSES, (1,))
    assert several.audience == Audience(AudienceKind.CLASSES, (1, 2))
    assert by_option.audience == Audience(AudienceKind.SCHOOL)


def test_what_lies_outside_the_year_or_is_cancelled_is_left_out() -> None:
    when = "DTSTART;VALUE=DATE"
    found = read(
        f"UID:a\nSUMMARY:A\n{when}:20250301", f"UID:b\nSUMMARY:B\n{when}:20270301",
        f"UID:c\nSUMMARY:C\n{when}:20270302\nSTATUS:CANCELLED",
    )  # fmt: skip
    assert ([one.title for one in found.dates], found.outside) == (["B"], 1)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("UID:a\nSUMMARY:Foto\nDTSTART;VALUE=DATE:20270301", "Foto: nothing says whom it is for"),
        ("UID:a\nSUMMARY:Foto\nDTSTART;VALUE=DATE:20270301\nCATEGORIES:9Z", "9Z is no year and no class"),
        ("UID:a\nSUMMARY:Foto\nDTSTART;TZID=Mars/Phobos:20270301T090000\nCATEGORIES:5A", "time zone Mars/Phobos"),
        ("UID:a\nSUMMARY:Foto\nDTSTART:soon\nCATEGORIES:5A", "its date cannot be read"),
        ("UID:a\nSUMMARY:Foto\nCATEGORIES:5A", "its date cannot be read"),
        ("SUMMARY:Foto\nDTSTART;VALUE=DATE:20270301\nCATEGORIES:5A", "the UID is missing"),
        ("UID:a\nDTSTART;VALUE=DATE:20270301\nCATEGORIES:5A", "a: the title is missing"),
        ("UID:a\nSUMMARY:Foto\nDTSTART;VALUE=DATE:20270301\nRRULE:FREQ=FOO\nCATEGORIES:5A", "repeats itself cannot"),
        ("UID:a\nSUMMARY:Foto\nDTSTART:20270301T090000\nDTEND:20270301T080000\nCATEGORIES:5A", "before it begins"),
        ("UID:a\nSUMMARY:Foto\nDTSTART;VALUE=DATE:20270101\nDTEND;VALUE=DATE:20270501\nCATEGORIES:5A", "longer than"),
        (f"UID:a\nSUMMARY:{'x' * 81}\nDTSTART;VALUE=DATE:20270301\nCATEGORIES:5A", "the title is too long"),
    ],
)
def test_each_mistake_in_a_calendar_names_its_entry(entry: str, said: str) -> None:
    good = "UID:good\nSUMMARY:Riktig\nDTSTART;VALUE=DATE:20270301\nCATEGORIES:5A"
    (sentence,) = refused(good, entry)
    assert said in sentence
    assert "{" not in sentence


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"BEGIN:VCALENDAR\r\n{text}".encode()))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    with pytest.raises(RosterInvalid):
        read_ics(data, CLASSES, OSLO, first=FIRST, last=LAST)
