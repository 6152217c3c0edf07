"""What a home has written and what has not gone out yet goes to those who read the conversation now (B4)."""

from __future__ import annotations

from bot.actions import UnitOfWork
from bot.actions.readers import reader_texts
from bot.actions.threads.deliver import Said, copies_of, school_words
from bot.actions.threads.readers import readers_of
from bot.actions.threads.words import school_buttons
from bot.domain.people import Contact
from bot.domain.threads import SaidRow, ThreadRef
from bot.outbox.enqueue import Message, enqueue
from storage.queries.thread_messages import WAITS, Copy, drop_copies, hold_copies, list_waiting


async def reroute(uow: UnitOfWork, thread: ThreadRef) -> None:
    """Let what waits for its time leave for the readers of now instead of those of then; the caller commits.

    Args:
        thread: as it stands now.

    Raises:
        NobodyReads: nobody of them can be reached.
    """
    for message in await list_waiting(uow, thread):
        readers = await readers_of(uow, thread, message.notice_id)
        waiting = [copy for copy in await hold_copies(uow, thread.id, message.id) if copy.state in WAITS]
        keep = {reader.person_id for reader in readers}
        await drop_copies(uow, [copy.id for copy in waiting if copy.recipient_id not in keep])
        have = {copy.recipient_id for copy in waiting}
        fresh = [reader for reader in readers if reader.person_id not in have]
        await enqueue(uow, *[one for reader in fresh for one in await _copies(uow, thread, message, reader, waiting)])


async def _copies(
    uow: UnitOfWork, thread: ThreadRef, message: SaidRow, reader: Contact, waiting: list[Copy]
) -> list[Message]:
    tr = reader_texts(uow, reader.language)
    said = Said("x" * message.length, message.kind, message.notice_id, message.file)  # the element brings the words
    head = await school_words(uow, tr, thread, said, message.call_wish)
    buttons = school_buttons(tr, thread.id, message.kind)
    due = min(copy.due_at for copy in waiting)
    return copies_of(reader, tr, thread, message.id, said, head, buttons, due)
