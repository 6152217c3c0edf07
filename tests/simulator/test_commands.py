"""Command lists: what is refused, and which one a person's app shows."""

from __future__ import annotations

from typing import Any

import pytest

from bot.simulator import Person, Simulator
from tests.simulator.conftest import Api


def commands(name: str) -> list[dict[str, str]]:
    return [{"command": name, "description": name.upper()}]


async def test_the_narrowest_list_wins_and_in_it_the_language_of_the_app(sim: Simulator, api: Api) -> None:
    polish, norwegian = sim.phone(1001), sim.phone(1002)
    private = {"type": "all_private_chats"}
    chat = {"type": "chat", "chat_id": 1001}

    async def now(name: str, **where: Any) -> tuple[str, str]:
        await api.ok("setMyCommands", commands=commands(name), **where)
        return polish.commands[0][0], norwegian.commands[0][0]

    assert await now("default") == ("default", "default")
    assert await now("default_pl", language_code="pl") == ("default_pl", "default")
    assert await now("private", scope=private) == ("private", "private")
    assert await now("private_pl", scope=private, language_code="pl") == ("private_pl", "private")
    assert await now("chat", scope=chat) == ("chat", "private")
    assert await now("chat_pl", scope=chat, language_code="pl") == ("chat_pl", "private")

    await api.ok("deleteMyCommands", scope=chat, language_code="pl")
    await api.ok("setMyCommands", commands=[], scope=chat)
    assert polish.commands == [("private_pl", "PRIVATE_PL")]


async def test_regional_and_missing_languages_of_the_app(sim: Simulator, api: Api) -> None:
    await api.ok("setMyCommands", commands=commands("default"))
    await api.ok("setMyCommands", commands=commands("portuguese"), language_code="pt")
    assert sim.add_person(Person(5, "Ana", language_code="pt-br")).commands[0][0] == "portuguese"
    assert sim.add_person(Person(6, "Bo")).commands[0][0] == "default"


async def test_get_my_commands_returns_exactly_one_list(api: Api) -> None:
    await api.ok("setMyCommands", commands=commands("default"))
    assert await api.ok("getMyCommands") == commands("default")
    assert await api.ok("getMyCommands", language_code="pl") == []
    assert await api.ok("getMyCommands", scope={"type": "chat", "chat_id": 1001}) == []


@pytest.mark.parametrize(
    ("given", "description"),
    [
        ([{"command": "Start", "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "få", "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "a-b", "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "", "description": "x"}], "command must be non-empty"),
        ([{"command": "a" * 33, "description": "x"}], "command length must not exceed 32"),
        ([{"command": "a", "description": " "}], "command description must be non-empty"),
        ([{"command": "a", "description": "x" * 257}], "command description length must not exceed 256"),
        ([{"command": f"a{i}", "description": "x"} for i in range(101)], "BOT_COMMANDS_TOO_MUCH"),
    ],
)
async def test_refused_lists(api: Api, given: list[dict[str, str]], description: str) -> None:
    assert await api.refused("setMyCommands", commands=given) == f"Bad Request: {description}"


async def test_the_largest_list_is_taken(api: Api) -> None:
    largest = [{"command": f"{'a' * 29}{i:03}", "description": "x" * 256} for i in range(100)]
    await api.ok("setMyCommands", commands=largest)


async def test_refused_languages_and_scopes(api: Api) -> None:
    assert await api.refused("setMyCommands", commands=[], language_code="nob") == (
        "Bad Request: invalid language code specified"
    )
    assert await api.refused("setMyCommands", commands=[], scope={"type": "chat", "chat_id": 99}) == (
        "Bad Request: chat not found"
    )
    assert "BotCommandScope" in await api.refused("setMyCommands", commands=[], scope={"type": "planet"})
