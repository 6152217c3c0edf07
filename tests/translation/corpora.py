"""Reads the corpora of good and faulty translations and judges what the guard says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any

import yaml
from babel.messages.pofile import read_po

from bot.domain.translation import Finding
from bot.i18n import languages
from bot.i18n.registry import SOURCE_LANGUAGE, locales_folder
from bot.translation.guard import check
from tests.translation.faults import plant

FOLDER = Path(__file__).parent / "corpus"
PAIRS = ("nb_en", "nb_pl", "nb_ar", "pl_nb", "ar_nb", "en_nb")
HELD_OUT = "held_out"
NAMES = (
    "Ali Haddad", "Sara Haddad", "Zuzia Kowalska", "Jakub Wiśniewski", "Łukasz Nowak", "Kari Nordmann", "Per Hansen",
    "Åse Lie", "Jørgen Bø", "Chloé Dupont", "Ida Berg", "Jonas Øverland", "Amina Yusuf", "Omar Aziz",
)  # fmt: skip
"""Everybody whom the sentences may be about."""
_FIELD = re.compile(r"\bZz\w+")


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence and its translation by a person."""

    source: str
    target: str
    said: str
    translated: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the guard says of a translation, of which is known what it is: "good", or the kind of its fault."""

    pair: Pair
    kind: str
    translated: str
    findings: tuple[Finding, ...]

    @property
    def right(self) -> bool:
        """A good one passes, a faulty one does not."""
        return bool(self.findings) == (self.kind != "good")


def _load(file: str) -> Any:
    return yaml.safe_load((FOLDER / f"{file}.yaml").read_text(encoding="utf-8"))


@cache
def pairs(file: str) -> tuple[Pair, ...]:
    """Return the good translations of a file of the corpus."""
    loaded = _load(file)
    parts = loaded if isinstance(loaded, list) else [loaded]
    return tuple(Pair(part["source"], part["target"], *said) for part in parts for said in part["sentences"])


def open_pairs() -> tuple[Pair, ...]:
    """Return the good translations that the guard was made with."""
    return tuple(pair for file in PAIRS for pair in pairs(file))


def judge_good(those: tuple[Pair, ...]) -> list[Verdict]:
    """Return what the guard says of each as it is."""
    return [_verdict(pair, "good", pair.translated) for pair in those]


def judge_planted(those: tuple[Pair, ...]) -> list[Verdict]:
    """Return what the guard says of every fault that can be planted into them.

    Where it does not even let the good one pass, a fault would be stopped for nothing: none is planted there.
    """
    passed = (verdict.pair for verdict in judge_good(those) if verdict.right)
    return [_verdict(pair, kind, fault) for pair in passed for kind, fault in plant(pair, NAMES)]


def judge_catalogues() -> list[Verdict]:
    """Return what the guard says of the bot's own sentences in each two languages.

    They were written by others, freely and not for this, so it is the fairest measure of false alarms there is.
    """
    said = {language: _catalogue(language) for language in languages()}
    return [
        _verdict(Pair(source, target, one, other), "good", other, tuple(_FIELD.findall(one)))
        for source, target in permutations(said, 2)
        for msgid, one in said[source].items()
        if (other := said[target].get(msgid)) is not None and len(one.split()) > 2
    ]


def _clean(sentence: str) -> str:
    """Return a sentence of the catalogue without its tags, its fields as if they were names."""
    bare = re.sub(r"<[^>]+>", "", sentence)
    return re.sub(r"\{(\w+)\}", lambda field: "Zz" + field[1].replace("_", ""), bare)


def _catalogue(language: str) -> dict[str, str]:
    path = locales_folder() / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    return {
        message.id: _clean(message.id if language == SOURCE_LANGUAGE else message.string)
        for message in catalogue
        if isinstance(message.id, str) and isinstance(message.string, str) and message.id and not message.fuzzy
        if message.string or language == SOURCE_LANGUAGE
    }


def judge_written() -> list[Verdict]:
    """Return what the guard says of the faulty translations as engines make them."""
    return list(_written())


def _written() -> Iterator[Verdict]:
    for part in _load("faulty"):
        for said, translated, kind in part["sentences"]:
            yield _verdict(Pair(part["source"], part["target"], said, translated), kind, translated)


def _verdict(pair: Pair, kind: str, translated: str, more: tuple[str, ...] = ()) -> Verdict:
    return Verdict(pair, kind, translated, check(pair.said, translated, pair.source, pair.target, (*NAMES, *more)))
