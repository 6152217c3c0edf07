"""A guardian lets an interpreter read, sees who does, and ends it (L4, P2)."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.actions import UnitOfWork
from bot.actions.interpreters import consent
from bot.domain.interpreter_taps import (
    ChooseInterpreter,
    ChooseScope,
    DeclineOffer,
    EndConsent,
    GiveConsent,
    OpenConsents,
    OpenConsentsAbout,
)
from bot.domain.messages import Screen
from bot.domain.people import Actor
from bot.i18n import Texts
from handlers import consent_screens as screens
from handlers.callbacks import Tapped

router = Router(name="consents")


@router.callback_query(Tapped(OpenConsents))
async def consents_tapped(_: CallbackQuery, tap: OpenConsents, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Show who follows a conversation, to either side."""
    return screens.consents_screen(await consent.show_consents(uow, actor, tap.thread), tr, uow.school, new=tap.new)


@router.callback_query(Tapped(OpenConsentsAbout))
async def about_tapped(_: CallbackQuery, tap: OpenConsentsAbout, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """The same for the conversation about a child."""
    return screens.consents_screen(await consent.show_consents_about(uow, actor, tap.pupil), tr, uow.school)


@router.callback_query(Tapped(ChooseInterpreter))
async def chosen(_: CallbackQuery, tap: ChooseInterpreter, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Ask what the interpreter may read."""
    return screens.scope_screen(await consent.choose(uow, actor, tap.thread, tap.interpreter), tr)


@router.callback_query(Tapped(ChooseScope))
async def scope_chosen(_: CallbackQuery, tap: ChooseScope, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Ask for how long."""
    choice = await consent.choose(uow, actor, tap.thread, tap.interpreter)
    return screens.span_screen(choice, tr, everything=tap.everything)


@router.callback_query(Tapped(GiveConsent))
async def given(_: CallbackQuery, tap: GiveConsent, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Let the interpreter read, and show who follows now."""
    view = await consent.give_consent(uow, actor, tap.thread, tap.interpreter, tap.span, everything=tap.everything)
    return screens.consents_screen(view, tr, uow.school, given=tap.interpreter)


@router.callback_query(Tapped(DeclineOffer))
async def declined(_: CallbackQuery, tap: DeclineOffer, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take a no."""
    await consent.decline(uow, actor, tap.thread)
    return screens.declined_screen(tap.thread, tr)


@router.callback_query(Tapped(EndConsent))
async def ended(_: CallbackQuery, tap: EndConsent, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """End at once what was allowed."""
    return screens.ended_screen(await consent.end(uow, actor, tap.consent), tr)
