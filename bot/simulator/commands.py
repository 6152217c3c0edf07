"""The bot's command lists and the rules by which a person's app picks one."""

from __future__ import annotations

import re
from typing import Any

from bot.simulator.errors import bad_request

Command = dict[str, str]

_NAME = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"(?:[a-z]{2})?")
_MAX_COMMANDS = 100
_CHAT_SCOPES = frozenset({"chat", "chat_administrators", "chat_member"})
_SCOPES = _CHAT_SCOPES | {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}


class CommandTable:
    """Command lists by scope and language ("" is the list for every language without its own)."""

    def __init__(self) -> None:
        self.lists: dict[tuple[str, str], list[Command]] = {}

    def set(self, scope: str, language: str, commands: Any) -> None:
        """Keep a list. Raises ApiError 400 for names, descriptions or numbers that Telegram refuses."""
        if not isinstance(commands, list):
            raise bad_request("can't parse commands JSON object")
        if len(commands) > _MAX_COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        checked = [_checked(command) for command in commands]
        if checked:
            self.lists[scope, language] = checked
        else:
            self.lists.pop((scope, language), None)

    def get(self, scope: str, language: str) -> list[Command]:
        """Return exactly this list, empty when it is not set: getMyCommands falls back to nothing."""
        return self.lists.get((scope, language), [])

    def delete(self, scope: str, language: str) -> None:
        """Forget this list: the next wider one counts again."""
        self.lists.pop((scope, language), None)

    def resolve(self, chat_id: int, app_language: str | None) -> list[Command]:
        """Return what the app of a person shows in the private chat: the first list that is set, narrow to wide.

        The chat's, that of all private chats, the default; each first in the app's two-letter language.
        """
        language = (app_language or "").split("-")[0].lower()
        for scope in (f"chat:{chat_id}", "all_private_chats", "default"):
            for wanted in (language, ""):
                if found := self.lists.get((scope, wanted)):
                    return found
        return []


def scope_key(scope: Any) -> str:
    """Return the name under which a BotCommandScope is kept. Raises ApiError 400 for one Telegram does not know."""
    if scope is None:
        return "default"
    kind = scope.get("type") if isinstance(scope, dict) else None
    if kind not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    if kind not in _CHAT_SCOPES:
        return str(kind)
    chat_id = scope.get("chat_id")
    if not chat_id:
        raise bad_request("can't parse BotCommandScope: Can't find field \"chat_id\"")
    return f"{kind}:{chat_id}" + (f":{scope.get('user_id')}" if kind == "chat_member" else "")


def checked_language(code: str) -> str:
    """Return a two-letter code or "". Raises ApiError 400 for anything else."""
    if not _LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code


def _checked(command: Any) -> Command:
    if not isinstance(command, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name = str(command.get("command", "")).strip().removeprefix("/")
    description = str(command.get("description", "")).strip()
    if not name:
        raise bad_request("command must be non-empty")
    if len(name) > 32:
        raise bad_request("command length must not exceed 32")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > 256:
        raise bad_request("command description length must not exceed 256")
    if not _NAME.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": name, "description": description}
