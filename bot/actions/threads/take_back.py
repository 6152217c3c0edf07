"""Taking a message back before it goes out (B1)."""

from __future__ import annotations

from bot.actions import UnitOfWork
from bot.actions.threads.errors import GoneOut
from bot.actions.threads.kept import MOST_FILES
from bot.actions.threads.waiting import settle_waiting
from bot.domain.people import Actor
from bot.domain.threads import SaidRow
from bot.domain.translation import Subject
from storage.queries.audit import audit
from storage.queries.renderings import forget_renderings
from storage.queries.thread_messages import (
    MAY_BE_READ,
    WAITS,
    access_own_message,
    change_message,
    drop_copies,
    find_last_at,
    hold_copies,
    list_following_files,
)
from storage.queries.threads import access_thread, change_thread


async def take_back(uow: UnitOfWork, actor: Actor, message_id: int) -> None:
    """Take one's own message back while it waits; its words are not kept. A second tap changes nothing.

    The other files of an album go with the first, which is the one that has a receipt.

    Raises:
        GoneOut: somebody may have read it. NotPermitted: it is not the actor's message.
    """
    message = await access_own_message(uow, actor, message_id)
    thread = await access_thread(uow, actor, message.thread_id, hold=True)
    if message.taken_back_at is None:
        ids = [message_id, *await _album(uow, message)]
        await forget_renderings(uow, Subject.MESSAGE, ids)  # before the copies: all hold the two in this order
        copies = [
            copy
            for one in ids
            for about in ("thread", "follow")
            for copy in await hold_copies(uow, thread.id, one, about=about)
        ]
        if any(copy.state in MAY_BE_READ for copy in copies) or not any(copy.state in WAITS for copy in copies):
            raise GoneOut  # what could not be sent to anybody stands on the conversation's page all the same
        await drop_copies(uow, [copy.id for copy in copies])
        for one in ids:
            await change_message(uow, one, text="", file_id="", file_name="", taken_back_at=uow.now)
        await change_thread(uow, thread.id, last_at=await find_last_at(uow, thread.id))
        await settle_waiting(uow, thread, closed=thread.closed_at is not None)
        await audit(uow, actor.person_id, "thread.take_back", "thread", thread.id)
    await uow.commit()


async def _album(uow: UnitOfWork, message: SaidRow) -> list[int]:
    first = message.chat_message_id
    if message.file is None or first is None:
        return []
    return await list_following_files(uow, message, range(first + 1, first + MOST_FILES))
