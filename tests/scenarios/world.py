"""A school for stories: the real app, the simulator, and people with phones."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.app import App
from bot.clock import Clock
from bot.domain.school import School
from bot.i18n import find_language, texts
from bot.settings import Settings
from bot.simulator import Limits, Person, Phone, SimMessage, Simulator, TapResult
from storage.session import Database, UnitOfWork
from tests.simulator.botapi import VARIABLE, make_validator

OSLO = ZoneInfo("Europe/Oslo")
TOKEN = "123456:" + "A" * 35
ID_BASE = 5000
PATIENCE = 30.0
GATHERING = timedelta(seconds=1.5)
"""What gathers before it is drawn is drawn within this."""
START = datetime(2026, 11, 23, 10, 0, tzinfo=OSLO)


@dataclass(frozen=True)
class Known:
    """Somebody in the school's files."""

    person_id: int
    name: str
    language: str
    births: tuple[date, ...]
    code: str
    second: str | None


class Actor:
    """A person of the story with a phone; every wait has an end and says what was on the screen instead."""

    def __init__(self, world: World, known: Known, language: str) -> None:
        self.world, self.known = world, known
        self.language = language
        self.tr = texts(language).plain
        self.phone: Phone = world.sim.phone(ID_BASE + known.person_id)

    def say(self, sentence: str, **fields: object) -> str:
        """Return a sentence as this person reads it."""
        return str(self.tr.gettext(sentence, **fields))

    async def send(self, text: str, **kwargs: Any) -> None:
        """Write to the bot."""
        await self.phone.send(text, **kwargs)

    async def sees(self, text: str, *, timeout: float = PATIENCE) -> SimMessage:
        """Wait until a message of the bot holds `text`, and return the newest such message."""
        await self.until(lambda: self._newest(text) is not None, f"to see {text!r}", timeout=timeout)
        found = self._newest(text)
        assert found is not None
        return found

    async def sees_button(self, label: str, *, timeout: float = PATIENCE) -> None:
        """Wait until one of the last messages has a button with `label` in its text."""
        await self.until(lambda: self.has_button(label), f"a button {label!r}", timeout=timeout)

    async def taps(self, label: str, message: SimMessage | None = None) -> TapResult:
        """Wait for a button and tap it."""
        if message is None:
            await self.sees_button(label)
        result = await self.phone.tap(label, message=message)
        assert result.answered, f"the tap on {label!r} was not answered"
        return result

    def has_button(self, label: str, last: int = 4) -> bool:
        """Tell whether one of the bot's last messages has a button with `label` in its text."""
        recent = [message for message in self.phone.messages if message.from_bot][-last:]
        return any(
            _bare(label) in _bare(button.text) for message in recent for row in message.buttons for button in row
        )

    def sees_not(self, text: str) -> None:
        """Hold that no message of the bot holds `text` now."""
        assert self._newest(text) is None, self.screen()

    def _newest(self, text: str) -> SimMessage | None:
        wanted = _bare(text)
        found = [m for m in self.phone.messages if m.from_bot and wanted in _bare((m.text or "") + (m.caption or ""))]
        return found[-1] if found else None

    async def until(self, condition: Callable[[], bool], what: str, *, timeout: float = PATIENCE) -> None:
        """Wait for a condition."""
        deadline = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"{self.known.name} waited for {what}; on the screen:\n{self.screen()}")
            await asyncio.sleep(0.01)

    def screen(self, lines: int = 40) -> str:
        """Return the end of the chat as text."""
        return self.phone.screen(lines)

    async def quiet(self) -> None:
        """Wait until all updates are done and nothing new arrives."""
        await self.world.idle()


def _bare(text: str) -> str:
    return text.translate(dict.fromkeys(range(0x2066, 0x206A)))


class World:
    """The running school of one test."""

    def __init__(self, app: App, sim: Simulator, clock: Clock, known: dict[str, Known]) -> None:
        self.app, self.sim, self.clock, self.known = app, sim, clock, known
        # a second engine: what is stored is looked at from outside the app
        self.outside = Database(app.settings.database, now=clock.now, school=app.settings.to_school())

    def actor(self, name: str, language: str | None = None) -> Actor:
        """Return a person who came in earlier and has a phone; `language` only for what the test expects to read."""
        known = self.known[name]
        return Actor(self, known, language or known.language)

    def stranger(self, telegram_id: int = 99, language_code: str | None = "en", first_name: str = "Nobody") -> Phone:
        """Return the phone of somebody nobody knows."""
        self.sim.add_person(Person(id=telegram_id, first_name=first_name, language_code=language_code))
        return self.sim.phone(telegram_id)

    async def forward(self, **step: float) -> None:
        """Move the clock; what became due happens at once."""
        self.clock.forward(timedelta(**step))
        await self.idle()

    async def at(self, year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> None:
        """Move the clock to a wall-clock time in Oslo."""
        self.clock.move_to(datetime(year, month, day, hour, minute, tzinfo=OSLO))
        await self.idle()

    async def idle(self, timeout: float = PATIENCE) -> None:
        """Wait until every update is done and nothing that is due is left in the queue."""
        deadline, pause = time.monotonic() + timeout, 0.003
        while True:
            await self.sim.wait_idle(timeout=timeout)
            if self.app.intake.under_way == 0:
                waiting, gathering = await self._waiting()
                if not waiting and not gathering:
                    return
                if not waiting:  # lists gather for a moment before they are drawn: let that moment be over
                    self.clock.forward(GATHERING)
            if time.monotonic() > deadline:
                raise AssertionError("the school did not come to rest")
            await asyncio.sleep(pause)
            pause = min(2 * pause, 0.02)

    async def _waiting(self) -> tuple[int, int]:
        """Count what is due, and the lists that are about to be drawn.

        What changes or answers a message that is itself to come later is not counted.
        """
        rows = await self.rows(
            "SELECT (SELECT count(*) FROM outgoing o WHERE state IN ('queued', 'retry', 'sending')"
            "  AND due_at <= :now"
            "  AND NOT EXISTS (SELECT 1 FROM outgoing t WHERE t.id IN (o.edits_id, o.replies_to_id)"
            "   AND t.state IN ('queued', 'retry') AND t.due_at > :now))"
            " + (SELECT count(*) FROM notice WHERE state = 'scheduled' AND send_at <= :now)"
            " + (SELECT count(*) FROM leave_request WHERE remind_at <= :now)"
            " + (SELECT count(*) FROM thread WHERE teacher_due <= :now OR leader_due <= :now)"
            " + (SELECT count(*) FROM checkin_plan WHERE next_at <= :now)"
            " + (SELECT count(*) FROM checkin_day WHERE due_at <= :now)"
            " + (SELECT count(*) FROM monthly_report WHERE queued_at IS NULL)"
            " + (SELECT count(*) FROM inquiry WHERE due_at <= :now)"
            " + (SELECT count(*) FROM reminder WHERE state = 'planned' AND due_at <= :now)"
            " + (SELECT count(*) FROM event WHERE fan_at <= :now)"
            " + (SELECT count(*) FROM slot WHERE held_until <= :now)"
            " + (SELECT count(*) FROM poll WHERE state = 'open' AND closes_at <= :now)"
            " + (SELECT count(*) FROM rendering WHERE due_at <= :now),"
            " (SELECT count(*) FROM outgoing WHERE state IN ('queued', 'retry', 'sending') AND kind = 'day_list'"
            "  AND due_at > :now AND due_at <= :soon)",
            now=self.clock.now,
        )
        return int(rows[0][0]), int(rows[0][1])

    async def rows(self, statement: str, **values: Any) -> list[Any]:
        """Read the database from outside the app; `statement` is plain SQL, `now` is asked once nobody else writes."""
        async with self.outside.unit_of_work() as uow:
            prepared = sa.text(statement)
            if "now" in values:
                from sqlmodel.sql.sqltypes import UTCDateTime

                await uow.execute(sa.text("SELECT 1"))
                values["now"] = values["now"]()
                prepared = prepared.bindparams(sa.bindparam("now", type_=UTCDateTime()))
                if ":soon" in statement:  # what gathers for a moment before it is drawn
                    values["soon"] = values["now"] + GATHERING
                    prepared = prepared.bindparams(sa.bindparam("soon", type_=UTCDateTime()))
            return list((await uow.execute(prepared, values)).all())

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[UnitOfWork]:
        """A transaction from outside the app, for queries of `storage.queries`."""
        async with self.outside.unit_of_work() as uow:
            yield uow


def settings_for(database: str, api: str, **overrides: Any) -> Settings:
    """Return test settings: no pace, so that stories are quick, and short waits."""
    values: dict[str, Any] = {
        "token": TOKEN,
        "api": api,
        "database": database,
        "school": "Solbakken skole",
        "language": "nb",
        "office_phone": "+47 22 00 00 00",
        "undo_seconds": 20,
        "list_minutes": 0,  # the list of the day comes in its own stories
        "listen_port": 0,
        "messages_per_second": 0,
        "messages_per_chat_second": 0,
        **overrides,
    }
    return Settings(_env_file=None, **values)


@asynccontextmanager
async def open_world(
    folder: Path,
    template: Path,
    known: dict[str, Known],
    *,
    start: datetime = START,
    limits: Limits | None = None,
    enrolled: bool = True,
    latency: float = 0.0,
    **overrides: Any,
) -> AsyncIterator[World]:
    """Run a school in a copy of the template database (all of docs/example), everybody's phone known or nobody's."""
    path = folder / "school.db"
    shutil.copyfile(_enrolled_beside(template) if enrolled else template, path)
    clock = Clock(start)
    # every request of every story, and every object that comes back, is held against the Bot API's own list
    validator = make_validator() if os.environ.get(VARIABLE) else None
    sim = Simulator(token=TOKEN, now=clock.now, limits=limits or Limits.off(), latency=latency, validator=validator)
    base = await sim.start()
    app = App(settings_for(f"sqlite:///{path}", base, **overrides), clock)
    for one in known.values():
        _give_phone(sim, one, started=enrolled)
    world = World(app, sim, clock, known)
    try:
        async with app.running():
            await app.ticks.run("lists")  # on a school day the list of the day is there before a story begins
            await world.idle()
            yield world
        if validator is not None:
            validator.check()
    finally:
        await world.outside.close()
        await sim.stop()


def _enrolled_beside(template: Path) -> Path:
    return template.with_name(f"enrolled-{template.name}")


async def make_enrolled(template: Path, known: dict[str, Known]) -> None:
    """Make a copy of the template in which everybody with a letter came in on the first story's morning."""
    path = _enrolled_beside(template)
    shutil.copyfile(template, path)
    database = Database(f"sqlite:///{path}", now=Clock(START).now, school=School(name="Solbakken skole"))
    try:
        await _enrol(database, [one for one in known.values() if one.code])
    finally:
        await database.close()


def _give_phone(sim: Simulator, one: Known, *, started: bool) -> None:
    first, _, last = one.name.partition(" ")
    phone = sim.add_person(
        Person(id=ID_BASE + one.person_id, first_name=first, last_name=last or None, language_code=one.language)
    )
    if started:
        phone.mark_started()


async def _enrol(database: Database, people: list[Known]) -> None:
    from storage.queries.entry import link_account, set_language, set_welcomed

    async with database.unit_of_work() as uow:
        for one in people:
            await link_account(uow, one.person_id, ID_BASE + one.person_id)
            await set_language(uow, one.person_id, find_language(one.language) or "nb")
            await set_welcomed(uow, one.person_id)
        await uow.commit()
