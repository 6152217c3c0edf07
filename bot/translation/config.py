"""What a school decided about its translation engines, and how the lists in its settings are read (L3)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

APERTIUM, LIBRETRANSLATE, DEEPL = "apertium", "libretranslate", "deepl"
ENGINES = (APERTIUM, LIBRETRANSLATE, DEEPL)
NOBODY = "none"
"""Written for a pair that no engine is to translate."""

Pair = tuple[str, str]
"""Source and target, our language codes."""

_PAIR = re.compile(r"([a-z]{2,3})-([a-z]{2,3})")
_BARE_NAME = re.compile(r"[a-z][a-z0-9-]*")
"""Such as localhost, or what a compose file calls a service; a number would be an address in disguise."""
_PRIVATE_ENDINGS = (".localhost", ".local", ".internal", ".lan", ".home.arpa")
PAIRS_EXAMPLE = "nb-nn: apertium; nb-pl: libretranslate deepl"


@dataclass(frozen=True, slots=True)
class TranslationConfig:
    """Which engines there are, in which order they are asked, and what they may cost."""

    engines: tuple[str, ...] = ()
    """Names in the order in which they are asked."""
    pairs: Mapping[Pair, tuple[str, ...]] = field(default_factory=dict)
    """Another order for single pairs; an empty one: nobody translates it."""
    apertium_url: str = ""
    libretranslate_url: str = ""
    libretranslate_key: str = field(default="", repr=False)
    deepl_key: str = field(default="", repr=False)
    deepl_url: str = ""
    """Empty: where the key belongs to."""
    own_hosts: frozenset[str] = frozenset()
    """Public host names that are the school's own machines all the same."""
    outside_allowed: bool = False
    """Whether texts may go to machines that are not the school's own."""
    seconds: float = 5.0
    """How long one request for a translation may take, over all engines."""
    daily_characters: int = 0
    """Characters that each outside engine is given in a day; 0: as many as asked."""

    @property
    def named(self) -> tuple[str, ...]:
        """Every engine that is asked for any pair, in the order of `ENGINES`."""
        wanted = {*self.engines, *(name for names in self.pairs.values() for name in names)}
        return tuple(name for name in ENGINES if name in wanted)


def parse_engines(value: str) -> tuple[str, ...]:
    """Read "apertium libretranslate deepl"; commas do as well.

    Raises:
        ValueError: one is not known or stands there twice.
    """
    names = tuple(value.replace(",", " ").lower().split())
    if set(names) - set(ENGINES) or len(set(names)) < len(names):
        raise ValueError(f"choose from {', '.join(ENGINES)}, each once, in the order in which they are to be asked")
    return names


def parse_pairs(value: str) -> dict[Pair, tuple[str, ...]]:
    """Read "nb-nn: apertium; nb-pl: libretranslate deepl; nb-ar: none".

    Raises:
        ValueError: it is written otherwise.
    """
    found: dict[Pair, tuple[str, ...]] = {}
    for entry in filter(None, (part.strip().lower() for part in value.split(";"))):
        written, colon, names = entry.partition(":")
        match = _PAIR.fullmatch(written.strip())
        if not (match and colon and names.strip()) or match[1] == match[2] or (match[1], match[2]) in found:
            raise ValueError(f"write each pair once, like {PAIRS_EXAMPLE}")
        found[match[1], match[2]] = () if names.strip() == NOBODY else parse_engines(names)
    return found


def is_outside(url: str, own_hosts: frozenset[str] = frozenset()) -> bool:
    """Tell whether an address is on a machine that the school does not run itself, as far as it can be seen.

    A name is not looked up: one with a dot is outside unless it is a local one or the school says that it is its own.
    """
    host = (urlsplit(url).hostname or "").rstrip(".")
    if host in own_hosts:
        return False
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return not (_BARE_NAME.fullmatch(host) or host.endswith(_PRIVATE_ENDINGS))
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return not (address.is_private or address.is_loopback or address.is_link_local)
