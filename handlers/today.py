"""The list of the day: opened, turned, and what a teacher marks in it (A4, A5)."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.actions import UnitOfWork
from bot.actions.absence import daylist
from bot.actions.absence.daylist import Coming, TodayView
from bot.actions.absence.roll import Marked, RollTap, use_list
from bot.actions.absence.words import absence_text, day_off_text
from bot.domain.absence_taps import DayListTap, ListStep
from bot.domain.messages import Button, Screen, grid, rows
from bot.domain.people import Actor
from bot.domain.taps import Page
from bot.i18n import Html, Texts
from handlers.callbacks import Tapped, TappedPage
from handlers.filters import Said
from handlers.keyboards import menu_button

router = Router(name="today")


@router.message(Said("today"))
async def today_said(_: Message, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen | None:
    """Send the list below, or ask of which class."""
    return _today(await daylist.open_today(uow, actor), tr)


@router.callback_query(TappedPage(Page.TODAY))
async def today_tapped(_: CallbackQuery, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen | None:
    """The same from the menu."""
    return _today(await daylist.open_today(uow, actor), tr)


def _today(view: TodayView, tr: Texts) -> Screen | None:
    if view.day_off is not None:
        return _day_off(view, tr)
    if not view.classes or view.day is None:
        return None  # the list is on its way
    day = view.day.toordinal()
    buttons = [
        Button(
            # Translators: button: a class and how many of it are absent today
            tr.plain.gettext("{school_class} · {n} absent", school_class=one.name, n=n),
            DayListTap(ListStep.OPEN, one.id, day).pack(),
        )
        for one, n in view.classes
    ]
    text = tr.gettext("📋 The list of which class? {day}", day=view.day)
    return Screen(text, rows(*grid(buttons, 1 if len(buttons) <= 4 else 2), [menu_button(tr)]))


def _day_off(view: TodayView, tr: Texts) -> Screen:
    assert view.day_off is not None  # noqa: S101  (the caller has looked)
    parts = [day_off_text(tr, view.day_off)]
    if view.day is not None:
        parts.append(tr.gettext("The next school day is {day}. Known so far:", day=view.day))
        parts += [_coming(one, tr) for one in view.coming]
        if not view.coming:
            counted = [f"{tr.value(one.name)}: {n}" for one, n in view.classes if n]
            parts.append(Html("\n".join(counted)) if counted else tr.gettext("nobody is reported absent."))
    return Screen(Html("\n\n".join(parts)), rows([menu_button(tr)]))


def _coming(one: Coming, tr: Texts) -> Html:
    lines = [
        tr.gettext(
            "• {name}: {what}",
            name=entry.name,
            what=absence_text(tr, a.kind, a.reason, a.starts, a.ends),
        )
        for entry in one.entries
        if (a := entry.absence) is not None
    ]
    known = lines or [tr.gettext("nobody is reported absent.")]
    return Html("\n".join([f"<b>{tr.value(one.school_class.name)}</b>", *known]))


@router.callback_query(Tapped(DayListTap))
async def list_tapped(query: CallbackQuery, tap: DayListTap, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen | None:
    """Open, turn or mark; the list itself is drawn anew by the queue, so only a word is answered here."""
    if tap.step is ListStep.OPEN:
        await daylist.open_list(uow, actor, tap.class_id)
        return None
    done = await use_list(uow, actor, tr, tap, query.message.message_id if query.message else None)
    if done.marked is Marked.MOVED:
        return Screen(done.moved)
    return Screen(toast=_toast(done, tr, int(uow.school.undo.total_seconds())))


def _toast(done: RollTap, tr: Texts, seconds: int) -> str:
    plain = tr.plain
    name = done.child.name if done.child else ""
    match done.marked:
        case Marked.MISSING if done.in_peace:
            return plain.ngettext(
                "{name}: this home is in peace, please phone. In {n} second it is asked here; tap again to stop that.",
                "{name}: this home is in peace, please phone. In {n} seconds it is asked here; tap again to stop that.",
                seconds,
                name=name,
            )
        case Marked.MISSING:
            return plain.ngettext(
                "{name}: the home is asked in {n} second. Tap again to take it back.",
                "{name}: the home is asked in {n} seconds. Tap again to take it back.",
                seconds,
                name=name,
            )
        case Marked.NOT_ASKED:
            return plain.gettext("{name} is marked. The home is not asked from here.", name=name)
        case Marked.TAKEN_BACK:
            return plain.gettext("{name}: taken back.", name=name)
        case Marked.HERE:
            return plain.gettext("{name} is here. Good!", name=name)
        case _:
            return ""
