"""What a request says: JSON, form or multipart, read with Telegram's leniency about types."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, MultipartReader

from bot.simulator.errors import ApiError, bad_request
from bot.simulator.files import Upload, too_large

_FIELD_BYTES = 1024 * 1024


class Params:
    """The parameters of one call. Values may come as JSON or as the strings of a form; the getters take both."""

    __slots__ = ("files", "raw")

    def __init__(self, raw: Mapping[str, Any], files: Mapping[str, Upload] | None = None) -> None:
        self.raw = raw
        self.files = files or {}

    def has(self, name: str) -> bool:
        """Whether the parameter was given at all."""
        return name in self.raw or name in self.files

    def text(self, name: str) -> str:
        """Return a string, empty when it is not given. Raises ApiError 400 for broken UTF-16 in JSON."""
        value = self.raw.get(name)
        if value is None:
            return ""
        words = value if isinstance(value, str) else json.dumps(value)
        if not words.isascii():
            try:
                words.encode()
            except UnicodeEncodeError:
                raise bad_request("strings must be encoded in UTF-8") from None
        return words

    def integer(self, name: str, default: int = 0) -> int:
        """Return a whole number; the default when it is missing or no number, as Telegram reads them."""
        value = self.raw.get(name)
        if isinstance(value, bool) or value is None:
            return int(value) if value else default
        try:
            return int(value)
        except (TypeError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        """Return a Boolean: true for true, "true", "yes", "1" and 1."""
        value = self.raw.get(name)
        if isinstance(value, str):
            return value.strip().lower() in {"true", "yes", "1"}
        return bool(value)

    def obj(self, name: str, what: str) -> Any:
        """Return an object or a list, None when it is not given.

        Raises ApiError 400 "can't parse `what` JSON object" for a string that is no JSON.
        """
        value = self.raw.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {what} JSON object") from None

    def upload(self, name: str) -> object:
        """Return a file: the Upload under `name` or behind its "attach://…", else the string given for it."""
        if name in self.files:
            return self.files[name]
        return self.attached(self.raw.get(name))

    def attached(self, value: object) -> object:
        """Resolve "attach://…" to its Upload; anything else is returned as it is."""
        if isinstance(value, str) and value.startswith("attach://"):
            return self.files.get(value.removeprefix("attach://"))
        return value

    def chat_id(self) -> int | None:
        """Return the numeric chat_id, None when there is none."""
        value = self.raw.get("chat_id")
        if isinstance(value, int):
            return value
        if isinstance(value, str) and value.lstrip("-").isdigit():
            return int(value)
        return None


def from_json(body: bytes) -> Params:
    """Read a JSON body. Raises ApiError 400 when it is no JSON object."""
    if not body.strip():
        return Params({})
    try:
        raw = json.loads(body)
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(raw, dict):
        raise bad_request("JSON object expected")
    return Params(raw)


def from_form(body: bytes) -> Params:
    """Read an application/x-www-form-urlencoded body."""
    return Params(dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)))


async def from_multipart(reader: MultipartReader, upload_bytes: int) -> Params:
    """Read a multipart body. Raises ApiError 413 when one file is larger than `upload_bytes`."""
    raw: dict[str, Any] = {}
    files: dict[str, Upload] = {}
    async for part in reader:
        if not isinstance(part, BodyPartReader) or not part.name:
            continue
        if part.filename is None:
            raw[part.name] = (await _read(part, _FIELD_BYTES)).decode("utf-8", "replace")
            continue
        mime = part.headers.get("Content-Type", "application/octet-stream").split(";")[0]
        files[part.name] = Upload(await _read(part, upload_bytes), part.filename, mime)
    return Params(raw, files)


async def _read(part: BodyPartReader, limit: int) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk(65536):
        data += chunk
        if len(data) > limit:
            raise too_large()
    return bytes(data)


def refused(error: ApiError) -> bytes:
    """Return the body of a refusal."""
    return json.dumps(error.body(), ensure_ascii=False).encode()
