"""Reads `locales/<lang>/phrasebook.yaml`; the form of the files is explained at the top of the English one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from bot.translation.phrasebook_slots import LISTED, SLOT_TYPES, Words, fold, slot_type

SIDES = ("school", "home", "both")
SENTENCE_LIMIT = 200
_SLOT = re.compile(r"\{(?P<name>[a-z]+\d?)(?:\.(?P<form>[a-z]+))?\}")
_KEYS = frozenset({"days", "place_named", "things", "places", "people", "phrases"})
_LISTS = {"things": "thing", "places": "place", "people": "person"}
_ASKS = ("?", "؟")


class BadPhrasebook(ValueError):
    """A file of ready sentences cannot be used."""


@dataclass(frozen=True, slots=True)
class Part:
    """A slot in a sentence; `form` is the grammatical form of its word there ("acc")."""

    name: str
    form: str


@dataclass(frozen=True)
class Template:
    """A sentence: texts and slots in turn. `asks`: it ends with a question mark."""

    parts: tuple[str | Part, ...]

    @cached_property
    def asks(self) -> bool:
        """Ends with a question mark."""
        last = self.parts[-1]
        return isinstance(last, str) and last.endswith(_ASKS)

    @cached_property
    def bare(self) -> tuple[str | Part, ...]:
        """Without its last mark, in lower case: what a sentence is held against."""
        parts = [fold(part).replace("’", "'") if isinstance(part, str) else part for part in self.parts]
        if isinstance(parts[-1], str):
            parts[-1] = parts[-1].rstrip(".!…?؟ ")
        return tuple(part for part in parts if part)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The texts, each of which a sentence must hold."""
        return tuple(part for part in self.bare if isinstance(part, str))

    @cached_property
    def slots(self) -> tuple[str, ...]:
        """The names of the slots in their order, each once."""
        return tuple(dict.fromkeys(part.name for part in self.parts if isinstance(part, Part)))

    @cached_property
    def shown(self) -> str:
        """The sentence with its slots by name."""
        return "".join(part if isinstance(part, str) else f"{{{part.name}}}" for part in self.parts)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the source language's file says about a sentence in every language."""

    category: str
    side: str
    slots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BookFile:
    """One language's file: the sentences by id, the first of each is the one that is written."""

    words: Words
    said: Mapping[str, tuple[Template, ...]]
    keywords: Mapping[str, tuple[str, ...]]
    entries: Mapping[str, Entry]


def load_file(path: Path) -> BookFile:
    """Return a language's file.

    Raises:
        BadPhrasebook: it does not have the form that the English file explains.
    """
    try:
        return _read(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, IndexError, ValueError) as bad:
        raise BadPhrasebook(f"{path.parent.name}/{path.name}: {bad}") from bad


def problems(path: Path, source: Path) -> list[str]:
    """Return what is wrong with a file beside the source language's: ids, slots and lists are the same everywhere."""
    try:
        own, wanted = load_file(path), load_file(source)
    except BadPhrasebook as bad:
        return [str(bad)]
    found = [f"{one}: has no sentence" for one in wanted.said if one not in own.said]
    found += [f"{one}: is not in the source language" for one in own.said if one not in wanted.said]
    for phrase_id in own.said.keys() & wanted.said.keys():
        slots = set(wanted.said[phrase_id][0].slots)
        found += [
            f"{phrase_id}: other slots than in the source language: {one.shown}"
            for one in own.said[phrase_id]
            if set(one.slots) != slots
        ]
        if own.said[phrase_id][0].asks != wanted.said[phrase_id][0].asks:
            found.append(f"{phrase_id}: asks in one language only")
    for kind in LISTED:
        other = own.words.listed[kind].keys() ^ wanted.words.listed[kind].keys()
        found += [f"{kind} {code}: in one language only" for code in sorted(other)]
    return found


def _read(raw: Mapping[str, Any]) -> BookFile:
    if unknown := raw.keys() - _KEYS:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    words = _words(raw)
    said: dict[str, tuple[Template, ...]] = {}
    keywords: dict[str, tuple[str, ...]] = {}
    entries: dict[str, Entry] = {}
    for phrase_id, value in raw["phrases"].items():
        entry = value if isinstance(value, dict) else {"say": value}
        said[phrase_id] = tuple(_template(phrase_id, one, words) for one in (entry["say"], *entry.get("also", ())))
        keywords[phrase_id] = tuple(str(one) for one in entry.get("keywords", ()))
        side = entry.get("side", "school")
        if side not in SIDES:
            raise ValueError(f"{phrase_id}: side {side}")
        entries[phrase_id] = Entry(str(entry.get("category", "")), side, said[phrase_id][0].slots)
    return BookFile(words, said, keywords, entries)


def _words(raw: Mapping[str, Any]) -> Words:
    days = raw["days"]
    weekdays, also = tuple(days["weekdays"]), tuple(days.get("also_weekdays", ()))
    if len(weekdays) != 7 or len(also) not in {0, 7}:
        raise ValueError("days: a week has seven")
    named = str(raw["place_named"])
    if not re.search(r"[«“„]\{name\}[»”]", named):
        raise ValueError("place_named: {name} stands between quotation marks")
    listed = {kind: {code: _forms(word) for code, word in raw[key].items()} for key, kind in _LISTS.items()}
    return Words(tuple(days["today"]), tuple(days["tomorrow"]), weekdays, named, listed, also)


def _forms(word: str | Mapping[str, str]) -> dict[str, str]:
    if isinstance(word, str):
        return {"": word}
    return {"": str(word["name"]), **{form: str(said) for form, said in word.items() if form != "name"}}


def _template(phrase_id: str, sentence: str, words: Words) -> Template:
    parts: list[str | Part] = []
    at = 0
    for found in _SLOT.finditer(sentence):
        if before := sentence[at : found.start()]:
            parts.append(before)
        parts.append(Part(found["name"], found["form"] or ""))
        at = found.end()
    if after := sentence[at:]:
        parts.append(after)
    template = Template(tuple(parts))
    _check(phrase_id, sentence, template, words)
    return template


def _check(phrase_id: str, sentence: str, template: Template, words: Words) -> None:
    """A sentence is one sentence, ends as one, and its slots are known in the forms that it uses."""
    texts = [part for part in template.parts if isinstance(part, str)]
    if not sentence.endswith((".", "!", *_ASKS)) or len(sentence) > SENTENCE_LIMIT:
        raise ValueError(f"{phrase_id}: ends with no mark, or is too long: {sentence}")
    if re.search(r"[.!?؟…\n]|[{}]", "".join(texts)[:-1]):
        raise ValueError(f"{phrase_id}: is more than one sentence, or a slot is misspelt: {sentence}")
    slots = [part for part in template.parts if isinstance(part, Part)]
    if len({part.name for part in slots}) != len(slots):
        raise ValueError(f"{phrase_id}: a slot stands twice")
    for part in slots:
        kind = slot_type(part.name)
        if kind not in SLOT_TYPES:
            raise ValueError(f"{phrase_id}: there is no slot {part.name}")
        lacking = [code for code, forms in words.listed.get(kind, {}).items() if part.form not in forms]
        if lacking or (part.form and kind not in LISTED):
            raise ValueError(f"{phrase_id}: {{{part.name}.{part.form}}} is missing for {', '.join(lacking) or kind}")
