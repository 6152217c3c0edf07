"""The quiet line that the other guardians of a child get (A4): what is reported, not what was written (P9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.actions import UnitOfWork
from bot.actions.absence.record import DayRecord, Facts, Recorded
from bot.actions.absence.words import absence_text, days_text
from bot.domain.absence import AbsenceKind
from bot.domain.outgoing import OutgoingKind
from bot.domain.people import Actor, Child
from bot.i18n import Html, Texts, find_language, texts
from bot.outbox.enqueue import Message
from storage.queries.absence import AbsenceRow
from storage.queries.circle import Circle
from storage.queries.people import GuardianOf, list_guardians_of


def reported_lines(
    uow: UnitOfWork, actor: Actor, circle: Circle, records: Sequence[DayRecord], facts: Facts
) -> tuple[list[Message], tuple[str, ...]]:
    """Return a line per other guardian and child about what is new, and the names of those who get one."""
    others = _others(actor, circle.guardians)
    by_child = {child.id: child for child in circle.children}
    messages = []
    for guardian in others:
        news = [r for r in records if r.pupil_id == guardian.pupil_id and r.outcome is not Recorded.SAME]
        if not news:
            continue
        tr = _texts(uow, guardian)
        text = _reported_text(tr, by_child[guardian.pupil_id].name, [r.day for r in news], uow.today, facts)
        messages.append(_line(uow, guardian, text, news[0].absence_id, news[0].version))
    return messages, tuple(dict.fromkeys(guardian.name for guardian in others))


def _reported_text(tr: Texts, child: str, days: Sequence[date], today: date, facts: Facts) -> Html:
    said = {
        "child": child,
        "days": _days(tr, days, today),
        "what": absence_text(tr, facts.kind, facts.reason, facts.starts, facts.ends),
    }
    if facts.kind is AbsenceKind.ABSENT:
        # Translators: to the other guardian; {what} is for example "illness", {days} "today (Tuesday 24 November)"
        return tr.gettext("ℹ️ {child} is reported absent {days}: {what}.", **said)
    # Translators: to the other guardian; {what} is for example "late, comes at 10:30 (appointment)"
    return tr.gettext("ℹ️ The school has been told about {child}, {days}: {what}.", **said)


async def withdrawn_lines(
    uow: UnitOfWork, actor: Actor, children: Sequence[Child], taken: Sequence[AbsenceRow]
) -> list[Message]:
    """Return a line per other guardian and child: the pupil comes after all."""
    by_child = {child.id: child for child in children}
    messages = []
    for guardian in _others(actor, await list_guardians_of(uow, sorted({row.pupil_id for row in taken}))):
        rows = [row for row in taken if row.pupil_id == guardian.pupil_id]
        tr = _texts(uow, guardian)
        text = tr.gettext(
            "ℹ️ {child} comes to school after all {days}: the absence was taken back.",
            child=by_child[guardian.pupil_id].name,
            days=_days(tr, [row.day for row in rows], uow.today),
        )
        messages.append(_line(uow, guardian, text, rows[0].id, rows[0].version + 1))
    return messages


def _others(actor: Actor, guardians: Sequence[GuardianOf]) -> list[GuardianOf]:
    return [guardian for guardian in guardians if guardian.person_id != actor.person_id and guardian.enrolled]


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
