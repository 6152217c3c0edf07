"""The screens of the own calendar and of its private address."""

from __future__ import annotations

import html

from bot.actions.year.link import LinkView
from bot.actions.year.own import OwnDates
from bot.domain.calendar_taps import EVERYTHING, CalendarPage, EventFile, LinkStep, LinkTap
from bot.domain.messages import Button, Screen, rows
from bot.domain.taps import Page
from bot.i18n import Html, Texts
from handlers.keyboards import menu_button, to_page


def page_screen(dates: OwnDates, view: LinkView, tr: Texts) -> Screen:
    """Show some of the dates to come, and the ways into the phone's calendar."""
    plain = tr.plain
    lines: list[str] = [tr.gettext("📅 <b>Your dates</b>")]
    lines += [f"<b>{line.when}</b>\n{line.what}" for line in dates.lines]
    if not dates.lines:
        lines.append(tr.gettext("Nothing is planned yet. What the school plans will stand here."))
    if not view.offered and dates.lines:
        lines.append(tr.gettext("<i>The file holds all of this for your phone, as it is today.</i>"))
    follow = [Button("📲 " + plain.gettext("Follow on my phone"), _tap(LinkStep.SHOW, view))] if view.offered else []
    whole = [Button("📥 " + plain.gettext("All dates as a file"), EventFile(EVERYTHING).pack())] if dates.lines else []
    turn = [
        Button(sign, CalendarPage(dates.page + step).pack())
        for sign, step in (("◀️", -1), ("▶️", 1))
        if 0 <= dates.page + step <= dates.last_page
    ]
    return Screen(Html("\n\n".join(lines)), rows(follow, whole, turn, [menu_button(tr)]))


def _tap(step: LinkStep, view: LinkView) -> str:
    return LinkTap(step, view.version).pack()


def _calendar_button(tr: Texts) -> Button:
    # Translators: button that leads back to the list of dates
    return to_page("📅 " + tr.plain.gettext("Calendar"), Page.CALENDAR)


def link_screen(view: LinkView, tr: Texts, *, toast: str = "") -> Screen:
    """Show whether there is an address, and what it is for; the address itself is never shown again."""
    if not view.offered:
        text = tr.gettext("Your phone cannot follow this calendar here. You can have all dates as a file.")
        whole = Button("📥 " + tr.plain.gettext("All dates as a file"), EventFile(EVERYTHING).pack())
        return Screen(text, rows([whole], [_calendar_button(tr)]), toast=toast)
    if view.made_at is None:
        return Screen(_offer(tr), rows([_make(view, tr)], [_calendar_button(tr)]), toast=toast)
    lines = [tr.gettext("📲 Your phone can follow your calendar. You made the address {moment}.", moment=view.made_at)]
    lines.append(
        tr.gettext("A calendar last read it {moment}.", moment=view.read_at)
        if view.read_at is not None
        else tr.gettext("No calendar has read it yet.")
    )
    lines.append(tr.gettext("If somebody else has it, or you have lost it, make a new one. The old one stops at once."))
    return Screen(
        Html("\n".join(lines)),
        rows(
            [Button("🔄 " + tr.plain.gettext("Make a new address"), _tap(LinkStep.REPLACE, view))],
            [Button("⛔ " + tr.plain.gettext("Stop the address"), _tap(LinkStep.END, view))],
            [_calendar_button(tr)],
        ),
        toast=toast,
    )


def _offer(tr: Texts) -> Html:
    lines = [
        tr.gettext(
            "📲 <b>Your dates in your own calendar</b>\nYou get an address. Your phone's calendar looks there by "
            "itself and shows new and changed dates."
        ),
        tr.gettext(
            "🔒 The address is yours alone: who has it can read your dates. It holds no names. You can stop it at any "
            "time."
        ),
    ]
    return Html("\n\n".join(lines))


def _make(view: LinkView, tr: Texts) -> Button:
    return Button("🔗 " + tr.plain.gettext("Make my address"), _tap(LinkStep.MAKE, view))


def made_screen(address: str, view: LinkView, tr: Texts) -> Screen:
    """Show the address, this once, and how a phone takes it."""
    lines = [
        tr.gettext("🔗 <b>Your address</b>, shown only now. Tap it to copy it."),
        f"<code>{html.escape(address)}</code>",
        tr.gettext("<b>iPhone:</b> Calendar, Calendars, Add Calendar, Add Subscription Calendar. Paste the address."),
        tr.gettext(
            "<b>Android:</b> open calendar.google.com in a browser, “Other calendars”, “From URL”. Paste the address. "
            "Some hours later it is on your phone."
        ),
        tr.gettext("🔒 Please pass it on to nobody. You can stop it here at any time."),
    ]
    stop = Button("⛔ " + tr.plain.gettext("Stop the address"), _tap(LinkStep.END, view))
    return Screen(Html("\n\n".join(lines)), rows([_calendar_button(tr)], [stop]))


def replace_screen(view: LinkView, tr: Texts) -> Screen:
    """Ask whether a new address is meant."""
    text = tr.gettext("The old address stops at once, and your phone needs the new one. Make a new address?")
    make = Button("🔄 " + tr.plain.gettext("Yes, a new address"), _tap(LinkStep.MAKE, view))
    return Screen(text, rows([make], [_back(view, tr)]))


def end_screen(view: LinkView, tr: Texts) -> Screen:
    """Ask whether the end is meant."""
    text = tr.gettext("The address stops at once, and your phone shows no new dates any more. Stop it?")
    stop = Button("⛔ " + tr.plain.gettext("Yes, stop it"), _tap(LinkStep.END_YES, view))
    return Screen(text, rows([stop], [_back(view, tr)]))


def _back(view: LinkView, tr: Texts) -> Button:
    return Button("◀️ " + tr.plain.gettext("Back"), _tap(LinkStep.SHOW, view))
