"""What several methods share: words with their limits, replies, keyboards."""

from __future__ import annotations

from typing import Any

from bot.simulator.entities import Entity, format_text
from bot.simulator.errors import bad_request
from bot.simulator.markup import Rows, inline_rows, reply_rows
from bot.simulator.params import Params
from bot.simulator.state import Chat, ReplyKeyboard, SimMessage
from bot.simulator.world import World

MAX_TEXT = 4096
MAX_CAPTION = 1024


def read_words(
    world: World, words: str, parse_mode: str | None, given: Any, limit: int, too_long: str
) -> tuple[str, list[Entity]]:
    """Format words and hold them against a limit, in characters after the tags are gone."""
    if given is not None and not isinstance(given, list):
        raise bad_request("can't parse MessageEntity: expected an Array")
    for entity in given or ():
        if not isinstance(entity, dict) or not isinstance(entity.get("type"), str):
            raise bad_request("can't parse MessageEntity: expected an Object")
        if not all(isinstance(entity.get(name), int) for name in ("offset", "length")):
            raise bad_request("can't parse MessageEntity: offset and length must be of type Number")
    text, entities = format_text(words, parse_mode, given, world.user_of)
    if len(text) > limit:
        raise bad_request(too_long)
    return text, entities


def message_words(world: World, params: Params) -> tuple[str, list[Entity]]:
    """Return `text` with its entities. Raises ApiError 400 when nothing is left of it, or too much."""
    words = params.text("text")
    given = params.obj("entities", "entities") if "entities" in params.raw else None
    text, entities = read_words(world, words, params.text("parse_mode"), given, MAX_TEXT, "message is too long")
    if not text:
        raise bad_request("message text is empty" if not words else "text must be non-empty")
    return text, entities


def caption_words(world: World, params: Params) -> tuple[str, list[Entity]]:
    """Return `caption` with its entities, empty when there is none. Raises ApiError 400 over 1,024 characters."""
    given = params.obj("caption_entities", "caption entities") if "caption_entities" in params.raw else None
    return read_words(
        world,
        params.text("caption"),
        params.text("parse_mode"),
        given,
        MAX_CAPTION,
        "message caption is too long",
    )


def reply_target(chat: Chat, params: Params) -> int | None:
    """Return the id of the message replied to, None without or when a missing one is allowed to miss.

    Raises ApiError 400 "message to be replied not found".
    """
    if "reply_parameters" in params.raw:
        wanted = params.obj("reply_parameters", "reply parameters")
        if wanted is None:
            return None
        if not isinstance(wanted, dict):
            raise bad_request("object expected as reply parameters")
        given = Params(wanted)
        target, lenient = given.integer("message_id"), given.flag("allow_sending_without_reply")
    elif "reply_to_message_id" in params.raw:
        target = params.integer("reply_to_message_id")
        lenient = params.flag("allow_sending_without_reply")
    else:
        return None
    if target in chat.messages:
        return target
    if target and not lenient:
        raise bad_request("message to be replied not found")
    return None


class Markup:
    """A `reply_markup`, checked: inline rows, or what it does to the reply keyboard once the message stands."""

    __slots__ = ("_markup", "_rows", "inline", "kind")

    def __init__(self, params: Params) -> None:
        markup = params.obj("reply_markup", "reply keyboard markup") if "reply_markup" in params.raw else None
        self.inline: Rows = []
        self.kind = ""
        self._rows: Rows = []
        self._markup: dict[str, Any] = {}
        if markup is None or markup == {}:
            return
        if not isinstance(markup, dict):
            raise bad_request("object expected as reply markup")
        self._markup = markup
        self._read(markup)

    def _read(self, markup: dict[str, Any]) -> None:
        if "inline_keyboard" in markup:
            self.inline = inline_rows(markup)
        elif "keyboard" in markup:
            self.kind = "keyboard"
            self._rows = reply_rows(markup)
        elif markup.get("remove_keyboard"):
            self.kind = "remove"
        elif markup.get("force_reply"):
            self.kind = "force_reply"
        else:
            raise bad_request("object expected as reply markup")

    def apply(self, world: World, chat: Chat, message: SimMessage) -> None:
        """Change the keyboard on the phone as the message asks."""
        if self.kind == "keyboard":
            options = Params(self._markup)
            keyboard = ReplyKeyboard(
                rows=self._rows,
                message_id=message.id,
                resize=options.flag("resize_keyboard"),
                one_time=options.flag("one_time_keyboard"),
                placeholder=options.text("input_field_placeholder") or None,
            )
            world.set_keyboard(chat, keyboard)
        elif self.kind == "remove":
            world.set_keyboard(chat, None)
        elif self.kind == "force_reply":
            chat.force_reply_to = message.id


def send(world: World, params: Params, chat: Chat, markup: Markup, **fields: Any) -> dict[str, Any]:
    """Put a message of the bot into a chat and return it as the Bot API does."""
    message = world.new_message(
        chat,
        from_bot=True,
        inline=markup.inline,
        other_markup=bool(markup.kind),
        silent=params.flag("disable_notification"),
        **fields,
    )
    if markup.kind:
        markup.apply(world, chat, message)
    return world.api_message(message)


def own_message(chat: Chat, params: Params, missing: str) -> SimMessage:
    """Find the message `message_id`. Raises ApiError 400: not specified, or `missing`."""
    message_id = params.integer("message_id")
    if not message_id:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request(missing)
    return message
