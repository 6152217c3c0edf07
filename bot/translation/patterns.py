"""What must not change, as it looks in any language: links, codes, dates, times, classes, numbers."""

from __future__ import annotations

import re
from functools import cache

from bot.translation.days import all_months, either, english_months, month_pattern

_END = r"(?<![.,;:!?)\]»”\"'،؟])"
_LINK = (
    rf"(?:https?://|tg://|www\.)[^\s<>«»“”\"]+{_END}"
    r"|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]+)+"
    rf"|(?<![\w@.])(?:[a-z0-9-]{{1,63}}\.){{1,5}}(?:no|com|org|net|pl|eu|io|info|me|app|edu|example)"
    rf"(?:/[^\s<>«»“”\"]*{_END})?(?!\w)"
    r"|(?<!\w)@[A-Za-z]\w{3,}"
)
_S = r"[ \u00a0\u202f]"
_TELEPHONE = (
    rf"(?<![\w+])(?:(?:\+|00)\d[\d()-]*(?:{_S}?[\d()-]+)+"
    rf"|\d{{2}}(?:{_S}\d{{2}}){{3}}|\d{{3}}{_S}\d{{2}}{_S}\d{{3}}|\d{{3}}[ -]\d{{3}}[ -]\d{{3}}|\d{{8,9}})(?!\w)"
)
_ACCOUNT = rf"(?<!\w)(?:\d{{6}}{_S}?\d{{5}}|\d{{4}}[.{_S[1:-1]}]\d{{2}}[.{_S[1:-1]}]\d{{5}})(?!\w)"
_PARAGRAPH = r"§+(?:\s*\d+(?:\s?[A-Z])?(?:-\d+)?)?"
ABSOLUTE = re.compile(
    rf"(?P<link>{_LINK})|(?P<account>{_ACCOUNT})|(?P<telephone>{_TELEPHONE})|(?P<paragraph>{_PARAGRAPH})"
)
"""What is kept character by character."""

_CLASS = r"(?<!\w)\d{1,2}(?:[A-ZÆØÅ]|[a-g]|[أ-د])(?!\w)"
_CODE = r"(?<!\w)[A-ZÆØÅ]{1,5}-?\d+[A-Za-z]?(?!\w)"
_ISO = r"(?<!\d)\d{4}-\d{1,2}-\d{1,2}(?!\d)"
_DMY = r"(?<![\d.])\d{1,2}(?:\.\d{1,2}\.|/\d{1,2}/)(?:\d{4}|\d{2})(?!\d)"
_TIME = r"(?<![\d:])\d{1,2}:\d{2}(?![\d:])"
_DM = r"(?<![\d.,/])\d{1,2}(?:\.\d{1,2}|/\d{1,2})(?![\d/]|[.,]\d)"
_NUMBER = rf"\d+(?:{_S}\d{{3}})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,٫٬]\d+)*"


@cache
def value_pattern() -> re.Pattern[str]:
    """Return what matches a date, a time, a class, a code or a number; the group's name says which.

    `date` is one whose month is a number, `date_1` and `date_2` have it in words: "24. november", "November 24".
    A pair such as "8.30" is a date or a time; here it is named a time, which of them it is does not matter for masking.
    """
    month = either(all_months())
    first = either(name.capitalize() for name in english_months())
    year = r"(?:\.?,?\s+\d{4}(?!\d))?"
    return re.compile(
        rf"(?P<date_1>(?<![\d.,:])\d{{1,2}}(?:\.|(?:st|nd|rd|th)\b)?\s*(?:of\s+)?(?:{month})(?!\w){year})"
        rf"|(?P<date_2>(?<!\w)(?-i:{first})\s+\d{{1,2}}(?:st|nd|rd|th)?(?![\w:]|[.,]\d){year})"
        rf"|(?P<date>{_ISO}|{_DMY})|(?P<time>{_TIME}|{_DM})|(?P<class>(?-i:{_CLASS}))|(?P<code>(?-i:{_CODE}))"
        rf"|(?P<number>{_NUMBER})",
        re.IGNORECASE,
    )


def month_date(match: re.Match[str]) -> tuple[int, int, int | None] | None:
    """Return day, month and year of a found date whose month is a word."""
    if match.lastgroup not in {"date_1", "date_2"}:
        return None
    text = match.group()
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    name = month_pattern().search(re.sub(r"\d+(?:st|nd|rd|th)?", " ", text.lower()))
    if name is None:
        return None
    return numbers[0], all_months()[name[1]], numbers[1] if len(numbers) > 1 else None
