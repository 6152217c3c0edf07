"""Notices: their kinds and structured fields, who gets them, what homes answer (N2, N3, N4, N9).

A structured field is stored as a value (a date, a time, codes of things to bring) and rendered exactly in each
reader's language. Only free text depends on a translation.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

TEXT_LIMIT = 2000
"""Characters of a notice's free text: leaves room for the fields and for a translation within 4,096."""
CAPTION_LIMIT = 1024
"""Characters of a caption (Telegram); a longer notice goes as a text with its files after it."""
SHORT_TEXT_LIMIT = 120
"""Characters of a field such as a place."""
MAX_FILES = 5
"""Files of one notice: each is a message of its own at each home."""


class NoticeKind(StrEnum):
    GENERAL = "general"
    OUTDOOR = "outdoor"
    EQUIPMENT = "equipment"
    MEETING = "meeting"
    WEEKPLAN = "weekplan"
    LETTER = "letter"
    CLOSED = "closed"
    URGENT = "urgent"
    PRAISE = "praise"
    INCIDENT = "incident"


class FieldType(StrEnum):
    DATE = "date"
    """ISO date."""
    TIME = "time"
    """HH:MM, the school's wall clock."""
    WEEK = "week"
    """ISO week as 2026-W48."""
    ITEMS = "items"
    """A list of `Item` codes."""
    PLACE = "place"
    """A proper name, shown as written in every language."""


class Item(StrEnum):
    """Things to bring. All of them are things a home has: school is free of charge (N14)."""

    LUNCH = "lunch"
    WATER = "water"
    RAIN_CLOTHES = "rain_clothes"
    WARM_CLOTHES = "warm_clothes"
    CHANGE_OF_CLOTHES = "change_of_clothes"
    BACKPACK = "backpack"
    SIT_PAD = "sit_pad"
    CUP = "cup"
    GYM_KIT = "gym_kit"
    INDOOR_SHOES = "indoor_shoes"
    SWIMWEAR = "swimwear"
    TOWEL = "towel"
    SKIS = "skis"
    SKATES = "skates"
    SLEDGE = "sledge"
    HELMET = "helmet"
    BICYCLE = "bicycle"
    SUNSCREEN = "sunscreen"


@dataclass(frozen=True, slots=True)
class Field:
    """One structured field of a kind; an optional one can be skipped with a tap."""

    name: str
    type: FieldType
    required: bool = True


@dataclass(frozen=True, slots=True)
class KindRule:
    """What a kind of notice asks for and how it travels.

    `one_home` kinds go to one pupil's home only; `urgent` ones override quiet hours (N12).
    """

    fields: tuple[Field, ...] = ()
    text_required: bool = False
    one_home: bool = False
    urgent: bool = False


KINDS: dict[NoticeKind, KindRule] = {
    NoticeKind.GENERAL: KindRule(text_required=True),
    NoticeKind.OUTDOOR: KindRule(
        (
            Field("date", FieldType.DATE),
            Field("meet", FieldType.TIME),
            Field("back", FieldType.TIME),
            Field("place", FieldType.PLACE, required=False),
            Field("bring", FieldType.ITEMS, required=False),
        )
    ),
    NoticeKind.EQUIPMENT: KindRule((Field("bring", FieldType.ITEMS), Field("date", FieldType.DATE))),
    NoticeKind.MEETING: KindRule(
        (
            Field("date", FieldType.DATE),
            Field("time", FieldType.TIME),
            Field("place", FieldType.PLACE, required=False),
        )
    ),
    NoticeKind.WEEKPLAN: KindRule((Field("week", FieldType.WEEK),), text_required=False),
    NoticeKind.LETTER: KindRule(
        (Field("date", FieldType.DATE), Field("return_by", FieldType.DATE, required=False)),
        text_required=True,
    ),
    NoticeKind.CLOSED: KindRule((Field("date", FieldType.DATE), Field("opens", FieldType.TIME, required=False))),
    NoticeKind.URGENT: KindRule(text_required=True, urgent=True),
    NoticeKind.PRAISE: KindRule(text_required=False, one_home=True),
    NoticeKind.INCIDENT: KindRule(
        (Field("date", FieldType.DATE), Field("time", FieldType.TIME, required=False)),
        text_required=True,
        one_home=True,
    ),
}


class AudienceKind(StrEnum):
    """Whom a notice is for; what `audience_ids` holds is said beside each."""

    SCHOOL = "school"
    """Nothing."""
    GRADE = "grade"
    """School years (trinn)."""
    CLASSES = "classes"
    """Class ids."""
    PUPIL = "pupil"
    """One pupil id: every home of that pupil."""


class NoticeState(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    """Goes out at `send_at`; a notice sent now waits here for its time of grace."""
    SENT = "sent"
    """Its deliveries and outgoing rows exist."""
    DISCARDED = "discarded"
    APPLIED = "applied"
    """A correction that has been merged into the notice that it corrects."""


class Answer(StrEnum):
    """What a home answers (N9)."""

    UNDERSTOOD = "understood"
    QUESTION = "question"
    CALL_ME = "call_me"


class HomeStatus(StrEnum):
    """What the sender sees of one guardian (N11), worst news first in lists."""

    UNREACHABLE = "unreachable"
    CALL_ME = "call_me"
    QUESTION = "question"
    WAITING = "waiting"
    """Delivered, no answer yet."""
    QUEUED = "queued"
    UNDERSTOOD_BEFORE = "understood_before"
    """Understood before the last correction."""
    UNDERSTOOD = "understood"


OUTSTANDING = frozenset({HomeStatus.WAITING, HomeStatus.UNDERSTOOD_BEFORE})
"""Those whom a reminder is for: reached, and not heard from since the last change."""


def next_field(kind: NoticeKind, values: dict[str, object]) -> Field | None:
    """Return the first field that has neither a value nor a skip mark (None)."""
    return next((field for field in KINDS[kind].fields if field.name not in values), None)


def field_named(kind: NoticeKind, name: str) -> Field | None:
    """Return the field of that name, or None when the kind has none such."""
    return next((field for field in KINDS[kind].fields if field.name == name), None)


def missing_text(kind: NoticeKind, text: str, has_file: bool) -> bool:
    """Tell whether the kind still needs words; a weekly plan may be a file alone."""
    rule = KINDS[kind]
    if kind is NoticeKind.WEEKPLAN:
        return not (text or has_file)
    return rule.text_required and not text
