"""A school that was set up once, copied for each test, and a browser on its page."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from bot.cli.demo.stage import Stage
from tests.browser.visit import WIDE, Visit, chromium, find_chromium, visit
from tests.conftest import REQUIRE_ALL, run_apart

NO_CHROMIUM = "no Chromium: set SKOLEBUD_TEST_CHROMIUM, or put chromium on the path"

Opener = Callable[..., AbstractAsyncContextManager[Visit]]


async def _set_up(folder: Path) -> None:
    async with Stage(folder).running(port=0):
        pass


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo's folder after its first start: the school imported, the cast come in."""
    if find_chromium() is None:
        if REQUIRE_ALL:
            pytest.fail(NO_CHROMIUM, pytrace=False)
        pytest.skip(NO_CHROMIUM)
    folder = tmp_path_factory.mktemp("demo") / "seeded"
    run_apart(_set_up(folder))
    return folder


@pytest.fixture
def folder(seeded: Path, tmp_path: Path) -> Path:
    """A demo's folder of this test's own."""
    return Path(shutil.copytree(seeded, tmp_path / "demo"))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(seeded: Path) -> AsyncIterator[Browser]:
    """One Chromium for all visitors; nothing but the program is shared between them."""
    async with chromium() as started:
        yield started


@pytest.fixture
def open_page(folder: Path, browser: Browser) -> Opener:
    """Start the demo in this test's folder and open its page; closing checks what the page must never do."""

    @asynccontextmanager
    async def opened(
        *,
        undo_seconds: int = 1,
        size: tuple[int, int] = WIDE,
        theme: str = "light",
        query: str = "",
        finger: bool = False,
    ) -> AsyncIterator[Visit]:
        stage = Stage(folder, undo_seconds=undo_seconds)
        async with stage.running(port=0), visit(browser, stage, size=size, theme=theme, finger=finger) as visitor:
            await visitor.open(query)
            yield visitor
            assert visitor.complaints == []
            assert visitor.strayed == []

    return opened
