"""Screens that more than one handler shows."""

from __future__ import annotations

from datetime import datetime

from bot.actions.threads import Receipt
from bot.actions.threads.words import wish_name
from bot.domain.messages import Button, Screen, rows
from bot.domain.people import Actor
from bot.domain.school import SchoolHours
from bot.domain.taps import Page
from bot.domain.thread_taps import TakeBack, WishTime
from bot.domain.threads import CallWish
from bot.i18n import Html, Texts
from handlers.keyboards import command_menu, language_buttons, menu_button, menu_buttons, to_page, word_keyboard


def menu_screen(actor: Actor, tr: Texts, *, new: bool = False) -> Screen:
    """Return the menu."""
    return Screen(tr.gettext("What would you like to do?"), menu_buttons(actor, tr), new=new)


def welcome_screens(actor: Actor, tr: Texts, school: str) -> list[Screen]:
    """Return what a person sees right after choosing a language for the first time (N7)."""
    greeting = tr.gettext("Welcome, {name}. You are connected to {school}.", name=actor.name, school=school)
    words = Screen(greeting, words=word_keyboard(actor, tr), commands=command_menu(actor, tr), new=True)
    if actor.is_guardian:
        return [words, expectations_screen(tr, new=True)]
    return [words, menu_screen(actor, tr, new=True)]


def expectations_screen(tr: Texts, *, new: bool = False) -> Screen:
    """Return what the home can expect of the school, and the school of the home (N7)."""
    lines = [
        tr.gettext("<b>Home and school: what we expect of each other</b>"),
        # Translators: explains a Norwegian custom to a newcomer; warm, never "you must"
        tr.gettext(
            "In Norway parents and school work together. You know your child best, and your questions are welcome. "
            "Asking is never a bother."
        ),
        tr.gettext(
            "<b>You can expect from us</b>\n"
            "• messages here in your language\n"
            "• an answer from the contact teacher within a few school days\n"
            "• a talk about your child at least twice a year, with an interpreter if you want one, free of charge\n"
            "• school is free: you never have to pay for a trip"
        ),
        tr.gettext(
            "<b>We hope for this from you</b>\n"
            "• tell us when your child is ill or late\n"
            "• tap “Understood” when you have read a message, or ask\n"
            "• come to the meetings when you can\n"
            "• send clothes for the weather: the children are outside every day"
        ),
        tr.gettext(
            "Your child never has to translate for you. If something is unclear, tap “Please call me”, "
            "and we find a way."
        ),
    ]
    return Screen(Html("\n\n".join(lines)), rows([menu_button(tr)]), new=new)


def language_screen(tr: Texts, first: str | None = None, *, new: bool = False) -> Screen:
    """Ask for the language, each by its own name."""
    return Screen(tr.gettext("Which language do you want to read?"), language_buttons(tr, first), new=new)


def receipt_screen(receipt: Receipt, tr: Texts, answer_days: int, *, call: bool = False, new: bool = False) -> Screen:
    """Tell a guardian who reads the message and when an answer can be expected (B3); ask when a call suits (B5)."""
    names = tr.list(receipt.readers)
    if call:
        lines = [tr.gettext("✅ Sent. {names} will call you.", names=names)]
    elif receipt.takes_back:
        # Translators: a message that can be taken back for some seconds; then the named teachers read it
        lines = [tr.gettext("✉️ On its way to {names}, about {child}.", names=names, child=receipt.child)]
    else:
        lines = [tr.gettext("✅ Sent to {names}.", names=names)]
    lines.append(
        tr.gettext("It arrives {moment}: until then it is quiet time at the school.", moment=_wall(receipt.reads_from))
        if receipt.reads_from is not None
        else tr.ngettext(
            "You usually get an answer within {n} school day.",
            "You usually get an answer within {n} school days.",
            answer_days,
        )
    )
    if not call:
        lines.append(tr.gettext("If it takes a while, that is only because the school day is full."))
    lines.append(tr.gettext("If it is urgent, please call the school."))
    if call and receipt.message_id and receipt.wish is None:
        lines.append(tr.gettext("When does a call suit you?"))
    return Screen(Html("\n".join(lines)), rows(*_receipt_buttons(receipt, tr, call=call), [menu_button(tr)]), new=new)


def _receipt_buttons(receipt: Receipt, tr: Texts, *, call: bool) -> list[list[Button]]:
    if call and receipt.message_id:
        return wish_buttons(tr, receipt.message_id, receipt.hours, receipt.wish)
    if receipt.takes_back:
        return [[Button("↩️ " + tr.plain.gettext("Take it back"), TakeBack(receipt.message_id).pack())]]
    return []


def wish_buttons(tr: Texts, message_id: int, hours: SchoolHours, chosen: CallWish | None) -> list[list[Button]]:
    """Return the times at which a call can suit; the one that was chosen is marked."""

    def one(wish: CallWish) -> Button:
        sign = "✅ " if wish is chosen else "🕗 "
        return Button(sign + wish_name(tr.plain, wish, hours), WishTime(message_id, wish).pack())

    return [[one(CallWish.ANY), one(CallWish.MORNING)], [one(CallWish.MIDDAY), one(CallWish.AFTERNOON)]]


def sent_to_home_screen(receipt: Receipt, tr: Texts) -> Screen:
    """Tell a teacher that the answer is on its way, or that somebody has to phone."""
    names = tr.list(receipt.readers)
    lines = [tr.gettext("✅ Sent to {names}, about {child}.", names=names, child=receipt.child)]
    if receipt.unreachable:
        lines.append(tr.gettext("{names} cannot be reached here right now. If it matters, please phone.", names=names))
    elif receipt.reads_from is not None:
        lines.append(tr.gettext("It arrives {moment}, when quiet hours end.", moment=_wall(receipt.reads_from)))
    return Screen(Html("\n".join(lines)), rows([menu_button(tr)]))


def _wall(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def nothing_open_screen(tr: Texts) -> Screen:
    """Answer what no handler understood."""
    return Screen(
        tr.gettext("I did not understand that. Here is what I can do."),
        rows([to_page("☰ " + tr.plain.gettext("Menu"), Page.MENU)]),
    )
