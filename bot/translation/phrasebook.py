"""Ready sentences: written once in every live language by people, with slots for what changes (N8, L3).

A sentence of the phrasebook is translated exactly and without any engine: it is found again in a text when the
whole sentence is one of the book's, never when it only resembles one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from bot.i18n.registry import SOURCE_LANGUAGE, languages, locales_folder
from bot.translation.phrasebook_data import BookFile, Part, Template, load_file, problems
from bot.translation.phrasebook_slots import Slots, fold, slot_type

_MARKS = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_SPACES = re.compile(r"\s+")
_END = re.compile(r"[\s.!…]+$")
_ASKS = re.compile(r"\s*[?؟]+$")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "æ": "ae", "đ": "d", "ى": "ي", "ة": "ه"})
_ARTICLE = "ال"


class NoPhrase(LookupError):
    """There is no such sentence, or not in that language, or a slot cannot hold what it was given."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One ready sentence in one language.

    Attributes:
        side: who says it: "school", "home", or "both".
        sentence: with its slots as `{thing}`, without their forms.
        slots: their names in the order of the source language's sentence.
    """

    id: str
    category: str
    side: str
    language: str
    sentence: str
    slots: tuple[str, ...]


def phrasebook_path(code: str) -> Path:
    """Return where a language's ready sentences stand."""
    return locales_folder() / code / "phrasebook.yaml"


def check_phrasebook(code: str) -> list[str]:
    """Return what is wrong with a language's file beside the source language's, as "where: what"."""
    return problems(phrasebook_path(code), phrasebook_path(SOURCE_LANGUAGE))


class Phrasebook:
    """The ready sentences of all live languages that have them, loaded at once.

    Raises:
        BadPhrasebook: a file cannot be used; it says where and why.
    """

    def __init__(self) -> None:
        self._files: dict[str, BookFile] = {
            code: load_file(phrasebook_path(code)) for code in languages() if phrasebook_path(code).exists()
        }
        source = self._files.get(SOURCE_LANGUAGE)
        self._entries = source.entries if source else {}
        self._slots = {code: Slots(code, file.words) for code, file in self._files.items()}

    def languages(self) -> tuple[str, ...]:
        """Return the languages that have ready sentences."""
        return tuple(self._files)

    def categories(self) -> tuple[str, ...]:
        """Return the categories in the order of the source language's file."""
        return tuple(dict.fromkeys(entry.category for entry in self._entries.values()))

    def phrases(self, language: str, *, category: str | None = None, side: str | None = None) -> list[Phrase]:
        """Return a language's sentences in the book's order; with `side` those that this side says."""
        return [
            phrase
            for phrase_id in self._entries
            if (phrase := self.find(phrase_id, language))
            and category in {None, phrase.category}
            and (side is None or phrase.side in {side, "both"})
        ]

    def find(self, phrase_id: str, language: str) -> Phrase | None:
        """Return a sentence of the book in a language, if it has it."""
        entry, file = self._entries.get(phrase_id), self._files.get(language)
        if entry is None or file is None or phrase_id not in file.said:
            return None
        template = file.said[phrase_id][0]
        return Phrase(phrase_id, entry.category, entry.side, language, template.shown, entry.slots)

    def choices(self, language: str, slot: str) -> list[tuple[str, str]]:
        """Return what a slot with a closed list can hold: code, and how the language calls it."""
        slots = self._slots.get(language)
        return [(code, forms[""]) for code, forms in slots.listed(slot_type(slot)).items()] if slots else []

    def render(self, phrase_id: str, language: str, slots: Mapping[str, str]) -> str:
        """Return a sentence with its slots filled, as plain text.

        Args:
            slots: by name: a day as "2026-11-24", "today", "tomorrow" or "weekday-0"; a time as "08:30"; the code of
                a thing, place or person, "=Oslo S" for a place of its own name; a name, class or number as it is.

        Raises:
            NoPhrase: no such sentence or language, or a slot is missing or cannot hold its value.
        """
        file = self._files.get(language)
        if file is None or phrase_id not in file.said:
            raise NoPhrase(phrase_id)
        try:
            return self._written(file.said[phrase_id][0], self._slots[language], slots)
        except (KeyError, ValueError, IndexError) as unfit:
            raise NoPhrase(phrase_id) from unfit

    def outline(self, phrase_id: str, language: str, slots: Mapping[str, str], blank: str = "…") -> str:
        """Return a sentence with the slots filled that are known, `blank` in the place of the others.

        Raises:
            NoPhrase: no such sentence or language, or a slot cannot hold its value.
        """
        file = self._files.get(language)
        if file is None or phrase_id not in file.said:
            raise NoPhrase(phrase_id)
        try:
            return self._written(file.said[phrase_id][0], self._slots[language], slots, blank)
        except (ValueError, IndexError) as unfit:
            raise NoPhrase(phrase_id) from unfit

    def fits(self, language: str, slot: str, value: str) -> bool:
        """Tell whether a slot can hold a value."""
        try:
            self._slots[language].write(slot, "", value)
        except (KeyError, ValueError, IndexError):
            return False
        return True

    @staticmethod
    def _written(template: Template, language: Slots, values: Mapping[str, str], blank: str | None = None) -> str:
        def written(part: str | Part) -> str:
            if isinstance(part, str):
                return part
            if blank is not None and part.name not in values:
                return blank
            return language.write(part.name, part.form, values[part.name])

        text = "".join(map(written, template.parts))
        return text[:1].upper() + text[1:]

    def match(self, sentence: str, source: str, target: str, *, today: date, names: Collection[str] = ()) -> str | None:
        """Return the exact translation of a whole sentence of the book; None for any other.

        Case, the full stop, direction marks and the number of spaces do not matter; every word does.

        Args:
            today: the day from which printed days are counted.
            names: of the people that the text may be about; nothing else is taken for a name.
        """
        if target not in self._files:
            return None
        found = {
            (phrase_id, tuple(sorted(values.items())))
            for phrase_id, values in self.read(sentence, source, today, names)
        }
        if len(found) != 1:
            return None
        phrase_id, values = found.pop()
        try:
            return self.render(phrase_id, target, dict(values))
        except NoPhrase:
            return None

    def read(
        self, sentence: str, language: str, today: date, names: Collection[str] = ()
    ) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield every sentence of the book that a whole sentence can be, with the values of its slots."""
        file = self._files.get(language)
        if file is None:
            return
        text, asks = _bare(sentence)
        low = fold(text)
        for phrase_id, templates in file.said.items():
            for template in templates:
                if (asks and not template.asks) or not all(piece in low for piece in template.words):
                    continue
                for values in self._fits(template.bare, text, low, 0, self._slots[language], today, names):
                    yield phrase_id, values

    def _fits(
        self,
        parts: tuple[str | Part, ...],
        text: str,
        low: str,
        at: int,
        slots: Slots,
        today: date,
        names: Collection[str],
    ) -> Iterator[dict[str, str]]:
        """Yield each way in which parts make the rest of a text."""
        if not parts:
            if at == len(text):
                yield {}
            return
        first, rest = parts[0], parts[1:]
        if isinstance(first, str):
            if low.startswith(first, at):
                yield from self._fits(rest, text, low, at + len(first), slots, today, names)
            return
        for end, value in slots.readings(first.name, first.form, text, at, today=today, names=names):
            for values in self._fits(rest, text, low, end, slots, today, names):
                if values.get(first.name, value) == value:
                    yield {first.name: value, **values}

    def search(
        self, language: str, words: str, *, category: str | None = None, side: str | None = None, limit: int = 6
    ) -> list[Phrase]:
        """Return the sentences that have a word beginning with each of `words`, the best first.

        A word of the sentence itself counts more than a keyword or a thing that can stand in it.
        """
        wanted = _search_words(words)
        ranked = []
        for place, phrase in enumerate(self.phrases(language, category=category, side=side)):
            said, beside = self._search_index(language)[phrase.id]
            points = [_points(word, said, beside) for word in wanted]
            if points and all(points):
                ranked.append((-sum(points), place, phrase))
        return [phrase for _, _, phrase in sorted(ranked, key=lambda one: one[:2])[:limit]]

    @cache  # noqa: B019 - one book lives as long as the program
    def _search_index(self, language: str) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
        file = self._files[language]
        found = {}
        for phrase_id, templates in file.said.items():
            beside = " ".join((*(one.shown for one in templates[1:]), *file.keywords.get(phrase_id, ())))
            for slot in templates[0].slots:
                beside += " " + " ".join(word for _, word in self.choices(language, slot))
            plain = re.sub(r"\{\w+\}", " ", templates[0].shown)
            found[phrase_id] = frozenset(_search_words(plain)), frozenset(_search_words(beside))
        return found


def _bare(sentence: str) -> tuple[str, bool]:
    """Return a sentence without marks, doubled spaces and its end, and whether it asks."""
    text = _MARKS.sub("", unicodedata.normalize("NFC", sentence)).replace("’", "'")
    text = _SPACES.sub(" ", text).strip()
    asks = bool(_ASKS.search(text))
    return (_ASKS if asks else _END).sub("", text), asks


def _search_words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    folded = "".join(c for c in plain if unicodedata.category(c) not in {"Mn", "Cf", "Lm"})
    found = re.findall(r"\w+", re.sub(r"\{\w+\}", " ", folded))
    return [word.removeprefix(_ARTICLE) if len(word) > 4 else word for word in found]


def _points(word: str, said: Collection[str], beside: Collection[str]) -> int:
    if word in said:
        return 4
    if any(one.startswith(word) for one in said):
        return 3
    if word in beside:
        return 2
    return int(any(one.startswith(word) for one in beside))


@cache
def phrasebook() -> Phrasebook:
    """Return the book of this program's languages, loaded at the first call; `warm` it at the start.

    Raises:
        BadPhrasebook: a language's file cannot be used.
    """
    return Phrasebook()


def warm() -> None:
    """Load the book, so that the first message does not wait.

    Raises:
        BadPhrasebook: a language's file cannot be used.
    """
    phrasebook()
