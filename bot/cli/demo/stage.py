"""The demo's stage: the simulator and the real bot beside each other, kept in one folder."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.actions.calendar import public_holidays
from bot.app import App
from bot.cli.demo.folder import DemoFolder
from bot.cli.demo.guide import story_guide
from bot.cli.demo.practice import SWITCH, Mode, Practice
from bot.cli.demo.school import (
    ALSO_IN,
    CAST,
    Member,
    add_phone,
    came_in_last_week,
    enter,
    import_example,
    in_page_order,
    print_letters,
)
from bot.clock import Clock
from bot.domain.calendar import SchoolCalendar
from bot.settings import Settings
from bot.simulator import Limits, Phone, Simulator
from storage import migrate

ZONE = ZoneInfo("Europe/Oslo")
COUNTRY = "NO"
SCHOOL_HOURS = (time(8, 30), time(14, 0))
OPEN_HOURS = (time(8, 0), time(13, 0))
"""When a visitor may come in as it is: the lists of the day are there, and an hour of school is left."""
SCHOOL_MORNING = time(8, 15)
REAL_ENGINE = "SKOLEBUD_DEMO_TRANSLATION_ENGINES"
"""Set in the environment, it names the engines of the demo instead of the one to practise with."""


def school_day_from(day: date) -> date:
    """Return `day` or the first one after it that is neither in a weekend nor a public holiday."""
    calendar = SchoolCalendar({**public_holidays(COUNTRY, day.year), **public_holidays(COUNTRY, day.year + 1)})
    found = calendar.next_school_day(day - timedelta(days=1))
    assert found is not None  # noqa: S101  (no country has holidays for months)
    return found


def opening_time(moment: datetime) -> datetime:
    """Return `moment` if school is on with time to look around, else the next school morning.

    At night nothing would arrive, and after school nobody is reported ill or missing any more.
    """
    local = moment.astimezone(ZONE)
    wall, today = local.time(), local.date()
    if school_day_from(today) == today and OPEN_HOURS[0] <= wall <= OPEN_HOURS[1]:
        return moment
    day = school_day_from(today + timedelta(days=wall > OPEN_HOURS[1]))
    return datetime.combine(day, SCHOOL_MORNING, ZONE).astimezone(UTC)


class Stage:
    """A school that is kept in `folder`: its database, its chats, and how far its clock was moved.

    Args:
        undo_seconds: how long a notice, a message or a mark can be taken back.
        founded: when a new school begins, instead of now; for stories that are told on a certain day.
        practise: let the practice engine translate; else those that the demo's own settings name, if any.
    """

    def __init__(
        self, folder: Path, *, undo_seconds: int = 15, founded: datetime | None = None, practise: bool = True
    ) -> None:
        self.folder = DemoFolder(folder)
        self._founded = founded
        self._undo_seconds = undo_seconds
        self._practise = practise
        self.members: dict[str, Member] = {}
        self.practice: Practice | None = None
        """The practice engine; None when a real one is to translate."""

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"{self.simulator.base_url}/"

    def local_now(self) -> datetime:
        """Return what the clock on the school's wall says."""
        return self.clock.now().astimezone(ZONE)

    def phone(self, name: str) -> Phone:
        """Return the phone of somebody of the school, by name.

        Raises:
            LookupError: nobody is called that.
        """
        for person in self.simulator.people:
            if person.name == name:
                return self.simulator.phone(person.id)
        raise LookupError(name)

    def next_school_day(self) -> date:
        """Return the next school day after the demo's today."""
        return school_day_from(self.local_now().date() + timedelta(days=1))

    def move_to(self, day: date, wall: time) -> None:
        """Move the school's clock forward to a wall-clock time; what became due happens at once.

        Raises:
            ValueError: the time has passed.
        """
        self._move_clock(datetime.combine(day, wall, ZONE).astimezone(UTC))

    @property
    def inquiry_wait(self) -> timedelta:
        """How long a home has to say where a missing pupil is, before the next guardian is asked."""
        return self.app.settings.to_school().inquiry_wait

    def forward(self, step: timedelta) -> None:
        """Let the school's clock go on by `step`."""
        self._move_clock(self.clock.now() + step)

    async def turn_engine(self, mode: Mode) -> None:
        """Let the practice engine work, fail, hang or be gone, as the page's switch does.

        Raises:
            KeyError: it is a real engine that translates here.
        """
        await self.simulator.turn(SWITCH, mode)

    @asynccontextmanager
    async def running(self, *, port: int) -> AsyncIterator[None]:
        """Open the school; the page listens on `port`, or on a free one if that is taken."""
        new = self.folder.is_new
        self.folder.make_ready()
        ahead = self.folder.ahead
        now = self._founded if self._founded and ahead is None else Clock().now() + (ahead or timedelta())
        self.clock = Clock(opening_time(now))
        await migrate.run(f"sqlite:///{self.folder.database}")
        self.simulator = Simulator(
            token=self.folder.token(),
            now=self.clock.now,
            move_clock=self._move_clock,
            zone=ZONE.key,
            limits=Limits.off(),
            state_file=self.folder.chats,
        )
        if self._practise:
            self.practice = Practice(self.local_now().date())
            self.simulator.switches = [self.practice.switch]
        if not new:
            self._open_page()
        await self._listen(port)
        try:
            self.folder.opened(self.address)
            self.app = await self._bot()
            everybody = await self._fill_school() if new else []
            async with self.app.running():
                if new:
                    await self._come_in(everybody)
                self._keep_clock()
                yield
        finally:
            await self.simulator.stop()
            if self.practice is not None:
                await self.practice.server.stop()
            self.folder.closed()

    async def _listen(self, port: int) -> None:
        try:
            await self.simulator.start(port=port)
        except OSError:
            await self.simulator.start(port=0)

    async def _bot(self) -> App:
        """Return the bot with its translation engine."""
        if self.practice is None:
            return App(self._settings(), self.clock)
        await self.practice.server.start()
        settings = self._settings(**self.practice.settings())
        return App(settings, self.clock, self.practice.engines(settings.to_translation()))

    def _settings(self, **translation: Any) -> Settings:
        # The settings of a real school on this machine have no say here.
        return Settings(
            _env_file=None,
            _env_prefix="SKOLEBUD_DEMO_",
            token=self.folder.token(),
            api=self.simulator.base_url,
            database=f"sqlite:///{self.folder.database}",
            school="Solbakken skole",
            language="nb",
            timezone=ZONE.key,
            office_phone="+47 22 00 00 00",
            quiet_hours="20:00-07:00",
            school_hours="-".join(f"{wall:%H:%M}" for wall in SCHOOL_HOURS),
            country=COUNTRY,
            undo_seconds=self._undo_seconds,
            webhook="",
            listen_host="127.0.0.1",
            listen_port=0,
            messages_per_second=0,
            messages_per_chat_second=0,
            **translation,
        )

    def _open_page(self) -> None:
        self.simulator.guide = story_guide(self.simulator)

    async def _fill_school(self) -> list[Member]:
        """Import the school; return those who came in some days ago."""
        roster, staff = await import_example(self.app.database)
        everybody = in_page_order(await print_letters(self.app.database, roster, staff))
        self.members = {member.name: member for member in everybody}
        for member in everybody:
            add_phone(self.simulator, member, shown=member.name in CAST)
        self._open_page()
        earlier = [member for member in everybody if member.came_in_earlier]
        await came_in_last_week(self.app.database, earlier)
        return earlier

    async def _come_in(self, earlier: list[Member]) -> None:
        """The cast comes in by its letters; the others open their chats, as they did some days ago."""
        for name in (*CAST, *ALSO_IN):
            member = self.members[name]
            await enter(self.phone(name), member, member.language)
        await asyncio.gather(*(self.phone(member.name).start() for member in earlier))
        await self.simulator.wait_idle(timeout=60)
        await self.app.presenter.drain(60)
        for person in self.simulator.people:
            await self.simulator.phone(person.id).read()

    def _move_clock(self, moment: datetime) -> None:
        self.clock.move_to(moment)
        self._keep_clock()

    def _keep_clock(self) -> None:
        self.folder.keep_ahead(self.clock.now() - Clock().now())
