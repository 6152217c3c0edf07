"""Methods that put a new message into a chat."""

from __future__ import annotations

from typing import Any

from bot.simulator.errors import bad_request
from bot.simulator.methods.common import (
    Markup,
    caption_words,
    message_words,
    own_message,
    reply_target,
    send,
)
from bot.simulator.methods.registry import method
from bot.simulator.params import Params
from bot.simulator.state import Chat, SimMessage
from bot.simulator.world import World


def _target(world: World, params: Params) -> Chat:
    return world.open_chat(params.raw.get("chat_id"))


@method("sendMessage", paced=True)
def send_message(world: World, params: Params) -> dict[str, Any]:
    """Send text."""
    chat = _target(world, params)
    text, entities = message_words(world, params)
    markup = Markup(params)
    reply_to = reply_target(chat, params)
    return send(world, params, chat, markup, text=text, entities=entities, reply_to_id=reply_to)


def _send_file(world: World, params: Params, kind: str) -> dict[str, Any]:
    chat = _target(world, params)
    caption, entities = caption_words(world, params)
    markup = Markup(params)
    reply_to = reply_target(chat, params)
    stored = world.files.incoming(params.upload(kind), kind, world.limits.photo_bytes)
    fields: dict[str, Any] = {"kind": kind, "caption": caption or None, "entities": entities}
    return send(world, params, chat, markup, reply_to_id=reply_to, **{kind: stored}, **fields)


@method("sendPhoto", paced=True)
def send_photo(world: World, params: Params) -> dict[str, Any]:
    """Send a picture by upload or file_id."""
    return _send_file(world, params, "photo")


@method("sendDocument", paced=True)
def send_document(world: World, params: Params) -> dict[str, Any]:
    """Send a file by upload or file_id."""
    return _send_file(world, params, "document")


@method("sendMediaGroup", paced=True)
def send_media_group(world: World, params: Params) -> list[dict[str, Any]]:
    """Send 2-10 pictures or documents as one album."""
    chat = _target(world, params)
    media = params.obj("media", "media")
    if not isinstance(media, list) or not 2 <= len(media) <= 10:
        raise bad_request("group of 2-10 media expected")
    reply_to = reply_target(chat, params)
    items: list[dict[str, Any]] = []
    for item in media:
        if not isinstance(item, dict) or item.get("type") not in {"photo", "document"}:
            raise bad_request("only photos and documents can be sent as an album")
        if item["type"] != media[0]["type"]:
            raise bad_request("documents can't be mixed with other media types")
        items.append(_album_item(world, params, item))
    group = str(world.next_message_id + 10**16)
    plain = Markup(Params({}))
    return [
        send(world, params, chat, plain, reply_to_id=reply_to, extra={"media_group_id": group}, **item)
        for item in items
    ]


def _album_item(world: World, params: Params, item: dict[str, Any]) -> dict[str, Any]:
    kind = str(item["type"])
    caption, entities = caption_words(world, Params(item))
    stored = world.files.incoming(params.attached(item.get("media")), kind, world.limits.photo_bytes)
    return {"kind": kind, "caption": caption or None, "entities": entities, kind: stored}


def _source(world: World, params: Params, missing: str) -> SimMessage:
    origin = params.raw.get("from_chat_id")
    if not origin:
        raise bad_request("from_chat_id is empty")
    return own_message(world.chat_for(origin), params, missing)


def _content(message: SimMessage) -> dict[str, Any]:
    return {
        "kind": message.kind,
        "text": message.text,
        "caption": message.caption,
        "entities": message.entities,
        "photo": message.photo,
        "document": message.document,
        "extra": {k: v for k, v in message.extra.items() if not k.startswith(("forward", "media_group"))},
    }


@method("forwardMessage", paced=True)
def forward_message(world: World, params: Params) -> dict[str, Any]:
    """Send a message on, with its origin."""
    chat = _target(world, params)
    source = _source(world, params, "message to forward not found")
    author = world.bot_user() if source.from_bot else world.chats[source.chat_id].person.api_user()
    origin = {"type": "user", "sender_user": author, "date": int(source.date.timestamp())}
    fields = _content(source)
    fields["extra"] = {**fields["extra"], "forward_origin": origin}
    return send(world, params, chat, Markup(Params({})), **fields)


@method("copyMessage", paced=True)
def copy_message(world: World, params: Params) -> dict[str, Any]:
    """Send a message anew, without its origin; a new caption replaces that of a file."""
    chat = _target(world, params)
    source = _source(world, params, "message to copy not found")
    markup = Markup(params)
    fields = _content(source)
    if source.kind != "text" and params.has("caption"):
        caption, entities = caption_words(world, params)
        fields |= {"caption": caption or None, "entities": entities}
    reply_to = reply_target(chat, params)
    sent = send(world, params, chat, markup, reply_to_id=reply_to, **fields)
    return {"message_id": sent["message_id"]}
