"""Texts as the lines that an engine is given, and the way back: engines eat line breaks and outer spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

_PARTS = re.compile(r"(\s*[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+\s*|\A\s+|\s+\Z)")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


class Lines:
    """Some texts, taken apart into lines; each different line that has a letter is to be translated once."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = [_PARTS.split(_CONTROL.sub(" ", text)) for text in texts]
        """Lines and what stands between them, by turns."""
        lines = (line for parts in self._texts for line in parts[::2])
        self.wanted = list(dict.fromkeys(line for line in lines if any(map(str.isalpha, line))))

    def put_together(self, translated: Mapping[str, str]) -> list[str]:
        """Return the texts with their lines replaced; a line that came back as several stays one."""
        return ["".join(_replaced(parts, translated)) for parts in self._texts]


def _replaced(parts: Sequence[str], translated: Mapping[str, str]) -> Iterator[str]:
    for place, part in enumerate(parts):
        yield part if place % 2 or part not in translated else " ".join(translated[part].split("\n")).strip()


def batches(lines: Sequence[str], *, count: int, characters: int) -> Iterator[list[str]]:
    """Yield the lines in groups of at most so many and so long; a line that is longer by itself goes alone."""
    batch: list[str] = []
    length = 0
    for line in lines:
        if batch and (len(batch) == count or length + len(line) > characters):
            yield batch
            batch, length = [], 0
        batch.append(line)
        length += len(line)
    if batch:
        yield batch
