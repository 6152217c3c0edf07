"""Who decides on a request, and what everybody concerned is sent (A3, P9)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.actions import UnitOfWork
from bot.actions.leave.words import (
    LeaveView,
    decision_words,
    row_span,
    school_buttons,
    school_text,
    withdraw_button,
)
from bot.actions.readers import reader_texts
from bot.actions.threads import NobodyReads
from bot.domain.leave import LeaveState, needs_leadership
from bot.domain.messages import Rows, rows
from bot.domain.outgoing import OutgoingKind, Reason
from bot.domain.people import Contact
from bot.i18n import Html, Texts
from bot.outbox.enqueue import Message, enqueue
from storage.queries.leave import ASKED, LeaveRow, list_asked, list_family
from storage.queries.outgoing import drop_waiting
from storage.queries.people import (
    find_contact,
    list_contact_teachers,
    list_guardians_of,
    list_leadership,
)
from storage.queries.threads import reachable_among


async def list_deciders(
    uow: UnitOfWork, pupil_id: int, class_id: int, *, by_leadership: bool
) -> tuple[list[Contact], bool]:
    """Return who decides now, and whether it is the leadership: contact teachers for a short leave, if there are any.

    A guardian of the pupil who works at the school does not decide on it, whether the access is open or not.

    Raises:
        NobodyReads: nobody of them can be reached here.
    """
    own = await list_family(uow, pupil_id)
    if not by_leadership:
        teachers = await _reachable(uow, await list_contact_teachers(uow, class_id), own)
        if teachers:
            return teachers, False
    leaders = list({contact.person_id: contact for contact, _ in await list_leadership(uow)}.values())
    found = await _reachable(uow, leaders, own)
    if not found:
        raise NobodyReads
    return found, True


async def _reachable(uow: UnitOfWork, contacts: Sequence[Contact], without: set[int]) -> list[Contact]:
    there = await reachable_among(uow, [one.person_id for one in contacts])
    return [one for one in contacts if one.person_id in there and one.person_id not in without]


async def deciders_of_days(uow: UnitOfWork, pupil_id: int, class_id: int, days: int) -> tuple[list[Contact], bool]:
    """Return who decides on a leave of that many school days, and whether it is the leadership.

    Raises:
        NobodyReads: nobody of them can be reached here.
    """
    return await list_deciders(uow, pupil_id, class_id, by_leadership=needs_leadership(days, uow.school))


async def view_of(uow: UnitOfWork, row: LeaveRow) -> LeaveView:
    """Return a request with the names on its screens."""
    asker = await find_contact(uow, row.asked_by)
    decider = await find_contact(uow, row.decided_by) if row.decided_by is not None else None
    return LeaveView(row, asker.name if asker else "", decider.name if decider else "")


async def ask_school(uow: UnitOfWork, view: LeaveView, deciders: Sequence[Contact], *, reminder: bool = False) -> None:
    """Send a request to those who decide, or once more as a reminder."""
    messages = []
    for contact in deciders:
        tr = reader_texts(uow, contact.language or contact.home_language)
        key = f"leave-ask:{view.row.id}:{contact.person_id}"
        messages.append(
            Message(
                contact.person_id,
                OutgoingKind.MESSAGE,
                school_text(tr, view, reminder=reminder),
                f"{key}:again" if reminder else key,
                buttons=school_buttons(tr, view.row),
                due_at=uow.school.considerate(uow.now),
                about=ASKED,
                about_id=view.row.id,
                pupil_id=view.row.pupil_id,
            )
        )
    await enqueue(uow, *messages)


async def close_asking(uow: UnitOfWork, view: LeaveView) -> None:
    """Show those who were asked how it stands: what waits is dropped, what was sent is changed in place."""
    row = view.row
    await drop_waiting(uow, Reason.CANCELLED, about=ASKED, about_id=row.id)
    messages = []
    for outgoing_id, person_id in await list_asked(uow, row.id):
        contact = await find_contact(uow, person_id)
        tr = reader_texts(uow, (contact.language or contact.home_language) if contact else None)
        messages.append(
            Message(
                person_id,
                OutgoingKind.MESSAGE,
                school_text(tr, view),
                f"leave-ask-edit:{outgoing_id}:{row.version}",
                edits_id=outgoing_id,
                about=ASKED,
                about_id=row.id,
                pupil_id=row.pupil_id,
            )
        )
    await enqueue(uow, *messages)


async def tell_school_withdrawn(uow: UnitOfWork, view: LeaveView, people: Sequence[Contact]) -> None:
    """Tell the school that the home has taken back what was granted."""
    row = view.row
    messages = []
    for contact in people:
        tr = reader_texts(uow, contact.language or contact.home_language)
        text = tr.gettext(
            "↩️ The home has taken back the leave of {child} ({school_class}), {days}. {child} comes to school.",
            child=row.pupil_name,
            school_class=row.class_name,
            days=row_span(tr, row),
        )
        messages.append(
            Message(
                contact.person_id,
                OutgoingKind.MESSAGE,
                text,
                f"leave-back:{row.id}:{row.version}:{contact.person_id}",
                due_at=uow.school.considerate(uow.now),
                about="leave",
                about_id=row.id,
                pupil_id=row.pupil_id,
            )
        )
    await enqueue(uow, *messages)


async def tell_home(uow: UnitOfWork, view: LeaveView, *, but: int | None = None) -> None:
    """Tell the guardians how a request stands, each in the own language; a quiet line when no answer is in it.

    Args:
        but: the guardian who just did it, and sees it on the own screen.
    """
    row = view.row
    quiet = row.state in {LeaveState.ASKED, LeaveState.WITHDRAWN}
    guardians = await list_guardians_of(uow, [row.pupil_id])
    messages = []
    for guardian in guardians:
        if guardian.person_id == but or not guardian.enrolled:
            continue
        tr = reader_texts(uow, guardian.language)
        messages.append(
            Message(
                guardian.person_id,
                OutgoingKind.MESSAGE,
                _home_line(tr, view) if quiet else _answer_text(tr, view),
                f"leave:{row.id}:{row.version}:{guardian.person_id}",
                buttons=_home_buttons(tr, row),
                silent=quiet,
                due_at=uow.school.considerate(uow.now),
                about="leave",
                about_id=row.id,
                pupil_id=row.pupil_id,
            )
        )
    await enqueue(uow, *messages)


def _home_buttons(tr: Texts, row: LeaveRow) -> Rows:
    return rows([withdraw_button(tr, row)]) if row.state is LeaveState.GRANTED else ()


def _home_line(tr: Texts, view: LeaveView) -> Html:
    """Another guardian learns the days, never the reason that was written (P9)."""
    row = view.row
    if row.state is LeaveState.WITHDRAWN:
        return tr.gettext(
            "ℹ️ The leave for {child} was taken back: {days}.", child=row.pupil_name, days=row_span(tr, row)
        )
    return tr.gettext(
        "ℹ️ {guardian} has asked the school for leave for {child}: {days}. You hear when the school has answered.",
        guardian=view.asker,
        child=row.pupil_name,
        days=row_span(tr, row),
    )


def _answer_text(tr: Texts, view: LeaveView) -> Html:
    row = view.row
    fields = {"child": row.pupil_name, "days": row_span(tr, row), "name": view.decider}
    if row.state is LeaveState.GRANTED:
        head = tr.gettext("✅ <b>Leave granted</b> for {child}: {days}. {name} has answered.", **fields)
        tail = tr.gettext("You need not report the absence. Have a good time.")
    else:
        head = tr.gettext("❌ <b>Leave not granted</b> for {child}: {days}. {name} writes:", **fields)
        tail = tr.gettext("If something is unclear, write here or ask to be called.")
    return Html("\n".join(line for line in (head, decision_words(tr, row), tail) if line))
