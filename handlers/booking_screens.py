"""The screens of booking a conference: day, time, place, the booked talk; the school has them for homes that phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.actions.conferences.book import TalkView
from bot.actions.conferences.desk import ChoicePage, DaysPage, Desk, TimesPage, default_place, default_pupil
from bot.actions.conferences.waiting import WaitView
from bot.actions.conferences.words import (
    none_suits_button,
    place_text,
    pupil_text,
    right_text,
    talk_head,
    talk_lines,
    time_text,
)
from bot.domain.calendar_taps import TalkFile
from bot.domain.conference_slots import Offer
from bot.domain.conference_taps import (
    NO_INTERPRETER,
    BookDay,
    BookSlot,
    BookStep,
    OpenBooking,
    OpenRound,
    TalkInterpreter,
    TalkStep,
    TalkTap,
    WaitStep,
    WaitTap,
    Wish,
)
from bot.domain.conferences import TalkPlace, TalkState
from bot.domain.events import GenderWish, InterpreterWish
from bot.domain.messages import Button, Screen, grid, rows
from bot.domain.people import Child
from bot.domain.school import School
from bot.domain.talk_taps import OpenTalk
from bot.domain.taps import Page
from bot.i18n import Html, Texts, languages
from bot.i18n.event_words import GENDER_NAMES, PLACE_NAMES, PLACE_SIGNS
from bot.i18n.words import language_name
from handlers.keyboards import menu_button, to_page

TIMES_PER_PAGE = 9
INTERPRETED = ("ar", "so", "ti", "pl", "uk", "ru", "lt", "ur", "fa", "tr", "vi", "ps", "ku", "th", "es", "fr")
"""Languages that are offered besides the reader's own and the bot's; another can be told on the phone."""


def children_screen(event_id: int, children: Sequence[Child], tr: Texts) -> Screen:
    """Ask for which child."""
    buttons = [[Button(f"🗣 {one.name}", OpenBooking(event_id, one.id).pack())] for one in children]
    return Screen(tr.gettext("About which child?"), rows(*buttons, [_meetings(tr)]))


def _meetings(tr: Texts) -> Button:
    return to_page("◀️ " + tr.plain.gettext("Back"), Page.MEETINGS)


def _away(desk: Desk, tr: Texts) -> Button:
    """The way back: the school's to its board, the home's to its meetings."""
    if desk.as_school:
        return Button("◀️ " + tr.plain.gettext("Back"), OpenRound(desk.row.id).pack())
    return _meetings(tr)


def days_screen(page: DaysPage, school: School, tr: Texts, *, toast: str = "") -> Screen:
    """Ask for the day; where nothing is free, offer to wait."""
    desk = page.desk
    lines = [talk_head(tr, desk.child.name)]
    if desk.talk is not None:
        time = time_text(tr, school, desk.talk.starts_at, desk.talk.ends_at)
        lines.append(tr.gettext("Booked now: {time}. It stays until you choose another time.", time=time))
    if desk.has_right and not desk.as_school:
        lines.append(right_text(tr, [desk.child.name]))
    days = [
        [Button(_day_label(day, n, tr), BookDay(desk.row.id, desk.child.id, day.isoformat(), Wish()).pack())]
        for day, n in page.days
    ]
    if page.days:
        lines.append(tr.gettext("<b>Which day suits you?</b>"))
    else:
        lines.append(tr.gettext("No time is free just now."))
    wait = _wait_row(desk, tr, free=bool(page.days), waits=desk.waits)
    back = [_talk_button(desk, tr) if desk.talk is not None else _away(desk, tr)]
    return Screen(Html("\n".join(lines)), rows(*days, wait, back), toast=toast, alert=bool(toast))


def _day_label(day: date, n: int, tr: Texts) -> str:
    # Translators: a button: {day} is a date, {times} is "3 free"
    return tr.plain.gettext(
        "📅 {day} · {times}", day=tr.short_day(day), times=tr.plain.ngettext("{n} free", "{n} free", n)
    )


def _wait_row(desk: Desk, tr: Texts, *, free: bool, waits: bool) -> list[Button]:
    if desk.talk is not None:
        return []
    event, pupil = desk.row.id, desk.child.id
    if waits:
        return [Button("✖️ " + tr.plain.gettext("Stop waiting"), WaitTap(event, pupil, WaitStep.LEAVE).pack())]
    if free:
        return [none_suits_button(tr, event, pupil)]
    label = "⏳ " + tr.plain.gettext("Tell me when one becomes free")
    return [Button(label, WaitTap(event, pupil, WaitStep.JOIN).pack())]


def _talk_button(desk: Desk, tr: Texts) -> Button:
    assert desk.talk is not None and desk.talk.id is not None  # noqa: S101, PT018
    return Button("◀️ " + tr.plain.gettext("Back"), TalkTap(desk.talk.id, 0, TalkStep.SHOW).pack())


def times_screen(page: TimesPage, number: int, tr: Texts, *, toast: str = "") -> Screen:
    """Ask for the time, the likely ones first."""
    desk, plain = page.desk, tr.plain
    last = max(0, (len(page.offers) - 1) // TIMES_PER_PAGE)
    number = min(max(number, 0), last)
    shown = page.offers[number * TIMES_PER_PAGE : (number + 1) * TIMES_PER_PAGE]
    lines = [talk_head(tr, desk.child.name), Html(f"📅 {tr.value(page.day)}")]
    lines.append(tr.gettext("<b>What time?</b>") if shown else tr.gettext("No time is free on this day."))
    if page.long and shown:
        lines.append(tr.gettext("These have room for an interpreter: the talk is longer then."))
    if desk.siblings and shown:
        lines.append(tr.gettext("Times near your other talk come first."))
    times = [Button(tr.clock(offer.first.starts), _show(page, offer).pack()) for offer in shown]

    def turned(step: int, wish: Wish) -> str:
        return BookDay(desk.row.id, desk.child.id, page.day.isoformat(), wish, number + step).pack()

    turn = [Button(sign, turned(step, page.wish)) for sign, step in (("◀️", -1), ("▶️", 1)) if 0 <= number + step <= last]
    other = []
    if page.long:
        other = [Button("🗣 " + plain.gettext("Without an interpreter"), turned(-number, NO_INTERPRETER))]
    elif desk.language and page.wish == NO_INTERPRETER:
        other = [Button("🗣 " + plain.gettext("With an interpreter"), turned(-number, Wish(desk.language)))]
    days = Button("◀️ " + plain.gettext("Other days"), _days_tap(desk))
    text = Html("\n".join(lines))
    return Screen(text, rows(*grid(times, 3), turn, other, [days]), toast=toast, alert=bool(toast))


def _days_tap(desk: Desk) -> str:
    if desk.talk is not None:
        return TalkTap(desk.talk.id or 0, 0, TalkStep.MOVE).pack()
    return OpenBooking(desk.row.id, desk.child.id).pack()


def _show(page: TimesPage, offer: Offer) -> BookSlot:
    desk = page.desk
    return BookSlot(desk.child.id, offer.first.id, BookStep.SHOW, default_place(desk), default_pupil(desk), page.wish)


def choice_screen(page: ChoicePage, school: School, tr: Texts) -> Screen:
    """Show the time with what else is chosen; one tap books."""
    desk, choice, plain = page.desk, page.choice, tr.plain
    offer = (page.long if choice.wish.wanted else page.short) or page.short or page.long
    assert offer is not None  # noqa: S101  (the action refuses a time at which nothing fits)
    lines = [
        talk_head(tr, desk.child.name),
        Html(f"📅 <b>{time_text(tr, school, offer.first.starts_at, offer.ends_at)}</b>"),
        place_text(tr, choice.place),
        pupil_text(tr, desk.child.name, with_pupil=choice.with_pupil),
    ]
    language = "" if desk.keeps_wish else choice.wish.code if choice.wish.wanted else desk.language
    if language:
        lines.append(
            tr.gettext("🗣 An interpreter costs you nothing and keeps everything secret. With one the talk is longer.")
            if page.long
            else tr.gettext("🗣 There is not enough time for an interpreter here. Other times have room.")
        )
    if desk.has_right:
        lines.append(right_text(tr, [desk.child.name]))

    def book(label: str, wish: Wish) -> list[Button]:
        return [Button(label, replace(choice, step=BookStep.BOOK, wish=wish).pack())]

    buttons: list[list[Button]] = []
    if language and page.long:
        name = language_name(language, plain)
        buttons.append(book("✅ " + plain.gettext("Book, with interpreter: {language}", language=name), Wish(language)))
    if page.short and language:
        buttons.append(book("✅ " + plain.gettext("Book, without interpreter"), NO_INTERPRETER))
    elif page.short:
        buttons.append(book("✅ " + plain.gettext("Book this time"), choice.wish))
    return Screen(
        Html("\n".join(line for line in lines if line)),
        rows(
            *buttons,
            *_choices(page, tr),
            [_to_times(page, tr), *([] if desk.keeps_wish else [_language_button(page, tr)])],
        ),
    )


def _choices(page: ChoicePage, tr: Texts) -> list[list[Button]]:
    """The next place, and with or without the pupil; each tap shows the same screen with the other choice."""
    desk, choice, plain = page.desk, page.choice, tr.plain
    found = []
    if len(desk.places) > 1:
        other = desk.places[(desk.places.index(choice.place) + 1) % len(desk.places)]
        label = f"{PLACE_SIGNS[other]} {plain.gettext(PLACE_NAMES[other])}"
        found.append(Button(label, replace(choice, place=other).pack()))
    turned = replace(choice, with_pupil=not choice.with_pupil)
    label = str(pupil_text(plain, desk.child.name, with_pupil=turned.with_pupil))
    found.append(Button(label, turned.pack()))
    return [found]


def _to_times(page: ChoicePage, tr: Texts) -> Button:
    desk = page.desk
    tap = BookDay(desk.row.id, desk.child.id, page.slot.day.isoformat(), page.choice.wish)
    return Button("◀️ " + tr.plain.gettext("Other times"), tap.pack())


def _language_button(page: ChoicePage, tr: Texts) -> Button:
    tap = replace(page.choice, step=BookStep.LANGUAGE)
    return Button("🗣 " + tr.plain.gettext("Interpreter"), tap.pack())


def languages_screen(page: ChoicePage, tr: Texts) -> Screen:
    """Ask for the interpreter's language, the likely one first."""
    desk = page.desk
    known = dict.fromkeys([desk.language, *languages(), *INTERPRETED])
    codes = [code for code in known if code]
    buttons = [
        Button(language_name(code, tr.plain), replace(page.choice, step=BookStep.SHOW, wish=Wish(code)).pack())
        for code in codes
    ]
    back = Button("◀️ " + tr.plain.gettext("Back"), replace(page.choice, step=BookStep.SHOW).pack())
    text = tr.gettext("<b>An interpreter for which language?</b> It is free. Another language: write to the teacher.")
    return Screen(text, rows(*grid(buttons, 3), [back]))


def _talk_lines(view: TalkView, school: School, tr: Texts) -> list[Html]:
    return talk_lines(tr, school, view.talk, view.child, view.row.video_url, reader_id=view.reader_id)


def talk_screen(view: TalkView, school: School, tr: Texts, *, toast: str = "") -> Screen:
    """Show a talk as it stands, and what can be changed."""
    talk, plain = view.talk, tr.plain
    assert talk.id is not None  # noqa: S101
    if talk.state is not TalkState.BOOKED:
        lines = [talk_head(tr, view.child), tr.gettext("❌ Cancelled. You can choose another time.")]
        again = Button("📅 " + plain.gettext("Choose a time"), OpenBooking(talk.event_id, talk.pupil_id).pack())
        return Screen(Html("\n".join(lines)), rows([again], [_back_of(view, tr)]), toast=toast, alert=bool(toast))
    lines = [talk_head(tr, view.child), *_talk_lines(view, school, tr)]
    lines.insert(1, tr.gettext("✅ Booked, with {teacher}.", teacher=view.row.teacher))
    if TalkPlace(talk.place) is TalkPlace.PHONE:
        lines.append(tr.gettext("{teacher} calls you then.", teacher=view.row.teacher))
    lines.append(tr.gettext("There is one talk about each child; all its guardians see it here and can change it."))

    def act(label: str, step: TalkStep) -> Button:
        return Button(label, TalkTap(talk.id or 0, talk.version, step).pack())

    place = len(view.row.places) > 1
    buttons = rows(
        [act("📅 " + plain.gettext("Another time"), TalkStep.MOVE)],
        [
            *([act("📍 " + plain.gettext("Place"), TalkStep.PLACE)] if place else []),
            act("🧒 " + plain.gettext("With or without the pupil"), TalkStep.PUPIL),
        ],
        [act("🗣 " + plain.gettext("Interpreter"), TalkStep.INTERPRETER)]
        if talk.interpreter is InterpreterWish.WANTED and view.sees_wish
        else [],
        [
            Button("✍️ " + plain.gettext("Prepare the talk"), OpenTalk(talk.id).pack()),
            Button("📅 " + plain.gettext("Calendar file"), TalkFile(talk.id).pack()),
        ],
        [act("❌ " + plain.gettext("Cancel the talk"), TalkStep.CANCEL), _back_of(view, tr)],
    )
    return Screen(Html("\n".join(lines)), buttons, toast=toast, alert=bool(toast))


def _back_of(view: TalkView, tr: Texts) -> Button:
    if view.as_school:
        return Button("◀️ " + tr.plain.gettext("Back"), OpenRound(view.talk.event_id).pack())
    return menu_button(tr)


def cancel_screen(view: TalkView, school: School, tr: Texts) -> Screen:
    """Ask once whether cancelling is meant."""
    talk = view.talk
    time = time_text(tr, school, talk.starts_at, talk.ends_at)
    text = tr.gettext(
        "Cancel the talk about {child}, {time}? Somebody else may take the time.", child=view.child, time=time
    )
    yes = TalkTap(talk.id or 0, talk.version, TalkStep.CANCEL_YES)
    no = TalkTap(talk.id or 0, talk.version, TalkStep.SHOW)
    return Screen(
        text,
        rows(
            [Button("❌ " + tr.plain.gettext("Yes, cancel it"), yes.pack())],
            [Button("◀️ " + tr.plain.gettext("No, leave it"), no.pack())],
        ),
    )


def interpreter_screen(view: TalkView, tr: Texts) -> Screen:
    """Ask what else is wished of the interpreter."""
    talk, plain = view.talk, tr.plain
    wish = Wish(talk.interpreter_language)

    def detail(label: str, value: str) -> Button:
        return Button(label, TalkInterpreter(talk.id or 0, talk.version, wish, value).pack())

    genders = [
        detail(("✅ " if talk.gender is one else "") + plain.gettext(GENDER_NAMES[one]), one.value)
        for one in GenderWish
    ]
    language = language_name(talk.interpreter_language, tr)
    lines = [
        tr.gettext("🗣 Interpreter: {details}", details=language),
        tr.gettext("<b>Who should it be?</b> The school tries, and tells you if it does not work out."),
    ]
    if talk.dialect:
        lines.append(tr.gettext("Dialect: {dialect}", dialect=talk.dialect))
    back = Button("◀️ " + plain.gettext("Back"), TalkTap(talk.id or 0, talk.version, TalkStep.SHOW).pack())
    return Screen(Html("\n".join(lines)), rows(genders, [detail("✍️ " + plain.gettext("Dialect"), "dialect")], [back]))


def dialect_screen(view: TalkView, tr: Texts) -> Screen:
    """Ask for the dialect."""
    back = Button(
        "◀️ " + tr.plain.gettext("Back"), TalkTap(view.talk.id or 0, view.talk.version, TalkStep.INTERPRETER).pack()
    )
    return Screen(tr.gettext("✍️ Which dialect, or from which place? Write a few words."), rows([back]))


def wait_screen(view: WaitView, school: School, tr: Texts) -> Screen:
    """Tell a home how it stands in line, and what happens next."""
    desk = view.desk
    if desk.talk is not None:
        time = time_text(tr, school, desk.talk.starts_at, desk.talk.ends_at)
        text = tr.gettext("A talk is booked already: {time}.", time=time)
        show = TalkTap(desk.talk.id or 0, 0, TalkStep.SHOW)
        return Screen(text, rows([Button("🗣 " + tr.plain.gettext("Look at the talk"), show.pack())]))
    lines = [talk_head(tr, desk.child.name)]
    if view.place:
        lines.append(tr.gettext("⏳ {teacher} sees that no time suits you yet.", teacher=desk.row.teacher))
        lines.append(tr.gettext("When a time becomes free you are told here, and it is kept for you for a while."))
    else:
        lines.append(tr.gettext("You do not wait for a time any more."))
    if view.free:
        lines.append(tr.ngettext("{n} time is free right now.", "{n} times are free right now.", view.free))
    look = Button("📅 " + tr.plain.gettext("Look at the times"), OpenBooking(desk.row.id, desk.child.id).pack())
    return Screen(
        Html("\n".join(lines)),
        rows(
            [look] if view.free else [],
            _wait_row(desk, tr, free=False, waits=True) if view.place else [],
            [_away(desk, tr)],
        ),
    )
