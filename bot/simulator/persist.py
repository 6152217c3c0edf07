"""The state file: people, chats, files and the queue of updates survive a restart."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import tempfile
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.simulator.files import StoredFile
from bot.simulator.state import Chat, Person, ReplyKeyboard, SimMessage
from bot.simulator.updates import Update
from bot.simulator.webhooks import Webhook
from bot.simulator.world import Press, World

VERSION = 1
_DEBOUNCE_SECONDS = 0.5


def dump(world: World) -> dict[str, Any]:
    """Return everything that is kept, as JSON values; the bytes of files stand beside the file."""
    hook = world.webhooks.hook
    return {
        "version": VERSION,
        "bot_id": world.bot_id,
        "next_message_id": world.next_message_id,
        "next_update_id": world.updates.next_id,
        "allowed_updates": world.updates.allowed,
        "chat_instance_salt": world.chat_instance_salt,
        "webhook": asdict(hook) if hook else None,
        "profile": {
            **asdict(world.profile),
            "menu_buttons": [[key, button] for key, button in world.profile.menu_buttons.items()],
        },
        "commands": [[scope, language, found] for (scope, language), found in world.commands.lists.items()],
        "files": [_file(stored) for stored in world.files.all()],
        "chats": [_chat(chat) for chat in world.chats.values()],
        "presses": [[p.id, p.chat_id, p.born.isoformat()] for p in world.presses.values()],
        "updates": [[u.id, u.kind, u.person, u.body, u.born.isoformat(), u.copies] for u in world.updates.all()],
    }


def load(world: World, kept: dict[str, Any], folder: Path) -> None:
    """Put what `dump` returned back into an empty world; its webhook is to be resumed.

    Raises ValueError for a state of another bot or another version of this format.
    """
    if kept.get("version") != VERSION or kept.get("bot_id") != world.bot_id:
        raise ValueError("the state file belongs to another bot or another version of the simulator")
    world.next_message_id = kept["next_message_id"]
    world.chat_instance_salt = kept["chat_instance_salt"]
    profile = kept["profile"]
    world.profile.names = profile["names"]
    world.profile.descriptions = profile["descriptions"]
    world.profile.short_descriptions = profile["short_descriptions"]
    world.profile.menu_buttons = dict(profile["menu_buttons"])
    world.commands.lists = {(scope, language): found for scope, language, found in kept["commands"]}
    for fields in kept["files"]:
        world.files.put(StoredFile(**fields, data=(folder / fields["unique_id"]).read_bytes()))
    for fields in kept["chats"]:
        chat = _read_chat(world, fields)
        world.chats[chat.id] = chat
    world.presses = {i: Press(i, chat_id, datetime.fromisoformat(born)) for i, chat_id, born in kept["presses"]}
    world.updates.allowed = kept["allowed_updates"]
    updates = [
        Update(i, kind, person, body, datetime.fromisoformat(born), copies)
        for i, kind, person, body, born, copies in kept["updates"]
    ]
    world.updates.restore(updates, kept["next_update_id"])
    if kept["webhook"]:
        world.webhooks.restore(Webhook(**kept["webhook"]))


class StateFile:
    """Writes the world to a file half a second after a change in a chat or in the queue, and once more at `stop`.

    Each write goes to a temporary file that then takes the place of the old one, so a crash leaves the old or
    the new state, never half of one.
    """

    def __init__(self, path: Path, world: World) -> None:
        self._path = path
        self._folder = path.with_name(path.name + ".files")
        self._world = world
        self._changed = asyncio.Event()
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._written: set[str] = set()
        world.listeners.append(lambda *_: self._changed.set())
        world.updates.changed.callbacks.append(self._changed.set)

    def load(self) -> None:
        """Read the file when there is one. Raises ValueError when it is not one of this bot's."""
        if self._path.exists():
            load(self._world, json.loads(self._path.read_text("utf-8")), self._folder)

    def start(self) -> None:
        """Write from now on after each change."""
        self._stopping.clear()
        self._task = asyncio.create_task(self._keep_writing(), name="simulator-state")

    async def stop(self) -> None:
        """Write for the last time."""
        self._stopping.set()
        self._changed.set()
        if self._task:
            await self._task
            self._task = None

    async def _keep_writing(self) -> None:
        while not self._stopping.is_set():
            await self._changed.wait()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_DEBOUNCE_SECONDS):
                    await self._stopping.wait()
            self._changed.clear()
            await asyncio.to_thread(self._write, dump(self._world), self._world.files.all())

    def _write(self, kept: dict[str, Any], files: list[StoredFile]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        for stored in files:
            if stored.unique_id not in self._written:
                self._folder.mkdir(exist_ok=True)
                _replace(self._folder / stored.unique_id, stored.data)
                self._written.add(stored.unique_id)
        _replace(self._path, json.dumps(kept, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def _replace(path: Path, data: bytes) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)


def _file(stored: StoredFile) -> dict[str, Any]:
    names = ("file_id", "unique_id", "path", "name", "mime", "width", "height")
    return {name: getattr(stored, name) for name in names}


def _chat(chat: Chat) -> dict[str, Any]:
    return {
        "person": asdict(chat.person),
        "started": chat.started,
        "blocked": chat.blocked,
        "unread": chat.unread,
        "keyboard": asdict(chat.keyboard) if chat.keyboard else None,
        "force_reply_to": chat.force_reply_to,
        "pinned": list(chat.pinned),
        "messages": [_message(message) for message in chat.messages.values()],
    }


def _read_chat(world: World, fields: dict[str, Any]) -> Chat:
    messages = [_read_message(world, message) for message in fields["messages"]]
    return Chat(
        person=Person(**fields["person"]),
        started=fields["started"],
        blocked=fields["blocked"],
        unread=fields["unread"],
        keyboard=ReplyKeyboard(**fields["keyboard"]) if fields["keyboard"] else None,
        force_reply_to=fields["force_reply_to"],
        pinned=fields["pinned"],
        messages={message.id: message for message in messages},
    )


_PLAIN = (
    "id",
    "chat_id",
    "from_bot",
    "kind",
    "text",
    "caption",
    "entities",
    "inline",
    "other_markup",
    "reply_to_id",
    "silent",
    "extra",
)


def _message(message: SimMessage) -> dict[str, Any]:
    return {
        **{name: getattr(message, name) for name in _PLAIN},
        "date": message.date.isoformat(),
        "edit_date": message.edit_date.isoformat() if message.edit_date else None,
        "photo": message.photo.file_id if message.photo else None,
        "document": message.document.file_id if message.document else None,
    }


def _read_message(world: World, fields: dict[str, Any]) -> SimMessage:
    edited = fields["edit_date"]
    return SimMessage(
        **{name: fields[name] for name in _PLAIN},
        date=datetime.fromisoformat(fields["date"]),
        edit_date=datetime.fromisoformat(edited) if edited else None,
        photo=world.files.get(fields["photo"]) if fields["photo"] else None,
        document=world.files.get(fields["document"]) if fields["document"] else None,
    )
