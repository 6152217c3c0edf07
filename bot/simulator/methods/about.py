"""Methods about the bot itself: who it is, its commands, its menu button, what it says about itself."""

from __future__ import annotations

from typing import Any

from bot.simulator.commands import checked_language, scope_key
from bot.simulator.errors import bad_request
from bot.simulator.methods.registry import method
from bot.simulator.params import Params
from bot.simulator.world import World

_DEFAULT_MENU: dict[str, Any] = {"type": "commands"}


@method("getMe")
def get_me(world: World, params: Params) -> dict[str, Any]:  # noqa: ARG001 (every method has this shape)
    """Return the bot's User with what it can do."""
    return {
        **world.bot_user(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method("logOut")
def log_out(world: World, params: Params) -> bool:  # noqa: ARG001
    """Answer as Telegram's server does; here nothing has to be logged out of."""
    return True


@method("close")
def close(world: World, params: Params) -> bool:  # noqa: ARG001
    """Answer as Telegram's server does; here nothing has to be moved to another server."""
    return True


def _scope(world: World, params: Params) -> tuple[str, str]:
    scope = params.obj("scope", "BotCommandScope") if "scope" in params.raw else None
    key = scope_key(scope)
    if isinstance(scope, dict) and "chat_id" in scope:
        world.chat_for(scope["chat_id"])
    return key, checked_language(params.text("language_code"))


def _commands_changed(world: World) -> None:
    for chat in list(world.chats.values()):
        world.tell("commands", chat)


@method("setMyCommands")
def set_my_commands(world: World, params: Params) -> bool:
    """Set the commands of a scope and language."""
    key, language = _scope(world, params)
    world.commands.set(key, language, params.obj("commands", "commands"))
    _commands_changed(world)
    return True


@method("getMyCommands")
def get_my_commands(world: World, params: Params) -> list[dict[str, str]]:
    """Return the commands of exactly this scope and language."""
    return world.commands.get(*_scope(world, params))


@method("deleteMyCommands")
def delete_my_commands(world: World, params: Params) -> bool:
    """Forget the commands of a scope and language."""
    world.commands.delete(*_scope(world, params))
    _commands_changed(world)
    return True


def _menu_key(world: World, params: Params) -> int:
    return world.chat_for(params.raw["chat_id"]).id if params.raw.get("chat_id") else 0


@method("setChatMenuButton")
def set_chat_menu_button(world: World, params: Params) -> bool:
    """Set the menu button of a chat, or the one of all chats."""
    key = _menu_key(world, params)
    button = params.obj("menu_button", "menu button")
    if button is None:
        button = {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in {"commands", "web_app", "default"}:
        raise bad_request("can't parse MenuButton: Unsupported type specified")
    if button["type"] == "default":
        world.profile.menu_buttons.pop(key, None)
    else:
        world.profile.menu_buttons[key] = button
    return True


@method("getChatMenuButton")
def get_chat_menu_button(world: World, params: Params) -> dict[str, Any]:
    """Return the menu button of a chat, or the one of all chats."""
    buttons = world.profile.menu_buttons
    key = _menu_key(world, params)
    return buttons.get(key) or ({"type": "default"} if key else buttons.get(0, _DEFAULT_MENU))


def _set(texts: dict[str, str], params: Params, name: str, limit: int) -> bool:
    language = checked_language(params.text("language_code"))
    value = params.text(name).strip()
    if len(value) > limit:
        raise bad_request(f"{name.replace('_', ' ')} is too long")
    if value:
        texts[language] = value
    else:
        texts.pop(language, None)
    return True


def _get(texts: dict[str, str], params: Params, fallback: str = "") -> str:
    language = checked_language(params.text("language_code"))
    return texts.get(language) or texts.get("") or fallback


@method("setMyName")
def set_my_name(world: World, params: Params) -> bool:
    """Set the name, at most 64 characters."""
    return _set(world.profile.names, params, "name", 64)


@method("getMyName")
def get_my_name(world: World, params: Params) -> dict[str, str]:
    """Return the name in a language."""
    return {"name": _get(world.profile.names, params, world.name)}


@method("setMyDescription")
def set_my_description(world: World, params: Params) -> bool:
    """Set what an empty chat shows, at most 512 characters."""
    return _set(world.profile.descriptions, params, "description", 512)


@method("getMyDescription")
def get_my_description(world: World, params: Params) -> dict[str, str]:
    """Return what an empty chat shows."""
    return {"description": _get(world.profile.descriptions, params)}


@method("setMyShortDescription")
def set_my_short_description(world: World, params: Params) -> bool:
    """Set what the profile shows, at most 120 characters."""
    return _set(world.profile.short_descriptions, params, "short_description", 120)


@method("getMyShortDescription")
def get_my_short_description(world: World, params: Params) -> dict[str, str]:
    """Return what the profile shows."""
    return {"short_description": _get(world.profile.short_descriptions, params)}
