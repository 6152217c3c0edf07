"""Plants faults into good translations: one each, always the same ones, wherever the sentence has what can go wrong.

What is replaced stands here in full and is not taken from the guard's own data, so that a word which the guard does not
know is found missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol


class _Pair(Protocol):
    @property
    def source(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def said(self) -> str: ...
    @property
    def translated(self) -> str: ...


_WEEKDAYS: Mapping[str, Sequence[str]] = {
    "nb": ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "ar": ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
    "pl": ("poniedziałek", "wtorek", "środę", "czwartek", "piątek", "sobotę", "niedzielę"),
}
_OTHER_FORMS = {"pl": ("poniedziałku", "wtorku", "środy", "czwartku", "piątku", "soboty", "niedzieli")}
_MONTHS: Mapping[str, Sequence[str]] = {
    "nb": ("januar", "februar", "mars", "april", "september", "oktober", "november", "desember"),
    "en": ("January", "February", "March", "April", "September", "October", "November", "December"),
    "ar": ("يناير", "فبراير", "مارس", "أبريل", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"),
    "pl": ("stycznia", "lutego", "marca", "kwietnia", "września", "października", "listopada", "grudnia"),
}
_RELATIVE: Mapping[str, Sequence[tuple[str, str]]] = {
    "nb": (("i morgen", "i dag"), ("I morgen", "I dag"), ("i dag", "i morgen"), ("i går", "i dag")),
    "en": (("tomorrow", "today"), ("today", "tomorrow"), ("yesterday", "today")),
    "pl": (("Jutro", "Dziś"), ("jutro", "dziś"), ("dziś", "jutro"), ("wczoraj", "dziś")),
    "ar": (("غدًا", "اليوم"), ("الغد", "اليوم"), ("أمس", "غدًا")),
}
_DROP: Mapping[str, Sequence[tuple[str, str]]] = {
    "nb": (("ikke ", ""), ("Ingen ", "Noen "), ("ingen ", "noen "), ("aldri ", "alltid "), ("uten ", "med ")),
    "en": (
        ("won't ", "will "), ("n't ", " "), (" not ", " "), ("cannot ", "can "), (" never ", " always "),
        (" no ", " some "), ("No ", "Some "), ("nobody ", "somebody "), ("without ", "with "), ("nothing", "something"),
    ),
    "pl": (
        ("nigdy się nie ", "zawsze się "), ("Nikt nie ", "Ktoś "), (" nie ", " "), ("Nie ", ""), ("nie ", ""),
        ("bez ", "z "),
    ),
    "ar": (("لن ", "سوف "), ("لا ", ""), ("لم ", ""), ("ليس ", "يوجد "), ("غير ", ""), ("بدون ", "مع ")),
}  # fmt: skip
_ADD: Mapping[str, Sequence[tuple[str, str]]] = {
    "nb": ((" er ", " er ikke "), (" kan ", " kan ikke "), (" skal ", " skal ikke "), (" kommer ", " kommer ikke ")),
    "en": ((" is ", " is not "), (" are ", " are not "), (" can ", " cannot "), (" has ", " has not "),
           ("Bring ", "Do not bring "), ("Remember ", "Do not remember "), ("Send ", "Do not send ")),
    "pl": ((" jest ", " nie jest "), ("Proszę ", "Proszę nie "), (" ma ", " nie ma "), ("będą ", "nie będą ")),
    "ar": (("يرجى ", "لا يرجى "), (" يمكن", " لا يمكن"), ("أحضروا", "لا تحضروا"), ("سنخرج", "لن نخرج"),
           ("يجب ", "لا يجب ")),
}  # fmt: skip
_DENIED = re.compile(
    r"\b(?:ikke|ingen|aldri|uten|nei|glem\w*|mangl\w*|not?|never|nobody|nothing|without|cannot|forget|forgot|missing"
    r"|lost|nie|bez|nikt|nigdy|brak\w*|zapom\w*|لا|لن|لم|ليس|غير|بدون|نسيت|تنسوا)\b|n't",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://\S+|[\w.]+@[\w.]+\w")
_TELEPHONE = re.compile(r"\+?\d[\d ]{6,}\d")


def plant(pair: _Pair, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the kind of each fault with the translation that has it."""
    good, language = pair.translated, pair.target
    for kind, faults in (
        ("time", _times(good)),
        ("date", _dates(good, language)),
        ("weekday", _weekdays(good, language)),
        ("today", _replaced(good, _RELATIVE[language]) if _tells_day(pair) else iter(())),
        ("number", _numbers(good)),
        ("telephone", _telephones(good)),
        ("link", _links(good)),
        ("class", _classes(good)),
        ("name lost", _names(good, names, "")),
        ("name changed", _names(good, names, "Emil")),
        ("not dropped", _replaced(good, _DROP[language]) if _DENIED.search(pair.said) else iter(())),
        ("not added", _replaced(good, _ADD[language]) if not _denied(pair) else iter(())),
        ("empty", iter(("",))),
        ("untranslated", iter((pair.said,))),
        ("cut", _cut(good)),
        ("babble", iter((" ".join([good] * 4),))),
    ):
        yield from ((kind, fault) for fault in faults if fault != good)


def _denied(pair: _Pair) -> bool:
    return bool(_DENIED.search(pair.said) or _DENIED.search(pair.translated))


def _tells_day(pair: _Pair) -> bool:
    return any(word in pair.said for words in _RELATIVE[pair.source] for word in words)


def _replaced(good: str, words: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield the sentence with the first of the words that it has replaced."""
    for old, new in words:
        if old in good:
            yield good.replace(old, new, 1)
            return


def _bare(good: str) -> str:
    """Return the sentence with links and telephone numbers blanked out, so that places stay the same."""
    blanked = _LINK.sub(lambda match: "x" * len(match.group()), good)
    return _TELEPHONE.sub(lambda match: "x" * len(match.group()), blanked)


def _changed(good: str, pattern: str, group: int = 1) -> Iterator[str]:
    """Yield the sentence with each number that the pattern finds one higher."""
    for match in re.finditer(pattern, _bare(good)):
        old = good[match.start(group) : match.end(group)]
        new = str(int(old) + 1).zfill(len(old)) if int(old) != 31 else "30"
        yield good[: match.start(group)] + new + good[match.end(group) :]


def _times(good: str) -> Iterator[str]:
    yield from _changed(good, r"(?<![\d.])(\d{1,2})[:.](?:00|15|30|45)(?!\d)")
    yield from _changed(good, r"\d{1,2}[:.](15|30|45)(?!\d)")


def _dates(good: str, language: str) -> Iterator[str]:
    months = _MONTHS[language]
    yield from _changed(good, rf"(?<!\d)(\d{{1,2}})\.? (?:{'|'.join(months)})")
    yield from _changed(good, r"(?<!\d)(\d{1,2})[./](?:10|11|12)(?!\d)")
    for place, month in enumerate(months):
        if re.search(rf"\d\.? {month}", good):
            yield good.replace(month, months[place - 1], 1)


def _weekdays(good: str, language: str) -> Iterator[str]:
    for forms in (_WEEKDAYS[language], _OTHER_FORMS.get(language, ())):
        for place, day in enumerate(forms):
            if day in good:
                yield good.replace(day, forms[(place + 1) % 7], 1)
                yield re.sub(rf"\s*{day}\b", "", good, count=1)


def _numbers(good: str) -> Iterator[str]:
    yield from _changed(good, rf"(?<![\w.:/,+])(\d+)(?![\w:/]|[.,]\d|\.? ?(?:{'|'.join(_all_months())}))")


def _all_months() -> list[str]:
    return [month for months in _MONTHS.values() for month in months]


def _telephones(good: str) -> Iterator[str]:
    for match in _TELEPHONE.finditer(good):
        if "http" not in good[: match.start()]:
            last = str((int(good[match.end() - 1]) + 1) % 10)
            yield good[: match.end() - 1] + last + good[match.end() :]


def _links(good: str) -> Iterator[str]:
    for match in _LINK.finditer(good):
        yield good.replace(match.group(), match.group().replace("skole.", "school."), 1)
        yield good.replace(match.group(), match.group().replace(".example", ". example"), 1)
        yield good.replace(match.group(), "", 1)


def _classes(good: str) -> Iterator[str]:
    for match in re.finditer(r"\b(\d{1,2})([A-C])\b", _bare(good)):
        yield good[: match.start(2)] + ("B" if match[2] == "A" else "A") + good[match.end(2) :]
        yield good[: match.start(1)] + str(int(match[1]) + 1) + good[match.end(1) :]


def _names(good: str, names: Sequence[str], other: str) -> Iterator[str]:
    for name in dict.fromkeys(part for whole in names for part in whole.split()):
        if re.search(rf"\b{name}\b", good):
            yield re.sub(rf"\b{name}\b", other, good, count=1)


def _cut(good: str) -> Iterator[str]:
    words = good.split()
    if len(words) > 9:
        yield " ".join(words[:2])
