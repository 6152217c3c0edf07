"""A guardian says it in the own words (A2): the bot proposes, the guardian taps. The sentence is not stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from aiogram import Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.types import CallbackQuery
from aiogram.types import Message as TelegramMessage

from bot.actions import UnitOfWork, threads
from bot.actions.absence import change, report
from bot.actions.home import list_children
from bot.domain.absence import AbsenceDraft, AbsenceKind
from bot.domain.absence_taps import AbsenceReceipt, ReceiptStep, ReportStep, SendWritten
from bot.domain.errors import InvalidInput
from bot.domain.messages import Button, Screen, rows
from bot.domain.people import Actor, Child
from bot.domain.taps import Page, WriteAbout
from bot.i18n import Html, Texts
from bot.understanding import ChildName, Intent, Understood
from handlers import absence_screens as screens
from handlers.callbacks import Tapped
from handlers.care import Words, sends, with_care
from handlers.filters import HasText
from handlers.keyboards import cancel_button, menu_button, to_page
from handlers.languages import understand
from handlers.screens import receipt_screen as sent_screen

router = Router(name="spoken")

KINDS = {
    Intent.REPORT_ABSENCE: AbsenceKind.ABSENT,
    Intent.REPORT_LATE: AbsenceKind.LATE,
    Intent.REPORT_PART: AbsenceKind.PART,
}


@router.message(HasText())
async def sentence_said(message: TelegramMessage, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Propose what a sentence seems to mean; what is not understood goes on as a message to the teacher."""
    text = message.text or ""
    if not actor.is_guardian or text.startswith("/"):
        raise SkipHandler
    children = await list_children(uow, actor)
    meant = _understand(uow, tr, text, children)
    if meant is None:
        raise SkipHandler
    screen = await _propose(uow, actor, tr, meant, children)
    if screen is None:
        raise SkipHandler
    return screen


def _understand(uow: UnitOfWork, tr: Texts, text: str, children: Sequence[Child]) -> Understood | None:
    names = [ChildName(child.id, child.name) for child in children]
    return understand(text, tr.code, names, uow.school.local(uow.now), fallback=(uow.school.language,))


@dataclass(frozen=True, slots=True)
class Offer:
    """A report of which an answer to the school speaks: its reader has nothing on the day's list by that."""

    text: Html
    yes: Button

    def below(self, sent: Screen) -> Screen:
        """Return the receipt for the words, with the question whether to report it as well."""
        return replace(sent, text=Html(f"{sent.text}\n\n{self.text}"), buttons=((self.yes,), *sent.buttons))


async def report_in(uow: UnitOfWork, actor: Actor, tr: Texts, text: str, pupil_id: int) -> Offer | None:
    """Return the report that the words of an answer seem to mean; without a name in them, of the child they are about.

    None: they mean something else, or no school day.
    """
    children = await list_children(uow, actor)
    meant = _understand(uow, tr, text, children) if children else None
    if meant is None or meant.intent not in KINDS:
        return None
    ids = meant.children or (pupil_id,)
    chosen = [child for child in children if child.id in ids]
    if not chosen:
        return None
    first = meant.first or uow.today
    draft = AbsenceDraft(
        tuple(child.id for child in chosen),
        first,
        meant.last or first,
        KINDS[meant.intent],
        meant.reason,
        meant.starts,
        meant.ends,
    )
    try:
        whole, _ = await report.check_draft(uow, actor, draft)
    except InvalidInput:
        return None
    lines = (tr.gettext("Shall I report this?"), screens.report_text(whole, chosen, uow.today, tr))
    at = ReportStep.CONFIRM if whole.reason is not None else ReportStep.REASON
    return Offer(Html("\n".join(lines)), screens.step("✅ " + tr.plain.gettext("Yes, report it"), at, whole))


async def _propose(
    uow: UnitOfWork, actor: Actor, tr: Texts, meant: Understood, children: Sequence[Child]
) -> Screen | None:
    chosen = _meant_children(meant, children)
    match meant.intent:
        case Intent.REPORT_ABSENCE | Intent.REPORT_LATE | Intent.REPORT_PART:
            return await _propose_report(uow, actor, tr, meant, chosen)
        case Intent.EXTEND:
            return await _propose_extension(uow, actor, tr, meant, chosen)
        case Intent.BACK_TODAY:
            return await _propose_withdrawal(uow, actor, tr, chosen)
        case Intent.ASK_LEAVE:
            leave = to_page("🧳 " + tr.plain.gettext("Ask for leave"), Page.LEAVE)
            text = tr.gettext("Would you like to ask for leave? The school decides, and you get the answer here.")
            return Screen(text, rows([leave], *_as_message(chosen, tr), [cancel_button(tr)]), replies=True)
        case Intent.CALL_ME:
            return _propose_call(tr, chosen)
        case Intent.THANKS:
            return Screen(
                tr.gettext("💛 You are welcome."), rows(*_as_message(chosen, tr), [menu_button(tr)]), replies=True
            )
        case Intent.HELP:
            text = tr.gettext(
                "Here is what I can do. You can also just write to the teacher here, in your own language."
            )
            return Screen(text, rows([menu_button(tr)]))


def _meant_children(meant: Understood, children: Sequence[Child]) -> list[Child]:
    """Return the children that are meant for certain, or all that fit."""
    ids = meant.children or meant.candidates or tuple(child.id for child in children)
    return [child for child in children if child.id in ids]


def _is_certain(meant: Understood, chosen: Sequence[Child]) -> bool:
    return bool(meant.children) or len(chosen) == 1


async def _propose_report(uow: UnitOfWork, actor: Actor, tr: Texts, meant: Understood, chosen: list[Child]) -> Screen:
    first = meant.first or uow.today
    draft = AbsenceDraft((), first, meant.last or first, KINDS[meant.intent], meant.reason, meant.starts, meant.ends)
    try:
        checked, _ = await report.check_draft(uow, actor, draft)
    except InvalidInput as refused:
        whose = replace(draft, children=tuple(child.id for child in chosen)) if _is_certain(meant, chosen) else draft
        return screens.days_refused_screen(refused, whose, tr, replies=True)
    note = _privacy_note(tr) if meant.sensitive else None
    if not _is_certain(meant, chosen):
        return _choose_child(checked, chosen, uow.today, tr, note)
    whole = replace(checked, children=tuple(child.id for child in chosen))
    if whole.reason is None:
        return screens.reason_screen(
            whole, chosen, uow.today, tr, note=note, others=_message_button(chosen, tr), replies=True
        )
    return screens.review_screen(
        whole, chosen, uow.today, tr, note=note, others=_message_button(chosen, tr), replies=True
    )


def _privacy_note(tr: Texts) -> Html:
    """Say kindly that no diagnosis is kept (Datatilsynet counts it as health data)."""
    return tr.gettext(
        "🔒 What the illness is stays with you: the school only gets “{word}”.", word=tr.gettext("illness")
    )


def _choose_child(draft: AbsenceDraft, fitting: Sequence[Child], today: date, tr: Texts, note: Html | None) -> Screen:
    """Ask which child is meant; with a reason known, the tap reports."""
    at = ReportStep.CONFIRM if draft.reason is not None else ReportStep.REASON
    buttons = [
        [screens.step(f"{child.name}, {child.class_name}", at, replace(draft, children=(child.id,)))]
        for child in fitting
    ]
    lines = [tr.gettext("Which child is it about?"), screens.what_text(draft, today, tr)]
    if note:
        lines.append(note)
    others = [[button] for button in _message_button(fitting, tr)]
    return Screen(Html("\n".join(lines)), rows(*buttons, *others, [cancel_button(tr)]), replies=True)


async def _propose_extension(
    uow: UnitOfWork, actor: Actor, tr: Texts, meant: Understood, chosen: list[Child]
) -> Screen | None:
    """ "Also tomorrow": prolong what is reported, or report it anew as it was before."""
    stands = await change.find_recent(uow, actor, [child.id for child in chosen])
    if stands is None or stands.last is None:
        return None
    first = meant.first or await change.following_day(uow, stands.last)
    if first is None:
        return None
    draft = stands.with_days(max(first, uow.today), max(meant.last or first, uow.today))
    whose = [child for child in chosen if child.id in stands.children]
    try:
        checked, _ = await report.check_draft(uow, actor, draft)
    except InvalidInput as refused:
        return screens.days_refused_screen(refused, draft, tr, replies=True)
    return screens.review_screen(checked, whose, uow.today, tr, others=_message_button(whose, tr), replies=True)


async def _propose_withdrawal(uow: UnitOfWork, actor: Actor, tr: Texts, chosen: list[Child]) -> Screen | None:
    """ "Well again": offer to take back what is reported from today on."""
    found = await change.find_reported(uow, actor, [child.id for child in chosen], uow.today)
    if found is None:
        return None  # nothing to take back: it is a message
    whose = [child for child in chosen if child.id in found.children]
    lines = [tr.gettext("Shall I take this back?"), screens.report_text(found, whose, uow.today, tr)]
    yes = Button("↩️ " + tr.plain.gettext("Yes, take it back"), AbsenceReceipt(ReceiptStep.WITHDRAW, found).pack())
    return Screen(Html("\n".join(lines)), rows([yes], *_as_message(whose, tr), [cancel_button(tr)]), replies=True)


def _propose_call(tr: Texts, chosen: Sequence[Child]) -> Screen:
    buttons = [
        [
            Button(
                "📞 " + tr.plain.gettext("Please call me, about {child}", child=child.name),
                WriteAbout(child.id, call=True).pack(),
            )
        ]
        for child in chosen
    ]
    text = tr.gettext("Would you like the contact teacher to call you?")
    return Screen(text, rows(*buttons, *_as_message(chosen, tr), [cancel_button(tr)]), replies=True)


def _message_button(children: Sequence[Child], tr: Texts) -> list[Button]:
    """Return the way out of a wrong proposal: the same words go to the teacher, in one tap."""
    label = "✉️ " + tr.plain.gettext("No, send it to the teacher")
    if len(children) == 1:
        return [Button(label, SendWritten(children[0].id).pack())]
    return [Button(f"{label}: {child.name.split()[0]}", SendWritten(child.id).pack()) for child in children]


def _as_message(children: Sequence[Child], tr: Texts) -> list[list[Button]]:
    plain = tr.plain
    if len(children) == 1:
        return [[Button("✉️ " + plain.gettext("Send it to the teacher"), SendWritten(children[0].id).pack())]]
    return [
        [Button("✉️ " + plain.gettext("Send it, about {child}", child=child.name), SendWritten(child.id).pack())]
        for child in children
    ]


@router.callback_query(Tapped(SendWritten))
async def written_sent(query: CallbackQuery, tap: SendWritten, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Send the words that the proposal answers; if Telegram does not bring them, ask for them once more."""
    proposal = query.message
    written = proposal.reply_to_message if isinstance(proposal, TelegramMessage) else None
    if written is None or not written.text or written.from_user is None or written.from_user.id != query.from_user.id:
        child = await threads.start_message(uow, actor, tap.pupil)
        text = tr.gettext("✍️ Please write it once more: your message about {child} to the teacher.", child=child.name)
        return Screen(text, rows([cancel_button(tr)]))
    words = Words(written.text, pupil=tap.pupil, extra={"mid": written.message_id})
    return await with_care(uow, actor, tr, "absence.written", words)


@sends("absence.written")
async def _send_written(uow: UnitOfWork, actor: Actor, tr: Texts, words: Words) -> Screen:
    receipt = await threads.send_written(uow, actor, words.pupil, words.text, chat_message_id=words.extra["mid"])
    return sent_screen(receipt, tr, uow.school.answer_days)
