"""A notice before it leaves: its translations asked for at once, and waited for when somebody is to read them (L7)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from bot.actions import UnitOfWork
from bot.actions.interpreters.asking import ask_a_human
from bot.actions.notices.audience import describe
from bot.actions.readers import reader_texts
from bot.domain.notices import KINDS, AudienceKind, NoticeKind, NoticeState
from bot.domain.outgoing import Lane, OutgoingKind
from bot.domain.school import School
from bot.domain.translation import Checked, MadeBy, RenderingState, Subject
from bot.i18n.words import KIND_NAMES
from bot.outbox.enqueue import Message, enqueue
from storage.models import Notice
from storage.queries.people import find_contact
from storage.queries.renderings import RenderingRow, ensure_renderings, load_renderings
from storage.queries.translations import list_interpreter_languages

LONGEST = timedelta(hours=24)
"""How long a notice waits for an interpreter; after that its homes read what there is."""
CARE = frozenset({MadeBy.PHRASEBOOK, MadeBy.MEMORY, MadeBy.INTERPRETER})
"""Who made it is as good as an interpreter's look."""


def is_read(row: RenderingRow) -> bool:
    """Tell whether a rendering needs no interpreter any more."""
    if row.checked is not Checked.NOT:
        return True
    return row.state is RenderingState.READY and row.made_by in CARE


def waits_until(notice: Notice, wanted: datetime, school: School) -> datetime:
    """Return when a notice goes out at the latest: a day later, or in the morning of the day before what it is about.

    `wanted` itself when there is no time to wait.
    """
    latest = wanted + LONGEST
    day = notice.values.get("date")
    if day and notice.kind not in {NoticeKind.INCIDENT, NoticeKind.LETTER}:
        before = date.fromisoformat(day) - timedelta(days=1)
        latest = min(latest, school.at(datetime.combine(before, school.hours.start)))
    return max(wanted, school.considerate(latest))


def may_wait(notice: Notice, school: School, now: datetime) -> bool:
    """Tell whether a notice can wait at all: not an urgent one, and not what is about tomorrow.

    Of one home's notice the home decides who reads it, so nobody is asked before it has it.
    """
    if notice.kind is None or KINDS[notice.kind].urgent or notice.audience is AudienceKind.PUPIL:
        return False
    return waits_until(notice, now, school) > now + school.undo


async def readable(uow: UnitOfWork, languages: Collection[str], source: str) -> frozenset[str]:
    """Return those of the languages in which an interpreter who is there can read a text written in `source`."""
    able = await list_interpreter_languages(uow)
    home = {uow.school.language}
    return frozenset(code for code in languages if any({code, source} - home <= spoken for spoken in able))


async def ask_for_readings(uow: UnitOfWork, notice: Notice, languages: Collection[str]) -> None:
    """Ask for the translations of a notice that was scheduled just now, and people for what no machine could make.

    One that waits for an interpreter goes out at the latest moment, unless there is nothing to wait for.
    """
    assert notice.id is not None and notice.send_at is not None  # noqa: S101, PT018  (it is scheduled)
    wanted = {(Subject.NOTICE, notice.id, code) for code in languages}
    found = list((await ensure_renderings(uow, wanted)).values()) if notice.text else []
    awaited = await _awaited(uow, notice, found) if notice.waits_for_interpreter else set()
    for row in found:
        if row.state is RenderingState.HUMAN or (row.language in awaited and row.state is RenderingState.READY):
            await ask_a_human(uow, row)
    latest = waits_until(notice, notice.send_at, uow.school)
    notice.waits_for_interpreter = bool(awaited) and latest > notice.send_at
    if notice.waits_for_interpreter:
        notice.send_at = latest


async def _awaited(uow: UnitOfWork, notice: Notice, found: Iterable[RenderingRow]) -> set[str]:
    """Return the languages that an interpreter is to read, and has not."""
    left = {row.language for row in found if not is_read(row)}
    return set(await readable(uow, left, notice.text_language))


async def reading_changed(uow: UnitOfWork, notice: Notice, row: RenderingRow) -> None:
    """Let a notice that waits go when the last of its translations has been read; the caller commits."""
    waits = notice.waits_for_interpreter
    if not waits:
        return
    # two interpreters who finish at the same moment: the second sees what the first has done
    await uow.session.refresh(notice, with_for_update=None if uow.sqlite else True)
    if not notice.waits_for_interpreter or notice.state is not NoticeState.SCHEDULED:
        return
    if row.state is RenderingState.READY and not is_read(row):
        await ask_a_human(uow, row)  # the machine has made it meanwhile
    if await still_awaited(uow, notice):
        return
    notice.send_at = wanted_at(uow, notice)
    await uow.flush()
    uow.enqueued = True  # the clock looks again at once


async def still_awaited(uow: UnitOfWork, notice: Notice) -> set[str]:
    """Return the languages of a notice that waits in which an interpreter has still to read it."""
    assert notice.id is not None and notice.audience is not None  # noqa: S101, PT018
    audience = await describe(uow, notice.audience, notice.audience_ids)
    wanted = {(Subject.NOTICE, notice.id, code) for code in audience.languages}
    return await _awaited(uow, notice, (await load_renderings(uow, wanted)).values())


def wanted_at(uow: UnitOfWork, notice: Notice) -> datetime:
    """Return when a notice goes out that waits no longer: as its author chose, or as soon as homes may be disturbed."""
    assert notice.send_local is not None  # noqa: S101  (it is scheduled)
    moment = max(uow.now, uow.school.at(datetime.fromisoformat(notice.send_local)))
    return moment if notice.kind is not None and KINDS[notice.kind].urgent else uow.school.considerate(moment)


async def tell_waited(uow: UnitOfWork, notice: Notice) -> None:
    """Tell the author of a notice that has waited that it goes out now, and whether it was read; no commit."""
    assert notice.kind is not None  # noqa: S101
    left = await still_awaited(uow, notice)
    author = await find_contact(uow, notice.author_id)
    tr = reader_texts(uow, author.language if author else None)
    kind = tr.gettext(KIND_NAMES[notice.kind])
    text = (
        tr.gettext(
            "🕗 “{kind}” has gone out without waiting longer. No interpreter has read every translation yet; homes "
            "see that, and get the corrections in the same place.",
            kind=kind,
        )
        if left
        else tr.gettext("✅ An interpreter has read the translations. “{kind}” has gone out.", kind=kind)
    )
    await enqueue(
        uow,
        Message(
            notice.author_id, OutgoingKind.REPORT, text, f"waited:{notice.id}:{notice.version}", lane=Lane.ORDINARY,
            due_at=uow.school.considerate(uow.now), about="notice", about_id=notice.id or 0,
        ),
    )  # fmt: skip
