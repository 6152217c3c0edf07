"""kill -9 in the middle: nothing is lost, and only what was in flight comes twice."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from pathlib import Path

import pytest

from bot.i18n import texts
from bot.simulator import Limits, Simulator
from storage.session import Database
from tests.load.process import TOKEN, BotProcess, bot_process, looking_into, rows, until
from tests.load.school import TEXT, Generated, generate, schedule_notice

HOMES = 160
WINDOW = 40
"""Messages that a sender has in its hands at most."""
HANGING = 5


def _copies(sim: Simulator, school: Generated) -> Counter[int]:
    """How often the notice stands in each home's chat."""
    return Counter(
        address
        for address in school.addresses
        for message in sim.phone(address).messages
        if message.from_bot and TEXT in (message.text or "")
    )


async def _in_hand(database: Database) -> set[int]:
    found = await rows(database, "SELECT recipient_id FROM outgoing WHERE state = 'sending' AND kind = 'notice'")
    return {700_000 + recipient for (recipient,) in found}


async def _all_sent(database: Database) -> bool:
    found = await rows(database, "SELECT state, count(*) FROM outgoing WHERE kind = 'notice' GROUP BY state")
    return [tuple(row) for row in found] == [("sent", HOMES)]


async def _break_off(bot: BotProcess, sim: Simulator, database: Database, school: Generated, after: int) -> set[int]:
    """Kill the bot when `after` homes have the notice and some answers hang; return what it had in its hands."""
    await until(lambda: len(_copies(sim, school)) >= after, f"{after} homes to be reached", bot)
    sim.faults.slow_next("sendMessage", times=HANGING, seconds=60)
    await until(lambda: sim.faults.waiting == 0, "requests whose answers do not come", bot)
    await bot.kill()
    return await _in_hand(database)


@pytest.mark.timeout(110)
async def test_a_broadcast_survives_two_kills_and_repeats_only_what_was_in_flight(
    tmp_path: Path, database_url: str
) -> None:
    async with looking_into(database_url) as database:
        school = await generate(database, HOMES)
        sim = Simulator(token=TOKEN, latency=0.02)
        school.give_phones(sim)
        base = await sim.start()
        await schedule_notice(database)
        try:
            async with bot_process(tmp_path, database=database_url, api=base, messages_per_second=30) as bot:
                first = await _break_off(bot, sim, database, school, after=30)
                await bot.start()
                second = await _break_off(bot, sim, database, school, after=90)
                await bot.start()
                await until(lambda: _all_sent(database), "the whole notice", bot)
                assert await bot.terminate() == 0
            copies = _copies(sim, school)
            twice = {address for address, count in copies.items() if count > 1}
            assert set(copies) == set(school.addresses)
            assert max(len(first), len(second)) <= WINDOW
            assert twice <= first | second
            assert {address for address, count in copies.items() if count > 2} <= first & second
            assert len(twice) >= HANGING  # accepted, and nobody could know: sent at least once means again
            assert sim.counters["sendMessage", 429] == 0
        finally:
            await sim.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _answers(database: Database) -> int:
    found = await rows(database, "SELECT count(*) FROM delivery WHERE answer = 'understood'")
    return int(found[0][0])


@pytest.mark.timeout(110)
async def test_taps_by_webhook_survive_a_kill_and_each_is_stored_once(tmp_path: Path, database_url: str) -> None:
    port = _free_port()
    async with looking_into(database_url) as database:
        school = await generate(database, HOMES)
        sim = Simulator(token=TOKEN, limits=Limits.off(), latency=0.1)
        school.give_phones(sim)
        base = await sim.start()
        await schedule_notice(database)
        try:
            async with bot_process(
                tmp_path,
                database=database_url,
                api=base,
                messages_per_second=0,
                messages_per_chat_second=0,
                listen_port=port,
                webhook=f"http://127.0.0.1:{port}",
                webhook_secret="secret",
            ) as bot:
                await until(lambda: _all_sent(database), "the notice at every home", bot)
                understood = str(texts("nb").plain.gettext("Understood"))
                taps = [asyncio.ensure_future(sim.phone(a).tap(understood, timeout=1)) for a in school.addresses]

                async def some_are_stored() -> bool:
                    return await _answers(database) >= 20

                await until(some_are_stored, "the first answers", bot)
                await bot.kill()
                stored = await _answers(database)
                assert 20 <= stored < HOMES, "killed in the middle"
                assert sim.pending_updates >= HOMES - stored
                await bot.start()
                await until(lambda: sim.pending_updates == 0, "every tap to be taken", bot)
                assert await bot.terminate() == 0
                await asyncio.gather(*taps)
            assert await _answers(database) == HOMES
            audited = await rows(
                database, "SELECT about_id, count(*) FROM audit_entry WHERE act = 'notice.answer' GROUP BY about_id"
            )
            assert len(audited) == HOMES
            assert {count for _, count in audited} == {1}
        finally:
            await sim.stop()
