"""What the simulator knows: people, their chats with the bot, and the messages in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.simulator.entities import Entity, to_html
from bot.simulator.files import StoredFile

RIGHT_TO_LEFT = frozenset({"ar", "fa", "ur", "he", "ps", "ckb", "prs", "dv", "yi", "ug", "sd"})


@dataclass(frozen=True, slots=True)
class Person:
    """One person with one phone.

    `id` is the Telegram user id and the id of the private chat. `language_code` is the language of the app on
    the phone. `title`, `note` and `letter` are for the page only: a label, a line about who this is, and the
    plain text of the letter the person holds; `start_payload` is the code of their invitation link. `shown`
    makes it one of the phones that the page opens with.
    """

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    title: str | None = None
    note: str | None = None
    start_payload: str | None = None
    letter: str | None = None
    shown: bool = True

    @property
    def name(self) -> str:
        """The label: the title, or the person's own name."""
        return self.title or " ".join(part for part in (self.first_name, self.last_name) if part)

    @property
    def right_to_left(self) -> bool:
        """Whether the language of the phone is written from right to left."""
        return (self.language_code or "").split("-")[0] in RIGHT_TO_LEFT

    def api_user(self) -> dict[str, Any]:
        """Return the Bot API's User."""
        return _present(
            {
                "id": self.id,
                "is_bot": False,
                "first_name": self.first_name,
                "last_name": self.last_name,
                "username": self.username,
                "language_code": self.language_code,
            }
        )

    def api_chat(self) -> dict[str, Any]:
        """Return the Bot API's Chat: the private chat with this person."""
        return _present(
            {
                "id": self.id,
                "first_name": self.first_name,
                "last_name": self.last_name,
                "username": self.username,
                "type": "private",
            }
        )


@dataclass(frozen=True, slots=True)
class SimButton:
    """A button under a message: its words and what a tap gives (callback data, or a page to open)."""

    text: str
    data: str | None = None
    url: str | None = None


@dataclass(slots=True, eq=False)
class SimMessage:
    """A message as both sides see it now. It is the live object: a later edit shows in it.

    Entity offsets are UTF-16 code units. `text` is empty for a message with media, whose words are its
    `caption`; `content` is whichever there is. `inline` is the inline keyboard as the bot gave it.
    """

    id: int
    chat_id: int
    from_bot: bool
    date: datetime
    kind: str = "text"
    text: str = ""
    caption: str | None = None
    entities: list[Entity] = field(default_factory=list)
    inline: list[list[dict[str, Any]]] = field(default_factory=list)
    other_markup: bool = False
    reply_to_id: int | None = None
    silent: bool = False
    edit_date: datetime | None = None
    photo: StoredFile | None = None
    document: StoredFile | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def content(self) -> str:
        """The words of the message, wherever they stand."""
        return self.text or self.caption or ""

    @property
    def html(self) -> str:
        """The words as Telegram's HTML."""
        return to_html(self.content, self.entities)

    @property
    def edited(self) -> bool:
        """Whether the words were changed after sending."""
        return self.edit_date is not None

    @property
    def buttons(self) -> list[list[SimButton]]:
        """The inline buttons, row by row."""
        return [[SimButton(b["text"], b.get("callback_data"), b.get("url")) for b in row] for row in self.inline]


@dataclass(frozen=True, slots=True)
class ReplyKeyboard:
    """The keyboard in place of the letters, as the last message that set one left it."""

    rows: list[list[dict[str, Any]]]
    message_id: int
    resize: bool = False
    one_time: bool = False
    placeholder: str | None = None

    @property
    def labels(self) -> list[list[str]]:
        """The words on the keys, row by row."""
        return [[str(button["text"]) for button in row] for row in self.rows]

    def page(self) -> dict[str, Any]:
        """Return the keyboard as the page reads it."""
        return {
            "rows": self.labels,
            "resize": self.resize,
            "one_time": self.one_time,
            "placeholder": self.placeholder,
        }


@dataclass(slots=True, eq=False)
class Chat:
    """The private chat of one person with the bot."""

    person: Person
    started: bool = False
    blocked: bool = False
    unread: int = 0
    keyboard: ReplyKeyboard | None = None
    force_reply_to: int | None = None
    pinned: list[int] = field(default_factory=list)
    messages: dict[int, SimMessage] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """The chat's id, which is the person's."""
        return self.person.id


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
