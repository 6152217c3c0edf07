"""Whom the files mean among those who are stored, and what must be refused because it is doubtful (P3).

A telephone number or an address says who somebody is, unless the name says otherwise: then it has passed on to
another person, who starts anew. A person with a new number is found again by name and address, or by name beside
the same pupils. Whoever is blocked is never found in a way that opens anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from bot.domain.people import Role
from bot.domain.roster import Roster, RosterPupil, StaffRoster
from bot.domain.roster_alike import alike, close, first_word
from bot.domain.roster_cells import fold
from bot.domain.roster_changes import (
    BLOCKED_COMES_BACK,
    BLOCKED_RENAMED,
    NUMBER_OF_OTHER,
    STAFF_OTHER_NAME,
    ImportProblem,
    StoredPerson,
    StoredPupil,
    StoredSchool,
    StoredTie,
    import_problem,
)

PupilName = tuple[str, date]


@dataclass(slots=True)
class Entry:
    """A person as both files together describe them. `pupils` are the stored ones; `strange` counts the others."""

    key: str
    name: str
    line: int
    in_staff: bool
    phone: str | None = None
    email: str | None = None
    language: str | None = None
    spoken: tuple[str, ...] = ()
    is_guardian: bool = False
    is_staff: bool = False
    pupils: set[int] = field(default_factory=set)
    strange: int = 0
    roles: set[Role] = field(default_factory=set)


class Index:
    """What is stored, by what it is looked up with."""

    def __init__(self, stored: StoredSchool) -> None:
        self.people = {person.id: person for person in stored.people}
        self.by_key = {person.key: person for person in stored.people}
        self.by_name: dict[str, list[StoredPerson]] = {}
        for person in stored.people:
            self.by_name.setdefault(fold(person.name), []).append(person)
        self.pupils = {pupil.id: pupil for pupil in stored.pupils}
        self.ties = {(tie.pupil_id, tie.person_id): tie for tie in stored.ties}
        self.ties_of_pupil: dict[int, list[StoredTie]] = {}
        self.ties_of_person: dict[int, list[StoredTie]] = {}
        for tie in stored.ties:
            self.ties_of_pupil.setdefault(tie.pupil_id, []).append(tie)
            self.ties_of_person.setdefault(tie.person_id, []).append(tie)
        shut = {tie.pupil_id for tie in stored.ties if tie.blocked}
        self.with_blocked = [pupil for pupil in stored.pupils if pupil.id in shut]
        """Pupils for whom somebody is blocked: few, so their names can be compared with care."""
        self.roles: dict[int, set[Role]] = {}
        for person_id, role in stored.roles:
            self.roles.setdefault(person_id, set()).add(role)

    def is_blocked_somewhere(self, person_id: int) -> bool:
        """Tell whether the school blocked this person for any pupil."""
        return any(tie.blocked for tie in self.ties_of_person.get(person_id, ()))

    def live_pupils(self, person_id: int) -> set[int]:
        """Return the pupils beside whom the person stands now, blocked or not."""
        return {tie.pupil_id for tie in self.ties_of_person.get(person_id, ()) if not tie.ended}

    def all_pupils(self, person_id: int) -> set[int]:
        """Return the pupils beside whom the person stands or stood."""
        return {tie.pupil_id for tie in self.ties_of_person.get(person_id, ())}


class PupilMatch:
    """Which stored pupil each pupil of the file is."""

    def __init__(self, index: Index, roster: Roster | None) -> None:
        self._index = index
        self._roster = roster
        self.found: dict[PupilName, StoredPupil] = {}
        by_name = {(fold(pupil.name), pupil.birth_date): pupil for pupil in index.pupils.values()}
        self.listed = roster.pupils if roster else ()
        for pupil in self.listed:
            if stored := by_name.get(name_of(pupil)):
                self.found[name_of(pupil)] = stored
        self._taken = {stored.id for stored in self.found.values()}
        self._by_birth: dict[date, list[StoredPupil]] = {}
        self._by_fold: dict[str, list[StoredPupil]] = {}
        for stored in index.pupils.values():
            self._by_birth.setdefault(stored.birth_date, []).append(stored)
            self._by_fold.setdefault(fold(stored.name), []).append(stored)
        self._find_corrected()

    def _find_corrected(self) -> None:
        """Find pupils whose name or birth date was corrected: a guardian in common, and one choice only."""
        claims: dict[int, list[PupilName]] = {}
        for pupil in self.listed:
            if name_of(pupil) in self.found:
                continue
            near = [stored for stored in self._near(pupil) if stored.id not in self._taken and not stored.left]
            shared = [stored for stored in near if self._shares_guardian(pupil, stored)]
            if len(shared) == 1:
                claims.setdefault(shared[0].id, []).append(name_of(pupil))
        for pupil_id, names in claims.items():
            if len(names) == 1:
                self.found[names[0]] = self._index.pupils[pupil_id]
                self._taken.add(pupil_id)

    def _near(self, pupil: RosterPupil) -> Iterator[StoredPupil]:
        """Yield pupils of the same birth date and a similar name, or of the same name."""
        for stored in self._by_birth.get(pupil.birth_date, ()):
            if alike(stored.name, pupil.name):
                yield stored
        for stored in self._by_fold.get(fold(pupil.name), ()):
            if stored.birth_date != pupil.birth_date:
                yield stored

    def _shares_guardian(self, pupil: RosterPupil, stored: StoredPupil) -> bool:
        keys = {link.guardian_key for link in pupil.guardians}
        return any(
            self._index.people[tie.person_id].key in keys for tie in self._index.ties_of_pupil.get(stored.id, ())
        )

    def maybe(self, pupil: RosterPupil) -> list[StoredPupil]:
        """Return, of the pupils for whom somebody is blocked, those who may be this child.

        Also of a pupil who is known by now, and also those whom the file lists beside it: an earlier file may have
        brought another spelling, and the next one the guardian who was blocked under the first.
        """
        stored = self.found.get(name_of(pupil))
        others = [one for one in self._index.with_blocked if one is not stored and self._may_be(pupil, one)]
        return [stored, *others] if stored is not None else others

    def _may_be(self, pupil: RosterPupil, one: StoredPupil) -> bool:
        if close(one.name, pupil.name):
            return True
        return one.birth_date == pupil.birth_date and (one.id not in self._taken or alike(one.name, pupil.name))


class PersonMatch:
    """Which stored person each entry of the files is, and whose number has passed on to somebody else."""

    def __init__(self, index: Index, pupils: PupilMatch, roster: Roster | None, staff: StaffRoster | None) -> None:
        self._index = index
        self._pupils = pupils
        self._staff_given = staff is not None
        self._roster_given = roster is not None
        self.problems: list[ImportProblem] = []
        self.entries: dict[str, Entry] = {}
        self._read_roster(roster)
        self._read_staff(staff)
        self.found: dict[str, StoredPerson] = {}
        self.passed_on: dict[str, StoredPerson] = {}
        self._find_by_key()
        self.by_key_only = frozenset(self.found)
        self._find_renumbered()
        self._check_blocked()

    def _read_roster(self, roster: Roster | None) -> None:
        if roster is None:
            return
        for one in roster.guardians:
            self.entries[one.key] = Entry(
                one.key, one.name, one.lines[0], False, one.phone, one.email, one.language, is_guardian=True
            )
        for pupil in roster.pupils:
            stored = self._pupils.found.get(name_of(pupil))
            for link in pupil.guardians:
                entry = self.entries[link.guardian_key]
                if stored is None:
                    entry.strange += 1
                else:
                    entry.pupils.add(stored.id)

    def _read_staff(self, staff: StaffRoster | None) -> None:
        for one in staff.people if staff else ():
            entry = self.entries.get(one.key)
            if entry is None:
                entry = Entry(one.key, one.name, one.line, True)
                self.entries[one.key] = entry
            elif not alike(entry.name, one.name):
                self.problems.append(
                    import_problem(
                        one.line, STAFF_OTHER_NAME, staff=True, name=one.name, other_name=entry.name, other=entry.line
                    )
                )
                continue
            entry.is_staff = True
            entry.phone = entry.phone or one.phone
            entry.email = entry.email or one.email
            entry.spoken = tuple(dict.fromkeys((*entry.spoken, *one.languages)))
            entry.roles.add(one.role)

    def _find_by_key(self) -> None:
        for entry in self.entries.values():
            person = self._index.by_key.get(entry.key)
            if person is None:
                continue
            if self._is_same(entry, person):
                self.found[entry.key] = person
                continue
            self.passed_on[entry.key] = person
            sentence = self._forbids_passing(person)
            if sentence:
                self.problems.append(
                    import_problem(entry.line, sentence, staff=entry.in_staff, name=entry.name, other_name=person.name)
                )

    def _is_same(self, entry: Entry, person: StoredPerson) -> bool:
        if fold(entry.name) == fold(person.name):
            return True
        if self._index.is_blocked_somewhere(person.id):
            similar = first_word(entry.name) == first_word(person.name)
        else:
            similar = alike(entry.name, person.name)
        return similar and self._shares(entry, person)

    def _shares(self, entry: Entry, person: StoredPerson) -> bool:
        return bool(
            entry.pupils & self._index.all_pupils(person.id) or entry.roles & self._index.roles.get(person.id, set())
        )

    def _forbids_passing(self, person: StoredPerson) -> str | None:
        if self._index.is_blocked_somewhere(person.id):
            return BLOCKED_RENAMED
        employed, guardian = person.id in self._index.roles, bool(self._index.live_pupils(person.id))
        unspoken = (employed and not self._staff_given) or (guardian and not self._roster_given)
        return NUMBER_OF_OTHER if unspoken else None

    def _find_renumbered(self) -> None:
        """Find people with a new number or address: each stored person for one entry only, or for none."""
        claims: dict[int, list[str]] = {}
        taken = {person.id for person in self.found.values()}
        for entry in self.entries.values():
            if entry.key in self.found:
                continue
            candidates = [
                person
                for person in self._index.by_name.get(fold(entry.name), ())
                if person.id not in taken and self._key_is_free(person) and self._is_renumbered(entry, person)
            ]
            if len(candidates) == 1:
                claims.setdefault(candidates[0].id, []).append(entry.key)
        for person_id, keys in claims.items():
            if len(keys) == 1:
                self.found[keys[0]] = self._index.people[person_id]

    def _key_is_free(self, person: StoredPerson) -> bool:
        return person.key not in self.entries or person.key in self.passed_on

    def _is_renumbered(self, entry: Entry, person: StoredPerson) -> bool:
        if person.email and person.email == entry.email:
            return True
        roles = self._index.roles.get(person.id, set())
        if entry.strange or not entry.pupils | entry.roles:
            return False
        # by the name alone nothing may open: not a pupil more, not a role more
        return entry.pupils <= self._index.live_pupils(person.id) and entry.roles <= roles

    def _check_blocked(self) -> None:
        """Refuse every line that would open what is blocked, under whatever number or spelling."""
        for pupil in self._pupils.listed:
            stored = self._pupils.found.get(name_of(pupil))
            shut = [
                self._index.people[tie.person_id]
                for one in self._pupils.maybe(pupil)
                for tie in self._index.ties_of_pupil.get(one.id, ())
                if tie.blocked
            ]
            if not shut:
                continue
            for link in pupil.guardians:
                entry = self.entries[link.guardian_key]
                if not link.blocked and any(self._would_open(entry, person, stored) for person in shut):
                    self.problems.append(
                        import_problem(link.line, BLOCKED_COMES_BACK, guardian=entry.name, pupil=pupil.name)
                    )

    def _would_open(self, entry: Entry, blocked: StoredPerson, pupil: StoredPupil | None) -> bool:
        person = self.found.get(entry.key)
        if person is not None and person.id == blocked.id:
            # under the same number the tie that is stored stays blocked; anything else is refused
            return pupil is None or (pupil.id, person.id) not in self._index.ties or entry.key not in self.by_key_only
        if not _resembles(entry, blocked):
            return False
        tie = self._index.ties.get((pupil.id, person.id)) if pupil and person else None
        return tie is None or tie.ended


def _resembles(entry: Entry, person: StoredPerson) -> bool:
    same_email = entry.email is not None and entry.email == person.email
    same_phone = entry.phone is not None and entry.phone == person.phone
    return same_email or same_phone or alike(entry.name, person.name)


def name_of(pupil: RosterPupil) -> PupilName:
    """Return what a pupil is found by."""
    return fold(pupil.name), pupil.birth_date
