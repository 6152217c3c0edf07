"""An author looks a notice's translations over before it goes out, and may let it wait for an interpreter (L7)."""

from __future__ import annotations

from bot.actions import UnitOfWork
from bot.actions.notices.compose import DraftView, ask_again, finish_step, open_draft
from bot.actions.notices.previews import previews_of, redraw_previews, send_previews
from bot.actions.notices.send import Scheduled, scheduled_view
from bot.actions.notices.waiting import wanted_at
from bot.domain.errors import DomainError, NotPermitted
from bot.domain.marking import N_
from bot.domain.notices import NoticeState
from bot.domain.people import Actor
from storage.queries.audit import audit
from storage.queries.notices import access_own_notice


class NoTimeToWait(DomainError):
    code = "no_time_to_wait"
    sentence = N_(
        "There is no interpreter who could read it in time. You can send it now; homes see who translated it."
    )


async def open_previews(uow: UnitOfWork, actor: Actor, notice_id: int, version: int) -> None:
    """Ask for a draft's translations and show them on a screen that follows while they are made.

    Raises:
        Stale, NotPermitted.
    """
    notice = await open_draft(uow, actor, notice_id, version)
    await send_previews(uow, notice)
    await uow.commit()


async def toggle_wait(uow: UnitOfWork, actor: Actor, notice_id: int, version: int) -> bool:
    """Let a draft wait for an interpreter once it is sent, or not any more; return whether it does now.

    Raises:
        NoTimeToWait: nobody could read it before it has to go out. Stale, NotPermitted.
    """
    notice = await open_draft(uow, actor, notice_id, version)
    if not notice.waits_for_interpreter and not (await previews_of(uow, notice)).may_wait:
        raise NoTimeToWait
    notice.waits_for_interpreter = not notice.waits_for_interpreter
    await uow.flush()
    await redraw_previews(uow, notice_id)
    await uow.commit()
    return notice.waits_for_interpreter


async def change_text(uow: UnitOfWork, actor: Actor, notice_id: int, version: int) -> DraftView:
    """Ask for a draft's text again.

    Raises:
        Stale, NotPermitted.
    """
    return await ask_again(uow, actor, notice_id, version, "text")


async def back_to_draft(uow: UnitOfWork, actor: Actor, notice_id: int) -> DraftView:
    """Return the draft's own screen.

    Raises:
        NotPermitted: it is no draft of the actor's any more.
    """
    return await finish_step(uow, actor, await open_draft(uow, actor, notice_id))


async def send_unread(uow: UnitOfWork, actor: Actor, notice_id: int) -> Scheduled | None:
    """Let a notice wait no longer for an interpreter; None when it has gone out already.

    Raises:
        NotPermitted: it is not the actor's, or does not wait for its time.
    """
    notice = await access_own_notice(uow, actor, notice_id, lock=True)
    if notice.author_id != actor.person_id:
        raise NotPermitted
    if notice.state is NoticeState.SENT:
        return None
    if notice.state is not NoticeState.SCHEDULED:
        raise NotPermitted
    if notice.waits_for_interpreter:
        notice.waits_for_interpreter = False
        notice.send_at = wanted_at(uow, notice)
        await audit(uow, actor.person_id, "notice.unread", "notice", notice_id)
    uow.enqueued = True  # the clock looks again at once
    view = await scheduled_view(uow, notice)
    await uow.commit()
    return view
