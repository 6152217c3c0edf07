"""What a person is shown, without a word about Telegram.

Texts are the small HTML that every front can show (`<b>`, `<i>`, `<blockquote>`); names and other data inside
them are escaped already by `bot.i18n`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

_TAG = re.compile(r"<[^>]+>")
TEXT_LIMIT = 4096
"""Characters of a message (Telegram)."""


@dataclass(frozen=True, slots=True)
class Button:
    """One choice. Exactly one of `tap` (packed tap data, see `bot.domain.taps`) and `url` is set."""

    label: str
    tap: str = ""
    url: str = ""


Rows = tuple[tuple[Button, ...], ...]


class FileKind(StrEnum):
    PHOTO = "photo"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file that the channel keeps; `file_id` is the channel's own name for it."""

    kind: FileKind
    file_id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class FileData:
    """A small file that the bot makes itself, such as a calendar entry; `name` has its ending."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Screen:
    """The answer to what a person just did, shown after the commit.

    Attributes:
        text: HTML; empty means that only `toast` is shown.
        buttons: rows of at most six buttons in all, the likely one first.
        words: reply-keyboard words to leave under the chat; None leaves the keyboard as it is.
        toast: short plain text shown on a tap; `alert` makes it a box to be closed.
        new: send a new message even when a tap could edit the old one.
        replies: show it as a reply to what the person wrote, so that a tap under it knows those words.
        keep_text: leave the tapped message's text and change only its buttons.
        attachment: a file made just now, sent with `text` as its caption; always a new message.
        commands: (name, description) of the command menu to set, when language or roles changed.
    """

    text: str = ""
    buttons: Rows = ()
    words: tuple[tuple[str, ...], ...] | None = None
    toast: str = ""
    alert: bool = False
    new: bool = False
    replies: bool = False
    keep_text: bool = False
    file: FileRef | None = None
    attachment: FileData | None = None
    commands: tuple[tuple[str, str], ...] | None = None


def rows(*groups: Sequence[Button]) -> Rows:
    """Return the groups as button rows, leaving out empty ones."""
    return tuple(tuple(group) for group in groups if group)


def grid(buttons: Sequence[Button], columns: int) -> Rows:
    """Lay `buttons` out in rows of `columns`."""
    return tuple(tuple(buttons[i : i + columns]) for i in range(0, len(buttons), columns))


def visible_length(text: str) -> int:
    """Return the characters of an HTML text that a reader sees, which is what Telegram counts."""
    return len(html.unescape(_TAG.sub("", text)))
