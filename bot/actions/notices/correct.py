"""Correcting a sent notice: composed like a new one, then every home's message is changed in place."""

from __future__ import annotations

from bot.actions import UnitOfWork
from bot.actions.notices.audience import check_reach
from bot.actions.notices.board import Board, _board
from bot.actions.notices.compose import DraftView, TextTooLong, finish_step, open_draft
from bot.actions.notices.content import content_of
from bot.actions.notices.edits import change_homes
from bot.actions.notices.render import text_room
from bot.actions.notices.send import Unfinished
from bot.domain.errors import NotPermitted
from bot.domain.notices import CAPTION_LIMIT, NoticeState, missing_text, next_field
from bot.domain.people import Actor
from bot.domain.translation import Subject
from bot.outbox.enqueue import refresh_board
from storage.models import Notice, NoticeRevision
from storage.queries.audit import audit
from storage.queries.dialogue import close_question
from storage.queries.notices import (
    access_own_notice,
    find_open_draft,
    list_deliveries,
    list_files,
    travelled_as_caption,
)
from storage.queries.renderings import source_changed


async def start_correction(uow: UnitOfWork, actor: Actor, notice_id: int) -> DraftView:
    """Open a sent notice for correction, as a draft with the same content; one that is open already goes on.

    Raises:
        NotPermitted: only the sender corrects, and only what was sent.
    """
    sent = await access_own_notice(uow, actor, notice_id)
    if sent.author_id != actor.person_id or sent.state is not NoticeState.SENT:
        raise NotPermitted
    await check_reach(uow, actor, sent)
    begun = await find_open_draft(uow, actor, corrects=sent.id)
    if begun is not None:
        return await finish_step(uow, actor, begun)
    skipped = {} if sent.text else {"text_skipped": True}
    draft = Notice(
        author_id=actor.person_id,
        kind=sent.kind,
        values={**sent.values, **skipped},
        text=sent.text,
        text_language=sent.text_language,
        audience=sent.audience,
        audience_ids=list(sent.audience_ids),
        state=NoticeState.DRAFT,
        corrects_id=sent.id,
        created_at=uow.now,
    )
    uow.session.add(draft)
    await uow.flush()
    return await finish_step(uow, actor, draft)


async def apply_correction(uow: UnitOfWork, actor: Actor, draft_id: int, version: int, *, tell: bool) -> Board:
    """Put the corrected content into the sent notice and change the message at every home.

    An edit makes no sound, so with `tell` each home also gets a short line that something changed. The old
    content is kept. Files stay as they were sent.

    Raises:
        Unfinished: a field is open. TextTooLong: it no longer fits under the file. Stale, NotPermitted.
    """
    draft = await open_draft(uow, actor, draft_id, version)
    if draft.corrects_id is None or draft.kind is None:
        raise NotPermitted
    sent = await access_own_notice(uow, actor, draft.corrects_id)
    await check_reach(uow, actor, sent)
    files = bool(await list_files(uow, draft.corrects_id))
    if next_field(draft.kind, draft.values) or missing_text(draft.kind, draft.text, files):
        raise Unfinished
    await _check_room(uow, draft)
    uow.session.add(
        NoticeRevision(
            notice_id=draft.corrects_id,
            revision=sent.revision,
            values=dict(sent.values),
            text=sent.text,
            replaced_at=uow.now,
        )
    )
    sent.values, sent.text, sent.text_language = dict(draft.values), draft.text, draft.text_language
    sent.revision, sent.corrected_at = sent.revision + 1, uow.now
    draft.state = NoticeState.APPLIED
    await close_question(uow, actor.person_id)
    await uow.flush()
    await source_changed(uow, Subject.NOTICE, draft.corrects_id)
    await change_homes(uow, sent, tell=tell)
    if sent.board_id is not None:
        await refresh_board(
            uow,
            recipient_id=sent.author_id,
            edits_id=sent.board_id,
            notice_id=draft.corrects_id,
            due_at=uow.now,
        )
    await audit(uow, actor.person_id, "notice.correct", "notice", draft.corrects_id, revision=sent.revision)
    board = await _board(uow, sent)
    await uow.commit()
    return board


async def _check_room(uow: UnitOfWork, draft: Notice) -> None:
    """A text that travelled as its file's caption stays one, so it must still fit there in every language."""
    assert draft.corrects_id is not None  # noqa: S101  (the caller has looked)
    if not await travelled_as_caption(uow, draft.corrects_id):
        return
    content = await content_of(uow, draft)
    readers = [delivery.language for delivery in await list_deliveries(uow, draft.corrects_id)]
    room = text_room(content, readers, CAPTION_LIMIT)
    if len(draft.text) > room:
        raise TextTooLong(length=len(draft.text), limit=room)
