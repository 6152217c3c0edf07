"""Looking at one's own notice, sent or waiting for its time."""

from __future__ import annotations

from bot.actions import UnitOfWork
from bot.actions.notices.content import content_of
from bot.actions.notices.render import NoticeContent
from bot.actions.notices.send import Scheduled, scheduled_view
from bot.domain.errors import NotPermitted
from bot.domain.notices import NoticeState
from bot.domain.people import Actor
from storage.queries.notices import access_own_notice


async def read_own(uow: UnitOfWork, actor: Actor, notice_id: int) -> NoticeContent:
    """Return what a sent notice says, for its sender and the leadership.

    Raises:
        NotPermitted: the actor is neither, or it was not sent.
    """
    notice = await access_own_notice(uow, actor, notice_id)
    if notice.state is not NoticeState.SENT:
        raise NotPermitted
    return await content_of(uow, notice)


async def view_waiting(uow: UnitOfWork, actor: Actor, notice_id: int) -> Scheduled | None:
    """Return one's own notice that waits for its time; None when it has gone out meanwhile.

    Raises:
        NotPermitted: it is somebody else's, or does not wait.
    """
    notice = await access_own_notice(uow, actor, notice_id)
    if notice.state is NoticeState.SENT:
        return None
    if notice.state is not NoticeState.SCHEDULED:
        raise NotPermitted
    return await scheduled_view(uow, notice)
