"""How many homes have read the month's report, and one private reminder to the others (A6).

Everybody who teaches a class sees numbers; names are for its contact teachers alone. Homes see nothing of each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from bot.actions import UnitOfWork
from bot.actions.calendar import school_calendar
from bot.actions.care.calm import is_calm
from bot.actions.monthly import report_buttons
from bot.actions.remarks import access_class
from bot.domain.errors import DomainError, NotPermitted
from bot.domain.followup import month_before, next_month, report_day
from bot.domain.marking import N_
from bot.domain.outgoing import Lane, OutgoingKind
from bot.domain.people import Actor, ClassInfo
from bot.i18n import find_language, texts
from bot.i18n.followup_words import month_name
from bot.outbox.enqueue import Message, enqueue
from storage.queries.audit import audit
from storage.queries.followup_monthly import (
    SignatureRow,
    list_signatures,
    mark_reminded,
    messages_of,
    newest_month,
)
from storage.queries.people import list_contact_teachers

REMINDER_HELPS = timedelta(days=2)


class NobodyWaits(DomainError):
    code = "nobody_waits"
    sentence = N_("Every home has read it or was reminded once. More than that would only be pressure.")


@dataclass(frozen=True, slots=True)
class SignedHome:
    """One pupil's home; `signed_by` are the guardians who have read the report, one is enough."""

    pupil: str
    signed_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignedBoard:
    """How a month's report stands in a class.

    `month` is None before the first report; `next_day` is when the next one goes out, if that is known.
    `names` tells whether the actor may see which homes; `to_remind` how many guardians a reminder would reach.
    """

    school_class: ClassInfo
    month: date | None
    next_day: date | None
    homes: tuple[SignedHome, ...]
    names: bool
    to_remind: int

    @property
    def signed(self) -> int:
        return sum(bool(home.signed_by) for home in self.homes)


async def open_signed(uow: UnitOfWork, actor: Actor, class_id: int) -> SignedBoard:
    """Return how the newest report stands in a class.

    Raises:
        NotPermitted: it is not the actor's class.
    """
    school_class = await access_class(uow, actor, class_id)
    month = await newest_month(uow)
    rows = await list_signatures(uow, class_id, month) if month is not None else []
    contact = actor.person_id in {one.person_id for one in await list_contact_teachers(uow, class_id)}
    homes = tuple(
        SignedHome(of_pupil[0].pupil_name, tuple(row.guardian for row in of_pupil if row.signed_at is not None))
        for of_pupil in _by_pupil(rows)
    )
    waiting = len(await _outstanding(uow, rows)) if contact else 0
    return SignedBoard(
        school_class, month, await _next_day(uow, month), homes if contact else _anonymous(homes), contact, waiting
    )


def _anonymous(homes: tuple[SignedHome, ...]) -> tuple[SignedHome, ...]:
    return tuple(SignedHome("", ("",) if home.signed_by else ()) for home in homes)


async def _next_day(uow: UnitOfWork, newest: date | None) -> date | None:
    """Return when the next report goes out: of the month that is over, if it has not gone out, else of this one."""
    if not uow.school.monthly_reports:
        return None
    calendar = await school_calendar(uow, month_before(uow.today), next_month(uow.today))
    for month in (month_before(uow.today), uow.today.replace(day=1)):
        day = report_day(month, calendar)
        if day is not None and day >= uow.today and (newest is None or month > newest):
            return day
    return None


def _by_pupil(rows: list[SignatureRow]) -> list[list[SignatureRow]]:
    return [list(group) for _, group in groupby(rows, key=lambda row: row.pupil_id)]


async def _outstanding(uow: UnitOfWork, rows: list[SignatureRow]) -> list[SignatureRow]:
    """Return those who may be reminded: nobody of the home has read it, and they were not reminded before.

    Homes that are left in peace are left out (B8).
    """
    calm = await is_calm(uow, {row.pupil_id for row in rows})
    return [
        row
        for of_pupil in _by_pupil(rows)
        if not any(one.signed_at for one in of_pupil)
        for row in of_pupil
        if row.pupil_id not in calm and row.reminded_at is None
    ]


async def list_names(uow: UnitOfWork, actor: Actor, class_id: int) -> SignedBoard:
    """Return the same with names, for a contact teacher of the class; looking is recorded.

    Raises:
        NotPermitted: the actor is no contact teacher of the class.
    """
    board = await open_signed(uow, actor, class_id)
    if not board.names:
        raise NotPermitted
    await audit(uow, actor.person_id, "monthly.names", "class", class_id)
    await uow.commit()
    return board


async def remind_unsigned(uow: UnitOfWork, actor: Actor, class_id: int) -> tuple[SignedBoard, int]:
    """Remind each guardian of the homes that have not read the report, privately and once; return how many.

    Raises:
        NotPermitted: the actor is no contact teacher of the class. NobodyWaits: everybody has read it or was reminded.
    """
    board = await open_signed(uow, actor, class_id)
    if not board.names:
        raise NotPermitted
    rows = await _outstanding(uow, await list_signatures(uow, class_id, board.month)) if board.month is not None else []
    taken = await mark_reminded(uow, [row.report_id for row in rows])
    if not taken:
        raise NobodyWaits
    carried = await messages_of(uow, taken)
    await enqueue(uow, *(_reminder(uow, actor, row, board.month, carried) for row in rows if row.report_id in taken))
    await audit(uow, actor.person_id, "monthly.remind", "class", class_id, guardians=len(taken))
    after = await open_signed(uow, actor, class_id)
    await uow.commit()
    return after, len(taken)


def _reminder(uow: UnitOfWork, actor: Actor, row: SignatureRow, month: date | None, carried: dict[int, int]) -> Message:
    assert month is not None  # noqa: S101  (there are rows only when there is a month)
    tr = texts(find_language(row.language) or uow.school.language)
    due = uow.school.considerate(uow.now)
    text = tr.gettext(
        "🔔 {sender} would like to know whether you have seen the monthly report about {child} ({month}). "
        "One tap is enough.",
        sender=actor.name,
        child=row.pupil_name,
        month=month_name(tr, month),
    )
    return Message(
        row.person_id,
        OutgoingKind.REMINDER,
        text,
        f"monthly-remind:{row.report_id}",
        buttons=report_buttons(row.report_id, tr),
        lane=Lane.BULK,
        due_at=due,
        expires_at=due + REMINDER_HELPS,
        replies_to_id=carried.get(row.report_id),
        about="monthly",
        about_id=row.report_id,
        pupil_id=row.pupil_id,
    )
