"""The school's files held against what is stored: every difference, and nothing done yet (P3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from bot.domain.people import TEACHERS, Role
from bot.domain.roster import Roster, RosterLink, RosterPupil, RosterStaff, StaffRoster
from bot.domain.roster_changes import (
    UNKNOWN_CLASS,
    Change,
    ChangeKind,
    ImportPlan,
    ImportProblem,
    ImportRefused,
    PersonRow,
    PupilRow,
    StoredPerson,
    StoredPupil,
    StoredSchool,
    TieRow,
    import_problem,
)
from bot.domain.roster_stored import Entry, Index, PersonMatch, PupilMatch, name_of

KEY_LENGTH = 200


def compare(stored: StoredSchool, roster: Roster | None, staff: StaffRoster | None) -> ImportPlan:
    """Return what the files would change. A file that is None is not spoken about.

    Raises:
        ImportRefused: with every line that cannot be applied to what is stored.
    """
    return _Comparison(stored, roster, staff).plan()


class _Comparison:
    def __init__(self, stored: StoredSchool, roster: Roster | None, staff: StaffRoster | None) -> None:
        self.stored = stored
        self.roster = roster
        self.staff = staff
        self.index = Index(stored)
        self.pupils = PupilMatch(self.index, roster)
        self.people = PersonMatch(self.index, self.pupils, roster, staff)
        self.renamed = self._renamed_classes()
        self.class_names = {**stored.classes, **self.renamed}
        self.changes: list[Change] = []
        self.remarks: list[Change] = []

    def plan(self) -> ImportPlan:
        problems = [*self.people.problems, *self._unknown_classes()]
        if problems:
            raise ImportRefused(problems)
        new_classes = self._new_classes()
        pupils = self._pupil_rows()
        left = self._left_pupils()
        people = self._person_rows()
        ties, newly_blocked = self._tie_rows()
        ended_ties = self._ended_ties()
        roles, ended_roles = self._roles()
        class_staff, ended_class_staff = self._class_staff()
        before = self._guardians_before()
        listed = {person.id for key, person in self.people.found.items() if self.people.entries[key].is_guardian}
        return ImportPlan(
            roster=self.roster,
            staff=self.staff,
            changes=tuple(self.changes),
            remarks=tuple(self.remarks),
            new_classes=tuple(new_classes),
            renamed_classes=tuple(self.renamed.items()),
            people=tuple(people),
            pupils=tuple(pupils),
            left_pupils=tuple(left),
            ties=tuple(ties),
            newly_blocked=tuple(newly_blocked),
            ended_ties=tuple(ended_ties),
            roles=tuple(roles),
            ended_roles=tuple(ended_roles),
            class_staff=tuple(class_staff),
            ended_class_staff=tuple(ended_class_staff),
            pupils_before=sum(not pupil.left for pupil in self.stored.pupils),
            guardians_before=len(before),
            guardians_ending=len(before - listed) if self.roster else 0,
        )

    def _tell(self, kind: ChangeKind, **fields: object) -> None:
        self.changes.append(Change(kind, fields))

    # Classes

    def _renamed_classes(self) -> dict[int, str]:
        """Return classes that moved up as a whole: most of the one are most of the other, and the name is free."""
        moved = Counter[tuple[int, str]]()
        for pupil in self.pupils.listed:
            stored = self.pupils.found.get(name_of(pupil))
            if stored and not stored.left:
                moved[stored.class_id, pupil.class_name] += 1
        from_class, to_class = Counter[int](), Counter[str]()
        for (class_id, name), count in moved.items():
            from_class[class_id] += count
            to_class[name] += count
        renamed = {
            class_id: name
            for (class_id, name), count in sorted(moved.items())
            if 2 * count > from_class[class_id] and 2 * count > to_class[name] and self.stored.classes[class_id] != name
        }
        return self._with_free_names(renamed)

    def _with_free_names(self, renamed: dict[int, str]) -> dict[int, str]:
        while True:
            kept = {name for class_id, name in self.stored.classes.items() if class_id not in renamed}
            if not (taken := {class_id for class_id, name in renamed.items() if name in kept}):
                return renamed
            renamed = {class_id: name for class_id, name in renamed.items() if class_id not in taken}

    def _unknown_classes(self) -> Iterable[ImportProblem]:
        known = {*self.class_names.values(), *(self.roster.classes if self.roster else ())}
        for post in self.staff.people if self.staff else ():
            for name in post.classes:
                if name not in known:
                    yield import_problem(post.line, UNKNOWN_CLASS, staff=True, value=name)

    def _new_classes(self) -> list[str]:
        for class_id, name in self.renamed.items():
            self._tell(ChangeKind.RENAMED_CLASS, before=self.stored.classes[class_id], after=name)
        known = set(self.class_names.values())
        new = [name for name in (self.roster.classes if self.roster else ()) if name not in known]
        for name in new:
            self._tell(ChangeKind.NEW_CLASS, class_name=name)
        return new

    # Pupils

    def _pupil_rows(self) -> list[PupilRow]:
        rows = []
        for pupil in self.pupils.listed:
            stored = self.pupils.found.get(name_of(pupil))
            if stored is None:
                self._tell(ChangeKind.NEW_PUPIL, pupil=pupil.name, class_name=pupil.class_name)
                rows.append(PupilRow(None, pupil.name, pupil.birth_date, pupil.class_name))
            elif self._pupil_changed(pupil, stored):
                rows.append(PupilRow(stored.id, pupil.name, pupil.birth_date, pupil.class_name))
        return rows

    def _pupil_changed(self, pupil: RosterPupil, stored: StoredPupil) -> bool:
        told = len(self.changes)
        if (pupil.name, pupil.birth_date) != (stored.name, stored.birth_date):
            self._tell(
                ChangeKind.CORRECTED_PUPIL,
                before=f"{stored.name}, {stored.birth_date.isoformat()}",
                after=f"{pupil.name}, {pupil.birth_date.isoformat()}",
            )
        before = self.class_names[stored.class_id]
        if stored.left:
            self._tell(ChangeKind.RETURNED_PUPIL, pupil=pupil.name, class_name=pupil.class_name)
        if before != pupil.class_name:
            self._tell(ChangeKind.MOVED_PUPIL, pupil=pupil.name, before=before, after=pupil.class_name)
        return len(self.changes) > told

    def _left_pupils(self) -> list[int]:
        if self.roster is None:
            return []
        listed = {stored.id for stored in self.pupils.found.values()}
        left = [pupil for pupil in self.stored.pupils if not pupil.left and pupil.id not in listed]
        for pupil in left:
            self._tell(ChangeKind.LEFT_PUPIL, pupil=pupil.name, class_name=self.class_names[pupil.class_id])
        return [pupil.id for pupil in left]

    # People

    def _person_rows(self) -> list[PersonRow]:
        found = {person.id for person in self.people.found.values()}
        passed_on = self.people.passed_on.items()
        rows = [self._retired(key, person) for key, person in passed_on if person.id not in found]
        for entry in self.people.entries.values():
            person = self.people.found.get(entry.key)
            if person is None:
                if entry.is_guardian:
                    self._tell(ChangeKind.NEW_GUARDIAN, name=entry.name)
                rows.append(self._row(None, entry))
            elif self._person_changed(person, row := self._row(person, entry)):
                rows.append(row)
        return rows

    def _retired(self, key: str, person: StoredPerson) -> PersonRow:
        """Return the person whose number or address is somebody else's now."""
        self._tell(ChangeKind.PASSED_ON, before=person.name, after=self.people.entries[key].name)
        return PersonRow(
            person.id,
            f"gone:{person.id}:{person.key}"[:KEY_LENGTH],
            person.name,
            None,
            None if key.startswith("mailto:") else person.email,
            person.home_language,
            person.spoken_languages,
        )

    def _row(self, person: StoredPerson | None, entry: Entry) -> PersonRow:
        phone, email, language = entry.phone, entry.email, entry.language
        spoken = " ".join(entry.spoken)
        if person is not None:
            if not self._is_whole(person):  # the file that was not given may have what this one leaves empty
                phone, email = phone or person.phone, email or person.email
            language = language or person.home_language
            spoken = spoken if self.staff else person.spoken_languages
        return PersonRow(person.id if person else None, entry.key, entry.name, phone, email, language, spoken)

    def _is_whole(self, person: StoredPerson) -> bool:
        guardian, employed = bool(self.index.live_pupils(person.id)), person.id in self.index.roles
        return (self.roster is not None or not guardian) and (self.staff is not None or not employed)

    def _person_changed(self, person: StoredPerson, row: PersonRow) -> bool:
        told = len(self.changes)
        if person.name != row.name:
            self._tell(ChangeKind.CHANGED_NAME, before=person.name, after=row.name)
        for kind, before, after in (
            (ChangeKind.CHANGED_PHONE, person.phone, row.phone),
            (ChangeKind.CHANGED_EMAIL, person.email, row.email),
            (ChangeKind.CHANGED_LANGUAGE, person.home_language, row.home_language),
            (ChangeKind.CHANGED_SPOKEN, person.spoken_languages, row.spoken_languages),
        ):
            if before != after:
                self._tell(kind, name=row.name, before=before or "–", after=after or "–")
        if person.key != row.key and len(self.changes) == told:  # found by another part of what was known before
            self._tell(ChangeKind.CHANGED_NAME, before=person.name, after=row.name)
        return len(self.changes) > told

    def _guardians_before(self) -> set[int]:
        return {
            tie.person_id
            for tie in self.stored.ties
            if not tie.ended and not tie.blocked and not self.index.pupils[tie.pupil_id].left
        }

    # Guardianships

    def _tie_rows(self) -> tuple[list[TieRow], list[tuple[int, int]]]:
        rows: list[TieRow] = []
        newly_blocked: list[tuple[int, int]] = []
        for pupil in self.pupils.listed:
            stored = self.pupils.found.get(name_of(pupil))
            for link in pupil.guardians:
                person = self.people.found.get(link.guardian_key)
                act = self._tie_act(pupil, link, stored, person)
                if act is None:
                    continue
                identity = (pupil.name, pupil.birth_date)
                rows.append(TieRow(identity, link.guardian_key, link.relation, link.blocked, act))
                if act == "tie.blocked" and stored and person:
                    newly_blocked.append((stored.id, person.id))
        return rows, newly_blocked

    def _tie_act(
        self, pupil: RosterPupil, link: RosterLink, stored: StoredPupil | None, person: StoredPerson | None
    ) -> str | None:
        """Return the audit's word for what happens to a tie; None when nothing does."""
        who = {"guardian": self.people.entries[link.guardian_key].name, "pupil": pupil.name}
        tie = self.index.ties.get((stored.id, person.id)) if stored and person else None
        if tie is not None and tie.blocked:
            if not link.blocked:
                self.remarks.append(Change(ChangeKind.STAYS_BLOCKED, who))
        elif link.blocked:
            self._tell(ChangeKind.BLOCKED, **who)
            return "tie.blocked"
        elif tie is None:
            self._tell(ChangeKind.NEW_TIE, **who)
            return "tie.opened"
        act = None
        if tie.relation is not link.relation:
            self._tell(ChangeKind.CHANGED_RELATION, **who, before=tie.relation, after=link.relation)
            act = "tie.relation"
        if tie.ended and tie.blocked:
            return "tie.listed"
        if tie.ended:
            self._tell(ChangeKind.REOPENED_TIE, **who)
            return "tie.opened"
        return act

    def _ended_ties(self) -> list[tuple[int, int]]:
        ended = []
        for pupil in self.pupils.listed:
            stored = self.pupils.found.get(name_of(pupil))
            if stored is None:
                continue
            keys = (link.guardian_key for link in pupil.guardians)
            listed = {self.people.found[key].id for key in keys if key in self.people.found}
            for tie in self.index.ties_of_pupil.get(stored.id, ()):
                if not tie.ended and tie.person_id not in listed:
                    name = self.index.people[tie.person_id].name
                    self._tell(ChangeKind.ENDED_TIE, guardian=name, pupil=pupil.name)
                    ended.append((tie.pupil_id, tie.person_id))
        return ended

    # Staff

    def _roles(self) -> tuple[list[tuple[str, Role]], list[tuple[int, Role]]]:
        if self.staff is None:
            return [], []
        new: list[tuple[str, Role]] = []
        kept: set[tuple[int, Role]] = set()
        greeted: set[str] = set()
        for post in self.staff.people:
            person = self.people.found.get(post.key)
            if person and post.role in self.index.roles.get(person.id, ()):
                kept.add((person.id, post.role))
                continue
            if post.key not in greeted and not (person and person.id in self.index.roles):
                greeted.add(post.key)
                self._tell(ChangeKind.NEW_STAFF, name=post.name)
            self._tell(ChangeKind.NEW_ROLE, name=post.name, role=post.role)
            new.append((post.key, post.role))
        return new, self._ended_roles(kept)

    def _ended_roles(self, kept: set[tuple[int, Role]]) -> list[tuple[int, Role]]:
        listed = {person.id for key, person in self.people.found.items() if self.people.entries[key].is_staff}
        ended = sorted(self.stored.roles - kept)
        for person_id in sorted({person_id for person_id, _ in ended} - listed):
            self._tell(ChangeKind.GONE_STAFF, name=self.index.people[person_id].name)
        for person_id, role in ended:
            self._tell(ChangeKind.ENDED_ROLE, name=self.index.people[person_id].name, role=role)
        return ended

    def _class_staff(self) -> tuple[list[tuple[str, str, bool]], list[tuple[int, int]]]:
        if self.staff is None:
            return [], []
        wanted = _wanted_class_staff(self.staff.people)
        stored = {
            (self.class_names[class_id], person_id): is_contact
            for (class_id, person_id), is_contact in self.stored.class_staff.items()
        }
        rows, kept = [], set()
        for (class_name, key), is_contact in wanted.items():
            person = self.people.found.get(key)
            before = stored.get((class_name, person.id)) if person else None
            if person:
                kept.add((class_name, person.id))
            if before is not is_contact:
                kind = ChangeKind.NEW_CLASS_STAFF if before is None else ChangeKind.CHANGED_CLASS_STAFF
                self._tell(kind, name=self.people.entries[key].name, class_name=class_name)
                rows.append((class_name, key, is_contact))
        ended = []
        for class_id, person_id in sorted(self.stored.class_staff):
            if (self.class_names[class_id], person_id) not in kept:
                name = self.index.people[person_id].name
                self._tell(ChangeKind.ENDED_CLASS_STAFF, name=name, class_name=self.class_names[class_id])
                ended.append((class_id, person_id))
        return rows, ended


def _wanted_class_staff(posts: Iterable[RosterStaff]) -> dict[tuple[str, str], bool]:
    """Return (class, key) → is contact teacher. A class beside another role says nothing about teaching."""
    wanted: dict[tuple[str, str], bool] = {}
    for post in posts:
        if post.role in TEACHERS:
            for name in post.classes:
                is_contact = post.role is Role.CONTACT_TEACHER or wanted.get((name, post.key), False)
                wanted[name, post.key] = is_contact
    return wanted
