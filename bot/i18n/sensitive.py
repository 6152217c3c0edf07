"""The words that are too sensitive for a chat, from `locales/<lang>/sensitive.yaml`.

letters: {ى: ي}             # optional: letters read as others
prefixes: [و, ال]           # optional: what may stand before a word without a space
words: {health: [adhd, diagnos*], …}   # by kind; `*` is any letters; a phrase is words with spaces
leave: [zoo trip]           # optional: phrases that only look like one of the words

A language without the file is looked at for numbers only.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml

from bot.domain.sensitive import Lexicon, SensitiveKind
from bot.i18n.registry import locales_folder


@cache
def lexicon(code: str) -> Lexicon:
    """Return the sensitive words of a language, none when it has no file.

    Raises:
        ValueError: the file names a kind that there is not.
    """
    path = locales_folder() / code / "sensitive.yaml"
    if not path.exists():
        return Lexicon({})
    raw: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Lexicon(
        {SensitiveKind(kind): [str(word) for word in words] for kind, words in raw["words"].items()},
        leave=[str(phrase) for phrase in raw.get("leave", ())],
        letters=raw.get("letters", {}),
        prefixes=[str(one) for one in raw.get("prefixes", ())],
    )
