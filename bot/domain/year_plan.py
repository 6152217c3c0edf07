"""What importing a file of dates would change: new, changed and gone ones; what is past stays (M6)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from bot.domain.events import EventKind
from bot.domain.school import School
from bot.domain.year_file import Audience, YearDate

DEFAULT_SOURCE = "year"


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that a date says; `ends_at` is None where its end is open."""

    day: date
    starts: time | None
    ends_at: datetime | None
    title: str
    audience: Audience
    place: str
    kind: EventKind

    def begins_at(self, school: School) -> datetime:
        """Return its beginning in UTC."""
        return school.at(datetime.combine(self.day, self.starts or time()))

    def over(self, school: School, now: datetime) -> bool:
        """Tell whether it has been."""
        return (self.ends_at or self.begins_at(school)) <= now

    def last_day(self, school: School) -> date:
        """Return its last day on the wall clock."""
        if self.ends_at is None:
            return self.day
        return max(self.day, school.local(self.ends_at - timedelta(seconds=1)).date())

    def end_time(self, school: School) -> time | None:
        """Return when it ends on its only day; None for whole days, several days, and an open end."""
        if self.starts is None or self.ends_at is None or self.last_day(school) != self.day:
            return None
        return school.local(self.ends_at).time()


@dataclass(frozen=True, slots=True)
class StoredDate:
    """A date of an earlier import."""

    id: int
    source_key: str
    facts: Facts
    cancelled: bool
    over: bool


@dataclass(frozen=True, slots=True)
class NewDate:
    source_key: str
    facts: Facts
    over: bool


@dataclass(frozen=True, slots=True)
class ChangedDate:
    """`reopened`: it had been cancelled, and stands in the file again."""

    id: int
    old: Facts
    new: Facts
    reopened: bool


@dataclass(frozen=True, slots=True)
class YearPlan:
    """What an import would change; `archived` are past dates whose key is given to one to come."""

    new: tuple[NewDate, ...] = ()
    changed: tuple[ChangedDate, ...] = ()
    gone: tuple[StoredDate, ...] = ()
    archived: tuple[StoredDate, ...] = ()
    unchanged: int = 0

    @property
    def is_empty(self) -> bool:
        """Tell whether the file says what is stored already."""
        return not (self.new or self.changed or self.gone)


def facts_of(one: YearDate, school: School) -> Facts:
    """Return what a line of a file says, with its end as a moment."""
    ends_at: datetime | None = None
    if one.starts is None:
        ends_at = school.at(datetime.combine(one.last + timedelta(days=1), time()))
    elif one.ends is not None or one.last != one.day:
        ends_at = school.at(datetime.combine(one.last, one.ends or time(23, 59)))
    return Facts(one.day, one.starts, ends_at, one.title, one.audience, one.place, one.kind)


@dataclass(slots=True)
class _Planner:
    school: School
    now: datetime
    stored: dict[str, StoredDate]
    new: list[NewDate] = field(default_factory=list)
    changed: list[ChangedDate] = field(default_factory=list)
    archived: list[StoredDate] = field(default_factory=list)
    met: set[str] = field(default_factory=set)
    unchanged: int = 0

    def add(self, key: str, facts: Facts) -> None:
        self.new.append(NewDate(key, facts, facts.over(self.school, self.now)))

    def meet(self, there: StoredDate, facts: Facts) -> None:
        """Hold a line against the stored date that it means; what has been on both sides stays as it was."""
        self.met.add(there.source_key)
        past = there.over and facts.over(self.school, self.now)
        if past or (there.facts == facts and not there.cancelled):
            self.unchanged += 1
        else:
            self.changed.append(ChangedDate(there.id, there.facts, facts, there.cancelled))

    def keyed(self, key: str, facts: Facts) -> None:
        there = self.stored.get(key)
        if there is not None and there.over and not facts.over(self.school, self.now):
            self.archived.append(there)
            self.met.add(key)
            self.add(key, facts)
        elif there is not None:
            self.meet(there, facts)
        else:
            self.add(key, facts)

    def unkeyed(self, prefix: str, wanted: list[Facts]) -> None:
        """Find the lines of one title and audience again: by moment, by day, then those to come in their order."""
        there = [one for key, one in sorted(self.stored.items()) if key.startswith(prefix)]
        left = sorted(wanted, key=lambda facts: facts.begins_at(self.school))
        for same in (_same_moment, _same_day):
            for facts in list(left):
                found = next((one for one in there if same(one.facts, facts)), None)
                if found is not None:
                    self.meet(found, facts)
                    there.remove(found)
                    left.remove(facts)
        movable = [one for one in there if not one.over and not one.cancelled]
        movable.sort(key=lambda one: one.facts.begins_at(self.school))
        coming = [facts for facts in left if not facts.over(self.school, self.now)]
        for one, facts in zip(movable, coming, strict=False):
            self.meet(one, facts)
            left.remove(facts)
        taken = {key for key in self.stored if key.startswith(prefix)}
        for facts in left:
            number = next(n for n in range(len(taken) + 1) if f"{prefix}{n}" not in taken)
            taken.add(f"{prefix}{number}")
            self.add(f"{prefix}{number}", facts)


def _same_moment(one: Facts, other: Facts) -> bool:
    return (one.day, one.starts) == (other.day, other.starts)


def _same_day(one: Facts, other: Facts) -> bool:
    return one.day == other.day


def plan_year(
    source: str, wanted: Iterable[YearDate], stored: Sequence[StoredDate], school: School, now: datetime
) -> YearPlan:
    """Return what makes the stored dates of a source say what its file says.

    A line with a key is found again by it; one without by its title and audience, so that a new day or time is a
    change. The file is the whole source: what lies ahead and is not in it goes; what has been stays.
    """
    planner = _Planner(school, now, {one.source_key: one for one in stored if one.source_key.startswith(f"{source}:")})
    groups: dict[str, list[Facts]] = defaultdict(list)
    for one in wanted:
        facts = facts_of(one, school)
        if one.key:
            planner.keyed(f"{source}:k:{one.key}", facts)
        else:
            groups[f"{source}:a:{_digest(facts)}:"].append(facts)
    for prefix, lines in groups.items():
        planner.unkeyed(prefix, lines)
    gone = [one for key, one in planner.stored.items() if key not in planner.met and not one.over and not one.cancelled]

    def order(facts: Facts) -> tuple[datetime, str]:
        return facts.begins_at(school), facts.title

    return YearPlan(
        tuple(sorted(planner.new, key=lambda one: order(one.facts))),
        tuple(sorted(planner.changed, key=lambda one: order(one.new))),
        tuple(sorted(gone, key=lambda one: order(one.facts))),
        tuple(planner.archived),
        planner.unchanged,
    )


def _digest(facts: Facts) -> str:
    said = "|".join((facts.title.casefold(), facts.kind, facts.audience.kind, *map(str, facts.audience.ids)))
    return hashlib.sha256(said.encode()).hexdigest()[:24]


def archived_key(one: StoredDate) -> str:
    """Return the key under which a past date is kept when its own is needed again."""
    return f"old:{one.id}"
