"""What an import would change: the school as it is stored, the changes in words, and the rows they come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.domain.errors import InvalidInput, Stale
from bot.domain.marking import N_
from bot.domain.people import Relation, Role
from bot.domain.roster import Roster, StaffRoster
from bot.domain.roster_problems import shorten

LARGE_SHARE = 0.3
"""An import that would end more than this share of the pupils or guardians is asked about twice."""


@dataclass(frozen=True, slots=True)
class StoredPerson:
    """A person as stored."""

    id: int
    key: str
    name: str
    phone: str | None
    email: str | None
    home_language: str | None
    spoken_languages: str


@dataclass(frozen=True, slots=True)
class StoredPupil:
    """A pupil as stored; `left` is no longer at the school."""

    id: int
    name: str
    birth_date: date
    class_id: int
    left: bool


@dataclass(frozen=True, slots=True)
class StoredTie:
    """A guardianship as stored."""

    pupil_id: int
    person_id: int
    relation: Relation
    blocked: bool
    ended: bool


@dataclass(frozen=True, slots=True)
class StoredSchool:
    """Everything that an import compares with. `class_staff` says who is a class's contact teacher."""

    classes: Mapping[int, str] = field(default_factory=dict)
    people: tuple[StoredPerson, ...] = ()
    pupils: tuple[StoredPupil, ...] = ()
    ties: tuple[StoredTie, ...] = ()
    roles: frozenset[tuple[int, Role]] = frozenset()
    class_staff: Mapping[tuple[int, int], bool] = field(default_factory=dict)


class ChangeKind(StrEnum):
    """Kinds of changes, in the order of the preview."""

    BLOCKED = "blocked"
    STAYS_BLOCKED = "stays_blocked"
    PASSED_ON = "passed_on"
    NEW_CLASS = "new_class"
    RENAMED_CLASS = "renamed_class"
    NEW_PUPIL = "new_pupil"
    RETURNED_PUPIL = "returned_pupil"
    LEFT_PUPIL = "left_pupil"
    MOVED_PUPIL = "moved_pupil"
    CORRECTED_PUPIL = "corrected_pupil"
    NEW_GUARDIAN = "new_guardian"
    NEW_TIE = "new_tie"
    REOPENED_TIE = "reopened_tie"
    ENDED_TIE = "ended_tie"
    CHANGED_RELATION = "changed_relation"
    NEW_STAFF = "new_staff"
    GONE_STAFF = "gone_staff"
    NEW_ROLE = "new_role"
    ENDED_ROLE = "ended_role"
    NEW_CLASS_STAFF = "new_class_staff"
    CHANGED_CLASS_STAFF = "changed_class_staff"
    ENDED_CLASS_STAFF = "ended_class_staff"
    CHANGED_NAME = "changed_name"
    CHANGED_PHONE = "changed_phone"
    CHANGED_EMAIL = "changed_email"
    CHANGED_LANGUAGE = "changed_language"
    CHANGED_SPOKEN = "changed_spoken"


HEADINGS: dict[ChangeKind, str] = {
    # Translators: headings of a preview for the school office, before a list of pupils and guardians is imported
    ChangeKind.BLOCKED: N_("Guardians who get blocked: {count}"),
    ChangeKind.STAYS_BLOCKED: N_("Guardians who stay blocked although the file does not say so: {count}"),
    ChangeKind.PASSED_ON: N_("Numbers or addresses that now belong to somebody else: {count}"),
    ChangeKind.NEW_CLASS: N_("New classes: {count}"),
    ChangeKind.RENAMED_CLASS: N_("Classes with a new name: {count}"),
    ChangeKind.NEW_PUPIL: N_("New pupils: {count}"),
    ChangeKind.RETURNED_PUPIL: N_("Pupils who are back: {count}"),
    ChangeKind.LEFT_PUPIL: N_("Pupils who have left: {count}"),
    ChangeKind.MOVED_PUPIL: N_("Pupils who change class: {count}"),
    ChangeKind.CORRECTED_PUPIL: N_("Pupils whose name or birth date is corrected: {count}"),
    ChangeKind.NEW_GUARDIAN: N_("New guardians: {count}"),
    ChangeKind.NEW_TIE: N_("Guardians who get access to a pupil: {count}"),
    ChangeKind.REOPENED_TIE: N_("Guardians who get access to a pupil again: {count}"),
    ChangeKind.ENDED_TIE: N_("Guardians who lose access to a pupil: {count}"),
    ChangeKind.CHANGED_RELATION: N_("Guardians with another relation to a pupil: {count}"),
    ChangeKind.NEW_STAFF: N_("New staff: {count}"),
    ChangeKind.GONE_STAFF: N_("Staff who have left: {count}"),
    ChangeKind.NEW_ROLE: N_("New roles: {count}"),
    ChangeKind.ENDED_ROLE: N_("Roles that end: {count}"),
    ChangeKind.NEW_CLASS_STAFF: N_("Teachers who get a class: {count}"),
    ChangeKind.CHANGED_CLASS_STAFF: N_("Teachers with another part in a class: {count}"),
    ChangeKind.ENDED_CLASS_STAFF: N_("Teachers who leave a class: {count}"),
    ChangeKind.CHANGED_NAME: N_("New names: {count}"),
    ChangeKind.CHANGED_PHONE: N_("New telephone numbers: {count}"),
    ChangeKind.CHANGED_EMAIL: N_("New e-mail addresses: {count}"),
    ChangeKind.CHANGED_LANGUAGE: N_("Other home languages: {count}"),
    ChangeKind.CHANGED_SPOKEN: N_("Other languages of staff: {count}"),
}

SENTENCES: dict[ChangeKind, str] = {
    # Translators: lines of the same preview. {guardian} and {pupil} are names, {before} and {after} values
    ChangeKind.BLOCKED: N_("{guardian} is shut out of everything about {pupil}"),
    ChangeKind.STAYS_BLOCKED: N_("{guardian} stays blocked for {pupil}"),
    ChangeKind.PASSED_ON: N_("{after} has what belonged to {before}; {after} joins with a letter of their own"),
    ChangeKind.NEW_CLASS: "{class_name}",
    ChangeKind.RENAMED_CLASS: N_("{before} becomes {after}"),
    ChangeKind.NEW_PUPIL: "{pupil}, {class_name}",
    ChangeKind.RETURNED_PUPIL: "{pupil}, {class_name}",
    ChangeKind.LEFT_PUPIL: "{pupil}, {class_name}",
    ChangeKind.MOVED_PUPIL: "{pupil}: {before} → {after}",
    ChangeKind.CORRECTED_PUPIL: "{before} → {after}",
    ChangeKind.NEW_GUARDIAN: "{name}",
    ChangeKind.NEW_TIE: N_("{guardian} for {pupil}"),
    ChangeKind.REOPENED_TIE: N_("{guardian} for {pupil}"),
    ChangeKind.ENDED_TIE: N_("{guardian} for {pupil}"),
    ChangeKind.CHANGED_RELATION: N_("{guardian} for {pupil}: {before} → {after}"),
    ChangeKind.NEW_STAFF: "{name}",
    ChangeKind.GONE_STAFF: "{name}",
    ChangeKind.NEW_ROLE: "{name}: {role}",
    ChangeKind.ENDED_ROLE: "{name}: {role}",
    ChangeKind.NEW_CLASS_STAFF: "{name}: {class_name}",
    ChangeKind.CHANGED_CLASS_STAFF: "{name}: {class_name}",
    ChangeKind.ENDED_CLASS_STAFF: "{name}: {class_name}",
    ChangeKind.CHANGED_NAME: "{before} → {after}",
    ChangeKind.CHANGED_PHONE: "{name}: {before} → {after}",
    ChangeKind.CHANGED_EMAIL: "{name}: {before} → {after}",
    ChangeKind.CHANGED_LANGUAGE: "{name}: {before} → {after}",
    ChangeKind.CHANGED_SPOKEN: "{name}: {before} → {after}",
}

SENSITIVE = frozenset(
    {
        ChangeKind.BLOCKED,
        ChangeKind.STAYS_BLOCKED,
        ChangeKind.PASSED_ON,
        ChangeKind.LEFT_PUPIL,
        ChangeKind.REOPENED_TIE,
        ChangeKind.ENDED_TIE,
        ChangeKind.GONE_STAFF,
        ChangeKind.NEW_ROLE,
        ChangeKind.ENDED_ROLE,
    }
)
"""What a preview always tells in full."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `fields` are personal: shown to the operator, never logged."""

    kind: ChangeKind
    fields: Mapping[str, object] = field(hash=False)

    @property
    def sentence(self) -> str:
        """English msgid with named fields."""
        return SENTENCES[self.kind]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as stored afterwards; `id` is None for a new one."""

    id: int | None
    key: str
    name: str
    phone: str | None
    email: str | None
    home_language: str | None
    spoken_languages: str


@dataclass(frozen=True, slots=True)
class PupilRow:
    """A pupil at the school as stored afterwards; `id` is None for a new one."""

    id: int | None
    name: str
    birth_date: date
    class_name: str


@dataclass(frozen=True, slots=True)
class TieRow:
    """A guardianship that is open or blocked afterwards; `act` is the word of the audit trail."""

    pupil: tuple[str, date]
    key: str
    relation: Relation
    blocked: bool
    act: str


@dataclass(frozen=True)
class ImportPlan:
    """What the files would change. Empty when they say what is stored."""

    roster: Roster | None
    staff: StaffRoster | None
    changes: tuple[Change, ...] = ()
    remarks: tuple[Change, ...] = ()
    """What the file says and the import does not do: `STAYS_BLOCKED`."""

    new_classes: tuple[str, ...] = ()
    renamed_classes: tuple[tuple[int, str], ...] = ()
    people: tuple[PersonRow, ...] = ()
    pupils: tuple[PupilRow, ...] = ()
    left_pupils: tuple[int, ...] = ()
    ties: tuple[TieRow, ...] = ()
    newly_blocked: tuple[tuple[int, int], ...] = ()
    """(pupil, person) of stored people, whose waiting messages are dropped."""
    ended_ties: tuple[tuple[int, int], ...] = ()
    roles: tuple[tuple[str, Role], ...] = ()
    ended_roles: tuple[tuple[int, Role], ...] = ()
    class_staff: tuple[tuple[str, str, bool], ...] = ()
    ended_class_staff: tuple[tuple[int, int], ...] = ()

    pupils_before: int = 0
    guardians_before: int = 0
    guardians_ending: int = 0

    @property
    def counts(self) -> dict[ChangeKind, int]:
        """How many of each kind, in the order of the preview."""
        counted = Counter(change.kind for change in (*self.changes, *self.remarks))
        return {kind: counted[kind] for kind in ChangeKind if counted[kind]}

    @property
    def is_empty(self) -> bool:
        """Nothing would be written."""
        return not any(
            (
                *self.new_classes,
                *self.renamed_classes,
                *self.people,
                *self.pupils,
                *self.left_pupils,
                *self.ties,
                *self.ended_ties,
                *self.roles,
                *self.ended_roles,
                *self.class_staff,
                *self.ended_class_staff,
            )
        )

    @property
    def is_large(self) -> bool:
        """So much would end that the file is probably half of one."""
        return (
            len(self.left_pupils) > LARGE_SHARE * self.pupils_before
            or self.guardians_ending > LARGE_SHARE * self.guardians_before
        )

    def of_kind(self, kind: ChangeKind) -> tuple[Change, ...]:
        """Return the changes and remarks of one kind, as the files have them."""
        return tuple(change for change in (*self.changes, *self.remarks) if change.kind is kind)


BLOCKED_COMES_BACK = N_(
    "Line {line}: {guardian} is, or may be, somebody whom the school has blocked for {pupil}. A new number, "
    "address or spelling does not open that. Write yes in the column blocked; unblocking is done by hand afterwards."
)
BLOCKED_RENAMED = N_(
    "Line {line}: the number or address of {name} is stored for {other_name}, whom the school has blocked for a "
    "pupil. Write the name as before."
)
NUMBER_OF_OTHER = N_(
    "Line {line}: the number or address of {name} is stored for {other_name}. Import the two files together, and "
    "write each person's own number, or the same name in both."
)
# Translators: there are two files, one with pupils and guardians ("people"), one with the staff
STAFF_OTHER_NAME = N_(
    "Staff file, line {line}: the number or address of {name} belongs to {other_name} on line {other} of the "
    "people file. Write each person's own, or the same name in both files."
)
UNKNOWN_CLASS = N_(
    "Staff file, line {line}: there is no class {value}. Write a class that has pupils, or add its pupils first."
)


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """Why the files cannot be applied to what is stored; `staff` tells in which of the two the line is."""

    line: int
    sentence: str
    fields: Mapping[str, object] = field(hash=False)
    staff: bool = False


def import_problem(line: int, sentence: str, *, staff: bool = False, **fields: object) -> ImportProblem:
    """Return the problem with its fields completed and long values cut."""
    shown = {name: shorten(value) if isinstance(value, str) else value for name, value in fields.items()}
    return ImportProblem(line, sentence, {"line": line, **shown}, staff)


class ImportRefused(InvalidInput):
    """The files are well-formed and contradict what is stored, or each other; nothing of them may be applied."""

    code = "import_refused"
    sentence = N_("Nothing was changed, because the file needs correcting ({count}). Import it again afterwards.")

    def __init__(self, problems: Iterable[ImportProblem]) -> None:
        self.problems = tuple(sorted(set(problems), key=lambda problem: (problem.staff, problem.line)))
        super().__init__(count=len(self.problems))


class ImportTooLarge(InvalidInput):
    """So much would end that somebody has to say that it is meant."""

    code = "import_too_large"
    sentence = N_(
        "Nothing was changed. {pupils} of {pupils_before} pupils and {guardians} of {guardians_before} guardians "
        "would be gone, so the file may be only half of one. If it is complete, import it again with {option}."
    )


class ImportStale(Stale):
    """What is stored has changed between the preview and the yes."""

    code = "import_stale"
    sentence = N_("Nothing was changed, because somebody else changed the school meanwhile. Start the import again.")
