"""The pace against the simulator's strict limits, and its slots in every situation."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.domain.outgoing import Lane
from bot.outbox.pace import CHAT_BURST, Pace
from bot.simulator import Limits, Person, Simulator

TOKEN = "123456:" + "C" * 35


class Telegram:
    """The strict simulator, called through a pace over a network that delays as it likes."""

    def __init__(self, sim: Simulator, base: str, http: aiohttp.ClientSession, pace: Pace) -> None:
        self.sim, self.pace = sim, pace
        self._base, self._http = base, http
        self._random = random.Random(7)
        self.accepted: list[int] = []

    async def send(self, chat: int, lane: Lane = Lane.ORDINARY, jitter: float = 0.0) -> None:
        """Send one message in its slot; a 429 is an error here."""
        async with self.pace.slot(chat, lane):
            await asyncio.sleep(self._random.uniform(0, jitter))
            url = f"{self._base}/bot{TOKEN}/sendMessage"
            async with self._http.post(url, json={"chat_id": chat, "text": "Hei"}) as answer:
                assert answer.status == 200, await answer.text()
            self.accepted.append(chat)
            await asyncio.sleep(self._random.uniform(0, jitter))


@asynccontextmanager
async def telegram(pace: Pace, limits: Limits | None = None) -> AsyncIterator[Telegram]:
    """A simulator with 120 people who have all started the bot."""
    sim = Simulator(token=TOKEN, limits=limits or Limits(), latency=0.02)
    for number in range(1, 121):
        sim.add_person(Person(id=number, first_name="P", language_code="nb")).mark_started()
    base = await sim.start()
    try:
        async with aiohttp.ClientSession() as http:
            yield Telegram(sim, base, http, pace)
    finally:
        await sim.stop()


@pytest.mark.parametrize("jitter", [0.0, 0.15], ids=["steady", "jittery"])
async def test_a_hundred_chats_at_once_meet_no_429(jitter: float) -> None:
    async with telegram(Pace(30, 1)) as phones:
        await asyncio.gather(*(phones.send(chat, jitter=jitter) for chat in range(1, 101)))
        assert sorted(phones.accepted) == list(range(1, 101))
        assert phones.sim.counters["sendMessage", 200] == 100


async def test_answers_to_a_hundred_taps_meet_no_429_either() -> None:
    """They are not spaced as queued messages are, so the slots alone must hold."""
    async with telegram(Pace(30, 1)) as phones:
        await asyncio.gather(*(phones.send(chat, Lane.ANSWER, jitter=0.1) for chat in range(1, 101)))
        assert phones.sim.counters["sendMessage", 200] == 100


async def test_a_burst_to_one_chat_is_let_through_and_then_slowed_down() -> None:
    async with telegram(Pace(30, 1)) as phones:
        await asyncio.gather(*(phones.send(1, jitter=0.1) for _ in range(CHAT_BURST + 3)))
        assert phones.sim.counters["sendMessage", 200] == CHAT_BURST + 3


async def test_one_busy_chat_does_not_hold_up_the_others() -> None:
    async with telegram(Pace(30, 1)) as phones:
        busy = [asyncio.ensure_future(phones.send(1, Lane.URGENT)) for _ in range(CHAT_BURST + 2)]
        await asyncio.gather(*(phones.send(chat, Lane.BULK) for chat in range(2, 12)))
        assert not all(task.done() for task in busy)
        await asyncio.gather(*busy)


async def test_messages_that_waited_for_the_common_pace_still_keep_their_chats_pace() -> None:
    """A chat's second begins when its message goes, not when it was asked for."""
    pace = Pace(30, 1)
    pace.back_off(2.5)
    async with telegram(pace) as phones:
        early = [asyncio.ensure_future(phones.send(1)) for _ in range(CHAT_BURST)]
        await asyncio.gather(*early)
        await asyncio.gather(*(phones.send(1) for _ in range(2)))
        assert phones.sim.counters["sendMessage", 200] == CHAT_BURST + 2


async def test_answers_go_before_queued_messages_and_urgent_before_bulk() -> None:
    pace = Pace(1, 0)
    order: list[str] = []

    async def one(name: str, lane: Lane) -> None:
        async with pace.slot(1, lane):
            order.append(name)

    pace.back_off(0.1)  # so that all of them wait when the first may go
    pace_at_work = [
        asyncio.ensure_future(one(name, lane))
        for name, lane in [("bulk", Lane.BULK), ("urgent", Lane.URGENT), ("answer", Lane.ANSWER)]
    ]
    await asyncio.gather(*pace_at_work)
    assert order == ["answer", "urgent", "bulk"]


@pytest.mark.parametrize("lane", list(Lane))
@pytest.mark.parametrize("pace", [Pace(30, 1), Pace(0, 0), Pace(0, 1)], ids=["limits", "none", "chats"])
async def test_a_429_stops_every_lane_until_it_is_served(pace: Pace, lane: Lane) -> None:
    pace.back_off(0.2)
    async with pace.slot(1, lane):
        assert pace.closed_for == 0.0


async def test_what_needs_no_slot_waits_for_the_end_of_a_429_too() -> None:
    pace = Pace(30, 1)
    pace.back_off(0.1)
    await pace.reopened()
    assert pace.closed_for == 0.0


async def test_a_shorter_429_does_not_shorten_a_longer_one() -> None:
    pace = Pace(30, 1)
    pace.back_off(20)
    pace.back_off(1)
    assert pace.closed_for > 10


async def _hold(pace: Pace, chat: int, entered: list[int]) -> None:
    async with pace.slot(chat, Lane.ORDINARY):
        entered.append(chat)


async def test_waiters_that_give_up_leave_no_slot_taken() -> None:
    pace = Pace(3, 0)
    pace.back_off(0.1)
    given_up = [asyncio.ensure_future(_hold(pace, 1, [])) for _ in range(20)]
    await asyncio.sleep(0)
    for task in given_up:
        task.cancel()
    await asyncio.gather(*given_up, return_exceptions=True)
    entered: list[int] = []
    await asyncio.gather(*(_hold(pace, chat, entered) for chat in range(3)))
    assert sorted(entered) == [0, 1, 2]


async def test_a_waiter_cancelled_in_the_very_moment_of_its_turn_gives_its_slot_back() -> None:
    pace = Pace(2, 1)
    for _ in range(3):  # more often than there are slots
        pace.back_off(0.05)  # both wait, and both get their turn in the same moment
        unlucky: list[asyncio.Task[None]] = []

        async def cancels_the_other(unlucky: list[asyncio.Task[None]] = unlucky) -> None:
            async with pace.slot(1, Lane.ANSWER):
                unlucky[0].cancel()

        first = asyncio.ensure_future(cancels_the_other())
        await asyncio.sleep(0)
        unlucky.append(asyncio.ensure_future(_hold(pace, 2, [])))
        await asyncio.gather(first, *unlucky, return_exceptions=True)
        assert unlucky[0].cancelled()
    both = asyncio.Barrier(2)

    async def meets() -> None:
        async with pace.slot(3, Lane.ANSWER):
            await both.wait()

    await asyncio.wait_for(asyncio.gather(meets(), meets()), timeout=20)


async def test_less_than_one_a_second_is_slow_and_not_unlimited() -> None:
    pace = Pace(0.5, 0)
    async with pace.slot(1, Lane.ANSWER):
        pass
    second = asyncio.ensure_future(_hold(pace, 2, []))
    done, _ = await asyncio.wait([second], timeout=1.0)
    assert not done
    await second


async def test_without_limits_a_thousand_go_at_once() -> None:
    pace = Pace(0, 0)
    inside = 0
    most = 0
    gate = asyncio.Event()

    async def one() -> None:
        nonlocal inside, most
        async with pace.slot(1, Lane.BULK):
            inside += 1
            most = max(most, inside)
            await gate.wait()

    tasks = [asyncio.ensure_future(one()) for _ in range(1000)]
    while inside < 1000:
        await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(*tasks)
    assert most == 1000
