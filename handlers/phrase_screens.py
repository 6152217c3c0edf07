"""The screens of ready sentences: categories, numbered sentences, one question for each thing left open (N8)."""

from __future__ import annotations

from bot.actions.phrase_targets import offers_phrases
from bot.actions.phrases import PhraseChoice, PhraseView, SlotQuestion
from bot.domain.marking import N_
from bot.domain.messages import Button, Rows, Screen, grid, rows
from bot.domain.phrase_taps import FillSlot, PhraseAct, Phrases, PhraseStep, PhraseUse, PickPhrase, TurnSlot
from bot.domain.taps import DraftAct, DraftStep
from bot.i18n import Html, Texts
from handlers.keyboards import cancel_button

WORDS_SHOWN = 60
"""Characters of what was looked for, above what was found."""

CATEGORY_NAMES = {
    # Translators: kinds of ready-made sentences that a teacher or a parent can choose from
    "bring": N_("Things to bring"),
    "days": N_("Days and trips"),
    "health": N_("Health"),
    "coming": N_("Collecting and going home"),
    "contact": N_("Talks and thanks"),
    "praise": N_("Praise"),
}
CATEGORY_SIGNS = {"bring": "🎒", "days": "📅", "health": "🩹", "coming": "🚸", "contact": "💬", "praise": "🌟"}

SLOT_QUESTIONS = {
    "day": N_("Which day? Tap one, or write it like 24.11."),
    "time": N_("What time? Tap one, or write it like 08:30."),
    "number": N_("How many? Tap a number, or write it."),
    "class": N_("Which class? Tap it, or write its name."),
    "thing": N_("Which thing? Tap it."),
    "person": N_("Who? Tap it."),
    # Translators: a place where a class meets; its own name is shown in every language as it is written here
    "place": N_("Where? Tap a place, or write its own name. It stands there as you write it, in every language."),
}


def phrases_buttons(tr: Texts, use: PhraseUse, ref: int, category: str = "") -> list[Button]:
    """Return the way to the ready sentences, none where the language has none.

    Args:
        ref: the notice, thread or pupil, see `PhraseUse`.
        category: to begin with this one.
    """
    if not offers_phrases(tr.code):
        return []
    return [Button("📖 " + tr.plain.gettext("Ready sentences"), Phrases(use, ref, category).pack())]


def categories_screen(view: PhraseView, tr: Texts, *, toast: str = "") -> Screen:
    """Show what is written so far, and ask for the kind of sentence."""
    asked = tr.gettext("📖 <b>Ready sentences</b>\nChoose what it is about, or write a word to look for.")
    if view.use is PhraseUse.NOTICE:
        exact = tr.gettext("Every home reads them exactly, in its own language.")
    else:
        exact = tr.gettext("The other side reads them exactly, in its own language.")
    parts = [f"<blockquote>{tr.value(view.text)}</blockquote>"] if view.text else []
    categories = [
        Button(
            f"{CATEGORY_SIGNS[one]} {tr.plain.gettext(CATEGORY_NAMES[one])}", Phrases(view.use, view.ref, one).pack()
        )
        for one in view.categories
        if one in CATEGORY_NAMES
    ]
    text = Html("\n\n".join((*parts, f"{asked}\n{exact}")))
    return Screen(text, rows(*_done(view, tr), *grid(categories, 2), *_out(view, tr)), toast=toast)


def _done(view: PhraseView, tr: Texts) -> Rows:
    """Return what goes on with the text, once there is some."""
    if not view.text:
        return ()
    if view.use is PhraseUse.NOTICE:
        done = DraftAct(view.ref, view.version, DraftStep.OVERVIEW).pack()
        return rows([Button("✔️ " + tr.plain.gettext("Done"), done)])
    return rows([Button("✉️ " + tr.plain.gettext("Send it"), PhraseAct(view.use, view.ref, PhraseStep.SEND).pack())])


def _out(view: PhraseView, tr: Texts) -> Rows:
    """Return the way back to writing by hand; nothing that was chosen is lost by it."""
    back = "◀️ " + tr.plain.gettext("Back")
    if view.use is PhraseUse.NOTICE:
        leave = [] if view.text else [Button(back, DraftAct(view.ref, view.version, DraftStep.OVERVIEW).pack())]
        return rows(leave, [Button("🗑 " + tr.plain.gettext("Discard"), _discard(view))])
    leave = [] if view.text else [Button(back, PhraseAct(view.use, view.ref, PhraseStep.BACK).pack())]
    return rows([*leave, cancel_button(tr)])


def _discard(view: PhraseView) -> str:
    return DraftAct(view.ref, view.version, DraftStep.DISCARD).pack()


def choice_screen(choice: PhraseChoice, tr: Texts) -> Screen:
    """Show sentences with their numbers; the buttons are the numbers, so that long sentences can be read whole."""
    view = choice.view
    if choice.words:
        head = Html(f"🔎 <b>{tr.value(_short(choice.words))}</b>")
    else:
        name = tr.gettext(CATEGORY_NAMES.get(choice.category, "Ready sentences"))
        head = Html(f"{CATEGORY_SIGNS.get(choice.category, '📖')} <b>{name}</b>")
    numbered = [f"{number}. {tr.value(sentence)}" for number, (_, sentence) in enumerate(choice.phrases, 1)]
    if not numbered:
        numbered = [tr.gettext("No ready sentence has these words. Try another word, or choose what it is about.")]
    buttons = [
        Button(str(number), PickPhrase(view.use, view.ref, phrase).pack())
        for number, (phrase, _) in enumerate(choice.phrases, 1)
    ]
    turn = [
        Button(sign, Phrases(view.use, view.ref, choice.category, choice.page + step).pack())
        for sign, step in (("◀️", -1), ("▶️", 1))
        if 0 <= choice.page + step < choice.pages
    ]
    own = []
    if choice.words and view.use is PhraseUse.NOTICE:
        # Translators: adds the words that were just typed to the message, as they are
        own = [Button("✍️ " + tr.plain.gettext("Add my words"), PhraseAct(view.use, view.ref, PhraseStep.OWN).pack())]
    elif choice.words:
        act = PhraseAct(view.use, view.ref, PhraseStep.OWN).pack()
        own = [Button("✉️ " + tr.plain.gettext("Send it like this"), act)]
    return Screen(
        Html("\n".join((head, "", *numbered))), rows(*grid(buttons, 3), turn, own, [_to_categories(view, tr)])
    )


def _short(words: str) -> str:
    """A whole message may have been typed instead of a word."""
    return words if len(words) <= WORDS_SHOWN else words[:WORDS_SHOWN].rstrip() + "…"


def _to_categories(view: PhraseView, tr: Texts) -> Button:
    return Button("◀️ " + tr.plain.gettext("Back"), Phrases(view.use, view.ref).pack())


def slot_screen(question: SlotQuestion, tr: Texts) -> Screen:
    """Ask for one thing that the sentence leaves open."""
    view = question.view
    options = [
        Button(label, FillSlot(view.use, view.ref, question.phrase, question.slot, value).pack())
        for value, label in question.options
    ]
    turn = [
        Button(sign, TurnSlot(view.use, view.ref, question.slot, question.page + step).pack())
        for sign, step in (("◀️", -1), ("▶️", 1))
        if 0 <= question.page + step < question.pages
    ]
    kind = question.slot.rstrip("0123456789")
    asked = tr.gettext(SLOT_QUESTIONS[kind])
    text = Html(f"<blockquote>{tr.value(question.sentence)}</blockquote>\n{asked}")
    columns = 3 if kind in {"time", "number", "class"} else 2
    return Screen(text, rows(*grid(options, columns), turn, [_to_categories(view, tr)]))


def next_screen(result: SlotQuestion | PhraseView, tr: Texts) -> Screen:
    """Show what follows a choice: the next question, or the text with the sentence in it."""
    if isinstance(result, SlotQuestion):
        return slot_screen(result, tr)
    return categories_screen(result, tr, toast=str(tr.plain.gettext("Added.")))
