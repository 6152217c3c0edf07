"""What a person does on the phone, and the updates that a real client would cause with it."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

from bot.simulator.entities import format_text
from bot.simulator.files import Upload
from bot.simulator.state import Chat, SimMessage
from bot.simulator.world import Press, TapResult, World

_MAX_TEXT = 4096


class GestureError(Exception):
    """The app on the phone would not let the person do that; the sentence says why."""


def start(world: World, chat: Chat, payload: str | None = None) -> SimMessage:
    """Press Start (or open an invitation link): unblocks the bot when it was blocked."""
    unblock(world, chat)
    return send_text(world, chat, f"/start {payload}" if payload else "/start")


def send_text(world: World, chat: Chat, text: str, reply_to: int | None = None) -> SimMessage:
    """Send text. Raises GestureError for an empty one, more than 4,096 characters, or a blocked bot."""
    words, entities = format_text(text)
    if not words:
        raise GestureError("There is nothing to send.")
    if len(words) > _MAX_TEXT:
        raise GestureError(f"A message has at most {_MAX_TEXT} characters.")
    return _say(world, chat, reply_to, text=words, entities=entities)


def send_file(
    world: World,
    chat: Chat,
    upload: Upload,
    kind: str,
    caption: str | None,
    reply_to: int | None = None,
    album: str | None = None,
) -> SimMessage:
    """Send a picture (kind "photo") or a file ("document"), as part of an `album` when it is named."""
    words, entities = format_text(caption or "")
    stored = world.files.add(upload, kind)
    fields: dict[str, Any] = {"kind": kind, "caption": words or None, "entities": entities}
    if album:
        fields["extra"] = {"media_group_id": album}
    return _say(world, chat, reply_to, **{kind: stored}, **fields)


def send_sticker(world: World, chat: Chat) -> SimMessage:
    """Send a sticker."""
    stored = world.files.add(Upload(b"RIFF", "sticker.webp", "image/webp"), "sticker")
    sticker = {
        **stored.base(),
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
        "emoji": "👍",
    }
    return _say(world, chat, None, kind="sticker", extra={"sticker": sticker})


def send_voice(world: World, chat: Chat) -> SimMessage:
    """Send a voice message of three seconds."""
    stored = world.files.add(Upload(b"OggS", "voice.ogg", "audio/ogg"), "voice")
    voice = {**stored.base(), "duration": 3, "mime_type": "audio/ogg"}
    return _say(world, chat, None, kind="voice", extra={"voice": voice})


def send_location(world: World, chat: Chat) -> SimMessage:
    """Send a place."""
    place = {"latitude": 59.9139, "longitude": 10.7522}
    return _say(world, chat, None, kind="location", extra={"location": place})


def send_contact(world: World, chat: Chat) -> SimMessage:
    """Send one's own contact, as a "request_contact" key does."""
    person = chat.person
    contact = {"phone_number": f"+47{person.id % 10**8:08d}", "first_name": person.first_name, "user_id": person.id}
    return _say(world, chat, None, kind="other", extra={"contact": contact})


def press_key(world: World, chat: Chat, label: str) -> SimMessage:
    """Press a key of the reply keyboard. Raises GestureError when the keyboard has none with that label."""
    keyboard = chat.keyboard
    keys = [key for row in keyboard.rows for key in row if key["text"] == label] if keyboard else []
    if not keyboard or not keys:
        raise GestureError(f"The keyboard has no key “{label}”.")
    if keys[0].get("request_contact"):
        sent = send_contact(world, chat)
    elif keys[0].get("request_location"):
        sent = send_location(world, chat)
    else:
        sent = send_text(world, chat, label)
    if keyboard.one_time and chat.keyboard is keyboard:
        world.set_keyboard(chat, None)
    return sent


def edit_text(world: World, chat: Chat, message_id: int, text: str) -> SimMessage:
    """Change a message of one's own. Raises GestureError when it is none, or no text."""
    message = chat.messages.get(message_id)
    if message is None or message.from_bot or message.kind != "text":
        raise GestureError("Only your own text messages can be edited.")
    words, entities = format_text(text)
    if not words:
        raise GestureError("There is nothing to send.")
    if words != message.text:
        world.edit_words(message, words, entities)
        world.tell("edit", chat, message)
        world.updates.add("edited_message", chat.id, world.api_message(message))
    return message


def block(world: World, chat: Chat) -> None:
    """Block the bot: it is told, and refused from now on."""
    if not chat.blocked:
        chat.blocked = True
        _membership(world, chat, "member", "kicked")


def unblock(world: World, chat: Chat) -> None:
    """Unblock the bot."""
    if chat.blocked:
        chat.blocked = False
        _membership(world, chat, "kicked", "member")


def read(world: World, chat: Chat) -> None:
    """Look at the chat: nothing is unread any more. A bot is never told."""
    if chat.unread:
        chat.unread = 0
        world.tell("unread", chat)


def tap(world: World, chat: Chat, message_id: int, data: str, quiet: bool = False) -> asyncio.Future[TapResult]:
    """Press a button with callback data; the future is done when the bot answers.

    `data` is not checked: a forged client can send anything on any message.
    """
    if chat.blocked:
        raise GestureError("The bot is blocked.")
    message = chat.messages.get(message_id)
    answer: asyncio.Future[TapResult] = asyncio.get_running_loop().create_future()
    press = Press(str(secrets.randbits(62) + 2**62), chat.id, world.now(), answer, quiet)
    if message:
        shown = world.api_message(message)
    else:
        # What Telegram calls an InaccessibleMessage: it is gone, or never was.
        shown = {"chat": chat.person.api_chat(), "message_id": message_id, "date": 0}
    query = {
        "id": press.id,
        "from": chat.person.api_user(),
        "message": shown,
        "chat_instance": str(world.chat_instance_salt * 10**6 + chat.id),
        "data": data,
    }
    world.keep_press(press)
    world.updates.add("callback_query", chat.id, query)
    return answer


def _say(world: World, chat: Chat, reply_to: int | None, **fields: Any) -> SimMessage:
    if chat.blocked:
        raise GestureError("The bot is blocked.")
    if reply_to is not None and reply_to not in chat.messages:
        raise GestureError("The message to reply to is gone.")
    if not chat.started:
        chat.started = True
        world.tell("person", chat)
    # An app that was asked for a reply makes the next message one.
    forced, chat.force_reply_to = chat.force_reply_to, None
    target = reply_to if reply_to is not None else forced
    message = world.new_message(chat, from_bot=False, reply_to_id=target, **fields)
    world.updates.add("message", chat.id, world.api_message(message))
    return message


def _membership(world: World, chat: Chat, old: str, new: str) -> None:
    def member(status: str) -> dict[str, Any]:
        until = {"until_date": 0} if status == "kicked" else {}
        return {"status": status, "user": world.bot_user(), **until}

    world.tell("person", chat)
    change = {
        "chat": chat.person.api_chat(),
        "from": chat.person.api_user(),
        "date": int(world.now().timestamp()),
        "old_chat_member": member(old),
        "new_chat_member": member(new),
    }
    world.updates.add("my_chat_member", chat.id, change)
