"""`python -m benchmarks.moved 2026-11-24T08:15`: the bot, with its clock set: absence depends on the hour."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from datetime import datetime

from bot.app import App
from bot.clock import Clock
from bot.logs import set_up_logging
from bot.settings import load_settings


async def run(start: datetime) -> None:
    """Run until SIGTERM."""
    settings = load_settings()
    set_up_logging(settings.log_level)
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    async with App(settings, Clock(start.astimezone())).running():
        await told.wait()


if __name__ == "__main__":
    gc.freeze()  # as the command does: what the imports have made stays
    asyncio.run(run(datetime.fromisoformat(sys.argv[1])))
