"""Telegram's pace in the strict model, and the sizes that stay when the pace is off."""

from __future__ import annotations

import aiohttp
import pytest

from bot.simulator import Limits, Person, Simulator
from bot.simulator.errors import ApiError
from bot.simulator.limits import Pace
from tests.simulator.conftest import Api, StartSimulator


class Seconds:
    """A monotonic clock that tests move."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def accepted(pace: Pace, chat_id: int | None) -> bool:
    try:
        pace.check(chat_id)
    except ApiError as error:
        if error.code != 429:
            raise
        return False
    pace.take(chat_id)
    return True


def test_thirty_in_any_second_and_a_breach_refuses_the_second_after_it() -> None:
    seconds = Seconds()
    pace = Pace(Limits(), seconds)
    assert all(accepted(pace, chat) for chat in range(30))
    seconds.at += 0.99
    assert not accepted(pace, 100)
    # The thirty have left the window, the breach still counts.
    seconds.at += 0.5
    assert not accepted(pace, 101)
    seconds.at += 0.51
    assert accepted(pace, 102)


def test_the_window_slides() -> None:
    seconds = Seconds()
    pace = Pace(Limits(), seconds)
    for chat in range(15):
        assert accepted(pace, chat)
    seconds.at += 0.6
    for chat in range(15, 30):
        assert accepted(pace, chat)
    seconds.at += 0.5
    # The first fifteen are more than a second old, the others are not.
    assert [accepted(pace, chat) for chat in range(30, 46)] == [True] * 15 + [False]


def test_evenly_spaced_at_29_a_second_is_never_refused() -> None:
    seconds = Seconds()
    pace = Pace(Limits(), seconds)
    for chat in range(300):
        assert accepted(pace, chat)
        seconds.at += 1 / 29


def test_one_chat_takes_a_burst_of_five_and_then_one_a_second() -> None:
    seconds = Seconds()
    pace = Pace(Limits(), seconds)
    assert [accepted(pace, 7) for _ in range(7)] == [True] * 5 + [False] * 2
    assert accepted(pace, 8), "another chat is free"
    seconds.at += 1.0
    assert [accepted(pace, 7) for _ in range(2)] == [True, False]
    with pytest.raises(ApiError, match=r"Too Many Requests: retry after 1") as refusal:
        pace.check(7)
    assert refusal.value.parameters == {"retry_after": 1}


def test_obeying_retry_after_is_enough() -> None:
    seconds = Seconds()
    pace = Pace(Limits(per_chat_rate=0.3, per_chat_burst=1), seconds)
    assert accepted(pace, 7)
    with pytest.raises(ApiError) as refusal:
        pace.check(7)
    assert refusal.value.parameters == {"retry_after": 4}
    seconds.at += 4
    assert accepted(pace, 7)


async def test_sends_and_edits_count_answers_and_settings_do_not(
    start_simulator: StartSimulator, session: aiohttp.ClientSession
) -> None:
    limits = Limits(per_second=3, per_chat_rate=None)
    sim = await start_simulator(limits=limits)
    api = Api(sim.base_url, session)
    for _ in range(10):
        await api.ok("getMe")
        await api.ok("setMyCommands", commands=[])
        await api.ok("sendChatAction", chat_id=1001, action="typing")
    sent = await api.ok("sendMessage", chat_id=1001, text="1")
    await api.ok("editMessageText", chat_id=1001, message_id=sent["message_id"], text="2")
    await api.ok("sendMessage", chat_id=1002, text="3")
    status, answer = await api.call("sendMessage", chat_id=1002, text="4")
    assert status == 429
    assert answer == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }
    await api.ok("getMe")
    assert [m.text for m in sim.phone(1002).messages if m.from_bot] == ["3"]


async def test_a_refused_message_does_not_count(
    start_simulator: StartSimulator, session: aiohttp.ClientSession
) -> None:
    sim = await start_simulator(limits=Limits(per_second=1))
    api = Api(sim.base_url, session)
    for _ in range(3):
        assert await api.refused("sendMessage", chat_id=1001, text="") == "Bad Request: message text is empty"
    await api.ok("sendMessage", chat_id=1001, text="counts")


async def test_limits_off_never_refuse(start_simulator: StartSimulator, session: aiohttp.ClientSession) -> None:
    sim = await start_simulator(limits=Limits.off())
    api = Api(sim.base_url, session)
    for i in range(60):
        await api.ok("sendMessage", chat_id=1001, text=str(i))
    assert sim.counters["sendMessage", 200] == 60


async def test_telegrams_limits_are_the_default() -> None:
    sim = Simulator()
    sim.add_person(Person(1, "A"))
    assert sim.world.limits == Limits()
    assert (Limits().per_second, Limits().per_chat_rate, Limits().per_chat_burst) == (30, 1.0, 5)
