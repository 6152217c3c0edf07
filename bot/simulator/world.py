"""The world behind the Bot API: people, chats, messages, files, and what both sides do to them."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.simulator.commands import CommandTable
from bot.simulator.entities import Entity
from bot.simulator.errors import bad_request, forbidden
from bot.simulator.files import FileStore
from bot.simulator.guide import GuideStep
from bot.simulator.limits import Limits
from bot.simulator.state import Chat, Person, ReplyKeyboard, SimMessage
from bot.simulator.switches import Switch
from bot.simulator.updates import UpdateQueue
from bot.simulator.webhooks import Webhooks

_MANY_PRESSES = 1000

Listener = Callable[[str, Chat, Any], None]


@dataclass(frozen=True, slots=True)
class TapResult:
    """What a tap brought: the bot's answer, if it came in time, or the page of a link button."""

    text: str | None = None
    show_alert: bool = False
    answered: bool = False
    url: str | None = None


@dataclass(slots=True, eq=False)
class Press:
    """A button press that waits for answerCallbackQuery. `answer` is None after a restart: nobody waits.

    `quiet` presses tell no listener of their answer: whoever made them shows it.
    """

    id: str
    chat_id: int
    born: datetime
    answer: asyncio.Future[TapResult] | None = None
    quiet: bool = False


@dataclass(slots=True)
class Profile:
    """What the bot says about itself, by language."""

    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    menu_buttons: dict[int, dict[str, Any]] = field(default_factory=dict)


class World:
    """Everything the methods and the phones act on. Nothing here waits: each change is made in one step.

    Listeners are called after each change with its kind ("message", "edit", "delete", "keyboard", "commands",
    "alert", "unread", "person", "typing"), the chat, and what changed.
    """

    def __init__(self, token: str, name: str, username: str, now: Callable[[], datetime], limits: Limits) -> None:
        self.bot_id = int(token.partition(":")[0])
        self.now = now
        self.limits = limits
        self.name = name
        self.username = username
        self.chats: dict[int, Chat] = {}
        self.files = FileStore()
        self.commands = CommandTable()
        self.profile = Profile()
        self.presses: dict[str, Press] = {}
        self.updates = UpdateQueue(now, limits)
        self.webhooks = Webhooks(self.updates, now)
        self.next_message_id = 1
        self.chat_instance_salt = secrets.randbits(32)
        self.listeners: list[Listener] = []
        self.guide: tuple[GuideStep, ...] = ()
        self.switches: dict[str, Switch] = {}

    def tell(self, kind: str, chat: Chat, what: Any = None) -> None:
        """Tell the listeners what changed."""
        for listener in list(self.listeners):
            listener(kind, chat, what)

    def bot_user(self) -> dict[str, Any]:
        """Return the bot as the Bot API's User."""
        name = self.profile.names.get("") or self.name
        return {"id": self.bot_id, "is_bot": True, "first_name": name, "username": self.username}

    def add_person(self, person: Person) -> Chat:
        """Add a person, or change what is known about one; the chat stays as it is."""
        chat = self.chats.get(person.id)
        if chat is None:
            chat = self.chats[person.id] = Chat(person)
        else:
            chat.person = person
        self.tell("person", chat)
        return chat

    def chat_for(self, chat_id: object) -> Chat:
        """Find the chat a method names. Raises ApiError 400 when it is missing or unknown."""
        if chat_id is None or chat_id == "":
            raise bad_request("chat_id is empty")
        known = isinstance(chat_id, int) or (isinstance(chat_id, str) and chat_id.lstrip("-").isdigit())
        chat = self.chats.get(int(str(chat_id))) if known else None
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def open_chat(self, chat_id: object) -> Chat:
        """Find a chat the bot may write to. Raises ApiError 400 (unknown) or 403 (never started, blocked)."""
        chat = self.chat_for(chat_id)
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        return chat

    def user_of(self, user_id: int) -> dict[str, Any] | None:
        """Return a known person as the Bot API's User."""
        chat = self.chats.get(user_id)
        return chat.person.api_user() if chat else None

    def new_message(self, chat: Chat, from_bot: bool, **fields: Any) -> SimMessage:
        """Add a message to a chat and tell the listeners. Ids rise over all chats, as one bot sees them."""
        message = SimMessage(self.next_message_id, chat.id, from_bot, self.now(), **fields)
        self.next_message_id += 1
        chat.messages[message.id] = message
        self.tell("message", chat, message)
        if from_bot:
            chat.unread += 1
            self.tell("unread", chat)
        return message

    def edit_words(self, message: SimMessage, words: str, entities: list[Entity]) -> None:
        """Change what a message says."""
        if message.kind == "text":
            message.text = words
        else:
            message.caption = words or None
        message.entities = entities
        message.edit_date = self.now()

    def delete_message(self, chat: Chat, message_id: int) -> None:
        """Take a message away; a reply keyboard that came with it goes too, as in Telegram's apps."""
        del chat.messages[message_id]
        if message_id in chat.pinned:
            chat.pinned.remove(message_id)
        self.tell("delete", chat, message_id)
        if chat.keyboard and chat.keyboard.message_id == message_id:
            self.set_keyboard(chat, None)

    def set_keyboard(self, chat: Chat, keyboard: ReplyKeyboard | None) -> None:
        """Change the reply keyboard of a chat."""
        changed = chat.keyboard != keyboard
        chat.keyboard = keyboard
        if changed:
            self.tell("keyboard", chat)

    def keep_press(self, press: Press) -> None:
        """Remember a button press until it is answered or too old to be."""
        if len(self.presses) >= _MANY_PRESSES:
            keep, now = self.limits.callback_seconds, self.now()
            self.presses = {p.id: p for p in self.presses.values() if (now - p.born).total_seconds() <= keep}
        self.presses[press.id] = press

    def answer_press(self, query_id: str, result: TapResult) -> None:
        """Answer a button press. Raises ApiError 400 when it is unknown, answered already, or too old."""
        press = self.presses.pop(query_id, None)
        age = (self.now() - press.born).total_seconds() if press else 0.0
        if press is None or age > self.limits.callback_seconds:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        if press.answer and not press.answer.done():
            press.answer.set_result(result)
        chat = self.chats.get(press.chat_id)
        if chat and result.text and not press.quiet:
            self.tell("alert", chat, result)

    def api_message(self, message: SimMessage, with_reply: bool = True) -> dict[str, Any]:
        """Return the Bot API's Message."""
        chat = self.chats[message.chat_id]
        person = chat.person
        api: dict[str, Any] = {
            "message_id": message.id,
            "from": self.bot_user() if message.from_bot else person.api_user(),
            "chat": person.api_chat(),
            "date": int(message.date.timestamp()),
        }
        if message.text:
            api["text"] = message.text
        if message.caption:
            api["caption"] = message.caption
        if message.entities:
            api["entities" if message.text else "caption_entities"] = message.entities
        if message.inline:
            api["reply_markup"] = {"inline_keyboard": message.inline}
        if message.edit_date:
            api["edit_date"] = int(message.edit_date.timestamp())
        if message.photo:
            api["photo"] = message.photo.as_photo()
        if message.document:
            api["document"] = message.document.as_document()
        api.update(message.extra)
        replied = chat.messages.get(message.reply_to_id) if message.reply_to_id else None
        if with_reply and replied:
            api["reply_to_message"] = self.api_message(replied, with_reply=False)
        return api
