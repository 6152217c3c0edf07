"""What machines make of a notice that is being written: translated back, on a screen that follows (L7)."""

from __future__ import annotations

from typing import Any

from bot.actions import UnitOfWork
from bot.actions.notices.audience import describe
from bot.actions.notices.preview_words import Preview, Previews, preview_buttons, preview_text
from bot.actions.notices.waiting import is_read, may_wait, readable
from bot.actions.readers import reader_texts
from bot.domain.notices import NoticeState
from bot.domain.outgoing import Lane, OutgoingKind
from bot.domain.translation import Finding, RenderingState, Subject, Trouble
from bot.outbox.enqueue import Message, enqueue, payload_of, refresh_live
from bot.translation.guard import check
from storage.models import Notice
from storage.queries.originals import load_originals
from storage.queries.outgoing import Claimed
from storage.queries.people import find_contact
from storage.queries.renderings import RenderingRow, ensure_renderings, load_renderings
from storage.queries.spoken_of import list_names
from storage.queries.translations import find_preview


async def previews_of(uow: UnitOfWork, notice: Notice) -> Previews:
    """Return how the translations of a notice stand."""
    assert notice.id is not None  # noqa: S101  (it is stored)
    languages = await _other_languages(uow, notice)
    key = (Subject.NOTICE, notice.id)
    original = (await load_originals(uow, {key})).get(key)
    rows = await load_renderings(uow, {(*key, code) for code in languages}) if original is not None else {}
    able = await readable(uow, languages, notice.text_language)
    found = []
    for code in languages:
        row = rows.get((*key, code))
        if row is None or original is None or row.source_hash != original.hash:
            found.append(Preview(code, None, (), code in able))
            continue
        findings: tuple[Finding, ...] = ()
        if row.state is RenderingState.HUMAN and row.trouble is Trouble.GUARD:
            names = await list_names(uow, original)
            findings = check(original.text, row.text, original.language, code, names)
        found.append(Preview(code, row, findings, code in able))
    unread = any(one.has_interpreter and not (one.row is not None and is_read(one.row)) for one in found)
    return Previews(
        notice.id, notice.version, notice.text, tuple(found), notice.state is NoticeState.DRAFT,
        notice.corrects_id is not None, notice.waits_for_interpreter,
        unread and notice.corrects_id is None and may_wait(notice, uow.school, uow.now),
    )  # fmt: skip


async def _other_languages(uow: UnitOfWork, notice: Notice) -> list[str]:
    """Return the languages of a notice's readers, but the one it is written in."""
    audience = await describe(uow, notice.audience, notice.audience_ids)
    return [code for code in audience.languages if code != notice.text_language]


async def send_previews(uow: UnitOfWork, notice: Notice) -> None:
    """Ask for the translations of a draft and send its author the screen that shows them; the caller commits."""
    await _ask(uow, notice)
    await enqueue(
        uow,
        Message(
            notice.author_id, OutgoingKind.TRANSLATIONS, "", f"translations:{notice.id}:{uow.now.isoformat()}",
            lane=Lane.URGENT, silent=True, about=OutgoingKind.TRANSLATIONS.value, about_id=notice.id or 0,
        ),
    )  # fmt: skip


async def _ask(uow: UnitOfWork, notice: Notice) -> None:
    assert notice.id is not None  # noqa: S101  (it is stored)
    await uow.flush()
    await ensure_renderings(uow, {(Subject.NOTICE, notice.id, code) for code in await _other_languages(uow, notice)})
    uow.enqueued = True  # the translating task looks at once


async def text_changed(uow: UnitOfWork, notice: Notice) -> None:
    """Let the screen follow a draft whose words are new; nothing when its author has not opened one. No commit."""
    if notice.id is not None and await find_preview(uow, notice.id) is not None:
        await _ask(uow, notice)
        await redraw_previews(uow, notice.id)


async def previews_changed(uow: UnitOfWork, row: RenderingRow) -> None:
    """Let the screen follow a rendering of a draft; the caller commits."""
    await redraw_previews(uow, row.subject_id)


async def redraw_previews(uow: UnitOfWork, notice_id: int) -> None:
    """Let the screen follow what has become of its draft; nothing where there is none. The caller commits."""
    screen = await find_preview(uow, notice_id)
    if screen is not None:
        await refresh_live(
            uow, OutgoingKind.TRANSLATIONS, recipient_id=screen[1], edits_id=screen[0], about_id=notice_id,
            due_at=uow.now,
        )  # fmt: skip
        uow.enqueued = True


async def draw_previews(uow: UnitOfWork, row: Claimed) -> dict[str, Any] | None:
    """Draw the screen when it is sent or changed; None when the draft was thrown away or is a message now."""
    notice = await uow.session.get(Notice, row.about_id)
    if notice is None or notice.state in {NoticeState.DISCARDED, NoticeState.APPLIED}:
        return None
    author = await find_contact(uow, notice.author_id)
    tr = reader_texts(uow, author.language if author else None)
    found = await previews_of(uow, notice)
    return payload_of(
        Message(row.recipient_id, row.kind, preview_text(found, tr), "", buttons=preview_buttons(found, tr))
    )
