"""Praise that went to homes: read from the notices themselves, nothing about it is stored beside them (B6)."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.notices import AudienceKind, NoticeKind, NoticeState
from storage.models import Notice
from storage.session import UnitOfWork

_PRAISE = sa.and_(col(Notice.kind) == NoticeKind.PRAISE, col(Notice.audience) == AudienceKind.PUPIL)


async def list_praised(uow: UnitOfWork, since: datetime) -> frozenset[int]:
    """Return the pupils whose homes got praise from anybody since a moment, or are about to get it."""
    found = await uow.execute(
        sa.select(col(Notice.audience_ids)).where(
            _PRAISE,
            sa.or_(
                sa.and_(col(Notice.state) == NoticeState.SENT, col(Notice.sent_at) >= since),
                col(Notice.state) == NoticeState.SCHEDULED,
            ),
        )
    )
    return frozenset(pupil for (ids,) in found for pupil in ids)


async def find_praise(uow: UnitOfWork, author_id: int, pupil_id: int, text: str, since: datetime) -> Notice | None:
    """Return the author's newest praise of a pupil in the same words since a moment: sent, waiting, or taken back."""
    found = await uow.load(
        sa.select(Notice)
        .where(
            _PRAISE,
            col(Notice.author_id) == author_id,
            col(Notice.created_at) >= since,
            col(Notice.corrects_id).is_(None),
            col(Notice.state).in_([NoticeState.DRAFT, NoticeState.SCHEDULED, NoticeState.SENT]),
        )
        .order_by(col(Notice.id).desc())
    )
    return next((one for one in found if one.audience_ids == [pupil_id] and one.text == text), None)
