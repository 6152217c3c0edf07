"""What engines behind HTTP have in common: one session, errors told apart, their languages asked now and then."""

from __future__ import annotations

import asyncio
import json
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import ClassVar

import aiohttp

from bot.translation.engine import EngineFailed, Failure, Pair
from bot.translation.lines import Lines, batches

PAIRS_SECONDS = 600.0
"""How long it is believed what an engine said about its languages."""
MAX_ANSWER = 4 * 1024 * 1024
"""Bytes of an answer that are read; more is no translation of what we send."""
LAST_RESORT_SECONDS = 60.0
"""A request ends after this even if nobody else ends it."""
_BUSY = frozenset({429, 503, 529})
_QUOTA_EXCEEDED = 456
_HEADERS = {"Accept": "application/json", "User-Agent": "Skolebud"}

Codes = Mapping[Pair, Pair]
"""Our pair of languages: the engine's codes for it."""


class WebEngine(ABC):
    """An engine behind an address. Redirects are not followed: texts go where the school said, nowhere else."""

    name: ClassVar[str]
    max_lines: ClassVar[int]
    max_characters: ClassVar[int]

    def __init__(self, url: str, *, outside: bool, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.url = url.rstrip("/")
        self.outside = outside
        self._monotonic = monotonic
        self._codes: Codes | None = None
        self._asked_at = 0.0
        self._asking = asyncio.Lock()
        self._session: aiohttp.ClientSession | None = None

    async def pairs(self) -> frozenset[Pair]:
        """Return what it can translate, as it said in the last minutes.

        Raises:
            EngineFailed: it does not say.
        """
        return frozenset(await self._known())

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """Return each text in the other language.

        Raises:
            EngineFailed: for any of them none came.
        """
        lines = Lines(texts)
        if not lines.wanted:
            return lines.put_together({})
        codes = (await self._known()).get((source, target))
        if codes is None:
            raise EngineFailed(Failure.REFUSED)
        translated: dict[str, str] = {}
        for batch in batches(lines.wanted, count=self.max_lines, characters=self.max_characters):
            answer = await self._translate_lines(batch, *codes)
            if len(answer) != len(batch):
                raise EngineFailed(Failure.ODD)
            translated.update(zip(batch, answer, strict=True))
        return lines.put_together(translated)

    async def close(self) -> None:
        """Let go of its connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    @abstractmethod
    async def _ask_codes(self) -> Codes:
        """Ask the engine for its languages."""

    @abstractmethod
    async def _translate_lines(self, lines: Sequence[str], source: str, target: str) -> list[str]:
        """Translate lines in one request; the codes are the engine's."""

    async def _known(self) -> Codes:
        async with self._asking:
            if self._codes is None or self._monotonic() - self._asked_at >= PAIRS_SECONDS:
                self._codes = await self._ask_codes()
                self._asked_at = self._monotonic()
            return self._codes

    async def _get(self, path: str, *, headers: Mapping[str, str] | None = None) -> object:
        return await self._request("GET", path, headers=headers)

    async def _post_json(self, path: str, body: object, *, headers: Mapping[str, str] | None = None) -> object:
        # As UTF-8, not escaped: engines limit the bytes of a request.
        data = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        return await self._request(
            "POST", path, data=data, headers={"Content-Type": "application/json", **(headers or {})}
        )

    async def _request(
        self,
        method: str,
        path: str,
        *,
        data: bytes | Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> object:
        """Return the answer's JSON.

        Raises:
            EngineFailed: there is none, with the reason.
        """
        if self._session is None:
            limit = aiohttp.ClientTimeout(total=LAST_RESORT_SECONDS)
            self._session = aiohttp.ClientSession(timeout=limit, headers=_HEADERS)
        try:
            async with self._session.request(
                method, f"{self.url}{path}", data=data, headers=headers, allow_redirects=False
            ) as answer:
                _check_status(answer)
                return json.loads(await _read(answer))
        except TimeoutError as error:
            raise EngineFailed(Failure.TIMEOUT) from error
        except (aiohttp.ClientError, OSError) as error:
            raise EngineFailed(Failure.UNREACHABLE) from error
        except (ValueError, RecursionError) as error:
            raise EngineFailed(Failure.ODD) from error


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > MAX_ANSWER:
            raise EngineFailed(Failure.ODD)
    return bytes(body)


def _check_status(answer: aiohttp.ClientResponse) -> None:
    """Raise what an answer's status means."""
    if answer.status == HTTPStatus.OK:
        return
    if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise EngineFailed(Failure.KEY)
    if answer.status in _BUSY:
        raise EngineFailed(Failure.BUSY, retry_after=_seconds(answer.headers.get("Retry-After", "")))
    if answer.status == _QUOTA_EXCEEDED:
        raise EngineFailed(Failure.QUOTA)
    raise EngineFailed(Failure.BROKEN if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR else Failure.REFUSED)


def _seconds(written: str) -> float | None:
    """Read a Retry-After in seconds; one that is a date is left to our own pause."""
    return float(written) if written.isascii() and written.isdigit() else None
