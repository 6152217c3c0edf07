"""Events of school and homes: one concept, whose kind decides who is invited and what is asked (M1 to M3, M8)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.errors import InvalidInput
from bot.domain.marking import N_
from bot.domain.notices import AudienceKind
from bot.domain.people import LEADERSHIP, Role

TITLE_LIMIT = 80
"""Characters of an event's own name."""
PLACE_LIMIT = 120
AGENDA_LIMIT = 1500
"""Characters of an agenda: an invitation holds it with everything else within 4,096."""
TOPIC_LIMIT = 300
"""Characters of a topic that a guardian proposes."""
DIALECT_LIMIT = 60
MOST_COMING = 6
"""People of one home at one meeting that a button counts."""
MOST_CHILDREN = 6
SMALL_GROUP = 3
"""Language groups of fewer homes are counted together, so that no home can be told from the figures (M7)."""


class EventKind(StrEnum):
    CLASS_MEETING = "class_meeting"
    CONFERENCE = "conference"
    """A round of talks, each home at a time of its own (M4)."""
    TRIP = "trip"
    FAU = "fau"
    """The parents' council (foreldrerådets arbeidsutvalg)."""
    SU = "su"
    """The coordinating committee (samarbeidsutvalg)."""
    SMU = "smu"
    """The school environment committee (skolemiljøutvalg)."""
    RESPONSIBILITY_GROUP = "responsibility_group"
    """People around one pupil (ansvarsgruppe)."""
    TRANSITION = "transition"
    MOTHERS_GROUP = "mothers_group"
    SOCIAL = "social"
    COURSE = "course"
    DATE = "date"
    """A date of the school's year wheel: nobody answers, everybody concerned is reminded (M6)."""


class Circle(StrEnum):
    """Who of an audience is invited."""

    GUARDIANS = "guardians"
    MOTHERS = "mothers"
    REPRESENTATIVES = "representatives"
    """Everybody with that role; the audience is the whole school."""
    COMMITTEE = "committee"
    """Representatives and leadership."""
    AROUND_PUPIL = "around_pupil"
    """The pupil's guardians and contact teachers."""


BY_ROLE: dict[Circle, frozenset[Role]] = {
    Circle.REPRESENTATIVES: frozenset({Role.REPRESENTATIVE}),
    Circle.COMMITTEE: frozenset({Role.REPRESENTATIVE, *LEADERSHIP}),
    Circle.AROUND_PUPIL: frozenset({Role.CONTACT_TEACHER, *LEADERSHIP}),
}
"""The roles for which somebody without a child in it is invited to a circle; to any other circle, any role."""


class Ask(StrEnum):
    """What an answer slip asks beside coming or not (M1, M2)."""

    COUNT = "count"
    INTERPRETER = "interpreter"
    CHILDCARE = "childcare"
    TOPICS = "topics"
    SUMMARY = "summary"
    """Who does not come may get the summary, or ask for another date."""


ORGANISERS = frozenset({*LEADERSHIP, Role.CONTACT_TEACHER, Role.SUBJECT_TEACHER})
WITH_PARENTS = ORGANISERS | {Role.REPRESENTATIVE}


@dataclass(frozen=True, slots=True)
class EventRule:
    """What a kind of event needs.

    `audiences` are those to choose from, the only one is taken by itself; `titled` kinds need a name of their own;
    `organisers` are the roles that may call it.
    """

    circle: Circle
    audiences: tuple[AudienceKind, ...]
    asks: frozenset[Ask]
    titled: bool = False
    organisers: frozenset[Role] = ORGANISERS


_CLASSES = (AudienceKind.CLASSES, AudienceKind.GRADE, AudienceKind.SCHOOL)
_EVERYTHING = frozenset(Ask)
_GATHERING = frozenset({Ask.COUNT, Ask.INTERPRETER, Ask.CHILDCARE})
_COUNCIL = frozenset({Ask.INTERPRETER, Ask.TOPICS, Ask.SUMMARY})

EVENT_RULES: dict[EventKind, EventRule] = {
    EventKind.CLASS_MEETING: EventRule(Circle.GUARDIANS, _CLASSES, _EVERYTHING),
    EventKind.CONFERENCE: EventRule(
        Circle.GUARDIANS, (AudienceKind.CLASSES,), frozenset({Ask.INTERPRETER}), organisers=frozenset({*ORGANISERS})
    ),
    EventKind.TRIP: EventRule(Circle.GUARDIANS, _CLASSES, frozenset({Ask.COUNT}), titled=True),
    EventKind.FAU: EventRule(Circle.REPRESENTATIVES, (AudienceKind.SCHOOL,), _COUNCIL, organisers=WITH_PARENTS),
    EventKind.SU: EventRule(
        Circle.COMMITTEE, (AudienceKind.SCHOOL,), _COUNCIL, organisers=frozenset({*LEADERSHIP, Role.REPRESENTATIVE})
    ),
    EventKind.SMU: EventRule(
        Circle.COMMITTEE, (AudienceKind.SCHOOL,), _COUNCIL, organisers=frozenset({*LEADERSHIP, Role.REPRESENTATIVE})
    ),
    EventKind.RESPONSIBILITY_GROUP: EventRule(
        Circle.AROUND_PUPIL, (AudienceKind.PUPIL,), frozenset({Ask.INTERPRETER, Ask.TOPICS, Ask.SUMMARY})
    ),
    EventKind.TRANSITION: EventRule(
        Circle.GUARDIANS, (AudienceKind.CLASSES, AudienceKind.GRADE, AudienceKind.PUPIL), _EVERYTHING
    ),
    EventKind.MOTHERS_GROUP: EventRule(Circle.MOTHERS, _CLASSES, _GATHERING, organisers=WITH_PARENTS),
    EventKind.SOCIAL: EventRule(
        Circle.GUARDIANS, _CLASSES, frozenset({Ask.COUNT}), titled=True, organisers=WITH_PARENTS
    ),
    EventKind.COURSE: EventRule(Circle.GUARDIANS, _CLASSES, _GATHERING, titled=True),
    EventKind.DATE: EventRule(Circle.GUARDIANS, _CLASSES, frozenset(), titled=True, organisers=LEADERSHIP),
}


def invites_roles(kind: EventKind, roles: Collection[Role]) -> bool:
    """Tell whether somebody with these roles is, or still is, invited by role; other work at the school is not it."""
    return not BY_ROLE.get(EVENT_RULES[kind].circle, frozenset(Role)).isdisjoint(roles)


def around_pupil(kind: EventKind) -> bool:
    """Tell whether who is invited by role is so for work with one pupil, which can end while the role goes on."""
    return EVENT_RULES[kind].circle is Circle.AROUND_PUPIL


class EventState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    """Invitations are out, or, for a date of the year wheel, it stands in everybody's calendar."""
    CANCELLED = "cancelled"
    DISCARDED = "discarded"
    """A draft that was thrown away."""


class EventAnswer(StrEnum):
    COMING = "coming"
    NOT_COMING = "not_coming"
    OTHER_COMES = "other_comes"
    """Another guardian of the home comes (M1)."""


class InterpreterWish(StrEnum):
    """An interpreter is a negotiated choice; None beside these is "not asked yet" (M2)."""

    WANTED = "wanted"
    NO_THANKS = "no_thanks"


class GenderWish(StrEnum):
    ANY = "any"
    WOMAN = "woman"
    MAN = "man"


class AfterWish(StrEnum):
    """What somebody who does not come would like."""

    SUMMARY = "summary"
    OTHER_DATE = "other_date"
    NOTHING = "nothing"


class WrongEnd(InvalidInput):
    code = "wrong_end"
    sentence = N_("It would end before it begins. Choose a later time, or leave the end open.")


class DeadlinePassed(InvalidInput):
    code = "deadline_passed"
    sentence = N_("The time for answers is over. Write to the school if something has changed.")


class EventOver(InvalidInput):
    code = "event_over"
    sentence = N_("This is over. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Interpretation:
    """The wish for an interpreter, as it is told to the organiser and to nobody else."""

    wish: InterpreterWish | None = None
    language: str = ""
    dialect: str = ""
    gender: GenderWish = GenderWish.ANY

    @property
    def wanted(self) -> bool:
        return self.wish is InterpreterWish.WANTED


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is, on the school's wall clock; without `starts` it takes the whole day."""

    day: date
    starts: time | None = None
    ends: time | None = None

    def wall_start(self) -> datetime:
        """Return the naive wall-clock beginning; of a whole day, midnight."""
        return datetime.combine(self.day, self.starts or time())

    def wall_end(self) -> datetime | None:
        """Return the naive wall-clock end: None when it is open, the next midnight for a whole day."""
        if self.starts is None:
            return datetime.combine(self.day + timedelta(days=1), time())
        return datetime.combine(self.day, self.ends) if self.ends is not None else None


def check_end(starts: time, ends: time | None) -> None:
    """Hold an end against its beginning.

    Raises:
        WrongEnd: it is not after it.
    """
    if ends is not None and ends <= starts:
        raise WrongEnd
