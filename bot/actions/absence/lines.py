"""The quiet line that the other guardians of a child get (A4): what is reported, not what was written (P9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.actions import UnitOfWork
from bot.actions.absence.record import DayRecord, Facts, Recorded
from bot.actions.absence.words import absence_text, days_text
from bot.domain.outgoing import OutgoingKind
from bot.domain.people import Actor, Child
from bot.i18n import Html, Texts, find_language, texts
from bot.outbox.enqueue import Message
from storage.queries.absence import AbsenceRow
from storage.queries.people import GuardianOf, list_guardians_of


async def reported_lines(
    uow: UnitOfWork, actor: Actor, children: Sequence[Child], records: Sequence[DayRecord], facts: Facts
) -> tuple[list[Message], tuple[str, ...]]:
    """Return a line per other guardian and child about what is new, and the names of those who get one."""
    others = await _others(uow, actor, [child.id for child in children])
    by_child = {child.id: child for child in children}
    messages = []
    for guardian in others:
        news = [r for r in records if r.pupil_id == guardian.pupil_id and r.outcome is not Recorded.SAME]
        if not news:
            continue
        tr = _texts(uow, guardian)
        # Translators: to the other guardian; {what} is for example "illness", {days} "today (Tuesday 24 November)"
        text = tr.gettext(
            "ℹ️ {child} is reported absent {days}: {what}.",
            child=by_child[guardian.pupil_id].name,
            days=_days(tr, [r.day for r in news], uow.today),
            what=absence_text(tr, facts.kind, facts.reason, facts.starts, facts.ends),
        )
        messages.append(_line(uow, guardian, text, news[0].absence_id, news[0].version))
    return messages, tuple(dict.fromkeys(guardian.name for guardian in others))


async def withdrawn_lines(
    uow: UnitOfWork, actor: Actor, children: Sequence[Child], taken: Sequence[AbsenceRow]
) -> list[Message]:
    """Return a line per other guardian and child: the pupil comes after all."""
    by_child = {child.id: child for child in children}
    messages = []
    for guardian in await _others(uow, actor, [row.pupil_id for row in taken]):
        rows = [row for row in taken if row.pupil_id == guardian.pupil_id]
        tr = _texts(uow, guardian)
        text = tr.gettext(
            "ℹ️ {child} comes to school after all {days}: the absence was taken back.",
            child=by_child[guardian.pupil_id].name,
            days=_days(tr, [row.day for row in rows], uow.today),
        )
        messages.append(_line(uow, guardian, text, rows[0].id, rows[0].version + 1))
    return messages


async def _others(uow: UnitOfWork, actor: Actor, pupils: Sequence[int]) -> list[GuardianOf]:
    found = await list_guardians_of(uow, sorted(set(pupils)))
    return [guardian for guardian in found if guardian.person_id != actor.person_id and guardian.enrolled]


def _texts(uow: UnitOfWork, guardian: GuardianOf) -> Texts:
    return texts(find_language(guardian.language) or uow.school.language)


def _days(tr: Texts, days: Sequence[date], today: date) -> Html:
    return days_text(tr, min(days), max(days), today)


def _line(uow: UnitOfWork, guardian: GuardianOf, text: Html, absence_id: int, version: int) -> Message:
    return Message(
        guardian.person_id,
        OutgoingKind.MESSAGE,
        text,
        f"absence:{absence_id}:{version}:{guardian.person_id}",
        silent=True,
        due_at=uow.school.considerate(uow.now),
        about="absence",
        about_id=absence_id,
        pupil_id=guardian.pupil_id,
    )
