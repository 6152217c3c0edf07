"""Reads `locales/<lang>/phrases.yaml`: how people say it. Data only; the engine knows no language.

letters: {aa: a}            # optional: letters read as others, after case and accents have gone
name_endings: [s]           # optional: endings a child's name may take
owner_endings: [s]          # optional: those of them that make it an owner ("Noahs bror")
free_order: true            # optional: the one who is ill may stand after the word for it
short_names: {jakub: [kuba]}
numbers: {to: 2}
say: {ill: [syk|sjuk, "har ... vondt"], …}      # groups below; the phrases' form stands in patterns.py
days: {today: [i dag], monday: [man], …}        # weekdays' and months' names come from Babel
times: {at: [kl], …}
links: {until: [til], since: [fra], joined: [og], beside: [den]}   # beside: between two names of one day
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from bot.understanding.days import WEEKDAYS
from bot.understanding.folding import fold
from bot.understanding.patterns import BadPhrase, Element, parse

SAY = {
    "ill": "ill, which as such says no more than the code",
    "ill_detail": "a symptom or a diagnosis: ill, and a health detail",
    "health_detail": "a lasting health matter (allergy, asthma): a health detail, but no absence",
    "appointment": "doctor, dentist, an office: the reason, not yet an absence",
    "appointment_detail": "an appointment that tells about health",
    "go_appointment": "goes to an appointment: the reason and an absence for a part of a day, or all of it",
    "other_reason": "another reason",
    "absent": "does not come, is away, stays at home",
    "keep": "is kept at home by the writer: the child is the object",
    "late": "comes late",
    "arrive": "comes at a time",
    "leave": "leaves at a time",
    "fetch": "is picked up by the writer, at a time: the child is the object",
    "early": "leaves before the day ends, whether or not a time is said",
    "away": "is away between two times",
    "back_at": "comes back on the same day, or on a day",
    "well": "is well, comes after all: withdraws",
    "still": "is still ill or away",
    "not_better": "is no better yet: still ill",
    "also": "also, again: one more day or child",
    "ask_leave": "asks for leave",
    "call_me": "wants to be called",
    "thanks": "thanks",
    "help": "wants to know what the bot does",
    "question": "begins a question",
    "condition": "if, in case",
    "past": "tells what was",
    "happened": "a verb that with a coming weekday tells of the one before: was sick on Saturday",
    "maybe": "may, hope, fear",
    "not": "negation",
    "quoted": "somebody says or asks",
    "since": "since a past day until now: not a past matter",
    "self": "the writer",
    "others": "another person or thing as the one who is, comes or does",
    "elsewhere": "something other than school that one may miss: a meeting, a training",
    "trap": "the sentence is about something else",
    "preposition": "to, at, with: who follows it is not the subject",
    "pronoun": "he, she",
    "child": "my son, my daughter",
    "both": "all of the writer's children",
    "verb": "is, has, comes: what stands after a name",
    "new_clause": "begins a new part of the sentence",
    "fronted": "stands first and puts the verb before the subject without asking: unfortunately, then",
    "cause": "because of: what follows is a reason, whatever it is",
    "about": "after a word for ill: what makes it no illness when an unknown word follows (sick of)",
    "of": "between a thing or person and whose it is: the brother of",
    "ask_softly": "a question that is a request: can he have",
    "light": "words that change nothing: greetings, adverbs, school words",
}
"""The groups of phrases and what each says."""

DAY_GROUPS = (*WEEKDAYS, "today", "tomorrow", "day_after", "past", "this_week", "next_week", "next", "last")
DAY_SETS = ("of_month", "ordinals", "day_units", "week_units", "week", "ago")
TIME_SETS = (
    "at", "not_before", "between", "units", "am", "pm", "half_to", "half_past", "quarter", "before", "after",
    "after_half", "after_quarter",
)  # fmt: skip
LINKS = ("until", "since", "beside", "joined")
MONTHS = tuple(str(month) for month in range(1, 13))
_TOP = {
    "letters",
    "name_endings",
    "owner_endings",
    "free_order",
    "short_names",
    "numbers",
    "say",
    "days",
    "times",
    "links",
}


class BadPhrases(ValueError):
    """A language's phrases cannot be used. The message names the file, the key, and what is wrong there."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """A language's phrases as the file has them, validated."""

    code: str
    letters: dict[str, str] = field(default_factory=dict)
    name_endings: tuple[str, ...] = ()
    owner_endings: tuple[str, ...] = ()
    free_order: bool = False
    short_names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    say: dict[str, tuple[str, ...]] = field(default_factory=dict)
    days: dict[str, tuple[str, ...]] = field(default_factory=dict)
    times: dict[str, tuple[str, ...]] = field(default_factory=dict)
    links: dict[str, tuple[str, ...]] = field(default_factory=dict)


def compiled(
    groups: Mapping[str, Iterable[str]], folding: Callable[[str], str]
) -> list[tuple[str, tuple[Element, ...]]]:
    """Return the phrases of groups, each parsed.

    Raises:
        BadPhrase: one cannot be read, which `problems` would have said.
    """
    return [(group, parse(phrase, folding)) for group, phrases in groups.items() for phrase in phrases]


def load(path: Path, code: str) -> Phrases:
    """Read and validate a language's file.

    Raises:
        BadPhrases: it is missing or something in it cannot be used; all problems are named.
    """
    found = problems(path)
    if found:
        raise BadPhrases("\n".join(found))
    raw: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))

    def lists(key: str) -> dict[str, tuple[str, ...]]:
        return {str(name): tuple(phrases) for name, phrases in raw.get(key, {}).items()}

    return Phrases(
        code=code,
        letters=raw.get("letters", {}),
        name_endings=tuple(raw.get("name_endings", ())),
        owner_endings=tuple(raw.get("owner_endings", ())),
        free_order=bool(raw.get("free_order", False)),
        short_names=lists("short_names"),
        numbers=raw.get("numbers", {}),
        say=lists("say"),
        days=lists("days"),
        times=lists("times"),
        links=lists("links"),
    )


def problems(path: Path) -> list[str]:
    """Return what is wrong with a file, each as "file: key: what"."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return [f"{path}: is missing"]
    except yaml.YAMLError as error:
        return [f"{path}: is not YAML: {' '.join(str(error).split())}"]
    if not isinstance(raw, dict):
        return [f"{path}: is not a mapping"]
    found = [f"{key}: is no key of this file" for key in raw if key not in _TOP]
    found += _mapping(raw, "letters", str) + _mapping(raw, "numbers", int)
    found += [p for key in ("name_endings", "owner_endings") for p in _strings(raw.get(key, []), key)]
    if not isinstance(raw.get("free_order", False), bool):
        found.append("free_order: is neither true nor false")
    allowed = {
        "say": set(SAY), "days": {*DAY_GROUPS, *DAY_SETS, *MONTHS}, "times": set(TIME_SETS), "links": set(LINKS),
        "short_names": None,
    }  # fmt: skip
    for key, names in allowed.items():
        found += _groups(raw, key, names)
    return [f"{path}: {problem}" for problem in found]


def _mapping(raw: dict[str, Any], key: str, kind: type) -> list[str]:
    value = raw.get(key, {})
    if not isinstance(value, dict):
        return [f"{key}: is not a mapping"]
    return [f"{key}.{name}: is not a {kind.__name__}" for name, v in value.items() if type(v) is not kind or not name]


def _strings(value: object, key: str) -> list[str]:
    if not isinstance(value, list):
        return [f"{key}: is not a list"]
    return [f"{key}: {v!r} is not text (put it in quotes)" for v in value if not isinstance(v, str) or not v.strip()]


def _groups(raw: dict[str, Any], key: str, allowed: set[str] | None) -> list[str]:
    value = raw.get(key, {})
    if not isinstance(value, dict):
        return [f"{key}: is not a mapping"]
    found = []
    for name, phrases in value.items():
        place = f"{key}.{name}"
        if allowed is not None and str(name) not in allowed:
            found.append(f"{place}: is no group; there are {', '.join(sorted(allowed))}")
            continue
        wrong = _strings(phrases, place)
        letters = raw.get("letters", {})
        readable = key in {"say", "days"} and not _mapping(raw, "letters", str)
        found += wrong or (_unreadable(phrases, place, letters) if readable else [])
    return found


def _unreadable(phrases: list[str], place: str, letters: dict[str, str]) -> list[str]:
    found = []
    for phrase in phrases:
        try:
            parse(phrase, partial(fold, letters=letters))
        except BadPhrase as error:
            found.append(f"{place}: {phrase!r} {error}")
    return found
