"""The menu, language, expectations, contacts, who sees what; leaving a question."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.actions import UnitOfWork
from bot.actions.entry import choose_language
from bot.actions.home import ContactsView, WhoSeesView, leave_question, list_children, list_contacts, who_sees
from bot.actions.interpreters.promise import needs_promise
from bot.domain.interpreters import only_interprets
from bot.domain.messages import Button, Screen, rows
from bot.domain.people import Actor, Role
from bot.domain.school import School
from bot.domain.taps import Cancel, ChooseLanguage, Page, WhoSees
from bot.i18n import Html, Texts, texts
from bot.i18n.words import RELATION_NAMES, ROLE_NAMES
from handlers.callbacks import Tapped, TappedPage
from handlers.consent_screens import consents_lines, end_buttons, interpreter_about_button
from handlers.filters import Said
from handlers.interpreter_screens import promise_screen
from handlers.keyboards import command_menu, menu_button, to_page, word_keyboard
from handlers.safety_screens import safety_button
from handlers.screens import expectations_screen, language_screen, menu_screen, welcome_screens

router = Router(name="menu")


@router.message(Said("menu", "start"))
async def menu_said(_: Message, uow: UnitOfWork, actor: Actor, tr: Texts) -> list[Screen]:
    """Show the menu; whatever question was open is closed."""
    await leave_question(uow, actor)
    return [menu_screen(actor, tr)]


@router.callback_query(TappedPage(Page.MENU))
async def menu_tapped(_: CallbackQuery, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show the menu in place, and leave the question like the word does."""
    await leave_question(uow, actor)
    return menu_screen(actor, tr)


@router.message(Said("cancel"))
async def cancel_said(_: Message, uow: UnitOfWork, actor: Actor, tr: Texts) -> list[Screen]:
    """Leave the open question."""
    await leave_question(uow, actor)
    return [Screen(tr.gettext("All right, nothing was sent.")), menu_screen(actor, tr)]


@router.callback_query(Tapped(Cancel))
async def cancel_tapped(_: CallbackQuery, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Leave the open question, in place; a button from before the answer only leads to the menu."""
    screen = menu_screen(actor, tr)
    if not await leave_question(uow, actor):
        return screen
    return Screen(screen.text, screen.buttons, toast=str(tr.plain.gettext("All right, nothing was sent.")))


@router.message(Said("language"))
async def language_said(_: Message, tr: Texts) -> Screen:
    """Offer the languages."""
    return language_screen(tr, tr.code)


@router.callback_query(TappedPage(Page.LANGUAGE))
async def language_tapped(_: CallbackQuery, tr: Texts) -> Screen:
    """Offer the languages, in place."""
    return language_screen(tr, tr.code)


@router.callback_query(Tapped(ChooseLanguage))
async def language_chosen(_: CallbackQuery, tap: ChooseLanguage, uow: UnitOfWork, actor: Actor) -> list[Screen]:
    """Change everything to the chosen language (L1, L2)."""
    first = await choose_language(uow, actor, tap.code)
    tr = texts(tap.code)
    chosen = Screen(tr.gettext("🌐 Your language here: {language}.", language=tr.language.name))
    welcome = welcome_screens(actor, tr, uow.school.name)
    if only_interprets(actor) and await needs_promise(uow, actor):  # the promise comes before the menu
        return [chosen, *(welcome[:1] if first else []), promise_screen(tr, new=True)]
    if first:
        return [chosen, *welcome]
    words = Screen(
        tr.gettext("You can change it at any time in the menu."),
        words=word_keyboard(actor, tr),
        commands=command_menu(actor, tr),
        new=True,
    )
    return [chosen, words, menu_screen(actor, tr, new=True)]


@router.message(Said("expectations"))
async def expectations_said(_: Message, tr: Texts) -> Screen:
    """Show what home and school expect of each other."""
    return expectations_screen(tr)


@router.callback_query(TappedPage(Page.EXPECTATIONS))
async def expectations_tapped(_: CallbackQuery, tr: Texts) -> Screen:
    """Show the same, in place."""
    return expectations_screen(tr)


@router.message(Said("children"))
async def children_said(_: Message, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show who sees what about the children."""
    return await _children(uow, actor, tr)


@router.callback_query(TappedPage(Page.CHILDREN))
async def children_tapped(_: CallbackQuery, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show the same, in place."""
    return await _children(uow, actor, tr)


async def _children(uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    children = await list_children(uow, actor)
    if not children:
        return Screen(tr.gettext("No child is connected to you here."), rows([menu_button(tr)]))
    if len(children) == 1:
        return _who_sees(await who_sees(uow, actor, children[0].id), tr, uow.school)
    buttons = [[Button(f"{child.name}, {child.class_name}", WhoSees(child.id).pack())] for child in children]
    return Screen(tr.gettext("About which child?"), rows(*buttons, [menu_button(tr)]))


@router.callback_query(Tapped(WhoSees))
async def who_sees_tapped(_: CallbackQuery, tap: WhoSees, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show who can read and write about one child (P2)."""
    return _who_sees(await who_sees(uow, actor, tap.pupil), tr, uow.school)


def _who_sees(view: WhoSeesView, tr: Texts, school: School) -> Screen:
    lines = [
        tr.gettext(
            "<b>Who can read and write about {child} ({school_class})</b>",
            child=view.child.name,
            school_class=view.child.class_name,
        ),
        "",
    ]
    for tie in view.guardians:
        relation = tr.gettext(RELATION_NAMES[tie.relation])
        mark = "" if tie.enrolled else tr.gettext(" (has not opened the bot yet)")
        lines.append(f"• {tr.value(tie.name)}: {relation}{mark}")
    lines += [
        f"• {tr.value(name)}: {tr.gettext(ROLE_NAMES[Role.CONTACT_TEACHER if contact else Role.SUBJECT_TEACHER])}"
        for name, contact in view.teachers
    ]
    lines += [f"• {tr.value(name)}: {tr.gettext(ROLE_NAMES[role])}" for name, role in view.leadership]
    lines += consents_lines(tr, view.interpreters, school)
    lines += ["", tr.gettext("What you write is read by the school only. Other guardians do not see it.")]
    more = interpreter_about_button(tr, view.child.id)
    return Screen(Html("\n".join(lines)), rows(*end_buttons(tr, view.interpreters), [more], [menu_button(tr)]))


@router.message(Said("contacts"))
async def contacts_said(_: Message, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show whom a home can turn to."""
    return _contacts(await list_contacts(uow, actor), tr)


@router.callback_query(TappedPage(Page.CONTACTS))
async def contacts_tapped(_: CallbackQuery, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show the same, in place."""
    return _contacts(await list_contacts(uow, actor), tr)


def _contacts(view: ContactsView, tr: Texts) -> Screen:
    lines = [tr.gettext("<b>Whom you can turn to</b>"), ""]
    for child, teachers in view.by_child:
        names = tr.list(teachers) if teachers else tr.gettext("nobody yet")
        who = f"{tr.value(child.name)}, {tr.value(child.class_name)}"
        lines.append(f"• {who}: {names} ({tr.gettext(ROLE_NAMES[Role.CONTACT_TEACHER])})")
    for contact, role in view.leadership:
        lines.append(f"• {tr.value(contact.name)}: {tr.gettext(ROLE_NAMES[role])}")
    if view.office_phone:
        lines.append(tr.gettext("☎️ School office: {number}", number=view.office_phone))
    seen_by = to_page("👀 " + tr.plain.gettext("Who sees what about my child"), Page.CHILDREN)
    unsafe = [safety_button(tr)] if view.by_child else []
    return Screen(Html("\n".join(lines)), rows([seen_by] if view.by_child else [], unsafe, [menu_button(tr)]))


@router.message(Said("help"))
async def help_said(_: Message, actor: Actor, tr: Texts) -> list[Screen]:
    """Say what the bot is for."""
    lines = [tr.gettext("This is where home and school reach each other.")]
    if actor.is_guardian:
        lines.append(
            tr.gettext(
                "Messages from school come by themselves. To write to the teacher, just write here, "
                "in your own language."
            )
        )
        lines.append(
            # Translators: /safety is a command and stays as it is
            tr.gettext("🛡 Is something not right for your child at school? Write /safety. The class does not see it.")
        )
    if actor.may_write_notices:
        lines.append(
            tr.gettext(
                "Tap “New message to homes”: every home reads it in its own language, and you see who has understood."
            )
        )
    lines.append(tr.gettext("In an emergency call 113. For something urgent, call the school."))
    return [Screen(Html("\n\n".join(lines))), menu_screen(actor, tr)]
