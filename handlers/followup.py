"""The teacher's way to what is followed over time: praise, remarks, patterns, check-ins, reports, homes in peace."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.domain.care_taps import CalmHomes, MoreToFollow
from bot.domain.errors import NotPermitted
from bot.domain.followup_taps import SignedReports
from bot.domain.messages import Button, Screen, rows
from bot.domain.people import Actor
from bot.domain.phrase_taps import PraiseClass
from bot.domain.taps import Page
from bot.i18n import Texts
from handlers.callbacks import Tapped, TappedPage
from handlers.interpreter_screens import memory_button
from handlers.keyboards import menu_button, to_page

router = Router(name="followup")


@router.callback_query(TappedPage(Page.FOLLOWUP))
async def followup_tapped(_: CallbackQuery, actor: Actor, tr: Texts) -> Screen:
    """Show what a teacher can follow.

    Raises:
        NotPermitted: the person neither teaches nor leads.
    """
    plain = tr.plain
    return _hub(
        actor,
        tr,
        [to_page("💬 " + plain.gettext("Conversations"), Page.CONVERSATIONS)],
        [Button("🌟 " + plain.gettext("Praise"), PraiseClass().pack())],
        [to_page("📝 " + plain.gettext("Remarks"), Page.REMARKS)],
        [to_page("📈 " + plain.gettext("Patterns"), Page.PATTERNS)],
        [Button("▶️ " + plain.gettext("More"), MoreToFollow().pack())],
        [menu_button(tr)],
    )


@router.callback_query(Tapped(MoreToFollow))
async def more_tapped(_: CallbackQuery, actor: Actor, tr: Texts) -> Screen:
    """Show the rest.

    Raises:
        NotPermitted: the person neither teaches nor leads.
    """
    plain = tr.plain
    return _hub(
        actor,
        tr,
        [to_page("🌅 " + plain.gettext("Check-ins"), Page.CHECKINS)],
        [Button("📅 " + plain.gettext("Monthly reports"), SignedReports().pack())],
        [to_page("🧳 " + plain.gettext("Leave"), Page.LEAVE)],
        [Button("🕊 " + plain.gettext("Homes left in peace"), CalmHomes().pack())],
        [memory_button(tr)] if actor.leads else [],
        [followup_button(tr), menu_button(tr)],
    )


def _hub(actor: Actor, tr: Texts, *buttons: list[Button]) -> Screen:
    if not actor.may_write_notices:
        raise NotPermitted
    return Screen(tr.gettext("What would you like to follow up?"), rows(*buttons))


def followup_button(tr: Texts) -> Button:
    """Return the way back to the hub."""
    return to_page("◀️ " + tr.plain.gettext("Back"), Page.FOLLOWUP)
