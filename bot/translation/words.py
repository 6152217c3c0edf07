"""Reads `locales/<lang>/translation.yaml`: the words by which the guard compares two languages. Data only.

The keys of a file, all of them optional:

- `deny`: words that deny (`ikke`, `nie`, `لا`), each counted once. `*` stands for letters ("odwoł*"), `…` for up to
  four words ("لا … إلا").
- `deny_alone`: counted when nothing else denies; beside a word of `deny` it may say the same again
  ("nikt nie wie").
- `maybe`: may deny or not ("umulig", "nieobecny"); no alarm is given because of them, in either direction.
- `nothing`: phrases with a word of denial that deny nothing ("ikke sant", "nie tylko"); longest first.
- `numbers`: {word: number}, up to twelve, in every form.
- `weekdays`, `months`: {form: number} beside Babel's names; Monday is 0, January 1.
- `today`, `tomorrow`, `yesterday`, `day_after`: how days are called from today.
- `at`: what stands before a time ("kl.", "godz.").
- `am`, `pm`: what stands after a time of the twelve-hour clock.
- `fraction`: words of times that are no digits ("halv", "kwadrans").
- `like_names`: everyday words that are somebody's name when they have a capital ("dag", "liv").
- `names`: {name in Latin letters: [spellings in this language's letters]}; only spellings that are no everyday word.
- `near`: the same for languages that have no folder of their own: {nn: {…}}.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.i18n.registry import languages, locales_folder


class BadGuardWords(ValueError):
    """A language's translation.yaml cannot be used."""


@dataclass(frozen=True, slots=True)
class GuardWords:
    """What the guard knows of one language; the fields are explained above."""

    like_names: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    deny_alone: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    nothing: tuple[str, ...] = ()
    today: tuple[str, ...] = ()
    tomorrow: tuple[str, ...] = ()
    yesterday: tuple[str, ...] = ()
    day_after: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    am: tuple[str, ...] = ()
    pm: tuple[str, ...] = ()
    fraction: tuple[str, ...] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)
    weekdays: Mapping[str, int] = field(default_factory=dict)
    months: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@cache
def guard_words(language: str) -> GuardWords:
    """Return a language's words; none when nobody has written them.

    Raises:
        BadGuardWords: the file cannot be used; it says where and why.
    """
    raw = _file(language)
    for code in languages():
        raw = raw or _file(code).get("near", {}).get(language, {})
    return _read({key: value for key, value in raw.items() if key != "near"}, language)


def guard_words_path(code: str) -> Path:
    """Return where the words of a language stand, if it has any."""
    return locales_folder() / code / "translation.yaml"


def check_guard_words(code: str) -> list[str]:
    """Return what is wrong with a language's file; empty when nothing is."""
    try:
        near = [_read(raw, near) for near, raw in _file(code).get("near", {}).items()]
        read = _read({key: value for key, value in _file(code).items() if key != "near"}, code)
    except BadGuardWords as bad:
        return [str(bad)]
    return [f"{key}: is empty" for key in ("deny", "numbers", "today", "tomorrow") if not getattr(read, key)] + [
        f"near: {key} is empty" for key in ("deny", "numbers") for one in near if not getattr(one, key)
    ]


def _file(language: str) -> dict[str, Any]:
    path = guard_words_path(language)
    if not path.is_file():
        return {}
    try:
        loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as bad:
        raise BadGuardWords(f"{language}/{path.name}: {bad}") from bad
    return loaded


def _read(raw: Mapping[str, Any], language: str) -> GuardWords:
    kinds = {one.name: str(one.type) for one in fields(GuardWords)}
    unknown = raw.keys() - kinds.keys()
    if unknown:
        raise BadGuardWords(f"{language}/translation.yaml: {sorted(map(str, unknown))} mean nothing")
    try:
        return GuardWords(**{key: _READ[kinds[key]](value) for key, value in raw.items()})
    except (AttributeError, TypeError, ValueError) as bad:
        raise BadGuardWords(f"{language}/translation.yaml: {bad}; a word such as no or off needs quotes") from bad


_READ: Mapping[str, Callable[[Any], Any]] = {
    "tuple[str, ...]": lambda words: tuple(word.lower() for word in words),
    "Mapping[str, int]": lambda numbers: {word.lower(): int(number) for word, number in numbers.items()},
    "Mapping[str, tuple[str, ...]]": lambda names: {
        n.casefold(): tuple(f.strip() for f in fs) for n, fs in names.items()
    },
}
"""How a field of this type is read."""
