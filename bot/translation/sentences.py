"""Cuts a free text into sentences, which are translated one by one and put together just as they stood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.translation.days import month_pattern

_SHORT = re.compile(
    # Norwegian, Danish, Swedish; English; Polish; Arabic
    r"kl|ca|nr|tlf|mob|f\.eks|bl\.a|dvs|m\.m|pga|jf|evt|inkl|maks|f\.o\.m|t\.o\.m|frk|t\.ex"
    r"|mr|mrs|ms|dr|prof|e\.g|i\.e|approx|godz|ul|np|m\.in|tzn|tj|św|wg|هـ|رقم",
    re.IGNORECASE,
)
"""What a full stop stands after without ending a sentence, in any language: which one it is is a guess only."""
_BEFORE_NUMBERS = re.compile("no|tel|min|adr|kap|al|pl|os|p|r|s|st|ok|m|ص", re.IGNORECASE)
"""The same, but only when a number follows: they are words as well."""

_BULLET = r"(?:[-–—•●▪◦*·‣→✓☐]+|\(?\d{1,2}[.)](?=[ \t]+\D)|[a-z]\))(?=[ \t])"
_PICTURE = (
    r"[\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u3297\u3299"
    r"\U0001f000-\U0001faff\ufe0e\ufe0f\u200d\u20e3\U000e0020-\U000e007f]"
)
_LEAD = re.compile(rf"(?:\s|{_PICTURE})*(?:{_BULLET}(?:\s|{_PICTURE})*)?")
_TRAIL = re.compile(rf"(?:\s|{_PICTURE})+\Z")
_NUMBERED = re.compile(r"\d{1,2}\.\s*\Z")
_END = re.compile(r"(?:[.!?…؟。]|(?<=[^\W\d_])؛)+[\"'»”’)\]\u2069]*(?=\s|\Z)")
_WORD_BEFORE = re.compile(r"([^\s(«\"„]+)\Z")


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence and what stands between it and the next: spaces, line ends, bullets, pictures.

    The first piece of a text may have no sentence, only what stands before the first one.
    """

    text: str
    gap: str


def split(text: str) -> list[Piece]:
    """Return the sentences of a text in order; joining `text + gap` of all gives the text again.

    A line's end is a sentence's end: people write lists and greetings so. A full stop is none after a short form
    ("kl.", "godz."), a single initial, or a number when the sentence goes on ("24. november").
    """
    pieces: list[Piece] = []
    for line in text.splitlines(keepends=True):
        start = len(_lead(line))
        _append_gap(pieces, line[:start])
        for sentence, gap in _sentences(line[start:]):
            pieces.append(Piece(sentence, gap))
    return pieces


def join(pieces: Iterable[Piece]) -> str:
    """Return the text that the pieces make."""
    return "".join(piece.text + piece.gap for piece in pieces)


def _lead(line: str) -> str:
    """Return what stands before a line's first sentence; "24. november" and "5. trinn" begin one themselves."""
    found = _LEAD.match(line)
    if found is None:
        return ""
    rest = line[found.end() :]
    number = _NUMBERED.search(found.group())
    if number and (rest[:1].islower() or month_pattern().match(rest)):
        return found.group()[: number.start()]
    return found.group()


def _append_gap(pieces: list[Piece], gap: str) -> None:
    if not gap:
        return
    last = pieces.pop() if pieces else Piece("", "")
    pieces.append(Piece(last.text, last.gap + gap))


def _sentences(line: str) -> Iterator[tuple[str, str]]:
    """Yield the sentences of one line with the gap after each."""
    start = 0
    for end in _ends(line):
        rest = line[end:]
        gap = _lead(rest)
        yield line[start:end], gap
        start = end + len(gap)
    if start < len(line):
        last = line[start:]
        trail = _TRAIL.search(last)
        cut = trail.start() if trail else len(last)
        yield last[:cut], last[cut:]


def _ends(line: str) -> Iterator[int]:
    after = 0
    for found in _END.finditer(line):
        if found.start() >= after and _is_end(line, found):
            after = found.end() + len(_lead(line[found.end() :]))
            yield found.end()


def _is_end(line: str, found: re.Match[str]) -> bool:
    if found.group()[0] != "." or found.group().startswith(".."):
        return True
    rest = line[found.end() :].lstrip()
    if not rest:
        return True
    before = _WORD_BEFORE.search(line[: found.start()])
    word = before[1] if before else ""
    if _SHORT.fullmatch(word) or (len(word) == 1 and word.isupper()):
        return False
    if rest[0].isdecimal() and _BEFORE_NUMBERS.fullmatch(word):
        return False
    if word[-1:].isdecimal() and month_pattern().match(rest):
        return False
    return not rest[0].islower()
