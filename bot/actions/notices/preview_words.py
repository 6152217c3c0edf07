"""The translations of a notice as its author looks them over: translated back, and what got lost on the way (L7)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.marking import N_
from bot.domain.messages import Button, Rows, rows
from bot.domain.translation import Checked, Finding, FindingKind, MadeBy, RenderingState, Trouble
from bot.domain.translation_taps import PreviewAct, PreviewStep
from bot.i18n import Html, Texts
from bot.i18n.words import language_name
from storage.queries.renderings import RenderingRow

ROOM = 3000
"""Characters that all the texts together may take, so that the screen fits into one message."""
MOST_FINDINGS = 3

FOUND: dict[FindingKind, str] = {
    # Translators: what a machine did to a teacher's text, one short sentence each; {what} is the words in question
    FindingKind.NAME: N_("The name {what} got lost."),
    FindingKind.NUMBER: N_("The number {what} got lost or was changed."),
    FindingKind.DATE: N_("The day {what} got lost or was changed."),
    FindingKind.TIME: N_("The time {what} got lost or was changed."),
    FindingKind.LINK: N_("The link {what} got lost."),
    FindingKind.CLASS: N_("The class {what} got lost."),
    FindingKind.NEGATION: N_("A “not” got lost, or came in."),
    FindingKind.LENGTH: N_("Something is missing, or was added."),
    FindingKind.EMPTY: N_("Nothing came back."),
    FindingKind.UNTRANSLATED: N_("Part of it is not translated."),
}


@dataclass(frozen=True, slots=True)
class Preview:
    """A draft's text in one language of its readers.

    Attributes:
        row: its rendering; None when nobody has asked for the words as they are now.
        findings: what the machine's text has lost.
        has_interpreter: whether somebody is there who can read it.
    """

    language: str
    row: RenderingRow | None
    findings: tuple[Finding, ...]
    has_interpreter: bool


@dataclass(frozen=True, slots=True)
class Previews:
    """A draft's text in every other language of its readers; `may_wait`: an interpreter can read it before it goes."""

    notice_id: int
    version: int
    text: str
    found: tuple[Preview, ...]
    is_draft: bool
    corrects: bool
    waits: bool
    may_wait: bool


def preview_text(view: Previews, tr: Texts) -> Html:
    """Return how homes will read a text: a part for each language, and what happens with it."""
    parts = [tr.gettext("🌐 <b>How homes will read your text</b>")]
    if not view.text:
        parts.append(tr.gettext("There is no text of your own in it now. Everything else is exact in every language."))
    elif not view.found:
        parts.append(tr.gettext("Every home reads the language that you write in."))
    else:
        if any(_shows_back(one) for one in view.found):
            parts.append(
                tr.gettext(
                    "<i>Translated back into your language, so that you can check it. Small oddities are normal.</i>"
                )
            )
        room = ROOM // len(view.found)
        parts += [_language_part(one, tr, room) for one in view.found]
    if view.waits and view.is_draft:
        parts.append(
            tr.gettext("👤 <b>It will wait for an interpreter</b>, at most a day, and you are told when it goes out.")
        )
    if not view.is_draft:
        parts.append(tr.gettext("📨 The message is on its way."))
    return Html("\n\n".join(parts))


def _shows_back(one: Preview) -> bool:
    return one.row is not None and one.row.state is RenderingState.READY and bool(one.row.back)


def _language_part(one: Preview, tr: Texts, room: int) -> Html:
    language = tr.value(language_name(one.language, tr))
    row = one.row
    if row is None or row.state is RenderingState.WAITING:
        being = tr.gettext("It is being translated …")
        return Html(f"⏳ <b>{language}</b>\n{being}")
    if row.state is RenderingState.HUMAN:
        return Html("\n".join([f"⚠️ <b>{language}</b>", *_missing(one, row, tr)]))
    shown = row.back or row.text
    words = tr.value(shown if len(shown) <= room else shown[:room].rstrip() + "…")
    return Html(f"{_sign(row)} <b>{language}</b>\n{_made(row, tr)}\n<blockquote>{words}</blockquote>")


def _sign(row: RenderingRow) -> str:
    return "🤖" if row.made_by is MadeBy.ENGINE and row.checked is Checked.NOT else "✅"


def _made(row: RenderingRow, tr: Texts) -> Html:
    """Return who has made a translation."""
    if row.checked is not Checked.NOT or row.made_by is MadeBy.INTERPRETER:
        return tr.gettext("An interpreter has read it.")
    if row.made_by is MadeBy.PHRASEBOOK:
        return tr.gettext("Sentences that were translated with care: exact.")
    if row.made_by is MadeBy.MEMORY:
        return tr.gettext("Sentences that an interpreter has approved before.")
    return tr.gettext("A machine's translation. Homes see that it is one.")


def _missing(one: Preview, row: RenderingRow, tr: Texts) -> list[Html]:
    """Say why there is no translation, and what homes get instead (L6)."""
    if row.trouble is Trouble.GUARD:
        lines = [tr.gettext(FOUND[found.kind], what=found.what) for found in one.findings[:MOST_FINDINGS]]
        lines = list(dict.fromkeys(lines)) or [tr.gettext("The machine has changed something that must stay.")]
    elif row.trouble is Trouble.FAILED:
        lines = [tr.gettext("The machine does not answer. It is tried again by itself.")]
    else:
        lines = [tr.gettext("No machine of the school translates into this language.")]
    if one.has_interpreter:
        lines.append(tr.gettext("So homes get your own words at once, and an interpreter is asked."))
    else:
        lines.append(tr.gettext("So homes get your own words. Nobody at the school interprets this language."))
    return lines


def preview_buttons(view: Previews, tr: Texts) -> Rows:
    """Return what an author can do with a draft whose translations lie open; nothing once it is on its way."""
    if not view.is_draft:
        return ()
    plain = tr.plain

    def act(label: str, step: PreviewStep) -> Button:
        return Button(label, PreviewAct(view.notice_id, view.version, step).pack())

    wait = [act("👤 " + plain.gettext("Wait for an interpreter"), PreviewStep.WAIT)] if view.may_wait else []
    if view.waits:
        wait = [act("⏩ " + plain.gettext("Do not wait for an interpreter"), PreviewStep.WAIT)]
    return rows(
        [] if view.corrects else [act("📨 " + plain.gettext("Send now"), PreviewStep.SEND)],
        [act("✏️ " + plain.gettext("Change the text"), PreviewStep.EDIT)],
        wait,
        [act("◀️ " + plain.gettext("Back"), PreviewStep.BACK)],
    )
