"""A pupil is missing: guardians answer with one tap, teachers say what a call brought (A5)."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.actions import UnitOfWork
from bot.actions.absence.inquiries_answers import Standing, answer_inquiry, log_call
from bot.actions.absence.inquiries_texts import (
    answer_buttons,
    arrived_text,
    believed_text,
    ended_text,
    over_text,
    settled_text,
    stands_text,
)
from bot.actions.absence.words import absence_text
from bot.domain.absence_taps import AnswerInquiry, LogCall
from bot.domain.messages import Screen
from bot.domain.morning import InquiryState, PhoneOutcome
from bot.domain.people import Actor, Relation
from bot.i18n import Html, Texts
from handlers.callbacks import Tapped

router = Router(name="inquiries")


@router.callback_query(Tapped(AnswerInquiry))
async def answered(_: CallbackQuery, tap: AnswerInquiry, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take a guardian's answer, or show how it stands when it was settled before."""
    standing = await answer_inquiry(uow, actor, tap.inquiry, tap.answer)
    if standing.believed:
        buttons = answer_buttons(tr, standing.inquiry_id, Relation.GUARDIAN, unknown=False)
        return Screen(believed_text(tr, standing.child.name), buttons)
    if standing.counted:  # the queue changes the question for everybody who was asked
        return Screen(toast=tr.plain.gettext("Thank you. The teacher sees it now."))
    return Screen(_standing_text(standing, tr))


def _standing_text(standing: Standing, tr: Texts) -> Html:
    child, absence = standing.child.name, standing.absence
    match standing.state:
        case InquiryState.ARRIVED:
            return arrived_text(tr, child)
        case InquiryState.UNRESOLVED:
            return over_text(tr, child)
        case _ if absence is not None:
            return stands_text(tr, child, absence_text(tr, absence.kind, absence.reason, absence.starts, absence.ends))
        case _:
            return settled_text(tr, child)


@router.callback_query(Tapped(LogCall))
async def called(_: CallbackQuery, tap: LogCall, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take down what a call brought; the queue changes the request for everybody who has it."""
    standing = await log_call(uow, actor, tap.inquiry, tap.outcome)
    if not standing.counted:
        return Screen(ended_text(tr, standing.child, standing.state))
    if tap.outcome is PhoneOutcome.NO_ANSWER:
        minutes = int(uow.school.inquiry_wait.total_seconds() // 60)
        return Screen(
            toast=tr.plain.ngettext(
                "Noted. I remind you in {n} minute.", "Noted. I remind you in {n} minutes.", minutes
            )
        )
    return Screen(toast=tr.plain.gettext("Noted. Thank you for calling."))
