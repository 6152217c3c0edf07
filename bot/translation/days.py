"""The names of months and weekdays in every language a text may come from or go to (Babel)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, get_day_names, get_month_names

from bot.i18n.registry import languages
from bot.translation.words import guard_words

NEAR = ("nn", "da", "sv")
"""Languages that an engine here translates though nobody is addressed in them (yet)."""
_FORMS: tuple[Literal["format", "stand-alone"], ...] = ("format", "stand-alone")
_WIDTHS: tuple[Literal["wide", "abbreviated"], ...] = ("wide", "abbreviated")
_LEAP_YEAR = 2024


@cache
def locale_of(language: str) -> Locale | None:
    """Return Babel's locale of a language, if it has one; English is British, as everywhere here."""
    known = languages().get(language)
    try:
        return Locale.parse(known.locale if known else "en_GB" if language == "en" else language)
    except (ValueError, UnknownLocaleError):
        return None


def guarded_languages() -> tuple[str, ...]:
    """Return the codes of the live languages and of those near to them."""
    return (*languages(), *(code for code in NEAR if code not in languages()))


@cache
def months(language: str) -> Mapping[str, int]:
    """Return the names of the months in lower case, in every form, with their numbers."""
    found: dict[str, int] = {}
    locale = locale_of(language)
    if locale is not None:
        for width in _WIDTHS:
            for context in _FORMS:
                for number, name in get_month_names(width, context, locale).items():
                    found.setdefault(str(name).lower().rstrip("."), int(number))
    found.update(guard_words(language).months)
    return {name: number for name, number in found.items() if len(name) > 1}


@cache
def weekdays(language: str) -> Mapping[str, int]:
    """Return the names of the weekdays (Monday is 0) in lower case, with the forms that the language's data adds."""
    found: dict[str, int] = {}
    locale = locale_of(language)
    if locale is not None:
        for context in _FORMS:
            for number, name in get_day_names("wide", context, locale).items():
                found.setdefault(str(name).lower(), int(number))
    found.update(guard_words(language).weekdays)
    return found


@cache
def all_months() -> Mapping[str, int]:
    """Return the names of the months in all languages at once: no two mean different ones."""
    return {name: number for code in reversed(guarded_languages()) for name, number in months(code).items()}


@cache
def month_pattern() -> re.Pattern[str]:
    """Return what matches a month's name in any language."""
    return re.compile(rf"(?<!\w)({either(all_months())})(?!\w)\.?", re.IGNORECASE)


def day_and_month(day: int, month: int, year: int | None, language: str) -> str | None:
    """Return "24 listopada", "24 November 2026": a date as `language` writes it; None when Babel cannot."""
    locale = locale_of(language)
    if locale is None:
        return None
    try:
        on = date(year or _LEAP_YEAR, month, day)
    except ValueError:
        return None
    return str(format_date(on, "long", locale) if year else format_skeleton("MMMMd", on, locale=locale))


def either(words: Iterable[str]) -> str:
    """Return a pattern's alternatives, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def english_months() -> tuple[str, ...]:
    """Return the whole names of the months in English, the only language here that writes them before the day."""
    return tuple(str(name).lower() for name in get_month_names("wide", "format", "en_GB").values())


@cache
def rtl(language: str) -> bool:
    """Whether a language is written from right to left."""
    locale = locale_of(language)
    return locale is not None and locale.text_direction == "rtl"
