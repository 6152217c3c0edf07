"""The meaning guard: does a translation say the same as its source, as far as a machine can tell? (L3)

It compares what both must have in common (names, numbers, dates, times, links, classes, denials) and looks whether it
is a translation at all. It does not know whether the words are well chosen: that is an interpreter's to say.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bot.domain.translation import Finding, FindingKind
from bot.translation import facts as read
from bot.translation.days import guarded_languages, rtl
from bot.translation.facts import Fact, FactKind
from bot.translation.lookup import fold, plain
from bot.translation.mask import TOKEN, mask
from bot.translation.negation import denials
from bot.translation.patterns import ABSOLUTE
from bot.translation.sentences import split
from bot.translation.words import guard_words

_NORDIC = frozenset({"nb", "nn", "da", "sv"})
"""Near enough that a sentence may be the same in two of them."""
_LENGTH = {"ar": 0.95, "fa": 0.95, "ur": 0.95, "ti": 0.7, "pl": 1.1, "so": 1.15, "vi": 1.05}
"""Letters that a language needs for what English says in one; 1 where nothing stands here."""
_LONGER, _SHORTER, _SLACK = 1.9, 0.55, 12
"""How much longer or shorter than expected a translation may be, and letters that make no difference."""
_KEPT = 0.6
"""The share of words from which on a sentence was not translated."""
_AGAIN = re.compile(r"(?<!\w)(\w.{4,120}?\w)\W+\1\W+\1(?!\w)")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]+")


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two texts, as it is compared."""

    plain: str
    folded: str
    language: str
    facts: Sequence[Fact]


def check(
    source: str, translated: str, source_language: str, target_language: str, names: Collection[str] = ()
) -> tuple[Finding, ...]:
    """Return what a translation changed; empty when it passes.

    What is denied is compared sentence by sentence where both have equally many; names, numbers and days may move
    from one sentence to the next.

    Args:
        source: a sentence, or a text.
        translated: its translation, with everything in place.
        source_language: the language of the source; without data for it, denials and weekdays are not compared.
        target_language: that of the translation.
        names: of everybody whom the text may be about.
    """
    if not source.strip():
        return ()
    if not _has_content(translated) and _has_content(source):
        return (Finding(FindingKind.EMPTY, ""),)
    one, other = _side(source, source_language), _side(translated, target_language)
    found = [*_names(one, other, names), *_facts(one, other), *_days(one, other)]
    for part, its in _sentences(one, other):
        found += [*_denials(part, its), *_untranslated(part, its, names), *_length(part, its)]
    return tuple(dict.fromkeys(found))


def warm() -> None:
    """Read every language's words now, so that the first text does not wait.

    Raises:
        BadGuardWords: a language's file cannot be used.
    """
    for language in guarded_languages():
        check("5", "6", language, language)


def _sentences(one: _Side, other: _Side) -> Iterator[tuple[_Side, _Side]]:
    """Yield the sentences of two texts side by side where both have equally many, else the texts themselves."""
    ones, others = ([piece.text for piece in split(side.plain) if piece.text] for side in (one, other))
    if len(ones) != len(others) or len(ones) < 2:
        yield one, other
        return
    for text, its in zip(ones, others, strict=True):
        yield _side(text, one.language), _side(its, other.language)


def _has_content(text: str) -> bool:
    return any(map(str.isalnum, text))


def _side(text: str, language: str) -> _Side:
    simple = plain(text)
    return _Side(simple, fold(text), language, read.facts(simple, language))


def _names(one: _Side, other: _Side, names: Collection[str]) -> Iterator[Finding]:
    """Each name as often as before, or more often: a language may say it twice, never once less."""
    here, there = read.named(one.plain, names), read.named(other.plain, names)
    lost = [name for name, count in here.items() if there[name] < count]
    for name in (*lost, *(there.keys() - here.keys())):
        yield Finding(FindingKind.NAME, name)


def _facts(one: _Side, other: _Side) -> Iterator[Finding]:
    """Each fact as often as before; one more of what is there already changes nothing."""
    added = list(other.facts)
    missing: list[Fact] = []
    for fact in one.facts:
        match = next((their for their in added if their.kind is fact.kind and their.same(fact)), None)
        match = match or next((their for their in added if their.same(fact)), None)
        if match is None:
            missing.append(fact)
        else:
            added.remove(match)
    missing = [fact for fact in missing if not _in_words(fact, other)]
    added = [fact for fact in added if not _in_words(fact, one) and not any(map(fact.same, one.facts))]
    if not (_times(missing) and _times(added)):
        missing, added = _told_otherwise(missing, other), _told_otherwise(added, one)
    for fact in missing:
        yield Finding(FindingKind(fact.kind.value), fact.shown)
    if not missing:
        yield from (Finding(FindingKind(fact.kind.value), fact.shown) for fact in added)
    yield from _number_words(one, other)


def _in_words(fact: Fact, side: _Side) -> bool:
    """Whether what is a figure on one side may be a word on this one: 2 and "two"."""
    return not fact.small.isdisjoint(read.number_words(side.folded, side.language))


def _times(those: Sequence[Fact]) -> bool:
    return any(fact.kind is FactKind.TIME for fact in those)


def _told_otherwise(those: list[Fact], side: _Side) -> list[Fact]:
    """Drop times that the other side may tell in words: 8:30 and "half past eight"."""
    words = read.has_fraction(side.folded, side.language)
    return [fact for fact in those if fact.kind is not FactKind.TIME or not words]


def _number_words(one: _Side, other: _Side) -> Iterator[Finding]:
    """A number from three to twelve that is a word on both sides is the same one."""
    here, there = (read.number_words(side.folded, side.language) - {1, 2} for side in (one, other))
    figures = {number for side in (one, other) for fact in side.facts for number in fact.small}
    if here and there and here.isdisjoint(there) and figures.isdisjoint(here | there):
        yield Finding(FindingKind.NUMBER, ", ".join(map(str, sorted(here))))


def _days(one: _Side, other: _Side) -> Iterator[Finding]:
    """The same weekdays; no day from today and no month that contradicts the other side's.

    Where nobody has written a language's words, Babel's names miss its other forms: there a weekday may be missing.
    """
    here, there = (read.weekdays_in(side.folded, side.language) for side in (one, other))
    all_known = all(guard_words(side.language).deny for side in (one, other))
    if here.keys() != there.keys() and (all_known or (here and there and here.keys().isdisjoint(there.keys()))):
        lost = [word for day, word in here.items() if day not in there]
        added = [word for day, word in there.items() if day not in here]
        yield Finding(FindingKind.DATE, ", ".join(lost or added))
    for find in (read.relative_days, read.months_in):
        here, there = (find(side.folded, side.language) for side in (one, other))
        if here and there and here.keys().isdisjoint(there.keys()):
            yield Finding(FindingKind.DATE, ", ".join(here.values()))


def _denials(one: _Side, other: _Side) -> Iterator[Finding]:
    here, there = denials(one.plain, one.language), denials(other.plain, other.language)
    if here is not None and there is not None and not here.agrees(there):
        yield Finding(FindingKind.NEGATION, ", ".join(here.words or there.words))


def _untranslated(one: _Side, other: _Side, names: Collection[str]) -> Iterator[Finding]:
    """A translation is not the source again, wholly or in most of its words, and has its language's letters."""
    if one.language == other.language or {one.language, other.language} <= _NORDIC:
        return
    words = _words(one, names)
    if not words:
        return
    theirs = set(_words(other, names))
    kept = [word for word in words if word in theirs]
    whole = len(kept) == len(words) and (len(words) > 1 or len(words[0]) > 3)
    mostly = len(words) > 3 and len(kept) > _KEPT * len(words)
    if whole or mostly or (rtl(other.language) and _mostly_latin(other, names)):
        yield Finding(FindingKind.UNTRANSLATED, " ".join(kept))


def _words(side: _Side, names: Collection[str]) -> list[str]:
    """Return a text's words without what is no word of its language: names, links, codes."""
    return _WORD.findall(fold(TOKEN.sub(" ", mask(side.plain, names).text)))


def _mostly_latin(side: _Side, names: Collection[str]) -> bool:
    words = _words(side, names)
    return bool(words) and sum(bool(_LATIN.fullmatch(word)) for word in words) > 0.5 * len(words)


def _length(one: _Side, other: _Side) -> Iterator[Finding]:
    """Neither much longer nor much shorter than such a sentence is, and nothing said thrice."""
    here, there = (sum(map(str.isalpha, ABSOLUTE.sub("", side.plain))) for side in (one, other))
    expected = here * _LENGTH.get(other.language, 1.0) / _LENGTH.get(one.language, 1.0)
    too_long = there > expected * _LONGER + _SLACK
    too_short = there < expected * _SHORTER - _SLACK / 2
    if too_long or too_short or (_AGAIN.search(other.folded) and not _AGAIN.search(one.folded)):
        yield Finding(FindingKind.LENGTH, "")
