"""A process of its own whose languages lie elsewhere (SKOLEBUD_LOCALES): a mother chooses the new one and writes.

Run as `python -m tests.scenarios.speak_faroese FOLDER`; prints her chat.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tests.conftest import run_apart
from tests.scenarios.conftest import _make_template
from tests.scenarios.notices_steps import send, speak, tap, write
from tests.scenarios.world import open_world


async def story(folder: Path) -> None:
    """Tell the story in a school made in `folder`."""
    template = folder / "template.db"
    known = run_apart(_make_template(template))
    async with open_world(folder, template, known) as world:
        kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
        await write(ingrid, "/language")
        sys.stdout.write(ingrid.screen() + "\n")
        ingrid = await speak(ingrid, "fo")
        await ingrid.sees("Hvat vilt tú gera?")
        await send(kari, "En beskjed.")
        await tap(ingrid, "Skilt")
        await write(ingrid, "Takk fyri")
        await world.forward(seconds=21)
        await kari.sees("Takk fyri")
        sys.stdout.write(ingrid.screen(200))


if __name__ == "__main__":
    asyncio.run(story(Path(sys.argv[1])))
