"""The school's two files, people and staff, read as a whole or not at all (P1, P3).

`parse_people` and `parse_staff` return what the files say, or raise `RosterInvalid` with everything that has
to be corrected. Nothing here compares a file with what is stored.

Who is the same person: the same telephone number; without one, the same e-mail address; without either, the
same name with the same pupil. Two people with one name and two numbers are two people.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.domain.people import Relation, Role
from bot.domain.roster_cells import (
    RowReader,
    fold,
    grade_of,
    read_birth_date,
    read_blocked,
    read_class,
    read_classes,
    read_email,
    read_language,
    read_languages,
    read_name,
    read_phone,
    read_relation,
    read_role,
)
from bot.domain.roster_identity import Contact, assign_keys, check_contacts
from bot.domain.roster_problems import (
    NO_CLASS,
    NO_LANGUAGE,
    REPEATED_ROW,
    REPEATED_STAFF,
    TWO_CLASSES,
    RosterInvalid,
    RosterProblem,
    problem,
)
from bot.domain.roster_table import Row, decode_csv, read_table

__all__ = [
    "PEOPLE_COLUMNS",
    "STAFF_COLUMNS",
    "Roster",
    "RosterGuardian",
    "RosterInvalid",
    "RosterLink",
    "RosterProblem",
    "RosterPupil",
    "RosterStaff",
    "StaffRoster",
    "decode_csv",
    "grade_of",
    "parse_people",
    "parse_staff",
]

PEOPLE_COLUMNS = (
    "class",
    "pupil",
    "pupil_birth_date",
    "guardian",
    "relation",
    "language",
    "phone",
    "email",
    "blocked",
)
STAFF_COLUMNS = ("name", "role", "classes", "languages", "phone", "email")


@dataclass(frozen=True, slots=True)
class RosterLink:
    """That a guardian belongs to a pupil; `blocked` shuts the guardian out of everything about this pupil."""

    guardian_key: str
    relation: Relation
    blocked: bool
    line: int


@dataclass(frozen=True, slots=True)
class RosterPupil:
    """A pupil; name and birth date together say who it is. `lines` has a line for each guardian."""

    name: str
    birth_date: date
    class_name: str
    guardians: tuple[RosterLink, ...]
    lines: tuple[int, ...]

    @property
    def grade(self) -> int:
        """The year (trinn) of the class: 1 to 13."""
        return grade_of(self.class_name)


@dataclass(frozen=True, slots=True)
class RosterGuardian:
    """A guardian, once, however many children; an empty cell is filled from the person's other lines."""

    key: str
    name: str
    language: str | None
    phone: str | None
    email: str | None
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """The file of pupils and guardians, in the order of first appearance."""

    pupils: tuple[RosterPupil, ...]
    guardians: tuple[RosterGuardian, ...]

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes, lowest grade first."""
        return tuple(sorted({pupil.class_name for pupil in self.pupils}, key=lambda name: (grade_of(name), name)))


@dataclass(frozen=True, slots=True)
class RosterStaff:
    """A member of staff in one role; a person with two roles is there twice, under the same key."""

    key: str
    name: str
    role: Role
    classes: tuple[str, ...]
    languages: tuple[str, ...]
    phone: str | None
    email: str | None
    line: int


@dataclass(frozen=True, slots=True)
class StaffRoster:
    """The file of staff, in its order."""

    people: tuple[RosterStaff, ...]


@dataclass(frozen=True, slots=True)
class _Tie:
    """A line of the people file that can be read."""

    pupil: str
    birth_date: date
    class_name: str
    relation: Relation
    blocked: bool
    contact: Contact

    @property
    def pupil_id(self) -> tuple[str, date]:
        return fold(self.pupil), self.birth_date


@dataclass(frozen=True, slots=True)
class _Post:
    """A line of the staff file that can be read."""

    role: Role
    classes: tuple[str, ...]
    languages: tuple[str, ...]
    contact: Contact


def parse_people(text: str, *, today: date) -> Roster:
    """Read the pupils and their guardians.

    Raises:
        RosterInvalid: with every problem, in the order of lines.
    """
    problems: list[RosterProblem] = []
    rows = read_table(text, PEOPLE_COLUMNS, problems)
    ties = [tie for row in rows if (tie := _read_tie(row, today, problems))]
    keys = assign_keys(tie.contact for tie in ties)
    check_contacts([tie.contact for tie in ties], keys, problems)
    _check_classes(ties, problems)
    _check_repeated_ties(ties, keys, problems)
    if problems:
        raise RosterInvalid(problems)
    return Roster(_pupils(ties, keys), _guardians(ties, keys))


def parse_staff(text: str) -> StaffRoster:
    """Read the staff.

    Raises:
        RosterInvalid: with every problem, in the order of lines.
    """
    problems: list[RosterProblem] = []
    rows = read_table(text, STAFF_COLUMNS, problems)
    posts = [post for row in rows if (post := _read_post(row, problems))]
    keys = assign_keys(post.contact for post in posts)
    check_contacts([post.contact for post in posts], keys, problems)
    _check_repeated_posts(posts, keys, problems)
    if problems:
        raise RosterInvalid(problems)
    return StaffRoster(
        tuple(
            RosterStaff(
                key=key,
                name=post.contact.name,
                role=post.role,
                classes=post.classes,
                languages=post.languages,
                phone=post.contact.phone,
                email=post.contact.email,
                line=post.contact.line,
            )
            for post, key in zip(posts, keys, strict=True)
        )
    )


def _read_tie(row: Row, today: date, problems: list[RosterProblem]) -> _Tie | None:
    reader = RowReader(row, problems)
    class_name = reader.required("class", read_class)
    pupil = reader.required("pupil", read_name)
    birth_date = reader.required("pupil_birth_date", read_birth_date(today))
    name = reader.required("guardian", read_name)
    relation = reader.required("relation", read_relation)
    language = reader.optional("language", read_language)
    phone = reader.optional("phone", read_phone)
    email = reader.optional("email", read_email)
    blocked = reader.optional("blocked", read_blocked)
    if reader.refused or not (class_name and pupil and birth_date and name and relation):
        return None
    contact = Contact(row.line, name, phone, email, language, f"{fold(pupil)}|{birth_date.isoformat()}")
    return _Tie(pupil, birth_date, class_name, relation, blocked is True, contact)


def _read_post(row: Row, problems: list[RosterProblem]) -> _Post | None:
    reader = RowReader(row, problems)
    name = reader.required("name", read_name)
    role = reader.required("role", read_role)
    classes = reader.optional("classes", read_classes) or ()
    languages = reader.optional("languages", read_languages) or ()
    phone = reader.optional("phone", read_phone)
    email = reader.optional("email", read_email)
    if role is Role.CONTACT_TEACHER and not classes and "classes" not in reader.refused:
        problems.append(problem(row.line, NO_CLASS, name=name or ""))
    if role is Role.INTERPRETER and not languages and "languages" not in reader.refused:
        problems.append(problem(row.line, NO_LANGUAGE, name=name or ""))
    if reader.refused or not (name and role):
        return None
    return _Post(role, classes, languages, Contact(row.line, name, phone, email))


def _check_classes(ties: Iterable[_Tie], problems: list[RosterProblem]) -> None:
    first: dict[tuple[str, date], _Tie] = {}
    for tie in ties:
        before = first.setdefault(tie.pupil_id, tie)
        if before.class_name != tie.class_name:
            problems.append(
                problem(
                    tie.contact.line,
                    TWO_CLASSES,
                    name=tie.pupil,
                    value=tie.class_name,
                    other_value=before.class_name,
                    other=before.contact.line,
                )
            )


def _check_repeated_ties(ties: list[_Tie], keys: list[str], problems: list[RosterProblem]) -> None:
    """Refuse a guardian who is there twice for one pupil: one of the two lines might say blocked."""
    by_key: dict[tuple[object, str], _Tie] = {}
    by_name: dict[tuple[object, str], _Tie] = {}
    for tie, key in zip(ties, keys, strict=True):
        before = by_key.setdefault((tie.pupil_id, key), tie)
        if before is tie:
            before = by_name.setdefault((tie.pupil_id, fold(tie.contact.name)), tie)
        if before is not tie and tie.contact.may_be(before.contact):
            problems.append(
                problem(
                    tie.contact.line,
                    REPEATED_ROW,
                    name=tie.pupil,
                    other_name=tie.contact.name,
                    other=before.contact.line,
                )
            )


def _check_repeated_posts(posts: list[_Post], keys: list[str], problems: list[RosterProblem]) -> None:
    by_key: dict[tuple[Role, str], _Post] = {}
    by_name: dict[tuple[Role, str], _Post] = {}
    for post, key in zip(posts, keys, strict=True):
        before = by_key.setdefault((post.role, key), post)
        if before is post:
            before = by_name.setdefault((post.role, fold(post.contact.name)), post)
        if before is not post and post.contact.may_be(before.contact):
            problems.append(
                problem(
                    post.contact.line,
                    REPEATED_STAFF,
                    name=post.contact.name,
                    value=post.role.value,
                    other=before.contact.line,
                )
            )


def _pupils(ties: list[_Tie], keys: list[str]) -> tuple[RosterPupil, ...]:
    grouped: dict[tuple[str, date], list[tuple[_Tie, RosterLink]]] = {}
    for tie, key in zip(ties, keys, strict=True):
        link = RosterLink(key, tie.relation, tie.blocked, tie.contact.line)
        grouped.setdefault(tie.pupil_id, []).append((tie, link))
    return tuple(
        RosterPupil(
            name=group[0][0].pupil,
            birth_date=group[0][0].birth_date,
            class_name=group[0][0].class_name,
            guardians=tuple(link for _, link in group),
            lines=tuple(link.line for _, link in group),
        )
        for group in grouped.values()
    )


def _guardians(ties: list[_Tie], keys: list[str]) -> tuple[RosterGuardian, ...]:
    grouped: dict[str, list[Contact]] = {}
    for tie, key in zip(ties, keys, strict=True):
        grouped.setdefault(key, []).append(tie.contact)
    return tuple(
        RosterGuardian(
            key=key,
            name=group[0].name,
            language=next((contact.language for contact in group if contact.language), None),
            phone=next((contact.phone for contact in group if contact.phone), None),
            email=next((contact.email for contact in group if contact.email), None),
            lines=tuple(contact.line for contact in group),
        )
        for key, group in grouped.items()
    )
