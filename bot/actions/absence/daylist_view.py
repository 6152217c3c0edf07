"""The list of the day in words and buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from bot.actions import UnitOfWork
from bot.actions.absence.words import absence_text
from bot.domain.absence import AbsenceSource
from bot.domain.absence_taps import DayListTap, ListStep
from bot.domain.messages import TEXT_LIMIT, Button, Rows, grid, rows
from bot.domain.morning import InquiryState, ListView, PhoneOutcome, Section, is_here, section_of
from bot.domain.people import Actor
from bot.i18n import Html, Texts
from storage.queries.daylists import Arrangement, DayListRow, RollEntry, list_arrangements, list_roll

PAGED_FROM = 35
"""Names from which they are shown in pages; a usual class stands on one screen."""
NAMES_PER_PAGE = 16
ROOM = TEXT_LIMIT - 500
"""Characters for the lines of names; headings and the last line need some too."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A list as it is shown."""

    text: Html
    buttons: Rows = ()


@dataclass(frozen=True, slots=True)
class DayRoll:
    """Who of a class is where, at a school's wall-clock moment."""

    class_id: int
    class_name: str
    day: date
    now: datetime
    entries: Sequence[RollEntry]
    arranged: dict[int, Arrangement] = field(default_factory=dict)

    def within(self, section: Section) -> list[RollEntry]:
        """Return the pupils of one section."""
        return [entry for entry in self.entries if section_of_entry(entry) is section]

    @property
    def here(self) -> int:
        """How many pupils are at school now."""
        clock = self.now.time().replace(tzinfo=None)
        return sum(_is_here(entry, clock) for entry in self.entries)


def section_of_entry(entry: RollEntry) -> Section:
    """Return where a pupil stands."""
    absence = entry.absence
    return section_of(absence.kind, absence.reason) if absence else Section.HERE


def _is_here(entry: RollEntry, clock: time) -> bool:
    absence = entry.absence
    if absence is None:
        return True
    return is_here(
        section_of_entry(entry),
        clock,
        arrived=absence.arrived_at is not None,
        starts=absence.starts,
        ends=absence.ends,
    )


async def draw(uow: UnitOfWork, tr: Texts, one: DayListRow, reader: Actor) -> Drawn:
    """Return a person's list as it stands now."""
    entries = await list_roll(uow, one.class_id, one.day)
    found = await list_arrangements(uow, [entry.pupil_id for entry in entries], one.day)
    arranged = {a.pupil_id: a for a in found if a.leave or reader.person_id in a.staff_ids}
    roll = DayRoll(one.class_id, one.class_name, one.day, uow.school.local(uow.now), entries, arranged)
    is_open = one.day == uow.today and roll.now.time().replace(tzinfo=None) < uow.school.hours.end
    view = one.view if is_open else ListView.LIST
    match view:
        case ListView.MISSING:
            return _missing(tr, roll, one.page)
        case ListView.LATE:
            return _late(tr, roll, one.page)
        case ListView.LIST:
            return Drawn(_list_text(uow, tr, roll), _list_buttons(tr, roll, one.page) if is_open else ())


# --- the list ------------------------------------------------------------------------------------


def _head(tr: Texts, roll: DayRoll) -> Html:
    return tr.gettext("📋 <b>{school_class}</b>, {day}", school_class=roll.class_name, day=roll.day)


def _list_text(uow: UnitOfWork, tr: Texts, roll: DayRoll) -> Html:
    parts = [_head(tr, roll)]
    headings = (
        # Translators: heading of a list of names; n is how many
        (Section.MISSING, "❔", tr.gettext("<b>Missing ({n})</b>", n=len(roll.within(Section.MISSING)))),
        (Section.ABSENT, "🏠", tr.gettext("<b>Absent ({n})</b>", n=len(roll.within(Section.ABSENT)))),
        (Section.LATE, "🕘", tr.gettext("<b>Late ({n})</b>", n=len(roll.within(Section.LATE)))),
        (Section.PART, "🚪", tr.gettext("<b>Part of the day ({n})</b>", n=len(roll.within(Section.PART)))),
    )
    room = ROOM
    for section, sign, heading in headings:
        if entries := roll.within(section):
            lines = _fitting(tr, [_line(uow, tr, roll, entry) for entry in entries], room)
            room -= sum(map(len, lines))
            parts.append(Html("\n".join([f"{sign} {heading}", *lines])))
    if len(parts) == 1:
        parts.append(tr.gettext("☀️ Nobody is reported absent. A good morning to all of you!"))
    parts.append(
        # Translators: {here} of {n} pupils of the class are at school now
        tr.ngettext("{here} of {n} pupil is here.", "{here} of {n} are here.", len(roll.entries), here=roll.here)
    )
    return Html("\n\n".join(parts))


def _fitting(tr: Texts, lines: Sequence[Html], room: int) -> list[Html]:
    """Return the lines for which there is room, and how many more there are."""
    fitting: list[Html] = []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            left = len(lines) - len(fitting)
            return [*fitting, tr.ngettext("… and {n} more", "… and {n} more", left)]
        fitting.append(line)
    return fitting


def _line(uow: UnitOfWork, tr: Texts, roll: DayRoll, entry: RollEntry) -> Html:
    if section_of_entry(entry) is Section.MISSING:
        what = _missing_text(uow, tr, roll, entry)
    else:
        what = _known_text(uow, tr, entry)
    # Translators: a line of the list of the day: a pupil and what is known
    return tr.gettext("• {name}: {what}", name=entry.name, what=what)


def _known_text(uow: UnitOfWork, tr: Texts, entry: RollEntry) -> Html:
    absence = entry.absence
    assert absence is not None  # noqa: S101  (only pupils with an absence have a line)
    if absence.arrived_at is not None:
        return tr.gettext("came at {time}", time=_clock(uow, absence.arrived_at))
    what = absence_text(tr, absence.kind, absence.reason, absence.starts, absence.ends)
    match absence.source:
        case AbsenceSource.HOME:
            # Translators: the home told the school; {what} is "illness", "late, comes at 09:30 (appointment)" …
            return tr.gettext("{what}, told by the home", what=what)
        case AbsenceSource.SCHOOL if entry.inquiry is not None and entry.inquiry.outcome is not None:
            return tr.gettext("{what}, told by telephone", what=what)
        case AbsenceSource.SCHOOL:
            # Translators: a teacher noticed it; {what} is "illness", "late" …
            return tr.gettext("{what}, noticed here", what=what)
        case AbsenceSource.LEAVE:
            return what


def _missing_text(uow: UnitOfWork, tr: Texts, roll: DayRoll, entry: RollEntry) -> Html:
    inquiry = entry.inquiry
    if inquiry is None or inquiry.state in {InquiryState.CANCELLED, InquiryState.EXPLAINED, InquiryState.ARRIVED}:
        return arrangement_text(tr, roll.arranged.get(entry.pupil_id))
    at = _clock(uow, inquiry.outcome_at or inquiry.asked_at or uow.now)
    if inquiry.outcome is PhoneOutcome.SEARCHING:
        return tr.gettext("the home does not know either (called {time})", time=at)
    if inquiry.outcome is PhoneOutcome.NO_ANSWER:
        return tr.gettext("☎️ called {time}, nobody answered", time=at)
    if inquiry.state is InquiryState.UNRESOLVED:
        return tr.gettext("nobody has said why")
    if inquiry.state is InquiryState.CALL:
        return tr.gettext("☎️ please phone the home")
    if inquiry.asked_at is None:
        return tr.gettext("the home is asked in a moment")
    return tr.gettext("the home was asked at {time}", time=at)


def arrangement_text(tr: Texts, arrangement: Arrangement | None) -> Html:
    """Say why nobody is asked; of a check-in only its own people read."""
    if arrangement is None:
        return reason_text_unknown(tr)
    if arrangement.leave:
        return tr.gettext("leave is asked for and not decided yet, so the home is not asked")
    # Translators: a daily check-in between the school and this home exists; the school does not ask twice
    return tr.gettext("a check-in is arranged, so the home is not asked")


def reason_text_unknown(tr: Texts) -> Html:
    """Say that nothing is known and nobody was asked here."""
    return tr.gettext("the home is not asked from here")


def _clock(uow: UnitOfWork, moment: datetime) -> time:
    return uow.school.local(moment).time().replace(second=0, microsecond=0, tzinfo=None)


# --- buttons -------------------------------------------------------------------------------------


def _tap(roll: DayRoll, step: ListStep, pupil: int = 0, page: int = 0) -> str:
    return DayListTap(step, roll.class_id, roll.day.toordinal(), pupil, page).pack()


def _page_of(entries: Sequence[RollEntry], page: int) -> tuple[Sequence[RollEntry], int, int]:
    if len(entries) < PAGED_FROM:
        return entries, 0, 0
    last = (len(entries) - 1) // NAMES_PER_PAGE
    page = min(max(page, 0), last)
    return entries[page * NAMES_PER_PAGE : (page + 1) * NAMES_PER_PAGE], page, last


def _turns(roll: DayRoll, step: ListStep, page: int, last: int) -> list[Button]:
    turns = (("◀️", page - 1, page > 0), ("▶️", page + 1, page < last))
    return [Button(sign, _tap(roll, step, page=to)) for sign, to, there in turns if there]


def expected(roll: DayRoll) -> list[RollEntry]:
    """Return those who may still come: the missing, and who comes late."""
    late = [e for e in roll.within(Section.LATE) if e.absence is not None and e.absence.arrived_at is None]
    return roll.within(Section.MISSING) + late


def _list_buttons(tr: Texts, roll: DayRoll, page: int) -> Rows:
    plain = tr.plain
    shown, page, last = _page_of(expected(roll), page)
    arrivals = [
        Button(
            "✅ " + plain.gettext("{name} has arrived", name=entry.name),
            _tap(roll, ListStep.ARRIVED, entry.pupil_id, page),
        )
        for entry in shown
    ]
    return rows(
        *grid(arrivals, 1 if len(arrivals) <= 4 else 2),
        _turns(roll, ListStep.LIST, page, last),
        [Button("❔ " + plain.gettext("Someone is missing"), _tap(roll, ListStep.MISSING))],
        [Button("🕘 " + plain.gettext("Someone comes late"), _tap(roll, ListStep.LATE))],
    )


def _back(tr: Texts, roll: DayRoll) -> list[Button]:
    return [Button("📋 " + tr.plain.gettext("Done, show the list"), _tap(roll, ListStep.LIST))]


def _missing(tr: Texts, roll: DayRoll, page: int) -> Drawn:
    text = [
        _head(tr, roll),
        tr.gettext("Who is missing? Tap a name; tap it again if it was a mistake. The home is asked at once."),
        tr.gettext("Pupils whose home has given notice are not here: nobody asks them."),
    ]
    chosen = [e for e in roll.entries if section_of_entry(e) in {Section.HERE, Section.MISSING}]
    shown, page, last = _page_of(chosen, page)
    arranged = [
        tr.gettext("• {name}: {what}", name=e.name, what=arrangement_text(tr, roll.arranged[e.pupil_id]))
        for e in shown
        if e.pupil_id in roll.arranged
    ]
    text += _fitting(tr, arranged, ROOM)
    buttons = [_toggle(roll, e, page) for e in shown]
    return Drawn(
        Html("\n".join(text)), rows(*grid(buttons, 2), _turns(roll, ListStep.MISSING, page, last), _back(tr, roll))
    )


def _toggle(roll: DayRoll, entry: RollEntry, page: int) -> Button:
    if section_of_entry(entry) is Section.MISSING:
        return Button(f"❔ {entry.name}", _tap(roll, ListStep.UNMARK, entry.pupil_id, page))
    return Button(entry.name, _tap(roll, ListStep.MARK, entry.pupil_id, page))


def _late(tr: Texts, roll: DayRoll, page: int) -> Drawn:
    text = [
        _head(tr, roll),
        tr.gettext("Who comes late? Tap a name when the pupil comes; tap it again if it was a mistake."),
    ]
    chosen = [e for e in roll.entries if section_of_entry(e) in {Section.HERE, Section.MISSING, Section.LATE}]
    shown, page, last = _page_of(chosen, page)
    buttons = [_late_toggle(roll, e, page) for e in shown]
    return Drawn(
        Html("\n".join(text)), rows(*grid(buttons, 2), _turns(roll, ListStep.LATE, page, last), _back(tr, roll))
    )


def _late_toggle(roll: DayRoll, entry: RollEntry, page: int) -> Button:
    came = entry.absence is not None and entry.absence.arrived_at is not None
    if came:
        return Button(f"🕘 {entry.name}", _tap(roll, ListStep.UNLATE, entry.pupil_id, page))
    return Button(entry.name, _tap(roll, ListStep.CAME_LATE, entry.pupil_id, page))
