"""What an import of the year wheel changes: held against a stored year that it makes, whatever the files say (M6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.notices import AudienceKind
from bot.domain.school import School
from bot.domain.year_file import Audience, YearDate
from bot.domain.year_plan import Facts, StoredDate, YearPlan, archived_key, facts_of, plan_year

SCHOOL = School(name="Solbakken skole")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SOURCE = "year"


def line(key: str = "", day: date = date(2027, 1, 10), title: str = "Foto", **values: object) -> YearDate:
    made = YearDate(key, day, day, None, None, title, Audience(AudienceKind.SCHOOL))
    return replace(made, **values)  # type: ignore[arg-type]


def plan(wanted: Sequence[YearDate], stored: Sequence[StoredDate], now: datetime = NOW) -> YearPlan:
    seen = [replace(one, over=one.facts.over(SCHOOL, now)) for one in stored]
    return plan_year(SOURCE, wanted, seen, SCHOOL, now)


def applied(made: YearPlan, stored: Sequence[StoredDate], now: datetime = NOW) -> list[StoredDate]:
    """Return what is stored after a plan, as the office's import does it."""
    rows = {one.id: one for one in stored}
    for one in made.archived:
        rows[one.id] = replace(rows[one.id], source_key=archived_key(one))
    for one in made.gone:
        rows[one.id] = replace(rows[one.id], cancelled=True)
    for change in made.changed:
        rows[change.id] = replace(rows[change.id], facts=change.new, cancelled=False)
    for new in made.new:
        number = len(rows) + 1
        rows[number] = StoredDate(number, new.source_key, new.facts, False, new.facts.over(SCHOOL, now))
    keys = [one.source_key for one in rows.values()]
    assert len(keys) == len(set(keys)), "the name in the file is unique"
    return list(rows.values())


DAYS = st.dates(date(2026, 11, 10), date(2026, 12, 10))
LINES = st.builds(
    line,
    key=st.sampled_from(["", "", "a", "b"]),
    day=DAYS,
    title=st.sampled_from(["Foto", "Svømming"]),
    starts=st.sampled_from([None, time(9), time(18)]),
    place=st.sampled_from(["", "Gymsalen"]),
)
FILES = st.lists(LINES, max_size=7, unique_by=lambda one: one.key or (one.title, one.day, one.starts, one.place))
MOMENTS = st.lists(st.integers(0, 30), min_size=4, max_size=4).map(sorted)


@given(st.lists(FILES, min_size=1, max_size=4), MOMENTS)
def test_after_any_files_the_newest_is_stored_and_again_there_is_nothing_to_change(
    files: list[list[YearDate]], moments: list[int]
) -> None:
    stored: list[StoredDate] = []
    for file, days in zip(files, moments, strict=False):
        now = NOW + timedelta(days=days)
        before = {one.id: one for one in stored if one.facts.over(SCHOOL, now)}
        stored = applied(plan(file, stored, now), stored, now)
        after = {one.id: one for one in stored}
        for past in before.values():
            assert after[past.id].facts == past.facts or not after[past.id].facts.over(SCHOOL, now)
            assert after[past.id].cancelled in {past.cancelled, False}, "what has been is not cancelled"
        again = plan(file, stored, now)
        assert again.is_empty
        assert again.archived == ()
        ahead = sorted(
            (_said(one.facts) for one in stored if not one.cancelled and not one.facts.over(SCHOOL, now)), key=str
        )
        wanted = sorted((_said(f) for f in (facts_of(one, SCHOOL) for one in file) if not f.over(SCHOOL, now)), key=str)
        assert ahead == wanted


def _said(facts: Facts) -> tuple[object, ...]:
    return facts.day, facts.starts, facts.title, facts.place


def stored_after(*lines: YearDate) -> list[StoredDate]:
    return applied(plan(lines, []), [])


def test_a_line_without_a_key_moves_and_a_new_title_is_another_date() -> None:
    stored = stored_after(line(), line(day=date(2027, 2, 1)))
    moved = plan([line(), line(day=date(2027, 2, 8))], stored)
    assert [(one.old.day, one.new.day) for one in moved.changed] == [(date(2027, 2, 1), date(2027, 2, 8))]
    renamed = plan([line(title="Fotografering"), line(day=date(2027, 2, 1))], stored)
    assert (len(renamed.new), len(renamed.gone), renamed.unchanged) == (1, 1, 1)


def test_a_key_finds_its_date_whatever_changes() -> None:
    stored = stored_after(line("foto"))
    made = plan([line("foto", date(2027, 3, 3), "Fotodag", place="Aulaen")], stored)
    assert (len(made.new), len(made.changed), len(made.gone)) == (0, 1, 0)


def test_last_years_date_stays_when_its_key_is_used_again() -> None:
    stored = [StoredDate(1, "year:k:foto", facts_of(line("foto", date(2025, 9, 8)), SCHOOL), False, True)]
    made = plan([line("foto", date(2027, 9, 7))], stored)
    assert [one.id for one in made.archived] == [1]
    assert [one.source_key for one in made.new] == ["year:k:foto"]
    after = applied(made, stored)
    assert {one.facts.day for one in after if not one.cancelled} == {date(2025, 9, 8), date(2027, 9, 7)}


def test_one_source_leaves_the_others_alone() -> None:
    other = StoredDate(1, "sfo:k:foto", facts_of(line(), SCHOOL), False, False)
    assert plan([line(title="Ny")], [other]).gone == ()


def test_a_cancelled_date_that_stands_in_the_file_again_takes_place_after_all() -> None:
    stored = [replace(one, cancelled=True) for one in stored_after(line("foto"))]
    assert [one.reopened for one in plan([line("foto")], stored).changed] == [True]


def test_days_and_ends_are_kept_apart_over_the_change_of_clocks() -> None:
    night = facts_of(line(day=date(2027, 3, 27), last=date(2027, 3, 28), starts=time(18), ends=time(10)), SCHOOL)
    assert night.last_day(SCHOOL) == date(2027, 3, 28)
    assert night.ends_at == datetime(2027, 3, 28, 8, 0, tzinfo=UTC)
    whole = facts_of(line(day=date(2026, 10, 24), last=date(2026, 10, 25)), SCHOOL)
    assert whole.ends_at == datetime(2026, 10, 25, 23, 0, tzinfo=UTC), "a day of 25 hours"
    assert whole.last_day(SCHOOL) == date(2026, 10, 25)
