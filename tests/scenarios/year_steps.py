"""What the office and homes do in stories about the year wheel and the own calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import aiohttp
from icalendar import Calendar

from bot.actions.year.imports import apply_dates, plan_dates, read_dates
from bot.domain.year_plan import DEFAULT_SOURCE, YearPlan
from tests.scenarios.notices_steps import tap, write
from tests.scenarios.world import Actor, World

HEADER = "key,date,last,start,end,title,for,place,kind"
ADDRESS = "https://skole.example"


async def import_year(world: World, *lines: str, source: str = DEFAULT_SOURCE, ics: bytes = b"") -> YearPlan:
    """Import dates as the office would: lines of a CSV file, or an .ics file."""
    data = ics or "\n".join((HEADER, *lines, "")).encode()
    async with world.unit_of_work() as uow:
        found = await read_dates(uow, data, ics=bool(ics))
        plan = await plan_dates(uow, source, found.dates)
    async with world.unit_of_work() as uow:
        await apply_dates(uow, None, source, found.dates, plan)
    world.app.sender.wake()
    world.app.ticks.wake("year")
    await world.idle()
    return plan


def messages_of(actor: Actor) -> list[str]:
    """Return what the bot has written to a person, oldest first."""
    return [(m.text or "") + (m.caption or "") for m in actor.phone.messages if m.from_bot]


async def make_address(actor: Actor) -> str:
    """Make the own private address in the chat; return it."""
    await write(actor, "/calendar")
    await tap(actor, actor.say("Follow on my phone"))
    await tap(actor, actor.say("Make my address"))
    return shown_address(actor)


def shown_address(actor: Actor) -> str:
    """Return the address in the newest message."""
    text = [m for m in actor.phone.messages if m.from_bot][-1].text or ""
    (found,) = [word for word in text.split() if word.startswith(f"{ADDRESS}/calendar/")]
    return found


async def fetch(world: World, address: str, **headers: str) -> tuple[int, bytes, Mapping[str, str]]:
    """Ask the running bot for an address, as a calendar does."""
    url = address.replace(ADDRESS, f"http://127.0.0.1:{world.app.port}")
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        return answer.status, await answer.read(), answer.headers.copy()


async def statuses(world: World, addresses: list[str]) -> list[int]:
    """Ask for addresses one after the other; return how each was answered."""
    found = []
    async with aiohttp.ClientSession(f"http://127.0.0.1:{world.app.port}") as session:
        for address in addresses:
            async with session.get(address.removeprefix(ADDRESS)) as answer:
                found.append(answer.status)
    return found


def entries(data: bytes) -> dict[str, Any]:
    """Return a calendar file's entries by title."""
    return {str(one["summary"]): one for one in Calendar.from_ical(data).walk("VEVENT")}


def start_of(entry: Any) -> date | datetime:
    """Return when an entry begins."""
    found: date | datetime = entry["dtstart"].dt
    return found


def last_file(actor: Actor) -> tuple[str, bytes]:
    """Return name and content of the newest file that a person got."""
    found = [m.document for m in actor.phone.messages if m.from_bot and m.document is not None][-1]
    return found.name, found.data
