"""Methods about a chat or a file: what it is, what is pinned, who is typing."""

from __future__ import annotations

from typing import Any

from bot.simulator.errors import bad_request
from bot.simulator.methods.common import own_message
from bot.simulator.methods.registry import method
from bot.simulator.params import Params
from bot.simulator.world import World

_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


@method("getChat")
def get_chat(world: World, params: Params) -> dict[str, Any]:
    """Describe a private chat."""
    chat = world.chat_for(params.raw.get("chat_id"))
    gifts = {
        "unlimited_gifts": True,
        "limited_gifts": True,
        "unique_gifts": True,
        "premium_subscription": True,
        "gifts_from_channels": True,
    }
    full: dict[str, Any] = {
        **chat.person.api_chat(),
        "accent_color_id": chat.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": gifts,
    }
    if chat.person.username:
        full["active_usernames"] = [chat.person.username]
    pinned = chat.messages.get(chat.pinned[-1]) if chat.pinned else None
    if pinned:
        full["pinned_message"] = world.api_message(pinned, with_reply=False)
    return full


@method("sendChatAction")
def send_chat_action(world: World, params: Params) -> bool:
    """Show "typing …" on the phone."""
    chat = world.open_chat(params.raw.get("chat_id"))
    if params.text("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.tell("typing", chat)
    return True


@method("pinChatMessage")
def pin_chat_message(world: World, params: Params) -> bool:
    """Pin a message."""
    chat = world.open_chat(params.raw.get("chat_id"))
    message = own_message(chat, params, "message to pin not found")
    chat.pinned = [*(i for i in chat.pinned if i != message.id), message.id]
    return True


@method("unpinChatMessage")
def unpin_chat_message(world: World, params: Params) -> bool:
    """Unpin a message, the last pinned one when none is named."""
    chat = world.open_chat(params.raw.get("chat_id"))
    if not params.integer("message_id"):
        chat.pinned = chat.pinned[:-1]
        return True
    message = own_message(chat, params, "message to unpin not found")
    chat.pinned = [i for i in chat.pinned if i != message.id]
    return True


@method("unpinAllChatMessages")
def unpin_all_chat_messages(world: World, params: Params) -> bool:
    """Unpin everything."""
    world.open_chat(params.raw.get("chat_id")).pinned = []
    return True


@method("getFile")
def get_file(world: World, params: Params) -> dict[str, Any]:
    """Say where a file can be fetched. Raises ApiError 400 over 20 MB or for an unknown id."""
    file_id = params.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    stored = world.files.get(file_id)
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if stored.size > world.limits.download_bytes:
        raise bad_request("file is too big")
    return {**stored.base(), "file_path": stored.path}
