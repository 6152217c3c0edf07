"""The words of remarks and of what repeats itself, in every language."""

from __future__ import annotations

from datetime import date

from babel.dates import format_skeleton

from bot.domain.followup import RemarkKind
from bot.domain.marking import N_
from bot.domain.patterns import Pattern, PatternKind
from bot.i18n.texts import Html, Texts

REMARK_SIGNS: dict[RemarkKind, str] = {
    RemarkKind.HOMEWORK: "📚",
    RemarkKind.GYM_KIT: "👟",
    RemarkKind.BOOKS: "🎒",
    RemarkKind.CLOTHES: "🧥",
    RemarkKind.LUNCH: "🥪",
    RemarkKind.GOOD_WORK: "🌟",
    RemarkKind.GOOD_FRIEND: "💛",
}

REMARK_NAMES: dict[RemarkKind, str] = {
    # Translators: short remarks about a pupil, read by the home; no gender, no blame ("homework was missing")
    RemarkKind.HOMEWORK: N_("homework was missing"),
    RemarkKind.GYM_KIT: N_("gym clothes were missing"),
    RemarkKind.BOOKS: N_("books or other things were missing"),
    RemarkKind.CLOTHES: N_("clothes did not fit the weather"),
    RemarkKind.LUNCH: N_("packed lunch was missing"),
    RemarkKind.GOOD_WORK: N_("good work"),
    RemarkKind.GOOD_FRIEND: N_("was a good friend"),
}


def month_name(tr: Texts, month: date) -> Html:
    """Return a month with its year, as it stands alone in a heading: "November 2026"."""
    return tr.value(str(format_skeleton("yMMMM", month, locale=tr.locale)))


def pattern_text(tr: Texts, pattern: Pattern, child: str) -> Html:
    """Say what repeats itself, without a judgement (A7)."""
    match pattern.kind:
        case PatternKind.WEEKDAY:
            return _weekday_text(tr, pattern, child)
        case PatternKind.LATE:
            return tr.ngettext(
                "{child} has come late {n} time in the last {days} school days.",
                "{child} has come late {n} times in the last {days} school days.",
                pattern.times,
                child=child,
                days=pattern.of,
            )
        case PatternKind.SHARE:
            return tr.ngettext(
                "{child} has been away on {n} of the last {days} school days.",
                "{child} has been away on {n} of the last {days} school days.",
                pattern.times,
                child=child,
                days=pattern.of,
            )
        case PatternKind.UNEXPLAINED:
            return tr.ngettext(
                "On {n} day nobody has said yet why {child} was away.",
                "On {n} days nobody has said yet why {child} was away.",
                pattern.times,
                child=child,
            )


def _weekday_text(tr: Texts, pattern: Pattern, child: str) -> Html:
    fields = {"child": child, "times": pattern.times}
    match pattern.weekday:
        # Translators: {child} was absent on {times} of the last {n} Mondays; the plural form follows {n}
        case 0:
            return tr.ngettext(
                "{child} has been away on {times} of the last {n} Monday.",
                "{child} has been away on {times} of the last {n} Mondays.",
                pattern.of,
                **fields,
            )
        case 1:
            return tr.ngettext(
                "{child} has been away on {times} of the last {n} Tuesday.",
                "{child} has been away on {times} of the last {n} Tuesdays.",
                pattern.of,
                **fields,
            )
        case 2:
            return tr.ngettext(
                "{child} has been away on {times} of the last {n} Wednesday.",
                "{child} has been away on {times} of the last {n} Wednesdays.",
                pattern.of,
                **fields,
            )
        case 3:
            return tr.ngettext(
                "{child} has been away on {times} of the last {n} Thursday.",
                "{child} has been away on {times} of the last {n} Thursdays.",
                pattern.of,
                **fields,
            )
        case _:
            return tr.ngettext(
                "{child} has been away on {times} of the last {n} Friday.",
                "{child} has been away on {times} of the last {n} Fridays.",
                pattern.of,
                **fields,
            )
