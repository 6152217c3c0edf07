"""A wire to the database that a test can cut."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.engine import make_url


class Wire:
    """Forwards a local port to the database server until it is cut."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._server: asyncio.Server | None = None
        self._listening = 0
        self._open: set[asyncio.StreamWriter] = set()

    async def mend(self) -> int:
        """Listen (again, on the same port); return the port."""
        self._server = await asyncio.start_server(self._forward, "127.0.0.1", self._listening)
        self._listening = int(self._server.sockets[0].getsockname()[1])
        return self._listening

    async def cut(self) -> None:
        """Refuse new connections and break the open ones."""
        if self._server is not None:
            self._server.close()
        for writer in list(self._open):
            writer.transport.abort()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection(self._host, self._port)
        self._open |= {writer, there_writer}
        await asyncio.gather(_pump(reader, there_writer), _pump(there_reader, writer))
        self._open -= {writer, there_writer}


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def wired(url: str) -> AsyncIterator[tuple[Wire, str]]:
    """Give out a wire to a PostgreSQL database, and the address through it."""
    parsed = make_url(url)
    wire = Wire(parsed.host or "127.0.0.1", parsed.port or 5432)
    port = await wire.mend()
    try:
        yield wire, parsed.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
    finally:
        await wire.cut()
