"""The translation server of tests and of the demo: LibreTranslate's API, which works, fails, or never answers."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from bot.simulator import EngineSimulator


async def ask(url: str, body: dict[str, Any]) -> tuple[int, Any]:
    async with aiohttp.ClientSession() as session, session.post(f"{url}/translate", json=body) as answer:
        return answer.status, await answer.json()


def wanted(text: str | list[str], source: str = "nb", target: str = "pl", **more: str) -> dict[str, Any]:
    return {"q": text, "source": source, "target": target, "format": "text", **more}


async def test_it_says_its_languages_and_answers_one_text_and_several() -> None:
    async with EngineSimulator({("nb", "pl", "Hei"): "Cześć"}, languages=("nb", "pl")) as engine:
        async with aiohttp.ClientSession() as session, session.get(f"{engine.url}/languages") as answer:
            assert [(one["code"], one["targets"]) for one in await answer.json()] == [
                ("nb", ["nb", "pl"]),
                ("pl", ["nb", "pl"]),
            ]
        assert await ask(engine.url, wanted("Hei")) == (200, {"translatedText": "Cześć"})
        assert await ask(engine.url, wanted(["Hei", "Ja"])) == (200, {"translatedText": ["Cześć", "(nb→pl) Ja"]})
        assert (await ask(engine.url, wanted("Hei", target="de")))[0] == 400
        assert engine.requests == 3
        assert engine.texts == "Hei\nHei\nJa\nHei"


async def test_what_it_does_not_know_it_refuses_whole_when_it_is_told_to() -> None:
    async with EngineSimulator({("nb", "pl", "Hei"): "Cześć"}, otherwise=lambda *_: None) as engine:
        assert await ask(engine.url, wanted(["Hei", "Ja"])) == (400, {"error": "Cannot translate text"})
        assert await ask(engine.url, wanted("Hei")) == (200, {"translatedText": "Cześć"})


async def test_it_asks_for_its_key() -> None:
    async with EngineSimulator(key="sesame") as engine:
        assert (await ask(engine.url, wanted("Hei")))[0] == 403
        assert (await ask(engine.url, wanted("Hei", api_key="sesame")))[0] == 200


@pytest.mark.parametrize("status", [500, 503])
async def test_it_fails_until_it_comes_back(status: int) -> None:
    async with EngineSimulator() as engine:
        engine.fail(status)
        assert (await ask(engine.url, wanted("Hei")))[0] == status
        engine.come_back()
        assert (await ask(engine.url, wanted("Hei")))[0] == 200


@pytest.mark.parametrize(("then", "status"), [("come_back", 200), ("fail", 500)])
async def test_what_hangs_is_answered_as_soon_as_something_is(then: str, status: int) -> None:
    async with EngineSimulator() as engine:
        engine.hang()
        asked = asyncio.ensure_future(ask(engine.url, wanted("Hei")))
        await engine.until_asked()
        assert not asked.done()
        getattr(engine, then)()
        assert (await asked)[0] == status


async def test_stopping_lets_go_of_who_waits() -> None:
    engine = EngineSimulator()
    await engine.start()
    engine.hang()
    asked = asyncio.ensure_future(ask(engine.url, wanted("Hei")))
    await engine.until_asked()
    await engine.stop()
    await asyncio.wait([asked], timeout=20)
    assert asked.done()
    asked.exception()
