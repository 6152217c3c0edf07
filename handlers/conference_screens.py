"""The teacher's screens of a round of conferences: laying it out, and looking after it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from bot.actions.absence.words import day_off_text
from bot.actions.conferences.board import OwnRound, RoundBoard, board_buttons, board_text, day_lines, slot_who
from bot.actions.conferences.invite import Invited, Preview
from bot.actions.conferences.layout import ANY_CLASS, DayChoice, LayoutView, hours_to_choose
from bot.actions.conferences.look_after import SlotPage
from bot.actions.conferences.words import place_text, time_text
from bot.actions.events.render import when_text
from bot.domain.calendar import OffKind
from bot.domain.conference_slots import LONG_MINUTES, MINUTES, PAUSES
from bot.domain.conference_taps import (
    LayRound,
    OpenBooking,
    OpenRound,
    RoundDay,
    RoundStep,
    RoundView,
    RoundWeek,
    SetRound,
    SlotStep,
    SlotTap,
    StartRound,
)
from bot.domain.conferences import TalkPlace
from bot.domain.events import EventState
from bot.domain.messages import Button, Screen, grid, rows
from bot.domain.people import ClassInfo
from bot.domain.school import School
from bot.domain.talk_taps import OpenTalk
from bot.domain.taps import Page
from bot.i18n import Html, Texts
from bot.i18n.event_words import PLACE_NAMES, PLACE_SIGNS
from handlers.keyboards import menu_button, to_page
from handlers.pickers import time_buttons, week_buttons

NAMES_PER_PAGE = 12


def classes_screen(classes: Sequence[ClassInfo], tr: Texts) -> Screen:
    """Ask for which class."""
    buttons = [Button(one.name, StartRound(one.id).pack()) for one in classes]
    return Screen(tr.gettext("🗣 Conferences: for which class?"), rows(*grid(buttons, 3), [_meetings(tr)]))


def rounds_screen(rounds: Sequence[OwnRound], tr: Texts) -> Screen:
    """Show the open rounds, and the way to a new one."""
    buttons = [[Button(_round_label(one, tr), OpenRound(one.event_id).pack())] for one in rounds]
    new = Button("➕ " + tr.plain.gettext("New conferences"), StartRound(ANY_CLASS).pack())
    return Screen(tr.gettext("🗣 Your open conferences:"), rows(*buttons, [new], [_meetings(tr)]))


def _round_label(one: OwnRound, tr: Texts) -> str:
    return f"🗣 {one.class_name} · {tr.short_day(one.first)}" if one.first is not None else f"🗣 {one.class_name}"


def _meetings(tr: Texts) -> Button:
    return to_page("◀️ " + tr.plain.gettext("Back"), Page.MEETINGS)


def _step(view: LayoutView, label: str, step: RoundStep) -> Button:
    return Button(label, LayRound(view.event_id, view.version, step).pack())


def _back(view: LayoutView, tr: Texts) -> Button:
    return _step(view, "◀️ " + tr.plain.gettext("Back"), RoundStep.OVERVIEW)


def layout_screen(view: LayoutView, tr: Texts, *, toast: str = "") -> Screen:
    """Show the draft: what is chosen, what it comes to, and the likely next step first."""
    plain = tr.plain
    lines = [
        tr.gettext("🗣 <b>Conferences</b> · {school_class}", school_class=view.class_name),
        *(_span_line(view, span.day, span.first, span.last, tr) for span in view.spans),
        tr.ngettext(
            # Translators: how long a talk is, and {long} minutes with an interpreter
            "⏱ {n} minute each, {long} with an interpreter",
            "⏱ {n} minutes each, {long} with an interpreter",
            view.minutes,
            long=view.long_minutes,
        ),
        tr.ngettext("☕ {n} minute between two", "☕ {n} minutes between two", view.pause)
        if view.pause
        else tr.gettext("☕ no break between two"),
        tr.list([place_text(tr, place) for place in view.places]),
    ]
    if view.times:
        lines.append("<b>" + tr.ngettext("{n} time in all", "{n} times in all", len(view.times)) + "</b>")
        invite = "📨 " + plain.ngettext("Invite {n} guardian", "Invite {n} guardians", view.homes)
        first = [[_step(view, invite, RoundStep.PREVIEW)], [_day_button(view, tr)]]
    else:
        lines.append(tr.gettext("Choose the first day. Everything can be changed until you invite."))
        first = [[_day_button(view, tr)]]
    buttons = rows(
        *first,
        [
            _step(view, "⏱ " + plain.gettext("Length"), RoundStep.MINUTES),
            _step(view, "📍 " + plain.gettext("Places"), RoundStep.PLACES),
        ],
        [
            *([_step(view, "🧹 " + plain.gettext("Clear the days"), RoundStep.CLEAR_DAYS)] if view.spans else []),
            _step(view, "🗑 " + plain.gettext("Discard"), RoundStep.DISCARD),
        ],
    )
    return Screen(Html("\n".join(lines)), buttons, toast=toast, alert=bool(toast))


def _day_button(view: LayoutView, tr: Texts) -> Button:
    plain = tr.plain
    return _step(
        view, "📅 " + (plain.gettext("Another day") if view.spans else plain.gettext("Choose a day")), RoundStep.DAY
    )


def _span_line(view: LayoutView, day: date, first: time, last: time, tr: Texts) -> str:
    count = sum(one.day == day and first <= one.starts < last for one in view.times)
    times = tr.ngettext("{n} time", "{n} times", count)
    return f"📅 {when_text(tr, day, first, last)} ({times})"


def day_screen(choice: DayChoice, tr: Texts) -> Screen:
    """Show a week of the small calendar."""
    view, week = choice.view, choice.week
    lines = [tr.gettext("<b>On which day?</b>")]
    lines += [day_off_text(tr, off) for off in week.off if off.kind is not OffKind.WEEKEND]
    buttons = week_buttons(
        week,
        tr,
        lambda day: RoundDay(view.event_id, view.version, day.isoformat()),
        lambda number: RoundWeek(view.event_id, view.version, number),
    )
    return Screen(Html("\n".join(lines)), rows(*buttons, [_back(view, tr)]))


def hours_screen(view: LayoutView, day: date, first: time | None, tr: Texts) -> Screen:
    """Ask from when, then until when."""
    if first is None:
        question = tr.gettext("<b>From when?</b>")
        hint = tr.gettext("Choose, or write it like 13:00-16:30.")
    else:
        question, hint = tr.gettext("<b>Until when?</b> From {time}.", time=first), Html()

    def pick(at: time) -> RoundDay:
        begins, ends = (at, None) if first is None else (first, at)
        return RoundDay(view.event_id, view.version, day.isoformat(), _packed(begins), _packed(ends))

    buttons = time_buttons(hours_to_choose(first, view.minutes), tr, pick)
    text = Html("\n".join(part for part in (f"📅 {tr.value(day)}", question, hint) if part))
    return Screen(text, rows(*buttons, [_step(view, "◀️ " + tr.plain.gettext("Back"), RoundStep.DAY)]))


def _packed(at: time | None) -> str:
    return f"{at:%H%M}" if at is not None else ""


def length_screen(view: LayoutView, step: RoundStep, tr: Texts) -> Screen:
    """Ask for one of the lengths, and lead to the others."""
    plain = tr.plain
    choices, chosen, question = {
        RoundStep.MINUTES: (MINUTES, view.minutes, tr.gettext("<b>How long is a talk?</b>")),
        RoundStep.LONG: (
            tuple(sorted({view.minutes, *(n for n in LONG_MINUTES if n > view.minutes)})),
            view.long_minutes,
            tr.gettext("<b>How long is a talk with an interpreter?</b> Everything is said twice."),
        ),
        RoundStep.PAUSE: (PAUSES, view.pause, tr.gettext("<b>How long is the break between two talks?</b>")),
    }[step]
    buttons = [
        Button(
            ("✅ " if n == chosen else "") + plain.ngettext("{n} minute", "{n} minutes", n),
            SetRound(view.event_id, view.version, step, str(n)).pack(),
        )
        for n in choices
    ]
    others = {
        RoundStep.MINUTES: plain.gettext("Length of a talk"),
        RoundStep.LONG: plain.gettext("With an interpreter"),
        RoundStep.PAUSE: plain.gettext("Break"),
    }
    more = [_step(view, label, other) for other, label in others.items() if other is not step]
    return Screen(question, rows(buttons, more, [_back(view, tr)]))


def places_screen(view: LayoutView, tr: Texts) -> Screen:
    """Ask where talks can be; several."""
    plain = tr.plain
    buttons = [
        Button(
            f"{'✅' if place in view.places else '▫️'} {PLACE_SIGNS[place]} {plain.gettext(PLACE_NAMES[place])}",
            SetRound(view.event_id, view.version, RoundStep.PLACES, place.value).pack(),
        )
        for place in TalkPlace
    ]
    lines = [tr.gettext("<b>Where can the talks be?</b> The homes choose among these.")]
    video = []
    if TalkPlace.VIDEO in view.places:
        lines.append(
            Html(f"🔗 {tr.value(view.video_url)}") if view.video_url else tr.gettext("🔗 No address for video yet.")
        )
        video = [_step(view, "🔗 " + plain.gettext("Address for video"), RoundStep.VIDEO)]
    return Screen(Html("\n".join(lines)), rows(*grid(buttons, 2), video, [_back(view, tr)]))


def video_screen(view: LayoutView, tr: Texts) -> Screen:
    """Ask for the address of the video talk."""
    text = tr.gettext("✍️ Write the address of the video talk now. Only homes that booked by video see it.")
    return Screen(text, rows([_step(view, "◀️ " + tr.plain.gettext("Back"), RoundStep.PLACES)]))


def preview_screen(preview: Preview, tr: Texts) -> Screen:
    """Show what a home will read, before anything is sent."""
    view = preview.view
    head = tr.gettext("This is what a home will read, in its own language:")
    lines = [str(head), f"<blockquote>{preview.text}</blockquote>"]
    if view.unreached:
        lines.append(
            tr.ngettext(
                "{n} guardian is not reached here. You can book for the home when it phones.",
                "{n} guardians are not reached here. You can book for their homes when they phone.",
                view.unreached,
            )
        )
    send = _step(view, "📨 " + tr.plain.gettext("Send the invitation"), RoundStep.INVITE)
    return Screen(Html("\n\n".join(lines)), rows([send], [_back(view, tr)]))


def invited_screen(invited: Invited, tr: Texts) -> Screen:
    """Tell the teacher that it is out; a second tap shows the board."""
    if not invited.counted:
        return board_screen(invited.board, tr)
    text = tr.ngettext("✅ {n} guardian is invited.", "✅ {n} guardians are invited.", invited.homes)
    follow = tr.gettext("The board below shows who has chosen a time.")
    return Screen(Html(f"{text}\n{follow}"), rows([menu_button(tr)]))


def discarded_screen(tr: Texts) -> Screen:
    """Tell the teacher that nothing was sent."""
    return Screen(tr.gettext("All right, nothing was sent."), rows([_meetings(tr)]))


# --- the board ------------------------------------------------------------------------------------


def board_screen(board: RoundBoard, tr: Texts, *, toast: str = "") -> Screen:
    """Show how the round stands."""
    return Screen(
        board_text(board, tr), rows(*board_buttons(board, tr), [menu_button(tr)]), toast=toast, alert=bool(toast)
    )


def _summary(board: RoundBoard, tr: Texts) -> Button:
    return Button("◀️ " + tr.plain.gettext("Back"), OpenRound(board.row.id).pack())


def board_day_screen(board: RoundBoard, number: int, tr: Texts) -> Screen:
    """Show a day of the round, each time as a button."""
    days = board.days
    day = days[min(max(number, 0), len(days) - 1)]
    buttons = [
        Button(f"{tr.clock(slot.starts)} {_short(board, slot.id)}", SlotTap(slot.id, SlotStep.SHOW).pack())
        for slot in board.of_day(day)
    ]
    text = Html("\n".join(day_lines(board, day, tr)))
    return Screen(text, rows(*grid(buttons, 2), [_summary(board, tr)]))


def _short(board: RoundBoard, slot_id: int) -> str:
    slot = next(one for one in board.slots if one.id == slot_id)
    talk = board.talks.get(slot.talk_id) if slot.talk_id is not None else None
    if talk is not None:
        return talk.pupil
    return "✖️" if slot.closed else "⏳" if slot.held_until is not None else "▫️"


def slot_screen(page: SlotPage, school: School, tr: Texts, *, toast: str = "", ask: bool = False) -> Screen:
    """Show one time with what can be done with it; `ask` whether calling off is meant."""
    plain = tr.plain
    slot, board = page.slot, page.board
    lines = [f"📅 <b>{time_text(tr, school, slot.starts_at, slot.ends_at)}</b>", slot_who(board, slot, tr)]
    back = [Button("◀️ " + plain.gettext("Back"), OpenRound(board.row.id, RoundView.DAY, page.place).pack())]

    def act(label: str, step: SlotStep) -> list[Button]:
        return [Button(label, SlotTap(slot.id, step).pack())]

    if board.row.state is not EventState.OPEN:
        buttons: list[list[Button]] = []
    elif slot.talk_id is not None and ask:
        lines.append(str(tr.gettext("Call this talk off? The home is told and asked to choose another time.")))
        buttons = [act("❌ " + plain.gettext("Yes, call it off"), SlotStep.CALL_OFF_YES)]
        back = act("◀️ " + plain.gettext("No, leave it"), SlotStep.SHOW)
    elif slot.talk_id is not None:
        pupil = board.talks[slot.talk_id].pupil_id if slot.talk_id in board.talks else 0
        buttons = [
            [Button("🗣 " + plain.gettext("Look at the talk"), OpenTalk(slot.talk_id).pack())],
            [Button("📅 " + plain.gettext("Change it for the home"), OpenBooking(board.row.id, pupil).pack())],
            act("❌ " + plain.gettext("Call it off"), SlotStep.CALL_OFF),
        ]
    elif slot.closed:
        buttons = [act("▫️ " + plain.gettext("Open this time again"), SlotStep.OPEN)]
    else:
        buttons = [act("✖️ " + plain.gettext("Close this time"), SlotStep.CLOSE)]
    return Screen(Html("\n".join(lines)), rows(*buttons, back), toast=toast, alert=bool(toast))


def missing_screen(board: RoundBoard, page: int, tr: Texts) -> Screen:
    """Show who has no time, those who wait first; a name books for a home that phones."""
    plain = tr.plain
    if not board.unbooked:
        return Screen(tr.gettext("Everybody has a time."), rows([_summary(board, tr)]))
    last = (len(board.unbooked) - 1) // NAMES_PER_PAGE
    page = min(max(page, 0), last)
    shown = board.unbooked[page * NAMES_PER_PAGE : (page + 1) * NAMES_PER_PAGE]
    names = [
        Button(("⏳ " if one.id in board.waiting else "") + one.name, OpenBooking(board.row.id, one.id).pack())
        for one in shown
    ]
    turn = [
        Button(sign, OpenRound(board.row.id, RoundView.WAITING, page + step).pack())
        for sign, step in (("◀️", -1), ("▶️", 1))
        if 0 <= page + step <= last
    ]
    lines = [
        tr.gettext("<b>Without a time</b>"),
        tr.gettext("Tap a name to book for a home that phones. ⏳ waits for a time to become free."),
        tr.gettext("<i>Only you and the leadership see this list.</i>"),
    ]
    remind = Button("🔔 " + plain.gettext("Remind these homes"), OpenRound(board.row.id, RoundView.REMIND).pack())
    return Screen(Html("\n".join(lines)), rows(*grid(names, 2), turn, [remind], [_summary(board, tr)]))


def more_screen(board: RoundBoard, tr: Texts) -> Screen:
    """Show what is done seldom."""
    plain = tr.plain
    event = board.row.id
    return Screen(
        tr.gettext("To close a single time or to call off a talk, open its day and tap it."),
        rows(
            [Button("➕ " + plain.gettext("One more time"), OpenRound(event, RoundView.ADD).pack())],
            [Button("❌ " + plain.gettext("Call everything off"), OpenRound(event, RoundView.CANCEL).pack())],
            [_summary(board, tr)],
        ),
    )


def add_screen(event_id: int, example: datetime, tr: Texts) -> Screen:
    """Ask for one more time."""
    text = tr.gettext("✍️ Write day and time of one more talk, like {example}.", example=f"{example:%d.%m %H:%M}")
    return Screen(text, rows([Button("◀️ " + tr.plain.gettext("Back"), OpenRound(event_id).pack())]))


def cancel_screen(board: RoundBoard, tr: Texts) -> Screen:
    """Ask once whether calling off everything is meant."""
    text = tr.ngettext(
        "Call off all these conferences? {n} home has a time and is told.",
        "Call off all these conferences? {n} homes have a time and are told.",
        len(board.talks),
    )
    yes = Button(
        "❌ " + tr.plain.gettext("Yes, call everything off"), OpenRound(board.row.id, RoundView.CANCEL_YES).pack()
    )
    no = Button("◀️ " + tr.plain.gettext("No, leave it"), OpenRound(board.row.id).pack())
    return Screen(text, rows([yes], [no]))
