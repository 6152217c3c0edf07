"""When a translation changes, those who have read it are told: by an edit where they read it, else by a short line."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection

from bot.actions import UnitOfWork
from bot.actions.notices.retell import retell_notice
from bot.actions.readers import reader_texts
from bot.actions.translation.words import free
from bot.domain.messages import Button, FileKind, FileRef, Rows
from bot.domain.outgoing import Lane, OutgoingKind
from bot.domain.translation import RenderingState, Subject
from bot.i18n import Html
from bot.outbox.enqueue import Message, enqueue
from storage.queries.rendering_uses import Shown, list_shown, release_held
from storage.queries.renderings import RenderingRow, ensure_renderings, load_rendering

IN_PLACE = frozenset({Subject.MESSAGE})
"""Where a message holds nothing but the text and its way to answer, so that it can be sent again as it was."""
_LINE = "rendered:"
"""How the key of such a short line begins: it comes once below a message, and is changed in place from then on."""
REDRAWN: dict[Subject, Callable[[UnitOfWork, RenderingRow], Awaitable[None]]] = {Subject.NOTICE: retell_notice}
"""Where a message also shows what its reader has answered."""


async def request(uow: UnitOfWork, subject: Subject, subject_id: int, languages: Collection[str]) -> None:
    """Ask for a text in these languages before any message shows it, such as while its author looks it over (L7)."""
    await ensure_renderings(uow, {(subject, subject_id, language) for language in languages})


async def retell(uow: UnitOfWork, rendering_id: int) -> None:
    """Let held messages go, and bring what readers have up to date with the rendering; the caller commits.

    An edit makes no sound; a text inside something else, such as an agenda, comes once as an answer below it.
    """
    row = await load_rendering(uow, rendering_id)
    if row is None or row.state is RenderingState.WAITING:
        return
    await release_held(uow, row.id)
    if row.subject in REDRAWN:
        await REDRAWN[row.subject](uow, row)
        return
    shown = await list_shown(uow, row.id)
    if not shown:
        return
    newest = {one.edits_id or one.outgoing_id: one for one in shown}
    lines = {one.outgoing_id for one in shown if one.key.startswith(_LINE)}
    followed = {
        root: one for root, one in newest.items() if row.subject in IN_PLACE or one.about == "follow" or root in lines
    }
    messages = [_edit(root, one, row) for root, one in followed.items()]
    if row.state is RenderingState.READY and row.disputed_at is None:
        messages += [_line(uow, root, one, row) for root, one in newest.items() if root not in followed]
    await enqueue(uow, *messages)


def _edit(root: int, one: Shown, row: RenderingRow) -> Message:
    """Return the same message once more; it is filled anew when it leaves."""
    return Message(
        one.recipient_id, OutgoingKind.CORRECTION, str(one.payload["text"]), f"render:{root}:{row.id}:{row.version}",
        buttons=_buttons(one), lane=Lane.ORDINARY, file=_file(one), edits_id=root, about=one.about,
        about_id=one.about_id, pupil_id=one.pupil_id,
    )  # fmt: skip


def _buttons(one: Shown) -> Rows:
    return tuple(
        tuple(Button(b["label"], b.get("tap", ""), b.get("url", "")) for b in line)
        for line in one.payload.get("buttons") or ()
    )


def _file(one: Shown) -> FileRef | None:
    file = one.payload.get("file")
    return FileRef(FileKind(file["kind"]), file["id"], file["name"]) if file else None


def _line(uow: UnitOfWork, root: int, one: Shown, row: RenderingRow) -> Message:
    tr = reader_texts(uow, row.language)
    head = tr.gettext("🌐 The text above, translated:")
    return Message(
        one.recipient_id, OutgoingKind.MESSAGE, Html(f"{head}\n{free(tr, row.subject, row.subject_id)}"),
        f"{_LINE}{root}:{row.id}", lane=Lane.ORDINARY,
        due_at=uow.school.considerate(uow.now), replies_to_id=root, about=one.about, about_id=one.about_id,
        pupil_id=one.pupil_id,
    )  # fmt: skip
