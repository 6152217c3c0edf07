"""Buttons that several screens share."""

from __future__ import annotations

from bot.domain.events import WITH_PARENTS
from bot.domain.interpreter_taps import OpenFollowed, OpenQueue
from bot.domain.messages import Button, Rows, grid, rows
from bot.domain.people import Actor, Role
from bot.domain.taps import Cancel, ChooseLanguage, OpenPage, Page
from bot.i18n import Texts, commands, languages
from bot.i18n.words import language_label

HOME_COMMANDS = (
    "menu", "absence", "write", "conversations", "notices", "meetings", "weekplan", "leave", "overview", "children",
    "contacts", "safety", "expectations",
)  # fmt: skip
SCHOOL_COMMANDS = ("menu", "today", "new", "sent", "conversations", "meetings", "remarks", "patterns", "checkins")
COMMON_COMMANDS = ("calendar", "language", "help", "cancel")


def to_page(label: str, page: Page, *, new: bool = False) -> Button:
    """Return a button that opens a page."""
    return Button(label, OpenPage(page, new).pack())


def menu_button(tr: Texts) -> Button:
    """Return the way back to the menu."""
    return to_page("☰ " + tr.plain.gettext("Menu"), Page.MENU)


def cancel_button(tr: Texts, page: Page = Page.MENU) -> Button:
    """Return the way out of a question."""
    return Button("✖️ " + tr.plain.gettext("Cancel"), Cancel(page).pack())


def language_buttons(tr: Texts, first: str | None = None) -> Rows:
    """Return the live languages by their own names, the likely one first, drafts marked."""
    order = sorted(languages(), key=lambda code: code != first)
    return grid([Button(language_label(code, tr), ChooseLanguage(code).pack()) for code in order], 2)


def command_names(actor: Actor) -> tuple[str, ...]:
    """Return the commands that make sense for a person, by role."""
    school = SCHOOL_COMMANDS if actor.may_write_notices else ("menu",)
    named = ("conversations",) if Role.SAFETY_CONTACT in actor.roles else ()
    home = HOME_COMMANDS if actor.is_guardian else ()
    meetings = ("meetings",) if has_meetings(actor) else ()
    return tuple(dict.fromkeys((*school, *named, *home, *meetings, *COMMON_COMMANDS)))


def has_meetings(actor: Actor) -> bool:
    """Tell whether somebody is invited to meetings or calls them: homes, teachers, leadership, representatives."""
    return actor.is_guardian or bool(actor.roles & WITH_PARENTS)


def command_menu(actor: Actor, tr: Texts) -> tuple[tuple[str, str], ...]:
    """Return the command menu in the person's language; Telegram itself follows the client's (facts)."""
    known = commands(tr.code)
    return tuple((name, known[name].description) for name in command_names(actor))


def word_keyboard(actor: Actor, tr: Texts) -> tuple[tuple[str, ...], ...]:
    """Return the reply keyboard: the few words that are always at hand."""
    known = commands(tr.code)
    first = [known[name].word for name in ("today", "new")] if actor.may_write_notices else []
    second = [known[name].word for name in ("absence", "write")] if actor.is_guardian else []
    return tuple(tuple(row) for row in (first, second, [known["menu"].word]) if row)


def menu_buttons(actor: Actor, tr: Texts) -> Rows:
    """Return the menu, at most six buttons a role, the likely one first."""
    plain = tr.plain
    school = [
        [to_page("📋 " + plain.gettext("Today's list"), Page.TODAY, new=True)],
        [to_page("📣 " + plain.gettext("New message to homes"), Page.COMPOSE, new=True)],
        [to_page("📊 " + plain.gettext("Sent messages"), Page.SENT)],
        [to_page("📈 " + plain.gettext("Follow up"), Page.FOLLOWUP)],
    ]
    talks = [to_page("💬 " + plain.gettext("Conversations"), Page.CONVERSATIONS)]
    home = [
        [to_page("🤒 " + plain.gettext("Report absence"), Page.ABSENCE)],
        talks,
        [to_page("📬 " + plain.gettext("Messages from school"), Page.NOTICES)],
    ]
    interpreter = [
        [Button("🌐 " + plain.gettext("Translations"), OpenQueue().pack())],
        [Button("👂 " + plain.gettext("Conversations I follow"), OpenFollowed().pack())],
    ]
    meetings = [to_page("📅 " + plain.gettext("Meetings and dates"), Page.MEETINGS)]
    contacts = to_page("☎️ " + plain.gettext("Contacts"), Page.CONTACTS)
    language = to_page("🌐 " + plain.gettext("Language"), Page.LANGUAGE)
    return rows(
        *(school if actor.may_write_notices else []),
        *(home if actor.is_guardian else []),
        *(interpreter if Role.INTERPRETER in actor.roles else []),
        talks if Role.SAFETY_CONTACT in actor.roles and not (actor.is_guardian or actor.may_write_notices) else [],
        meetings if has_meetings(actor) else [],
        [contacts, language] if actor.is_guardian else [language],
    )
