"""Who is who: roles, relations, and the person behind an update."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

AGE_OF_MAJORITY = 18
"""Years; from that birthday guardians' access ends by itself (P4, vergemålsloven § 8)."""


class Role(StrEnum):
    """What a member of staff does at the school."""

    PRINCIPAL = "principal"
    OFFICE = "office"
    CONTACT_TEACHER = "contact_teacher"
    SUBJECT_TEACHER = "subject_teacher"
    INTERPRETER = "interpreter"
    REPRESENTATIVE = "representative"
    SAFETY_CONTACT = "safety_contact"
    """The named adult to whom reports of bullying go (B10)."""


LEADERSHIP = frozenset({Role.PRINCIPAL, Role.OFFICE})
TEACHERS = frozenset({Role.CONTACT_TEACHER, Role.SUBJECT_TEACHER})


class Relation(StrEnum):
    """What a guardian is to a pupil."""

    MOTHER = "mother"
    FATHER = "father"
    GRANDPARENT = "grandparent"
    FOSTER_PARENT = "foster_parent"
    GUARDIAN = "guardian"
    SELF = "self"
    """The pupil: acts alone from the age of majority on, as nobody's child (P4)."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The enrolled person who acts, as read at the start of the unit of work.

    `roles` is empty for a guardian. `children` are the pupils to whom the person's access is open now; a
    teacher may have some at the same school.
    """

    person_id: int
    account_id: int
    name: str
    language: str
    roles: frozenset[Role]
    children: frozenset[int]

    @property
    def is_guardian(self) -> bool:
        return bool(self.children)

    @property
    def leads(self) -> bool:
        """Principal or office: may address the whole school."""
        return bool(self.roles & LEADERSHIP)

    @property
    def teaches(self) -> bool:
        return bool(self.roles & TEACHERS)

    @property
    def may_write_notices(self) -> bool:
        return self.leads or self.teaches


def majority_line(today: date) -> date:
    """Return the birth date of a pupil who comes of age on `today`.

    A pupil born on that date or earlier is of age. Somebody born on 29 February comes of age on 1 March.
    """
    year = today.year - AGE_OF_MAJORITY
    try:
        return today.replace(year=year)
    except ValueError:  # 29 February in a year without one: those born until 28 February are of age
        return date(year, 2, 28)


@dataclass(frozen=True, slots=True)
class Child:
    """A pupil as a guardian or a teacher sees one."""

    id: int
    name: str
    class_id: int
    class_name: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A person with what others need to reach them."""

    person_id: int
    name: str
    phone: str | None
    email: str | None
    language: str | None
    home_language: str | None


@dataclass(frozen=True, slots=True)
class GuardianTie:
    """Somebody who can read and write about a child (P2); `enrolled` once the bot was opened."""

    person_id: int
    name: str
    relation: Relation
    enrolled: bool


@dataclass(frozen=True, slots=True)
class ClassInfo:
    """A class; `grade` is its year (trinn)."""

    id: int
    name: str
    grade: int
