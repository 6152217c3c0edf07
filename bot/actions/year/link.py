"""The private address under which a telephone follows its owner's calendar: made, replaced, ended, read (M6)."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.actions import UnitOfWork
from bot.actions.year.ics import write_calendar
from bot.actions.year.own import own_entries
from bot.domain.errors import NotPermitted, Stale
from bot.domain.people import Actor
from bot.i18n import texts
from storage.queries.audit import audit
from storage.queries.calendar_links import end_link, find_link, find_owner, mark_read, store_link
from storage.queries.people import find_actor_by_person

TOKEN_BYTES = 32
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
MARKED_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class LinkView:
    """How the own address stands; `offered` where the school lets calendars be followed."""

    offered: bool
    made_at: datetime | None = None
    """On the wall clock."""
    read_at: datetime | None = None

    version: int = 0
    """The second in which it was made; 0 without one."""


async def view_link(uow: UnitOfWork, actor: Actor) -> LinkView:
    """Return how a person's own address stands."""
    found = await find_link(uow, actor.person_id)
    offered = bool(uow.school.calendar_address)
    if found is None:
        return LinkView(offered)
    made, read = found
    wall = uow.school.local(read).replace(tzinfo=None) if read is not None else None
    return LinkView(offered, uow.school.local(made).replace(tzinfo=None), wall, int(made.timestamp()))


async def make_link(uow: UnitOfWork, actor: Actor, version: int) -> str:
    """Make the person's address anew and return it; it is shown this once, stored is its hash.

    Raises:
        NotPermitted: the school does not let calendars be followed.
        Stale: the address is another one by now than the person saw.
    """
    if not uow.school.calendar_address:
        raise NotPermitted
    if (await view_link(uow, actor)).version != version:
        raise Stale
    token = secrets.token_urlsafe(TOKEN_BYTES)
    await store_link(uow, actor.person_id, _hash(token))
    await audit(uow, actor.person_id, "calendar_link.made", "person", actor.person_id)
    await uow.commit()
    return f"{uow.school.calendar_address}/calendar/{token}.ics"


async def stop_link(uow: UnitOfWork, actor: Actor) -> None:
    """End the person's address at once; the second time nothing happens."""
    if await end_link(uow, actor.person_id):
        await audit(uow, actor.person_id, "calendar_link.ended", "person", actor.person_id)
        await uow.commit()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def looks_right(token: str) -> bool:
    """Tell whether a text has the form of an address's secret part; only then is it worth a look."""
    return TOKEN.fullmatch(token) is not None


async def read_calendar(uow: UnitOfWork, token: str) -> bytes | None:
    """Return the calendar behind an address, as its owner's rights are now.

    None for an address that nobody has, and for somebody without a child or a role here now: the two look alike.
    """
    if not looks_right(token):
        return None
    owner = await find_owner(uow, _hash(token))
    actor = await find_actor_by_person(uow, owner) if owner is not None else None
    if actor is None:
        return None
    made = write_calendar(await own_entries(uow, actor), uow.school, texts(actor.language), followed=True)
    if await mark_read(uow, actor.person_id, every=MARKED_EVERY):
        await uow.commit()
    return made
