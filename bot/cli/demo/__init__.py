"""`skolebud demo`: a little school on this machine. The bot is the real one; only Telegram is simulated."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import tempfile
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.demo.folder import DemoFolder
from bot.cli.demo.role import StoryBroken
from bot.cli.demo.stage import REAL_ENGINE, Stage
from bot.cli.demo.story import PATIENCE, play_story
from bot.logs import set_up_logging

DEFAULT_PORT = 8787


def demo(
    folder: Annotated[Path, typer.Option(help="Where the school and the chats are kept.")] = Path(".demo"),
    port: Annotated[int, typer.Option(help="Port of the page; another one if it is taken.")] = DEFAULT_PORT,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
    story: Annotated[bool, typer.Option("--story", help="Play the main story as text and end.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget the earlier demo and begin anew.")] = False,
    patience: Annotated[float, typer.Option(hidden=True, help="Seconds until the story gives up waiting.")] = PATIENCE,
) -> None:
    """Run a little school with four phones on a local page. No account, no token, no other server.

    Its translation engine knows the sentences of docs/example/practice_sentences.csv only. To let a real one translate,
    set SKOLEBUD_DEMO_TRANSLATION_ENGINES=libretranslate and SKOLEBUD_DEMO_LIBRETRANSLATE_URL=http://127.0.0.1:5000
    (or apertium and SKOLEBUD_DEMO_APERTIUM_URL).
    """
    set_up_logging("WARNING")
    if story:
        with tempfile.TemporaryDirectory(prefix="skolebud-story-") as place:
            try:
                asyncio.run(_story(Path(place), patience))
            except StoryBroken as broken:
                typer.echo(f"The story broke off. {broken}", err=True)
                raise typer.Exit(1) from None
        return
    running_at = DemoFolder(folder).open_address()
    if running_at and fresh:
        typer.echo(f"The school in {folder} is open at {running_at} : close it there with Ctrl+C first.", err=True)
        raise typer.Exit(1)
    show = browser and sys.stdout.isatty()
    if running_at:
        typer.echo(f"The school in {folder} is open already:  {running_at}")
        if show:
            webbrowser.open(running_at)
        return
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(folder, port, open_browser=show, fresh=fresh))


async def _story(folder: Path, patience: float) -> None:
    stage = Stage(folder, undo_seconds=1)
    async with stage.running(port=0):
        await play_story(stage, patience)


async def _serve(folder: Path, port: int, *, open_browser: bool, fresh: bool) -> None:
    stage = Stage(folder, practise=REAL_ENGINE not in os.environ)
    if fresh:
        stage.folder.forget()
    new = stage.folder.is_new
    typer.echo("Setting up the school, a few seconds ..." if new else "Opening the school as you left it ...")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows has no signal handlers in asyncio
            loop.add_signal_handler(sign, stop.set)
    async with stage.running(port=port):
        _greet(stage, port)
        if open_browser:
            webbrowser.open(stage.address)
        await _until(stop, stage)
    typer.echo("Closed. Everything is kept.")


def _greet(stage: Stage, port: int) -> None:
    typer.echo(f"\n  Solbakken school is open:  {stage.address}\n")
    if port and not stage.address.endswith(f":{port}/"):
        typer.echo(f"  (Port {port} is taken, so the page is at another one.)")
    local = stage.local_now()
    typer.echo(f"  It is {local:%A} {local.day} {local:%B}, {local:%H:%M} there; the page can move its clock forward.")
    typer.echo("  Four people's phones are on the page, and above them what to try.\n")
    typer.echo(f"  Everything is kept in {stage.folder.path}/ . Stop with Ctrl+C; start again to go on, or begin anew")
    typer.echo("  with --fresh (make demo ARGS=--fresh).\n")


async def _until(stop: asyncio.Event, stage: Stage) -> None:
    """Wait until somebody wants to stop, or a part of the bot fails, which is raised."""
    ended = asyncio.ensure_future(stage.app.wait())
    stopped = asyncio.ensure_future(stop.wait())
    await asyncio.wait({ended, stopped}, return_when=asyncio.FIRST_COMPLETED)
    if ended.done():
        ended.result()
    for task in (ended, stopped):
        task.cancel()
    await asyncio.gather(ended, stopped, return_exceptions=True)
