"""Which outgoing messages show which renderings: held back until these are made, changed when they change."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.outgoing import ACTIVE, OutgoingKind, OutgoingState
from bot.domain.translation import RenderingState
from storage.models import Outgoing, Rendering, RenderingUse
from storage.session import UnitOfWork
from storage.sql import CHUNK, insert_new, table

_USE, _OUT, _R = table(RenderingUse), table(Outgoing), table(Rendering)
_NOT_GONE = (OutgoingState.QUEUED, OutgoingState.RETRY)


@dataclass(frozen=True, slots=True)
class Shown:
    """A message that a person has, or is about to have, with a rendering in it."""

    outgoing_id: int
    recipient_id: int
    kind: OutgoingKind
    payload: dict[str, Any]
    about: str
    about_id: int
    pupil_id: int | None
    edits_id: int | None
    key: str


async def note_uses(uow: UnitOfWork, uses: Mapping[str, tuple[Collection[int], datetime]]) -> None:
    """Note by the messages' dedupe keys which renderings each shows, and when it was wanted."""
    keys = list(uses)
    rows: list[dict[str, Any]] = []
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        found = await uow.execute(sa.select(_OUT.c.id, _OUT.c.dedupe_key).where(_OUT.c.dedupe_key.in_(part)))
        for outgoing_id, key in found:
            renderings, wanted = uses[key]
            rows += [
                {"outgoing_id": outgoing_id, "rendering_id": one, "wanted_at": wanted} for one in sorted(renderings)
            ]
    await insert_new(uow, RenderingUse, rows, "outgoing_id", "rendering_id")


async def release_held(uow: UnitOfWork, rendering_id: int) -> int:
    """Let messages go that waited for this rendering and for no other; return how many.

    Those under way are held: one that a sender is filling meanwhile counts as gone when `list_shown` looks.
    """
    await _hold(uow, rendering_id)
    also = _USE.alias("also")
    still = (
        sa.select(sa.literal(1))
        .where(
            also.c.outgoing_id == _OUT.c.id,
            also.c.rendering_id == _R.c.id,
            _R.c.state == RenderingState.WAITING,
        )
        .exists()
    )
    found = await uow.execute(
        sa.select(_OUT.c.id, _USE.c.wanted_at)
        .join(_USE, _USE.c.outgoing_id == _OUT.c.id)
        .where(_USE.c.rendering_id == rendering_id, _OUT.c.state.in_(_NOT_GONE), _OUT.c.due_at > uow.now, ~still)
    )
    by_time: dict[datetime, list[int]] = {}
    for outgoing_id, wanted in found:
        by_time.setdefault(max(wanted, uow.now), []).append(outgoing_id)
    for moment, ids in by_time.items():
        for start in range(0, len(ids), CHUNK):
            await uow.change(
                sa.update(_OUT)
                .where(_OUT.c.id.in_(ids[start : start + CHUNK]), _OUT.c.state.in_(_NOT_GONE))
                .values(due_at=moment)
            )
    return sum(len(ids) for ids in by_time.values())


async def _hold(uow: UnitOfWork, rendering_id: int) -> None:
    if not uow.sqlite:
        await uow.execute(
            sa.select(_OUT.c.id)
            .join(_USE, _USE.c.outgoing_id == _OUT.c.id)
            .where(_USE.c.rendering_id == rendering_id, _OUT.c.state.in_(ACTIVE))
            .order_by(_OUT.c.id)
            .with_for_update(of=_OUT, key_share=True)
        )


async def list_shown(uow: UnitOfWork, rendering_id: int) -> Sequence[Shown]:
    """Return the messages that left with this rendering, or are leaving now; what waits is filled when it goes."""
    found = await uow.execute(
        sa.select(
            _OUT.c.id, _OUT.c.recipient_id, _OUT.c.kind, _OUT.c.payload, _OUT.c.about, _OUT.c.about_id,
            _OUT.c.pupil_id, _OUT.c.edits_id, _OUT.c.dedupe_key,
        )
        .join(_USE, _USE.c.outgoing_id == _OUT.c.id)
        .where(
            _USE.c.rendering_id == rendering_id,
            _OUT.c.state.in_([OutgoingState.SENT, OutgoingState.SENDING, OutgoingState.UNKNOWN]),
        )
        .order_by(_OUT.c.id)
    )  # fmt: skip
    return [
        Shown(row[0], row[1], OutgoingKind(row[2]), row[3], row[4], row[5], row[6], row[7], row[8] or "")
        for row in found
    ]
