"""What homes do in the stories about absence, and what is stored of it."""

from __future__ import annotations

from datetime import date

from bot.actions.absence.words import days_text
from bot.domain.absence import AbsenceDraft
from bot.domain.absence_taps import ReportAbsence, ReportStep
from bot.i18n import texts
from tests.scenarios.notices_steps import forge, tap, write
from tests.scenarios.world import Actor, World

TODAY = date(2026, 11, 23)
REPORTED = "✅ Reported:"
ALREADY = "✅ This is reported already:"
SHALL_I = "Shall I report this?"
YES = "Yes, report it"
TAKE_BACK = "Take it back"
TAKEN_BACK = "↩️ Taken back: the school expects {names} {days}."


async def absences(world: World, pupil: str | None = None) -> list[tuple[object, ...]]:
    """Return (pupil, day, kind, reason, state, source) of everything stored, in order."""
    found = await world.rows(
        "SELECT p.name, CAST(a.day AS TEXT), a.kind, a.reason, a.state, a.source FROM absence a"
        " JOIN pupil p ON p.id = a.pupil_id ORDER BY p.name, a.day"
    )
    return [tuple(row) for row in found if pupil in {None, row[0]}]


async def pupil_id(world: World, name: str) -> int:
    """Return a pupil's id."""
    [(found,)] = await world.rows("SELECT id FROM pupil WHERE name = :name", name=name)
    return int(found)


async def report_by_tapping(guardian: Actor, label: str, child: str | None = None) -> None:
    """Open the report, choose the child if there are several, and tap an answer."""
    await write(guardian, "/absence")
    if child is not None:
        await tap(guardian, child)
    await tap(guardian, label)


async def report_by_saying(guardian: Actor, sentence: str) -> None:
    """Write it, and confirm what the bot proposes."""
    await write(guardian, sentence)
    await guardian.sees(guardian.say(SHALL_I))
    await tap(guardian, guardian.say(YES))


async def forge_report(actor: Actor, draft: AbsenceDraft) -> None:
    """Confirm a draft that no screen ever offered."""
    await forge(actor, ReportAbsence(ReportStep.CONFIRM, draft).pack())


def days(reader: Actor, first: date, last: date | None = None, today: date = TODAY) -> str:
    """Return days as a person reads them."""
    return str(days_text(texts(reader.language).plain, first, last or first, today))
