"""`python -m benchmarks.fire URL [plain]`: one replica ticks until no reminder is left, and prints what it did.

With `plain` every reminder says the same: claiming and enqueuing alone, without looking at the event.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Sequence

from bot.actions import UnitOfWork
from bot.actions.reminders import renderers
from bot.actions.reminders.fire import fire_due
from bot.clock import Clock
from bot.domain.outgoing import OutgoingKind
from bot.domain.reminders import DropReason, Occasion
from bot.domain.school import School
from bot.outbox.enqueue import Message
from storage.queries.reminders import ReminderRow
from storage.session import Database

IDLE_SECONDS = 1.5
"""Without anything due for so long after the first claim, all is done."""
AT_MOST = 60.0
READY = "ready"


async def fire(url: str) -> None:
    """Fire until nothing is left, and print how many and when."""
    database = Database(url, now=Clock().now, school=School(name="Solbakken skole"))
    claimed, first, last, began, ready = 0, 0.0, 0.0, time.time(), False
    try:
        while time.time() - began < AT_MOST and not (last and time.time() - last > IDLE_SECONDS):
            asked = time.time()
            async with database.unit_of_work() as uow:
                done = (await fire_due(uow)).done
            if done:
                claimed, first, last = claimed + done, first or asked, time.time()
            elif not ready:
                ready = True
                print(READY, flush=True)  # connected, imported, and looking
            else:
                await asyncio.sleep(0.02)
    finally:
        await database.close()
    print(json.dumps({"claimed": claimed, "first": first, "last": last}), flush=True)


async def _plain(_: UnitOfWork, rows: Sequence[ReminderRow]) -> dict[int, Message | DropReason]:
    return {
        row.id: Message(row.recipient_id, OutgoingKind.REMINDER, "🔔", f"reminder:{row.id}", expires_at=row.expires_at)
        for row in rows
    }


def main() -> None:
    """Be one replica."""
    if "plain" in sys.argv[2:]:
        renderers.RENDERERS.update(dict.fromkeys(Occasion, _plain))
    asyncio.run(fire(sys.argv[1]))


if __name__ == "__main__":
    main()
