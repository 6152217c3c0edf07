"""One free text into another language: phrasebook, then memory, then engines, masked before and guarded after (L3, L5).

Nothing here reads or writes a database: who calls brings the names, the memory and the day, and stores the outcome.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from bot.domain.translation import Finding, FindingKind, MadeBy, Trouble
from bot.translation.engine import EngineFailed, Failure, NoEngine
from bot.translation.guard import check
from bot.translation.mask import Kind, Masked, Value, mask
from bot.translation.sentences import Piece, join, split

_FOUND = {
    Kind.NAME: FindingKind.NAME,
    Kind.NUMBER: FindingKind.NUMBER,
    Kind.DATE: FindingKind.DATE,
    Kind.TIME: FindingKind.TIME,
    Kind.LINK: FindingKind.LINK,
    Kind.CLASS: FindingKind.CLASS,
    Kind.CODE: FindingKind.NUMBER,
}


class TranslatedTexts(Protocol):
    """What engines gave back."""

    @property
    def texts(self) -> Sequence[str]:
        """As many as were given, in their order."""
        ...

    @property
    def engine(self) -> str:
        """The name of the engine that made them."""
        ...


class TranslatesTexts(Protocol):
    """The engines, as far as they are needed here."""

    async def can(self, source: str, target: str) -> bool:
        """Whether some engine translates this pair."""
        ...

    async def translate(self, texts: Sequence[str], source: str, target: str) -> TranslatedTexts:
        """Return the texts in `target`.

        Raises:
            NoEngine: none translates this pair.
            EngineFailed: every one that does failed or was too slow.
        """
        ...


class KnowsSentences(Protocol):
    """The phrasebook, as far as it is needed here."""

    def match(self, sentence: str, source: str, target: str, *, today: date, names: Collection[str] = ()) -> str | None:
        """Return the exact translation of a whole sentence, if it is a known one."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a text.

    Attributes:
        text: in the other language; empty when there was no engine or it failed. With trouble GUARD it is what the
            engine made, for an interpreter's eyes only.
        made_by: whose words they are, the machine's as soon as one sentence is; None without a text.
        engine: which engine, when one was asked.
        trouble: why the text must not be shown as a translation.
        findings: what the guard found, in the order of the sentences.
        retry_after: seconds after which a failed engine asked to be asked again.
    """

    text: str
    made_by: MadeBy | None
    engine: str = ""
    trouble: Trouble | None = None
    findings: tuple[Finding, ...] = ()
    retry_after: float | None = None


def memory_key(masked: str) -> str:
    """Return the key under which a masked sentence is remembered: case, spaces and a last full stop do not matter."""
    plain = " ".join(unicodedata.normalize("NFC", masked).casefold().split()).rstrip(" .")
    return hashlib.sha256(plain.encode()).hexdigest()


def memory_keys(text: str, names: Collection[str], language: str | None = None) -> list[tuple[str, str]]:
    """Return key and masked words of every sentence of a text that has something to translate, each once, in order.

    The same names and the same `language` find again what `remembered` learnt.
    """
    found = (mask(piece.text, names, language) for piece in split(text))
    return list({memory_key(one.text): (memory_key(one.text), one.text) for one in found if one.has_words}.values())


def remembered(
    source: str, translated: str, names: Collection[str], language: str | None = None, target: str | None = None
) -> list[tuple[str, str, str]]:
    """Return what an approved translation teaches: key, masked source and masked translation of each sentence.

    A sentence teaches nothing when the texts have not equally many, or when it has not the same values on both sides:
    then nobody can tell what a remembered sentence would have to be filled with.

    Args:
        language, target: of `source` and of `translated`.
    """
    sources = _masked_sentences(source, names, language)
    targets = _masked_sentences(translated, names, target)
    if len(sources) != len(targets):
        return []
    found: dict[str, tuple[str, str, str]] = {}
    for masked, other in zip(sources, targets, strict=True):
        aligned = masked.align(other)
        if aligned is not None:
            key = memory_key(masked.text)
            found.setdefault(key, (key, masked.text, aligned))
    return list(found.values())


def _masked_sentences(text: str, names: Collection[str], language: str | None) -> list[Masked]:
    return [one for piece in split(text) if (one := mask(piece.text, names, language)).has_words]


@dataclass(slots=True)
class _Work:
    """The sentences of one text on their way: each different one once."""

    source: str
    target: str
    names: Collection[str]
    done: dict[str, str] = field(default_factory=dict)
    makers: set[MadeBy] = field(default_factory=set)
    masked: dict[str, Masked] = field(default_factory=dict)
    """What only an engine can translate."""
    findings: list[Finding] = field(default_factory=list)
    engine: str = ""

    @property
    def made_by(self) -> MadeBy:
        """The least certain of all makers."""
        order = (MadeBy.ENGINE, MadeBy.MEMORY, MadeBy.PHRASEBOOK)
        return next((maker for maker in order if maker in self.makers), MadeBy.PHRASEBOOK)

    def asked(self) -> list[str]:
        """Return the masked sentences for the engine, each different one once."""
        return list(dict.fromkeys(one.text for one in self.masked.values()))

    def joined(self, pieces: Sequence[Piece]) -> str:
        """Return the text with its sentences in place."""
        return join(Piece(self.done.get(piece.text, piece.text), piece.gap) for piece in pieces)


class Translator:
    """Translates free texts. Holds no state of its own; one serves all tasks.

    Args:
        engines: what translates what nothing else knows.
        phrasebook: whole sentences that were translated with care before.
    """

    def __init__(self, engines: TranslatesTexts, phrasebook: KnowsSentences) -> None:
        self._engines = engines
        self._phrasebook = phrasebook

    async def translate(
        self,
        text: str,
        source: str,
        target: str,
        *,
        names: Collection[str],
        memory: Mapping[str, str],
        today: date,
    ) -> Outcome:
        """Return what becomes of `text`; never raises for an engine's sake.

        Args:
            text: in `source`.
            source: its language.
            target: the reader's.
            names: of everybody whom the text may be about: they never leave.
            memory: remembered sentences of this pair by `memory_key`, with tokens for their values.
            today: the school's day, for phrases that tell days from it.
        """
        pieces = split(text)
        work = _Work(source, target, names)
        for sentence in dict.fromkeys(piece.text for piece in pieces):
            self._begin(work, sentence, memory, today)
        if work.masked:
            try:
                await self._ask(work)
            except NoEngine:
                return Outcome("", None, trouble=Trouble.NO_ENGINE)
            except EngineFailed as failed:
                return Outcome("", None, trouble=Trouble.FAILED, retry_after=failed.retry_after)
        trouble = Trouble.GUARD if work.findings else None
        return Outcome(work.joined(pieces), work.made_by, work.engine, trouble, tuple(work.findings))

    async def back(self, text: str, source: str, target: str, names: Collection[str]) -> str | None:
        """Return what an engine makes of `text` (in `source`), for its author's eyes: no phrasebook, no guard (L7).

        None when there is no engine or it failed.
        """
        pieces = split(text)
        work = _Work(source, target, names)
        for sentence in dict.fromkeys(piece.text for piece in pieces):
            masked = mask(sentence, names, source)
            if masked.has_words and source != target:
                work.masked[sentence] = masked
        try:
            made = await self._made(work)
        except (NoEngine, EngineFailed):
            return None
        for sentence, masked in work.masked.items():
            work.done[sentence] = masked.patch(made[masked.text], target)
        return work.joined(pieces)

    def _begin(self, work: _Work, sentence: str, memory: Mapping[str, str], today: date) -> None:
        """Translate a sentence without an engine, or leave it to one."""
        masked = mask(sentence, work.names, work.source)
        if work.source == work.target or not masked.has_words:
            return
        known = self._phrasebook.match(sentence, work.source, work.target, today=today, names=work.names)
        if known is not None:
            work.done[sentence] = known
            work.makers.add(MadeBy.PHRASEBOOK)
            return
        remembered = memory.get(memory_key(masked.text))
        restored = masked.restore(remembered, work.target) if remembered is not None else None
        if restored is not None:
            work.done[sentence] = restored
            work.makers.add(MadeBy.MEMORY)
            return
        work.masked[sentence] = masked

    async def _ask(self, work: _Work) -> None:
        """Let an engine translate what is left, and guard what it made."""
        made = await self._made(work)
        work.makers.add(MadeBy.ENGINE)
        for sentence, masked in work.masked.items():
            restored = masked.restore(made[masked.text], work.target)
            if restored is None:
                work.findings += _lost(masked, made[masked.text])
                restored = masked.patch(made[masked.text], work.target)
            else:
                work.findings += check(sentence, restored, work.source, work.target, work.names)
            work.done[sentence] = restored

    async def _made(self, work: _Work) -> dict[str, str]:
        """Return the engine's texts by the masked sentence; one call for all.

        Raises:
            NoEngine, EngineFailed: as the engines do; also when they did not return as many as they were given.
        """
        asked = work.asked()
        if not asked:
            return {}
        translated = await self._engines.translate(asked, work.source, work.target)
        if len(translated.texts) != len(asked):
            raise EngineFailed(Failure.ODD)
        work.engine = translated.engine
        return dict(zip(asked, translated.texts, strict=True))


def _lost(masked: Masked, made: str) -> list[Finding]:
    """Return a finding for every value whose token is lost or doubled; for a made-up token, its text."""
    values: tuple[Value, ...] = masked.missing(made)
    return [Finding(_FOUND[value.kind], value.text) for value in values] or [Finding(FindingKind.NUMBER, "§")]
