"""A translation server for tests and for the demo: LibreTranslate's documented API, with answers that are given to it.

async with EngineSimulator({("nb", "pl", "Ola er syk."): "Ola jest chory."}) as engine:
    ...  # the bot's settings: translation_engines="libretranslate", libretranslate_url=engine.url
    engine.fail()       # every request gets 500
    engine.hang()       # no request is answered
    engine.come_back()  # those that hang are answered, and so is everything new
    assert "12345678" not in engine.texts  # what left the house
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

LANGUAGES = ("nb", "en", "pl", "ar")


@dataclass(frozen=True, slots=True)
class Asked:
    """One text that somebody wanted translated."""

    source: str
    target: str
    text: str


def marked(source: str, target: str, text: str) -> str | None:
    """Return the text with a mark before it: what is answered when nobody cares."""
    return f"({source}→{target}) {text}"


class EngineSimulator:
    """Start it, and it answers at `url`.

    Args:
        answers: translations by (source, target, text); more can be put into `answers` at any time.
        otherwise: makes the translation of what does not stand there; None from it refuses the request.
        languages: which languages it knows, each into each other.
        key: the key it asks for; None: none.
    """

    def __init__(
        self,
        answers: Mapping[tuple[str, str, str], str] | None = None,
        *,
        otherwise: Callable[[str, str, str], str | None] = marked,
        languages: Collection[str] = LANGUAGES,
        key: str | None = None,
    ) -> None:
        self.answers = dict(answers or {})
        self.otherwise = otherwise
        self.languages = tuple(languages)
        self.key = key
        self.url = ""
        self.asked: list[Asked] = []
        """Every text it was given, in order, also those that it did not answer."""
        self.requests = 0
        """Requests for a translation."""
        self._status: int | None = None
        self._open = asyncio.Event()
        self._open.set()
        self._new = asyncio.Condition()
        self._runner: web.AppRunner | None = None

    @property
    def texts(self) -> str:
        """Everything that it was given to translate, as one text to search in."""
        return "\n".join(asked.text for asked in self.asked)

    def fail(self, status: int = 500) -> None:
        """Answer everything with an error from now on, also what is still waiting."""
        self._status = status
        self._open.set()

    def hang(self) -> None:
        """Answer nothing from now on."""
        self._status = None
        self._open.clear()

    def come_back(self) -> None:
        """Answer again, also what is still waiting."""
        self._status = None
        self._open.set()

    async def until_asked(self, requests: int = 1, *, timeout: float = 30.0) -> None:  # noqa: ASYNC109 (as in tests)
        """Wait until so many requests for a translation have arrived since it started."""
        async with asyncio.timeout(timeout), self._new:
            await self._new.wait_for(lambda: self.requests >= requests)

    async def start(self) -> str:
        """Listen on a free port of this machine and return the address."""
        app = web.Application()
        app.router.add_get("/languages", self._say_languages)
        app.router.add_post("/translate", self._translate)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self.url

    async def stop(self) -> None:
        """Let go of who waits, and listen no longer."""
        self._open.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> EngineSimulator:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _say_languages(self, _: web.Request) -> web.Response:
        await self._open.wait()
        if self._status is not None:
            return _refusal(self._status)
        return web.json_response(
            [{"code": code, "name": code, "targets": sorted(self.languages)} for code in self.languages]
        )

    async def _translate(self, request: web.Request) -> web.Response:
        body = await request.json()
        async with self._new:
            self.requests += 1
            lines = body["q"] if isinstance(body["q"], list) else [body["q"]]
            self.asked += [Asked(body["source"], body["target"], line) for line in lines]
            self._new.notify_all()
        await self._open.wait()
        return self._answer(body)

    def _answer(self, body: dict[str, Any]) -> web.Response:
        source, target, texts = body["source"], body["target"], body["q"]
        if self._status is not None:
            return _refusal(self._status)
        if self.key is not None and body.get("api_key") != self.key:
            return _refusal(403, "Invalid API key")
        if strange := {source, target} - set(self.languages):
            return _refusal(400, f"{strange.pop()} is not supported")
        found = [self._translation(source, target, text) for text in ([texts] if isinstance(texts, str) else texts)]
        if None in found:
            return _refusal(400)
        return web.json_response({"translatedText": found[0] if isinstance(texts, str) else found})

    def _translation(self, source: str, target: str, text: str) -> str | None:
        known = self.answers.get((source, target, text))
        return self.otherwise(source, target, text) if known is None else known


def _refusal(status: int, sentence: str = "Cannot translate text") -> web.Response:
    return web.json_response({"error": sentence}, status=status)
