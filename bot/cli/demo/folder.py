"""The demo's folder: what is kept there, and whether a demo is running in it now."""

from __future__ import annotations

import json
import secrets
import shutil
import urllib.error
import urllib.request
from datetime import timedelta
from pathlib import Path

BOT_ID = 123456


class DemoFolder:
    """The files of one demo; nothing else that may lie in the folder is touched."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.database = path / "school.db"
        self.chats = path / "telegram.json"
        self._files = path / "telegram.json.files"
        self._clock = path / "clock.json"
        self._token = path / "token"
        self._address = path / "address"

    @property
    def is_new(self) -> bool:
        """Nothing is kept here yet, or the first start was broken off: the clock is kept last."""
        return not (self._clock.exists() and self.chats.exists() and self.database.exists())

    def forget(self) -> None:
        """Remove what the demo has kept, and the folder if it is empty then."""
        for path in (self._clock, self.chats, self._token, self._address, *self.path.glob(f"{self.database.name}*")):
            path.unlink(missing_ok=True)
        shutil.rmtree(self._files, ignore_errors=True)
        if self.path.exists() and not any(self.path.iterdir()):
            self.path.rmdir()

    def make_ready(self) -> None:
        """Create the folder; what a broken first start left is removed."""
        if self.is_new:
            self.forget()
        self.path.mkdir(parents=True, exist_ok=True)

    def token(self) -> str:
        """Return this demo's bot token. It is random: other pages on this machine must not be able to guess it."""
        if not self._token.exists():
            self._token.touch(mode=0o600)
            self._token.write_text(f"{BOT_ID}:{secrets.token_urlsafe(26)}")
        return self._token.read_text().strip()

    @property
    def ahead(self) -> timedelta | None:
        """How far the demo's clock is ahead of the real one; None when it was never started."""
        if not self._clock.exists():
            return None
        return timedelta(seconds=json.loads(self._clock.read_text())["ahead_seconds"])

    def keep_ahead(self, ahead: timedelta) -> None:
        """Remember how far the clock is ahead; in one step, so that a crash leaves the old or the new."""
        written = self._clock.with_suffix(".new")
        written.write_text(json.dumps({"ahead_seconds": ahead.total_seconds()}))
        written.replace(self._clock)

    def opened(self, address: str) -> None:
        """Remember where the page is, so that a second start can point there."""
        self._address.write_text(address)

    def closed(self) -> None:
        """Nobody is running here any more."""
        self._address.unlink(missing_ok=True)

    def open_address(self) -> str | None:
        """Return where the page of a demo that runs in this folder is, None when none does.

        A crash leaves the address behind, so whoever listens there must know this folder's token.
        """
        if not (self._address.exists() and self._token.exists()):
            return None
        address = self._address.read_text().strip()
        try:
            with urllib.request.urlopen(f"{address}bot{self.token()}/getMe", timeout=3) as answer:  # noqa: S310
                return address if json.load(answer).get("ok") else None
        except (OSError, ValueError):
            return None
