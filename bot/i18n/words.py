"""The domain's own words in every language: kinds, fields, things to bring, roles, relations."""

from __future__ import annotations

from bot.domain.marking import N_
from bot.domain.notices import HomeStatus, Item, NoticeKind
from bot.domain.people import Relation, Role
from bot.i18n.registry import languages
from bot.i18n.texts import Texts

KIND_SIGNS: dict[NoticeKind, str] = {
    NoticeKind.GENERAL: "📣",
    NoticeKind.OUTDOOR: "🌲",
    NoticeKind.EQUIPMENT: "🎒",
    NoticeKind.MEETING: "👥",
    NoticeKind.WEEKPLAN: "🗓",
    NoticeKind.LETTER: "✉️",
    NoticeKind.CLOSED: "🚪",
    NoticeKind.URGENT: "🚨",
    NoticeKind.PRAISE: "🌟",
    NoticeKind.INCIDENT: "🩹",
}
"""Signposts: the same sign for the same thing everywhere."""

KIND_NAMES: dict[NoticeKind, str] = {
    NoticeKind.GENERAL: N_("Message"),
    NoticeKind.OUTDOOR: N_("Outdoor day or trip"),
    NoticeKind.EQUIPMENT: N_("Things to bring"),
    NoticeKind.MEETING: N_("Meeting"),
    NoticeKind.WEEKPLAN: N_("Weekly plan"),
    NoticeKind.LETTER: N_("Letter sent home"),
    NoticeKind.CLOSED: N_("School closed or late start"),
    NoticeKind.URGENT: N_("Urgent"),
    NoticeKind.PRAISE: N_("Something good"),
    NoticeKind.INCIDENT: N_("Something happened"),
}

FIELD_NAMES: dict[str, str] = {
    "date": N_("Day"),
    "time": N_("Time"),
    "meet": N_("Meet at"),
    "back": N_("Back at"),
    "place": N_("Place"),
    "bring": N_("Bring"),
    "week": N_("Week"),
    "return_by": N_("Return it by"),
    "opens": N_("School starts at"),
}

FIELD_SIGNS: dict[str, str] = {
    "date": "📅",
    "time": "🕗",
    "meet": "🕗",
    "back": "🕒",
    "place": "📍",
    "bring": "🎒",
    "week": "📅",
    "return_by": "📅",
    "opens": "🕗",
}

ITEM_NAMES: dict[Item, str] = {
    # Translators: things a pupil brings to school, as they stand in a list after "Bring:"
    Item.LUNCH: N_("packed lunch"),
    Item.WATER: N_("water bottle"),
    Item.RAIN_CLOTHES: N_("rain clothes"),
    Item.WARM_CLOTHES: N_("warm clothes"),
    Item.CHANGE_OF_CLOTHES: N_("a change of clothes"),
    Item.BACKPACK: N_("backpack"),
    Item.SIT_PAD: N_("something to sit on"),
    Item.CUP: N_("cup"),
    Item.GYM_KIT: N_("gym clothes"),
    Item.INDOOR_SHOES: N_("indoor shoes"),
    Item.SWIMWEAR: N_("swimwear"),
    Item.TOWEL: N_("towel"),
    Item.SKIS: N_("skis"),
    Item.SKATES: N_("skates"),
    Item.SLEDGE: N_("sledge"),
    Item.HELMET: N_("helmet"),
    Item.BICYCLE: N_("bicycle"),
    Item.SUNSCREEN: N_("sunscreen"),
}

ROLE_NAMES: dict[Role, str] = {
    Role.PRINCIPAL: N_("principal"),
    Role.OFFICE: N_("school office"),
    Role.CONTACT_TEACHER: N_("contact teacher"),
    Role.SUBJECT_TEACHER: N_("teacher"),
    Role.INTERPRETER: N_("interpreter"),
    Role.REPRESENTATIVE: N_("parent representative"),
    Role.SAFETY_CONTACT: N_("contact for bullying and safety"),
}

RELATION_NAMES: dict[Relation, str] = {
    Relation.MOTHER: N_("mother"),
    Relation.FATHER: N_("father"),
    Relation.GRANDPARENT: N_("grandparent"),
    Relation.FOSTER_PARENT: N_("foster parent"),
    Relation.GUARDIAN: N_("guardian"),
    # Translators: a pupil of 18 or older, in a list of who can read and write about the pupil
    Relation.SELF: N_("pupil, of age"),
}

STATUS_SIGNS: dict[HomeStatus, str] = {
    HomeStatus.UNDERSTOOD: "✅",
    HomeStatus.UNDERSTOOD_BEFORE: "☑️",
    HomeStatus.QUESTION: "❓",
    HomeStatus.CALL_ME: "📞",
    HomeStatus.WAITING: "⏳",
    HomeStatus.QUEUED: "📤",
    HomeStatus.UNREACHABLE: "⚠️",
}


def language_label(code: str, tr: Texts) -> str:
    """Return a language's own name, marked in `tr` when no native reader has gone over it yet."""
    language = languages()[code]
    if not language.draft:
        return language.name
    # Translators: shown after a language's name while no native reader has checked it
    mark = tr.plain.gettext("draft")
    return f"{language.name} ({mark})"


def language_name(code: str, tr: Texts) -> str:
    """Return the name of any language in the reader's language: "polski" → "Polish"."""
    found = tr.locale.languages.get("no" if code == "nb" and tr.code != "nb" else code)
    return str(found or code)
