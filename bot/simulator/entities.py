"""Text as a message carries it: trimmed, with its entities in Telegram's order, and readable again."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bot.simulator.errors import bad_request
from bot.simulator.html_text import Entity, parse_html, to_html, utf16_length

__all__ = ["Entity", "format_text", "found_entities", "parse_html", "readable", "to_html", "utf16_length"]

# TDLib's order of entities that cover the same stretch.
_PRIORITY = {
    "blockquote": 0,
    "expandable_blockquote": 0,
    "pre": 10,
    "code": 20,
    "text_link": 49,
    "text_mention": 49,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
    "custom_emoji": 99,
}
_MAX_ENTITIES = 100
_HINT = re.compile(r"[/@#]|://|t\.me")
_FOUND = re.compile(
    r"(?P<email>(?<![\w.+@-])[\w.+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24})"
    r"|(?P<url>(?:https?://|(?<![\w.@/-])t\.me/)[^\s<>\"«»]+)"
    r"|(?P<bot_command>(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/]))"
    r"|(?P<mention>(?<![\w/@])@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w))"
    r"|(?P<hashtag>(?<![\w&/#])\#\w{1,256})"
)


def format_text(
    text: str,
    parse_mode: str | None = None,
    given: list[Entity] | None = None,
    user_of: Callable[[int], Entity | None] | None = None,
) -> tuple[str, list[Entity]]:
    """Return the text and entities that a message with this input shows.

    `parse_mode` is "HTML" (any case) or nothing; Telegram's Markdown modes are not imitated and refused as an
    unsupported parse_mode. Without a mode, `given` entities are kept, but for those Telegram finds anyway. White
    space around the text goes, entities of white space only go too, and links, e-mail addresses, @mentions, #tags
    and /commands are found.
    Raises ApiError 400 for HTML that does not parse.
    """
    if parse_mode:
        if parse_mode.lower() != "html":
            raise bad_request("unsupported parse_mode")
        text, entities = parse_html(text, user_of)
    else:
        entities = [dict(entity) for entity in given or () if entity["type"] in _PRIORITY]
    text, entities = _trim(text.replace("\r", ""), entities)
    if entities:
        entities = _settle(text, entities)
    if _HINT.search(text):
        taken = [e for e in entities if e["type"] in {"code", "pre", "text_link", "text_mention"}]
        entities += [e for e in found_entities(text) if not any(_overlap(e, t) for t in taken)]
        entities.sort(key=_order)
    return text, entities[:_MAX_ENTITIES]


def found_entities(text: str) -> list[Entity]:
    """Find what Telegram marks by itself: urls, e-mail addresses, @mentions, #hashtags, /commands."""
    found: list[Entity] = []
    for match in _FOUND.finditer(text):
        word = match.group()
        kind = match.lastgroup or ""
        if kind == "url":
            word = word.rstrip(".,:;!?'\"…")
            if word.endswith(")") and "(" not in word:
                word = word[:-1]
        start = utf16_length(text[: match.start()])
        found.append({"type": kind, "offset": start, "length": utf16_length(word)})
    return found


def readable(text: str, entities: list[Entity]) -> str:
    """Write the text for a reader without formatting: a link's address follows its words in brackets."""
    units = text.encode("utf-16-le", "surrogatepass")
    links = sorted((e for e in entities if e["type"] == "text_link"), key=lambda e: -int(e["offset"]))
    for link in links:
        end = (link["offset"] + link["length"]) * 2
        units = units[:end] + f" ({link['url']})".encode("utf-16-le") + units[end:]
    return units.decode("utf-16-le", "surrogatepass")


def _trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    trimmed = text.strip(" \t\n\v\f\0")
    if trimmed == text or not entities:
        return trimmed, entities
    lead = utf16_length(text[: len(text) - len(text.lstrip(" \t\n\v\f\0"))])
    length = utf16_length(trimmed)
    kept: list[Entity] = []
    for entity in entities:
        start = max(0, entity["offset"] - lead)
        stop = min(length, entity["offset"] + entity["length"] - lead)
        if stop > start:
            kept.append(entity | {"offset": start, "length": stop - start})
    return trimmed, kept


def _settle(text: str, entities: list[Entity]) -> list[Entity]:
    units = text.encode("utf-16-le", "surrogatepass")
    total = len(units) // 2
    entities = sorted(entities, key=_order)
    blocks = [e for e in entities if e["type"] in {"code", "pre"}]
    kept: list[Entity] = []
    for entity in entities:
        start, stop = entity["offset"], min(total, entity["offset"] + entity["length"])
        if start < 0 or stop <= start:
            continue
        if not units[start * 2 : stop * 2].decode("utf-16-le", "replace").strip():
            continue
        if any(_same_inside(entity, other) for other in kept):
            continue
        if entity["type"] == "code":
            entity.pop("language", None)
        entity["length"] = stop - start
        kept.extend(_around(entity, blocks) if entity["type"] not in {"code", "pre"} else [entity])
    return sorted(kept, key=_order)


def _same_inside(entity: Entity, other: Entity) -> bool:
    """Code and pre hold nothing; a style within the same style says nothing new."""
    inside = other["offset"] <= entity["offset"] and _end(entity) <= _end(other)
    return inside and (other["type"] in {"code", "pre"} or other["type"] == entity["type"])


def _around(entity: Entity, blocks: list[Entity]) -> list[Entity]:
    """Cut a style around the code inside it: Telegram never nests anything with code."""
    if entity["type"] in {"blockquote", "expandable_blockquote"}:
        return [entity]
    pieces = [entity]
    for block in blocks:
        cut: list[Entity] = []
        for piece in pieces:
            if not _overlap(piece, block):
                cut.append(piece)
                continue
            for start, stop in ((piece["offset"], block["offset"]), (_end(block), _end(piece))):
                if stop > start:
                    cut.append(piece | {"offset": start, "length": stop - start})
        pieces = cut
    return pieces


def _end(entity: Entity) -> int:
    return int(entity["offset"]) + int(entity["length"])


def _overlap(one: Entity, other: Entity) -> bool:
    return bool(one["offset"] < _end(other) and other["offset"] < _end(one))


def _order(entity: Entity) -> tuple[Any, ...]:
    return entity["offset"], -entity["length"], _PRIORITY.get(entity["type"], 50)
