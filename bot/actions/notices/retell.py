"""A notice's translation has changed: its author, or each home that reads that language, is shown it (L4, L7)."""

from __future__ import annotations

from bot.actions import UnitOfWork
from bot.actions.notices.edits import change_readers
from bot.actions.notices.previews import previews_changed
from bot.actions.notices.waiting import reading_changed
from bot.domain.notices import NoticeState
from bot.domain.translation import Checked, RenderingState
from storage.models import Notice
from storage.queries.rendering_uses import list_shown
from storage.queries.renderings import RenderingRow


async def retell_notice(uow: UnitOfWork, row: RenderingRow) -> None:
    """Show a rendering of a notice as it is now to whom it concerns; the caller commits."""
    notice = await uow.session.get(Notice, row.subject_id)
    if notice is None:
        return
    if notice.state is NoticeState.DRAFT:
        await previews_changed(uow, row)
    elif notice.state is NoticeState.SCHEDULED:
        await reading_changed(uow, notice, row)
    elif notice.state is NoticeState.SENT:
        await _homes_changed(uow, notice, row)


async def _homes_changed(uow: UnitOfWork, notice: Notice, row: RenderingRow) -> None:
    if row.state is RenderingState.HUMAN and row.due_at is not None:
        return  # it is tried again, and homes read already that a translation is on its way
    shown = await list_shown(uow, row.id)
    roots = {one.edits_id or one.outgoing_id for one in shown if one.about == "notice"}
    if roots:
        await change_readers(uow, notice, row, roots, tell=row.checked is Checked.CORRECTED)
