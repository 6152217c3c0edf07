"""What the page reads: people, chats and messages as JSON values."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from bot.simulator.state import Chat, SimMessage
from bot.simulator.world import World


def person_view(chat: Chat) -> dict[str, Any]:
    """Return a person with what the page shows around their phone."""
    person = chat.person
    return {
        "id": person.id,
        "name": person.name,
        "title": person.title,
        "note": person.note,
        "language_code": person.language_code,
        "rtl": person.right_to_left,
        "unread": chat.unread,
        "started": chat.started,
        "blocked": chat.blocked,
        "letter": person.letter,
        "start_payload": person.start_payload,
    }


def keyboard_view(chat: Chat) -> dict[str, Any] | None:
    """Return the reply keyboard, None without one."""
    return chat.keyboard.page() if chat.keyboard else None


def chat_commands(world: World, chat: Chat) -> list[dict[str, str]]:
    """Return the commands that this person's app shows."""
    return world.commands.resolve(chat.id, chat.person.language_code)


def chat_view(world: World, chat: Chat) -> dict[str, Any]:
    """Return a whole chat."""
    return {
        "messages": [message_view(chat, message) for message in chat.messages.values()],
        "keyboard": keyboard_view(chat),
        "commands": chat_commands(world, chat),
        "started": chat.started,
        "blocked": chat.blocked,
        "unread": chat.unread,
    }


def message_view(chat: Chat, message: SimMessage) -> dict[str, Any]:
    """Return a message; entity offsets are UTF-16 units, which are JavaScript's string indices."""
    view: dict[str, Any] = {
        "id": message.id,
        "from": "bot" if message.from_bot else "me",
        "date": message.date.isoformat(),
        "text": message.text,
        "entities": message.entities if message.kind == "text" else [],
        "buttons": [[{"text": b.text, "data": b.data, "url": b.url} for b in row] for row in message.buttons],
        "edited": message.edited,
        "edit_date": message.edit_date.isoformat() if message.edit_date else None,
        "silent": message.silent,
        "reply_to": _reply_view(chat, message),
        "photo": None,
        "document": None,
        "kind": message.kind,
    }
    if message.caption is not None:
        view |= {"caption": message.caption, "caption_entities": message.entities}
    if message.photo:
        photo = message.photo
        view["photo"] = {"url": _file_url(photo.file_id), "width": photo.width, "height": photo.height}
    if message.document:
        file = message.document
        view["document"] = {
            "url": _file_url(file.file_id),
            "name": file.name,
            "size": file.size,
            "mime": file.mime,
        }
    return view


def _reply_view(chat: Chat, message: SimMessage) -> dict[str, Any] | None:
    replied = chat.messages.get(message.reply_to_id) if message.reply_to_id else None
    return {"id": replied.id, "text": replied.content} if replied else None


def _file_url(file_id: str) -> str:
    return f"/sim/files/{quote(file_id)}"
