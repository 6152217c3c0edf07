"""Files the bot and the people have sent, and what can be read off a picture's first bytes."""

from __future__ import annotations

import mimetypes
import secrets
import struct
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from bot.simulator.errors import ApiError, bad_request


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in a request: its bytes, the name and the type its sender gave it."""

    data: bytes = field(repr=False)
    name: str
    mime: str


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file Telegram keeps. `file_id` is what the bot hands back, `path` is where it is downloaded from."""

    file_id: str
    unique_id: str
    path: str
    name: str
    mime: str
    data: bytes = field(repr=False)
    width: int = 0
    height: int = 0

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.data)

    def base(self) -> dict[str, Any]:
        """Return the fields that every kind of file has in the Bot API."""
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": self.size}

    def as_document(self) -> dict[str, Any]:
        """Return the Bot API's Document."""
        return {"file_name": self.name, "mime_type": self.mime, **self.base()}

    def as_photo(self) -> list[dict[str, Any]]:
        """Return the Bot API's list of PhotoSize: one size, as it was sent."""
        return [{**self.base(), "width": self.width, "height": self.height}]


class FileStore:
    """All files by id and by path."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def add(self, upload: Upload, kind: str) -> StoredFile:
        """Keep a file; `kind` is "photo", "document", "sticker" or "voice"."""
        name = PurePosixPath(upload.name.replace("\\", "/")).name or "file"
        mime = upload.mime
        if not mime or mime == "application/octet-stream":
            mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
        suffix = PurePosixPath(name).suffix or mimetypes.guess_extension(mime) or ""
        width, height = image_size(upload.data) or (0, 0)
        stored = StoredFile(
            file_id=f"{kind[:2].upper()}AC{secrets.token_urlsafe(36)}",
            unique_id=f"AQ{secrets.token_urlsafe(9)}",
            path=f"{kind}s/file_{len(self._by_id)}{suffix if suffix.isascii() else ''}",
            name=name,
            mime=mime,
            data=upload.data,
            width=width,
            height=height,
        )
        self.put(stored)
        return stored

    def put(self, stored: StoredFile) -> None:
        """Keep a file that already has its identity (read back from the state file)."""
        self._by_id[stored.file_id] = stored
        self._by_path[stored.path] = stored

    def get(self, file_id: str) -> StoredFile | None:
        """Find a file by `file_id`."""
        return self._by_id.get(file_id)

    def at(self, path: str) -> StoredFile | None:
        """Find a file by the `file_path` that getFile gave."""
        return self._by_path.get(path)

    def all(self) -> list[StoredFile]:
        """List every file, oldest first."""
        return list(self._by_id.values())

    def incoming(self, value: object, kind: str, photo_bytes: int) -> StoredFile:
        """Take what the bot gave as a file: an upload or a file_id.

        Raises ApiError 400 for an unknown id or one of another kind, a URL (nothing is fetched from the network
        here), an empty file, and, as a photo, for what is too large or no PNG, JPEG, GIF or WebP picture.
        """
        if isinstance(value, str):
            return self._known(value, kind)
        if not isinstance(value, Upload):
            raise bad_request(f"there is no {kind} in the request")
        if not value.data:
            raise bad_request("file must be non-empty")
        if kind == "photo":
            if len(value.data) > photo_bytes:
                raise bad_request(
                    f"file of size {len(value.data)} bytes is too big for a photo; "
                    f"the maximum size is {photo_bytes} bytes"
                )
            if image_size(value.data) is None:
                raise bad_request("IMAGE_PROCESS_FAILED")
        return self.add(value, kind)

    def _known(self, value: str, kind: str) -> StoredFile:
        if value.startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")
        stored = self._by_id.get(value)
        if stored is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if not stored.path.startswith(f"{kind}s/"):
            actual = stored.path.partition("s/")[0]
            raise bad_request(f"can't use file of type {actual.title()} as {kind.title()}")
        return stored


def too_large() -> ApiError:
    """What the Bot API answers to a request with a file over its limit."""
    return ApiError(413, "Request Entity Too Large")


def image_size(data: bytes) -> tuple[int, int] | None:
    """Read (width, height) in pixels off a PNG, GIF, JPEG or WebP; None for anything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return int(width), int(height)
    if data[:6] in {b"GIF87a", b"GIF89a"} and len(data) >= 10:
        width, height = struct.unpack("<HH", data[6:10])
        return int(width), int(height)
    if data.startswith(b"\xff\xd8"):
        return _jpeg_size(data)
    if data[:4] == b"RIFF" and data[8:15] == b"WEBPVP8" and len(data) >= 30:
        return _webp_size(data)
    return None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return int(width), int(height)
        at += 2 + length
    return None


def _webp_size(data: bytes) -> tuple[int, int]:
    kind = data[12:16]
    if kind == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    return struct.unpack("<H", data[26:28])[0] & 0x3FFF, struct.unpack("<H", data[28:30])[0] & 0x3FFF
