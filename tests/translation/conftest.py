"""Engines for tests: a real Apertium once for each worker, and servers that answer as documented."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.translation.apertium import need_apertium, running_apertium
from tests.translation.contract import Contract
from tests.translation.fake_libretranslate import FakeLibreTranslate

CONTRACTS = Path(__file__).parent / "contracts"


@pytest.fixture(scope="session")
def apertium_url() -> Iterator[str]:
    """The address of a real Apertium APY on this machine."""
    need_apertium()
    with running_apertium() as url:
        yield url


@pytest.fixture
async def contract() -> AsyncIterator[Callable[[str], Awaitable[Contract]]]:
    """Start a server that holds requests against a documented API; what it did not expect fails the test."""
    async with AsyncExitStack() as stack:
        started: list[Contract] = []

        async def start(name: str) -> Contract:
            started.append(await stack.enter_async_context(Contract(CONTRACTS / f"{name}.json")))
            return started[-1]

        yield start
        assert [strange for server in started for strange in server.unexpected] == []


@pytest.fixture
async def libre() -> AsyncIterator[FakeLibreTranslate]:
    """A LibreTranslate."""
    async with FakeLibreTranslate() as server:
        yield server


@pytest.fixture
async def other() -> AsyncIterator[FakeLibreTranslate]:
    """Another one, for who comes next."""
    async with FakeLibreTranslate() as server:
        yield server
