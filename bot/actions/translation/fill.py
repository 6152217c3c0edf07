"""Puts free texts into what leaves for a person, as they stand in that moment."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.actions import UnitOfWork
from bot.actions.translation.words import show, side_by_side
from bot.domain.free_text import FreeText, Look, fill, free_texts
from bot.domain.messages import TEXT_LIMIT, Button, Rows, Screen, visible_length
from bot.domain.notices import CAPTION_LIMIT
from bot.domain.rendering_taps import ShowOriginal
from bot.domain.translation import RenderingState, Subject
from bot.i18n import Texts, texts
from storage.queries.helpers import list_helped
from storage.queries.originals import Original, Ref, load_originals
from storage.queries.renderings import RenderingRow, Wanted, ensure_renderings, load_renderings

_TAG = re.compile(r"<[^>]+>")
_QUOTED = re.compile(r"<blockquote>(.*?)</blockquote>", re.DOTALL)
OWN_BUTTON = frozenset({Subject.NOTICE})
"""Where the original has a button of its own under the message already."""


@dataclass(frozen=True, slots=True)
class Known:
    """Texts and renderings of a batch of messages."""

    originals: Mapping[Ref, Original]
    renderings: Mapping[Wanted, RenderingRow]
    helped: frozenset[int] = field(default_factory=frozenset)

    def row(self, one: FreeText) -> RenderingRow | None:
        """Return the rendering for a reader, None for words in the reader's own language."""
        original = self.originals.get((one.subject, one.subject_id))
        if original is None or original.language == one.language:
            return None
        found = self.renderings.get((one.subject, one.subject_id, one.language))
        return found if found is not None and found.source_hash == original.hash else None

    def shown(self, one: FreeText, reader: Texts) -> str:
        """Return a free text as HTML; a text that is gone is nothing."""
        original = self.originals.get((one.subject, one.subject_id))
        if original is None:
            return ""
        row = self.row(one)
        if one.look is Look.SIDE:
            return side_by_side(reader, original, row, texts(one.language))
        return show(texts(one.language), one.look, original, row, helped=row is not None and row.id in self.helped)


async def know(uow: UnitOfWork, wanted: Sequence[FreeText], *, ask: bool = False) -> Known:
    """Look up what these need; with `ask` renderings that nobody has asked for are asked for now."""
    keys = {(one.subject, one.subject_id, one.language) for one in wanted if one.look is not Look.ORIGINAL}
    originals = await load_originals(uow, {(one.subject, one.subject_id) for one in wanted})
    rows = await (ensure_renderings(uow, keys) if ask else load_renderings(uow, keys))
    open_rows = [row for row in rows.values() if row.state is not RenderingState.READY]
    return Known(originals, rows, await list_helped(uow, open_rows))


async def fill_payloads(uow: UnitOfWork, payloads: Sequence[tuple[dict[str, Any], str | None]]) -> list[dict[str, Any]]:
    """Fill stored messages that are about to leave.

    Args:
        payloads: each message's look and its reader's own language (for an interpreter's marks).
    """
    wanted = [one for payload, _ in payloads for one in free_texts(payload.get("text", ""))]
    if not wanted:
        return [payload for payload, _ in payloads]
    known = await know(uow, wanted)
    return [_filled(payload, language or uow.school.language, known) for payload, language in payloads]


def _filled(payload: dict[str, Any], language: str, known: Known) -> dict[str, Any]:
    ones = free_texts(payload.get("text", ""))
    if not ones:
        return payload
    limit = CAPTION_LIMIT if payload.get("file") or payload.get("caption") else TEXT_LIMIT
    filled = {**payload, "text": _fitting(payload["text"], known, language, limit)}
    more = _original_button(ones, known)
    if more is not None:
        rows = list(payload.get("buttons") or [])
        filled["buttons"] = [*rows, [{"label": more.label, "tap": more.tap}]]
    return filled


def _original_button(ones: Sequence[FreeText], known: Known) -> Button | None:
    """Return the way to what was written, when something of it is shown in other words (L1)."""
    for one in ones:
        row = known.row(one)
        if row is None or one.look in {Look.SIDE, Look.ORIGINAL} or one.subject in OWN_BUTTON:
            continue
        if row.state is RenderingState.READY and row.text != known.originals[one.subject, one.subject_id].text:
            label = texts(one.language).plain.gettext("As it was written")
            return Button(f"📄 {label}", ShowOriginal(row.id).pack())
    return None


def _fitting(template: str, known: Known, language: str, limit: int) -> str:
    """Fill a message; quotations that would make it longer than Telegram takes end with "…" and can be opened."""
    reader = texts(language)
    text = fill(template, lambda one: known.shown(one, reader))
    while (excess := visible_length(text) - limit) > 0:
        longest = max((found.group(1) for found in _QUOTED.finditer(text)), key=len, default="")
        shorter = _shortened(longest, excess)
        if len(shorter) >= len(longest):
            break  # nothing is left to shorten
        text = text.replace(f"<blockquote>{longest}</blockquote>", f"<blockquote>{shorter}</blockquote>", 1)
    return text


def _shortened(quotation: str, excess: int) -> str:
    """Return the beginning of a quotation; at least half of it, since others can give way too."""
    words = html.unescape(_TAG.sub("", quotation))
    kept = max(len(words) - excess - 1, len(words) // 2)
    return html.escape(words[:kept].rstrip(), quote=False).removesuffix("…") + "…"


async def fill_screens(uow: UnitOfWork, screens: Sequence[Screen], tr: Texts) -> tuple[list[Screen], bool]:
    """Fill the answer to what a person just did; True when renderings were asked for, to be committed."""
    wanted = [one for screen in screens for one in free_texts(screen.text)]
    if not wanted:
        return list(screens), False
    known = await know(uow, wanted, ask=True)
    waiting = any(row.state is RenderingState.WAITING for row in known.renderings.values())
    return [_screen(screen, tr, known) for screen in screens], waiting


def _screen(screen: Screen, tr: Texts, known: Known) -> Screen:
    ones = free_texts(screen.text)
    if not ones:
        return screen
    limit = CAPTION_LIMIT if screen.file or screen.attachment else TEXT_LIMIT
    more = _original_button(ones, known)
    buttons: Rows = (*screen.buttons, (more,)) if more is not None else screen.buttons
    return replace(screen, text=_fitting(screen.text, known, tr.code, limit), buttons=buttons)
