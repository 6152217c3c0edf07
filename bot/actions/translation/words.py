"""How a free text and its translation look to a reader, with an honest mark (L1, L3, L4, L6)."""

from __future__ import annotations

from bot.domain.free_text import FreeText, Look
from bot.domain.translation import Checked, MadeBy, RenderingState, Subject
from bot.i18n import Html, Texts
from bot.i18n.words import language_name
from storage.queries.originals import Original
from storage.queries.renderings import RenderingRow


def free(tr: Texts, subject: Subject, subject_id: int, look: Look = Look.QUOTE) -> Html:
    """Return what stands for a free text in a message until it leaves; then it is in the language of `tr`."""
    return Html(FreeText(subject, subject_id, tr.code, look).element())


def quote(tr: Texts, text: str) -> str:
    """Return words as a quotation."""
    return f"<blockquote>{tr.value(text)}</blockquote>"


def show(tr: Texts, look: Look, original: Original, row: RenderingRow | None, *, helped: bool) -> str:
    """Return a free text as HTML for a reader of `tr`.

    Args:
        row: its rendering for this reader, if there is one of the words as they are now.
        helped: whether somebody or something is still working on it, so that a translation may be promised.
    """
    if look is Look.ORIGINAL or original.language == tr.code:
        return tr.value(original.text) if look is Look.LINE else quote(tr, original.text)
    if row is None or row.state is not RenderingState.READY:
        if look is Look.LINE:
            return f"{tr.value(original.text)} 🌐"
        return f"{quote(tr, original.text)}\n{missing_mark(tr, original, helped=helped)}"
    if look is Look.LINE:
        return f"{tr.value(row.text)} {line_sign(row)}".rstrip()
    return "\n".join(part for part in (quote(tr, row.text), made_mark(tr, row)) if part)


def line_sign(row: RenderingRow) -> str:
    """Return the sign of a translation inside a line."""
    return "🤖" if row.made_by is MadeBy.ENGINE and row.checked is Checked.NOT else ""


def made_mark(tr: Texts, row: RenderingRow) -> str:
    """Return who translated it; nothing for sentences that were translated with care beforehand."""
    language = language_name(row.source_language, tr)
    if row.disputed_at is not None:
        return tr.gettext("⚠️ <i>Somebody says that this translation is wrong.</i>")
    if row.checked is Checked.CORRECTED:
        return tr.gettext("✏️ <i>Corrected by an interpreter. Written in {language}.</i>", language=language)
    if row.checked is Checked.APPROVED:
        return tr.gettext("✅ <i>Translation checked by an interpreter. Written in {language}.</i>", language=language)
    if row.checked is Checked.TRANSLATED:
        return tr.gettext("✅ <i>Translated by an interpreter. Written in {language}.</i>", language=language)
    if row.made_by is MadeBy.ENGINE:
        return tr.gettext("🤖 <i>Machine translation from {language}. It may contain mistakes.</i>", language=language)
    return ""


def missing_mark(tr: Texts, original: Original, *, helped: bool) -> str:
    """Return that it is not translated, and a translation promised only when one is being made (L6)."""
    language = language_name(original.language, tr)
    if helped:
        return tr.gettext("🌐 <i>Written in {language}. A translation is on its way.</i>", language=language)
    return tr.gettext("🌐 <i>Written in {language}, not translated yet.</i>", language=language)


def side_by_side(tr: Texts, original: Original, row: RenderingRow | None, target: Texts) -> str:
    """Return original and translation one below the other, for an interpreter who reads `tr` (L4)."""
    head = tr.gettext("<b>{language}, as it was written</b>", language=_at_the_beginning(original.language, tr))
    lines = [head, quote(tr, original.text)]
    if row is None:
        return "\n".join(lines)
    lines.append(tr.gettext("<b>{language}, as it is read</b>", language=_at_the_beginning(target.code, tr)))
    if row.state is RenderingState.READY:
        lines += [quote(tr, row.text), made_mark(tr, row)]
    else:
        lines.append(tr.gettext("🌐 <i>There is no translation: readers have the original.</i>"))
    return "\n".join(line for line in lines if line)


def _at_the_beginning(code: str, tr: Texts) -> str:
    """Return a language's name as it begins a line: most languages write it small elsewhere."""
    name = language_name(code, tr)
    return name[:1].upper() + name[1:]
