"""Composing a notice by taps and short texts: a draft in the database, a step at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.actions import UnitOfWork
from bot.actions.notices.audience import check_audience, describe
from bot.actions.notices.previews import text_changed
from bot.actions.notices.render import NoticeContent
from bot.domain.errors import InvalidInput, NotPermitted, Stale
from bot.domain.inputs import read_day, read_past_day, read_time, read_week
from bot.domain.marking import N_
from bot.domain.messages import FileKind, FileRef
from bot.domain.notices import (
    KINDS,
    MAX_FILES,
    SHORT_TEXT_LIMIT,
    TEXT_LIMIT,
    AudienceKind,
    Field,
    FieldType,
    Item,
    NoticeKind,
    NoticeState,
    field_named,
    missing_text,
    next_field,
)
from bot.domain.people import Actor
from storage.models import Notice, NoticeFile
from storage.queries.dialogue import ask, close_question
from storage.queries.notices import access_draft, find_open_draft, list_files, remove_files

EXPECT_FIELD = "notice.field"
EXPECT_TEXT = "notice.text"
EXPECT_MOMENT = "notice.moment"
EXPECT_ANYTHING = "notice.any"
"""The overview is shown: a photo or document that comes now is attached."""


class TextTooLong(InvalidInput):
    code = "text_too_long"
    sentence = N_("That is {length} characters; {limit} fit. Make it shorter and send it again.")


class TextMissing(InvalidInput):
    code = "text_missing"
    sentence = N_("This message needs a few words of text. Write them now.")


class TooManyFiles(InvalidInput):
    code = "too_many_files"
    sentence = N_("A message can carry {limit} files. Send the others in a message of their own.")


class FilesStay(InvalidInput):
    code = "files_stay"
    sentence = N_("The files stay as they were sent. Send another one in a message of its own.")


class NotAnItem(InvalidInput):
    code = "not_an_item"
    sentence = N_("Tap the things to bring. Something else can stand in the text that comes next.")


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as its author sees it.

    `asks` is the field that comes next, `asks_text` that words come next; neither: the overview. `waits`: it will go
    out when an interpreter has read its translations (L7).
    """

    id: int
    version: int
    kind: NoticeKind | None
    values: dict[str, Any]
    text: str
    text_language: str
    audience: AudienceKind | None
    audience_ids: tuple[int, ...]
    audience_label: str
    homes: int
    unreached: int
    reader_languages: tuple[str, ...]
    sample_pupil: tuple[str, str] | None
    files: tuple[FileRef, ...]
    corrects: bool
    waits: bool = False
    asks: Field | None = None
    asks_text: bool = False

    def content(self, author: str) -> NoticeContent:
        """Return what homes will read. Raises AssertionError before a kind is chosen."""
        assert self.kind is not None  # noqa: S101  (a preview is offered only after the kind)
        return NoticeContent(
            self.id, self.kind, self.values, self.text, self.text_language, author,
            revision=2 if self.corrects else 1, files=self.files,
        )  # fmt: skip


async def start_notice(uow: UnitOfWork, actor: Actor, *, fresh: bool = False) -> DraftView:
    """Continue the author's open draft, or begin one.

    Raises:
        NotPermitted: the actor sends no notices.
    """
    if not actor.may_write_notices:
        raise NotPermitted
    notice = None if fresh else await find_open_draft(uow, actor)
    if notice is None:
        notice = Notice(
            author_id=actor.person_id,
            text_language=actor.language,
            state=NoticeState.DRAFT,
            created_at=uow.now,
        )
        uow.session.add(notice)
        await uow.flush()
    return await finish_step(uow, actor, notice)


async def open_draft(uow: UnitOfWork, actor: Actor, notice_id: int, version: int | None = None) -> Notice:
    """Return the draft that a button changes.

    Raises:
        NotPermitted: it is not the actor's draft. Stale: it has changed since the button was shown.
    """
    notice = await access_draft(uow, actor, notice_id)
    if version is not None and notice.version != version:
        raise Stale
    return notice


async def finish_step(uow: UnitOfWork, actor: Actor, notice: Notice) -> DraftView:
    """Store what comes next as the open question, commit, and return the draft's screen."""
    view = await view_draft(uow, notice)
    if view.asks is not None:
        await ask(uow, actor.person_id, EXPECT_FIELD, view.id, field=view.asks.name)
    elif view.asks_text:
        await ask(uow, actor.person_id, EXPECT_TEXT, view.id)
    else:
        await ask(uow, actor.person_id, EXPECT_ANYTHING, view.id)
    await uow.commit()
    return view


async def view_draft(uow: UnitOfWork, notice: Notice) -> DraftView:
    """Return a draft as it stands, without changing anything."""
    assert notice.id is not None  # noqa: S101  (it was flushed when it was made)
    files = tuple(await list_files(uow, notice.id))
    audience = await describe(uow, notice.audience, notice.audience_ids)
    asks = next_field(notice.kind, notice.values) if notice.kind and notice.audience else None
    asks_text = bool(
        notice.kind and notice.audience and asks is None and notice.text == "" and "text_skipped" not in notice.values
    )
    return DraftView(
        id=notice.id,
        version=notice.version,
        kind=notice.kind,
        values=dict(notice.values),
        text=notice.text,
        text_language=notice.text_language,
        audience=notice.audience,
        audience_ids=tuple(notice.audience_ids),
        audience_label=audience.label,
        homes=audience.guardians,
        unreached=audience.unreached,
        reader_languages=audience.languages,
        sample_pupil=audience.sample,
        files=files,
        corrects=notice.corrects_id is not None,
        waits=notice.waits_for_interpreter,
        asks=asks,
        asks_text=asks_text and not (files and not missing_text(notice.kind or NoticeKind.GENERAL, "", True)),
    )


def _changed(notice: Notice) -> None:
    notice.version += 1


async def pick_audience(
    uow: UnitOfWork, actor: Actor, notice_id: int, version: int, kind: AudienceKind, ids: list[int]
) -> DraftView:
    """Choose whom the draft is for.

    Raises:
        NotPermitted: not the actor's classes or pupil, or not the leadership's reach. Stale.
    """
    notice = await open_draft(uow, actor, notice_id, version)
    if notice.corrects_id is not None:
        raise NotPermitted  # a correction reaches exactly those who got the original
    await check_audience(uow, actor, kind, ids)
    if notice.kind and KINDS[notice.kind].one_home and kind is not AudienceKind.PUPIL:
        notice.kind, notice.values = None, {}
    notice.audience, notice.audience_ids = kind, ids
    _changed(notice)
    return await finish_step(uow, actor, notice)


async def pick_kind(uow: UnitOfWork, actor: Actor, notice_id: int, version: int, kind: NoticeKind) -> DraftView:
    """Choose what the draft is; fields that both kinds have keep their values.

    Raises:
        NotPermitted: a kind for one home was chosen for many. Stale.
    """
    notice = await open_draft(uow, actor, notice_id, version)
    if notice.corrects_id is not None or (KINDS[kind].one_home and notice.audience is not AudienceKind.PUPIL):
        raise NotPermitted
    kept = {rule.name: rule.type for rule in KINDS[kind].fields}
    notice.values = {name: value for name, value in notice.values.items() if name in kept}
    notice.kind = kind
    _changed(notice)
    return await finish_step(uow, actor, notice)


async def set_field(
    uow: UnitOfWork, actor: Actor, notice_id: int, version: int | None, name: str, value: str
) -> DraftView:
    """Give a field the value of a button or of a typed answer; "" skips an optional one.

    Raises:
        InvalidInput: it does not fit the field; the sentence says how it should look. Stale, NotPermitted.
    """
    notice = await open_draft(uow, actor, notice_id, version)
    rule = field_named(notice.kind, name) if notice.kind else None
    if rule is None:
        raise Stale
    notice.values = {**notice.values, name: _read(rule, value.strip(), uow, notice)}
    _changed(notice)
    return await finish_step(uow, actor, notice)


def _read(rule: Field, value: str, uow: UnitOfWork, notice: Notice) -> object:
    if not value and (not rule.required or (rule.type is FieldType.ITEMS and notice.values.get(rule.name))):
        return notice.values.get(rule.name) if rule.type is FieldType.ITEMS else None
    if rule.type is FieldType.DATE:
        read = read_past_day if notice.kind is NoticeKind.INCIDENT else read_day
        return read(value, uow.today).isoformat()
    if rule.type is FieldType.TIME:
        return f"{read_time(value):%H:%M}"
    if rule.type is FieldType.WEEK:
        return read_week(value, uow.today)
    if rule.type is FieldType.ITEMS:
        raise NotAnItem
    if len(value) > SHORT_TEXT_LIMIT:
        raise TextTooLong(length=len(value), limit=SHORT_TEXT_LIMIT)
    return value


async def toggle_item(uow: UnitOfWork, actor: Actor, notice_id: int, version: int, item: str) -> DraftView:
    """Add a thing to bring, or take it out again. The list stays open until it is done.

    Raises:
        Stale, NotPermitted.
    """
    notice = await open_draft(uow, actor, notice_id, version)
    if item not in set(Item) or notice.kind is None or field_named(notice.kind, "bring") is None:
        raise Stale
    chosen = list(notice.values.get("bring_open") or notice.values.get("bring") or [])
    chosen = [i for i in chosen if i != item] if item in chosen else [*chosen, item]
    values = {name: value for name, value in notice.values.items() if name != "bring"}
    notice.values = {**values, "bring_open": [i.value for i in Item if i.value in chosen]}
    _changed(notice)
    view = await view_draft(uow, notice)
    await uow.commit()
    return view


async def close_items(uow: UnitOfWork, actor: Actor, notice_id: int, version: int) -> DraftView:
    """Take the ticked things as the field's value.

    Raises:
        NotAnItem: nothing is ticked and the kind needs something. Stale, NotPermitted.
    """
    notice = await open_draft(uow, actor, notice_id, version)
    rule = field_named(notice.kind, "bring") if notice.kind else None
    if rule is None:
        raise Stale
    chosen = notice.values.get("bring_open") or []
    if not chosen and rule.required:
        raise NotAnItem
    values = {name: value for name, value in notice.values.items() if name != "bring_open"}
    notice.values = {**values, "bring": chosen or None}
    _changed(notice)
    return await finish_step(uow, actor, notice)


async def ask_again(uow: UnitOfWork, actor: Actor, notice_id: int, version: int, name: str) -> DraftView:
    """Open a field, or the text ("text"), for a new answer.

    Raises:
        Stale, NotPermitted.
    """
    notice = await open_draft(uow, actor, notice_id, version)
    if name == "text":
        notice.text = ""
        notice.values = {key: value for key, value in notice.values.items() if key != "text_skipped"}
    elif name == "bring":
        ticked = notice.values.get("bring") or []
        others = {key: value for key, value in notice.values.items() if key != "bring"}
        notice.values = {**others, "bring_open": ticked}
    else:
        notice.values = {key: value for key, value in notice.values.items() if key != name}
    _changed(notice)
    return await finish_step(uow, actor, notice)


async def set_text(uow: UnitOfWork, actor: Actor, notice_id: int, text: str) -> DraftView:
    """Give the draft its free text.

    Raises:
        TextTooLong: over 2,000 characters. NotPermitted.
    """
    notice = await open_draft(uow, actor, notice_id)
    cleaned = text.strip()
    if len(cleaned) > TEXT_LIMIT:
        raise TextTooLong(length=len(cleaned), limit=TEXT_LIMIT)
    notice.text, notice.text_language = cleaned, actor.language
    _changed(notice)
    await text_changed(uow, notice)
    return await finish_step(uow, actor, notice)


async def skip_text(uow: UnitOfWork, actor: Actor, notice_id: int, version: int) -> DraftView:
    """Go on without free text.

    Raises:
        TextMissing: the kind needs some. Stale, NotPermitted.
    """
    notice = await open_draft(uow, actor, notice_id, version)
    files = bool(await list_files(uow, notice_id))
    if notice.kind is None or missing_text(notice.kind, "", files):
        raise TextMissing
    notice.values = {**notice.values, "text_skipped": True}
    _changed(notice)
    return await finish_step(uow, actor, notice)


async def add_file(
    uow: UnitOfWork, actor: Actor, notice_id: int, file: FileRef, caption: str | None = None
) -> DraftView:
    """Attach a photo or document; its caption becomes the text if there is none yet (N10).

    Raises:
        TooManyFiles, TextTooLong, NotPermitted. FilesStay: a correction changes words and fields only.
    """
    notice = await open_draft(uow, actor, notice_id)
    if notice.corrects_id is not None:
        raise FilesStay
    if len(await list_files(uow, notice_id)) >= MAX_FILES:
        raise TooManyFiles(limit=MAX_FILES)
    uow.session.add(
        NoticeFile(notice_id=notice_id, kind=FileKind(file.kind), file_id=file.file_id, name=file.name[:200])
    )
    await uow.flush()
    if caption and not notice.text:
        return await set_text(uow, actor, notice_id, caption)
    _changed(notice)
    return await finish_step(uow, actor, notice)


async def clear_files(uow: UnitOfWork, actor: Actor, notice_id: int, version: int) -> DraftView:
    """Take all files off the draft.

    Raises:
        Stale, NotPermitted.
    """
    notice = await open_draft(uow, actor, notice_id, version)
    await remove_files(uow, notice_id)
    _changed(notice)
    return await finish_step(uow, actor, notice)


async def discard_draft(uow: UnitOfWork, actor: Actor, notice_id: int) -> None:
    """Throw the draft away; nothing was sent.

    Raises:
        NotPermitted: it is not the actor's draft.
    """
    notice = await access_draft(uow, actor, notice_id)
    notice.state = NoticeState.DISCARDED
    await close_question(uow, actor.person_id)
    await uow.commit()


async def show_draft(uow: UnitOfWork, actor: Actor, notice_id: int) -> DraftView:
    """Return a draft's current screen, for a stale button.

    Raises:
        NotPermitted: it is not the actor's draft.
    """
    notice = await access_draft(uow, actor, notice_id)
    return await finish_step(uow, actor, notice)
