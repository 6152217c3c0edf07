"""Telegram's HTML subset, read as the Bot API server reads it.

The rules, the order of the checks and the sentences follow TDLib's parser: offsets in sentences count UTF-8
bytes, offsets in entities count UTF-16 code units.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlsplit

from bot.simulator.errors import ApiError, bad_request

Entity = dict[str, Any]

_STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_TAGS = {*_STYLES, "a", "tg-emoji", "pre", "code", "blockquote"}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_SPACE = " \t\r\n\0\v"
_NAME_END = frozenset(_SPACE + "=>/\"'")
_TOKEN = re.compile(r"[0-9A-Za-z.-]*")
_MENTION_LINK = re.compile(r"tg://user\?id=(\d+)$")


def utf16_length(text: str) -> int:
    """Return the length of `text` in UTF-16 code units, the unit of every entity offset."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def checked_link(url: str) -> str | None:
    """Return the link as Telegram stores it ("http://" and a "/" added where missing), None when it is none."""
    url = url.strip()
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", url) or re.match(r"[^/]+\.[^/:]+:\d+", url):
        url = f"http://{url}"
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme in {"tg", "ton", "mailto", "tel"}:
        return url
    if parts.scheme not in {"http", "https", "ftp"} or "." not in host.strip(".") or re.search(r"\s", url):
        return None
    return url if parts.path or parts.query or parts.fragment else f"{url}/"


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int
    begin: int


class _Parser:
    def __init__(self, source: str, user_of: Callable[[int], Entity | None] | None) -> None:
        self.source = source
        self.user_of = user_of
        self.at = 0
        self.out: list[str] = []
        self.offset = 0
        self.open: list[_Open] = []
        self.entities: list[Entity] = []

    def fail(self, sentence: str, at: int | None = None) -> ApiError:
        where = "" if at is None else f" at byte offset {len(self.source[:at].encode())}"
        return bad_request(f"can't parse entities: {sentence}{where}")

    def peek(self) -> str:
        return self.source[self.at] if self.at < len(self.source) else ""

    def put(self, text: str) -> None:
        self.out.append(text)
        self.offset += utf16_length(text)

    def run(self) -> tuple[str, list[Entity]]:
        source = self.source
        while self.at < len(source):
            start = self.at
            stop = min((p for p in (source.find("<", start), source.find("&", start)) if p >= 0), default=-1)
            if stop != start:
                self.at = stop if stop >= 0 else len(source)
                self.put(source[start : self.at])
            elif source[start] == "&":
                self.put(self.reference())
            elif source.startswith("</", start):
                self.end_tag(start)
            else:
                self.start_tag(start)
        if self.open:
            raise self.fail(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return "".join(self.out), self.entities

    def reference(self) -> str:
        match = _REFERENCE.match(self.source, self.at)
        if match:
            hexadecimal, decimal, name = match.groups()
            code = int(hexadecimal, 16) if hexadecimal else int(decimal) if decimal else 0
            char = _NAMED[name] if name else chr(code) if 0 < code < 0x110000 and not _surrogate(code) else ""
            if char:
                self.at = match.end()
                return char
        self.at += 1
        return "&"

    def skip_space(self) -> None:
        while self.peek() and self.peek() in _SPACE:
            self.at += 1

    def start_tag(self, begin: int) -> None:
        self.at = begin + 1
        while self.peek() and self.peek() not in _SPACE and self.peek() != ">":
            self.at += 1
        if not self.peek():
            raise self.fail("Unclosed start tag", begin)
        tag = self.source[begin + 1 : self.at].lower()
        if tag not in _TAGS:
            raise self.fail(f'Unsupported start tag "{tag}"', begin)
        argument = ""
        while self.peek() != ">":
            self.skip_space()
            if self.peek() != ">":
                argument = self.attribute(tag, begin) or argument
        if tag == "span" and argument != "spoiler":
            raise self.fail('Tag "span" must have class "tg-spoiler"', begin)
        self.at += 1
        self.open.append(_Open(tag, argument, self.offset, len(self.out)))

    def attribute(self, tag: str, begin: int) -> str:
        start = self.at
        while self.peek() and self.peek() not in _NAME_END:
            self.at += 1
        name = self.source[start : self.at]
        if not name:
            raise self.fail(f'Empty attribute name in the tag "{tag}"', begin)
        self.skip_space()
        if self.peek() != "=":
            if not self.peek():
                raise self.fail(f'Unclosed start tag "{tag}"', begin)
            return "1" if (tag, name) == ("blockquote", "expandable") else ""
        self.at += 1
        self.skip_space()
        if not self.peek():
            raise self.fail(f'Unclosed start tag "{tag}"', begin)
        value = self.value()
        if not self.peek():
            raise self.fail("Unclosed start tag", begin)
        return _argument(tag, name, value)

    def value(self) -> str:
        quote = self.peek()
        if quote not in "\"'":
            start = self.at
            match = _TOKEN.match(self.source, start)
            self.at = match.end() if match else start
            if self.peek() not in _SPACE and self.peek() != ">":
                raise self.fail("Unexpected end of name token", start)
            return self.source[start : self.at].lower()
        self.at += 1
        value: list[str] = []
        while self.peek() and self.peek() != quote:
            if self.peek() == "&":
                value.append(self.reference())
            else:
                value.append(self.peek())
                self.at += 1
        self.at += 1
        return "".join(value)

    def end_tag(self, begin: int) -> None:
        if not self.open:
            raise self.fail("Unexpected end tag", begin)
        self.at = begin + 2
        while self.peek() and self.peek() not in _SPACE and self.peek() != ">":
            self.at += 1
        found = self.source[begin + 2 : self.at].lower()
        self.skip_space()
        if self.peek() != ">":
            raise self.fail("Unclosed end tag", begin)
        self.at += 1
        last = self.open[-1]
        if found and found != last.tag:
            at = len(self.source[:begin].encode())
            raise self.fail(f'Unmatched end tag at byte offset {at}, expected "</{last.tag}>", found "</{found}>"')
        self.open.pop()
        if self.offset > last.offset:
            self.add(last)

    def add(self, item: _Open) -> None:
        where: Entity = {"offset": item.offset, "length": self.offset - item.offset}
        tag, argument = item.tag, item.argument
        if tag in _STYLES:
            self.entities.append({"type": _STYLES[tag], **where})
        elif tag == "a":
            self.add_link(argument or "".join(self.out[item.begin :]), where)
        elif tag == "code":
            self.entities.append({"type": "code", **where} | ({"language": argument} if argument else {}))
        elif tag == "pre":
            self.add_pre(where)
        elif tag == "blockquote":
            self.entities.append({"type": "expandable_blockquote" if argument else "blockquote", **where})
        elif argument.isdigit() and 0 < int(argument) < 2**63:
            self.entities.append({"type": "custom_emoji", **where, "custom_emoji_id": argument})
        else:
            raise self.fail("Invalid custom emoji identifier specified")

    def add_link(self, target: str, where: Entity) -> None:
        mention = _MENTION_LINK.match(target)
        if mention:
            user = self.user_of(int(mention.group(1))) if self.user_of else None
            if user:
                self.entities.append({"type": "text_mention", **where, "user": user})
            return
        url = checked_link(target)
        if url:
            self.entities.append({"type": "text_link", **where, "url": url})

    def add_pre(self, where: Entity) -> None:
        inner = self.entities[-1] if self.entities else {}
        if inner.get("language") and inner["type"] == "code" and inner.items() >= where.items():
            inner["type"] = "pre"
        else:
            self.entities.append({"type": "pre", **where})


def _surrogate(code: int) -> bool:
    return 0xD800 <= code <= 0xDFFF


def _argument(tag: str, name: str, value: str) -> str:
    if (tag, name) in {("a", "href"), ("tg-emoji", "emoji-id")}:
        return value
    if (tag, name) == ("code", "class") and value.startswith("language-"):
        return value.removeprefix("language-")
    if (tag, name) == ("span", "class") and value.startswith("tg-"):
        return value.removeprefix("tg-")
    return "1" if (tag, name) == ("blockquote", "expandable") else ""


def parse_html(source: str, user_of: Callable[[int], Entity | None] | None = None) -> tuple[str, list[Entity]]:
    """Split HTML into its plain text and its entities, in the order in which their tags were closed.

    `user_of` finds the User of a `tg://user?id=` link; a person it does not know gets no mention, as Telegram does.
    Raises ApiError 400 "Bad Request: can't parse entities: …" for an unknown, unclosed or crossed tag.
    """
    if "<" not in source and "&" not in source:
        return source, []
    return _Parser(source, user_of).run()


_OPENERS: dict[str, tuple[str, str]] = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "spoiler": ("<tg-spoiler>", "</tg-spoiler>"),
    "code": ("<code>", "</code>"),
    "pre": ("<pre>", "</pre>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote expandable>", "</blockquote>"),
}


def _tags(entity: Entity) -> tuple[str, str]:
    kind = entity["type"]
    if kind == "text_link":
        return f'<a href="{escape(entity["url"])}">', "</a>"
    if kind == "text_mention":
        return f'<a href="tg://user?id={entity["user"]["id"]}">', "</a>"
    if kind == "custom_emoji":
        return f'<tg-emoji emoji-id="{entity["custom_emoji_id"]}">', "</tg-emoji>"
    if kind == "pre" and entity.get("language"):
        return f'<pre><code class="language-{escape(entity["language"])}">', "</code></pre>"
    return _OPENERS.get(kind, ("", ""))


def to_html(text: str, entities: list[Entity]) -> str:
    """Write text and entities as Telegram's HTML; entities Telegram finds by itself (links, /commands) add nothing.

    Entities that cross are closed and opened again, so the result always parses.
    """
    units = text.encode("utf-16-le", "surrogatepass")
    marks = [e for e in entities if _tags(e)[0]]
    cuts = sorted({0, len(units) // 2, *(p for e in marks for p in (e["offset"], e["offset"] + e["length"]))})
    out: list[str] = []
    stack: list[Entity] = []
    for start, stop in zip(cuts, [*cuts[1:], cuts[-1]], strict=True):
        keep = next((i for i, e in enumerate(stack) if e["offset"] + e["length"] <= start), len(stack))
        out.extend(_tags(e)[1] for e in reversed(stack[keep:]))
        again = [e for e in stack[keep:] if e["offset"] + e["length"] > start]
        fresh = [*again, *(e for e in marks if e["offset"] == start)]
        stack = [*stack[:keep], *fresh]
        out.extend(_tags(e)[0] for e in fresh)
        piece = units[start * 2 : stop * 2].decode("utf-16-le", "surrogatepass")
        out.append(escape(piece, quote=False))
    return "".join(out)
