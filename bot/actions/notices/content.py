"""What a stored notice says, and for whom it is rendered."""

from __future__ import annotations

from bot.actions import UnitOfWork
from bot.actions.notices.render import NoticeContent, Reader
from storage.models import Delivery, Notice
from storage.queries.notices import list_files, person_name


async def content_of(uow: UnitOfWork, notice: Notice) -> NoticeContent:
    """Return what a stored notice says."""
    assert notice.id is not None and notice.kind is not None  # noqa: S101, PT018  (a notice that was sent has both)
    return NoticeContent(
        notice.id,
        notice.kind,
        notice.values,
        notice.text,
        notice.text_language,
        await person_name(uow, notice.author_id),
        revision=notice.revision,
        files=tuple(await list_files(uow, notice.id)),
    )


def reader_of(delivery: Delivery, names: dict[int, tuple[str, str]]) -> Reader:
    """Return for whom a delivery is rendered, from (name, class) by pupil id."""
    mine = [names[pupil] for pupil in delivery.pupil_ids if pupil in names]
    return Reader(
        tuple(dict.fromkeys(first_name(name) for name, _ in mine)), tuple(dict.fromkeys(label for _, label in mine))
    )


def first_name(name: str) -> str:
    """Return what a home calls its child: all but the last word of the name."""
    return " ".join(name.split()[:-1]) or name
