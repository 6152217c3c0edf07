"""The simulator: one object that is Telegram for one bot and many people."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from bot.simulator.api import BotApi, Call, Validator
from bot.simulator.events import EventHub
from bot.simulator.faults import Faults
from bot.simulator.guide import GuideStep
from bot.simulator.limits import Limits, Pace
from bot.simulator.page_api import MoveClock, PageApi
from bot.simulator.persist import StateFile
from bot.simulator.phone import Phone
from bot.simulator.state import Person
from bot.simulator.switches import Switch
from bot.simulator.webhooks import Webhooks
from bot.simulator.world import World

_TOKEN = re.compile(r"[1-9]\d{0,15}:[A-Za-z0-9_-]+")
_OVERHEAD_BYTES = 1024 * 1024


def real_now() -> datetime:
    """Return the real time, aware, in UTC."""
    return datetime.fromtimestamp(time.time(), UTC)


class Simulator:
    """A Telegram Bot API server for ONE bot and many people, with a chat page at its root.

    `now` gives the time of messages (aware, UTC); pace and waiting always follow the real, monotonic time.
    `move_clock` lets the page move that time forward. `latency` is seconds one way, spent before and after each
    call. With a `state_file` everything survives a restart. `validator` sees every call: the method, its
    parameters (files as Upload), and the result, None when the call was refused.

    Raises ValueError for a token that has not Telegram's shape ("123456:letters"), and for a state file of another
    bot or version.
    """

    def __init__(
        self,
        token: str = "123456:demo",  # noqa: S107 (it opens nothing but the simulator)
        bot_name: str = "Skolebud",
        bot_username: str = "skolebud_demo_bot",
        now: Callable[[], datetime] = real_now,
        move_clock: MoveClock | None = None,
        zone: str = "Europe/Oslo",
        limits: Limits | None = None,
        latency: float = 0.0,
        state_file: Path | None = None,
        validator: Validator | None = None,
    ) -> None:
        if not _TOKEN.fullmatch(token):
            raise ValueError("a bot token looks like 123456:letters-and-digits")
        limits = limits or Limits()
        self.token = token
        self.world = World(token, bot_name, bot_username, now, limits)
        updates = self.world.updates
        self.faults = Faults(updates.duplicate, updates.reverse)
        self._api = BotApi(token, self.world, Pace(limits), self.faults, latency, validator)
        self._hub = EventHub(self.world)
        self._page = PageApi(self.world, self._hub, zone, move_clock, limits.upload_bytes)
        self._max_body = limits.upload_bytes + _OVERHEAD_BYTES
        self._state = StateFile(state_file, self.world) if state_file else None
        if self._state:
            self._state.load()
        self._phones: dict[int, Phone] = {}
        self._runner: web.AppRunner | None = None
        self._base_url = ""

    @property
    def base_url(self) -> str:
        """Where the server listens, "http://127.0.0.1:PORT"; empty while it does not."""
        return self._base_url

    @property
    def log(self) -> list[Call]:
        """Every Bot API call since the start or the last `clear_log`."""
        return self._api.log

    @property
    def counters(self) -> Counter[tuple[str, int]]:
        """How many calls there were per (method, HTTP status); status 0 is a dropped connection."""
        return self._api.counters

    @property
    def webhooks(self) -> Webhooks:
        """The webhook deliveries: `first_delay`, `longest_delay` and `timeout` (seconds) can be set."""
        return self.world.webhooks

    @property
    def pending_updates(self) -> int:
        """How many updates the bot has not confirmed."""
        return self.world.updates.pending

    @property
    def guide(self) -> tuple[GuideStep, ...]:
        """What the page proposes to try; nothing unless set."""
        return self.world.guide

    @guide.setter
    def guide(self, steps: Sequence[GuideStep]) -> None:
        self.world.guide = tuple(steps)

    @property
    def switches(self) -> tuple[Switch, ...]:
        """What a visitor of the page can change around the bot; nothing unless set."""
        return tuple(self.world.switches.values())

    @switches.setter
    def switches(self, switches: Sequence[Switch]) -> None:
        self.world.switches = {switch.name: switch for switch in switches}

    async def turn(self, name: str, value: str) -> None:
        """Bring a switch to another position, as a visitor does; every page follows.

        Raises:
            KeyError: there is no such switch. ValueError: it has no such position.
        """
        await self._page.turn(name, value)

    @property
    def people(self) -> list[Person]:
        """Everybody who was added, in that order."""
        return [chat.person for chat in self.world.chats.values()]

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen, and return the base URL. With port 0 the system picks a free one.

        A simulator that was stopped may be started again and goes on where it was. Raises OSError when the port
        is taken.
        """
        app = web.Application(client_max_size=self._max_body)
        app.router.add_route("*", "/bot{rest:.*}", self._api.handle)
        app.router.add_get("/file/bot{rest:.*}", self._api.download)
        self._page.add_routes(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        try:
            site = web.TCPSite(self._runner, host, port)
            await site.start()
        except OSError:
            await self._runner.cleanup()
            self._runner = None
            raise
        name, bound = self._runner.addresses[0][:2]
        self._base_url = f"http://[{name}]:{bound}" if ":" in name else f"http://{name}:{bound}"
        if self._state:
            self._state.start()
        self.world.webhooks.resume()
        return self._base_url

    async def stop(self) -> None:
        """End every delivery, poll and page, write the state file, and close the port."""
        await self.world.webhooks.pause()
        self.world.updates.close()
        self._hub.close()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None
        # Last, so that it holds what the last calls did; the webhook is kept, a restart delivers there again.
        if self._state:
            await self._state.stop()
        self._base_url = ""

    def add_person(self, person: Person) -> Phone:
        """Add a person, or change what is known about one, and return their phone."""
        self.world.add_person(person)
        return self.phone(person.id)

    def phone(self, person_id: int) -> Phone:
        """Return the phone of a person. Raises KeyError for somebody who was never added."""
        if person_id not in self._phones:
            self._phones[person_id] = Phone(self.world, self.world.chats[person_id])
        return self._phones[person_id]

    def clear_log(self) -> None:
        """Forget the calls so far; the counters too."""
        self._api.log.clear()
        self._api.counters.clear()

    async def wait_idle(self, timeout: float = 5.0) -> None:  # noqa: ASYNC109 (the error counts what is left)
        """Wait until every update is confirmed. Raises TimeoutError after `timeout` seconds."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        while self.pending_updates:
            if not await self.world.updates.changed.wait(deadline - loop.time()) and self.pending_updates:
                raise TimeoutError(f"{self.pending_updates} updates are not confirmed after {timeout} s")
