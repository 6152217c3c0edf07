"""The `skolebud` command."""

from __future__ import annotations

import gc


def main() -> None:
    """Run the command line.

    What is imported stays. Looking for garbage among it takes a sixth of the start, and later a part of every
    collection, so the collector is kept away from it.
    """
    gc.disable()
    from bot.cli.main import app

    gc.enable()
    gc.freeze()
    app()
