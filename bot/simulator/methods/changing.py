"""Methods that change or take away what was sent."""

from __future__ import annotations

from typing import Any

from bot.simulator.entities import Entity
from bot.simulator.errors import bad_request
from bot.simulator.markup import Rows, inline_rows
from bot.simulator.methods.common import caption_words, message_words, own_message
from bot.simulator.methods.registry import method
from bot.simulator.params import Params
from bot.simulator.state import Chat, SimMessage
from bot.simulator.world import World

_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def _editable(world: World, params: Params) -> tuple[Chat, SimMessage]:
    if params.raw.get("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    chat = world.open_chat(params.raw.get("chat_id"))
    message = own_message(chat, params, "message to edit not found")
    # Telegram lets a bot edit only its own messages, and none that brought a reply keyboard.
    if not message.from_bot or message.other_markup:
        raise bad_request("message can't be edited")
    return chat, message


def _rows(params: Params) -> Rows:
    given = params.obj("reply_markup", "reply keyboard markup") if "reply_markup" in params.raw else None
    return inline_rows(given or None)


def _change(
    world: World, chat: Chat, message: SimMessage, words: tuple[str, list[Entity]], rows: Rows
) -> dict[str, Any]:
    text, entities = words
    same_words = text == message.content and entities == message.entities
    if same_words and rows == message.inline:
        raise bad_request(_SAME)
    message.inline = rows
    if not same_words:
        world.edit_words(message, text, entities)
    world.tell("edit", chat, message)
    return world.api_message(message)


@method("editMessageText", paced=True)
def edit_message_text(world: World, params: Params) -> dict[str, Any]:
    """Replace the text; without a reply_markup the buttons go, as on Telegram."""
    words = message_words(world, params)
    rows = _rows(params)
    chat, message = _editable(world, params)
    if message.kind != "text":
        raise bad_request("there is no text in the message to edit")
    return _change(world, chat, message, words, rows)


@method("editMessageCaption", paced=True)
def edit_message_caption(world: World, params: Params) -> dict[str, Any]:
    """Replace the caption of a picture or file."""
    words = caption_words(world, params)
    rows = _rows(params)
    chat, message = _editable(world, params)
    if message.kind not in {"photo", "document"}:
        raise bad_request("there is no caption in the message to edit")
    return _change(world, chat, message, words, rows)


@method("editMessageReplyMarkup", paced=True)
def edit_message_reply_markup(world: World, params: Params) -> dict[str, Any]:
    """Replace the buttons only; the message does not count as edited."""
    rows = _rows(params)
    chat, message = _editable(world, params)
    return _change(world, chat, message, (message.content, message.entities), rows)


@method("editMessageMedia", paced=True)
def edit_message_media(world: World, params: Params) -> dict[str, Any]:
    """Replace the picture or file and its caption."""
    media = params.obj("media", "input media")
    if not isinstance(media, dict) or media.get("type") not in {"photo", "document"}:
        raise bad_request("can't parse InputMedia: only photos and documents can be given")
    kind = str(media["type"])
    text, entities = caption_words(world, Params(media))
    rows = _rows(params)
    chat, message = _editable(world, params)
    stored = world.files.incoming(params.attached(media.get("media")), kind, world.limits.photo_bytes)
    same_file = stored is (message.photo if kind == "photo" else message.document)
    if same_file and (text, entities, rows) == (message.content, message.entities, message.inline):
        raise bad_request(_SAME)
    message.kind, message.text, message.inline = kind, "", rows
    message.photo = stored if kind == "photo" else None
    message.document = stored if kind == "document" else None
    world.edit_words(message, text, entities)
    world.tell("edit", chat, message)
    return world.api_message(message)


def _check_deletable(world: World, message: SimMessage) -> None:
    if (world.now() - message.date).total_seconds() > world.limits.delete_seconds:
        raise bad_request("message can't be deleted for everyone")


@method("deleteMessage")
def delete_message(world: World, params: Params) -> bool:
    """Take a message away on both sides, the person's own too, up to 48 hours after it was sent."""
    chat = world.chat_for(params.raw.get("chat_id"))
    message = own_message(chat, params, "message to delete not found")
    _check_deletable(world, message)
    world.delete_message(chat, message.id)
    return True


@method("deleteMessages")
def delete_messages(world: World, params: Params) -> bool:
    """Take up to 100 messages away; those that are gone already are skipped."""
    chat = world.chat_for(params.raw.get("chat_id"))
    ids = params.obj("message_ids", "message identifiers")
    if not isinstance(ids, list) or not ids or not all(isinstance(i, int) for i in ids):
        raise bad_request("message identifiers are not specified")
    if len(ids) > 100:
        raise bad_request("too many message identifiers specified")
    found = [chat.messages[i] for i in dict.fromkeys(ids) if i in chat.messages]
    for message in found:
        _check_deletable(world, message)
    for message in found:
        world.delete_message(chat, message.id)
    return True
