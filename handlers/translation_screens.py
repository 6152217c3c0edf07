"""What a translation was made of, and what follows when a reader says that it is wrong."""

from __future__ import annotations

from bot.actions.translation.dispute import Disputed, Source
from bot.actions.translation.words import quote
from bot.domain.messages import Button, Screen, rows
from bot.domain.people import Actor
from bot.domain.rendering_taps import DisputeRendering
from bot.domain.taps import WriteAbout
from bot.domain.translation import Subject
from bot.i18n import Html, Texts
from bot.i18n.words import language_name
from handlers.keyboards import menu_button


def source_screen(source: Source, actor: Actor, tr: Texts, *, toast: str = "") -> Screen:
    """Show the words as they were written, below their translation (L1)."""
    language = language_name(source.original.language, tr)
    head = tr.gettext("📄 <b>As it was written, in {language}</b>", language=language)
    wrong = [wrong_button(source.row.id, source.row.version, tr)] if source.may_dispute(actor) else []
    lines = [head, quote(tr, source.original.text), *(f"• {tr.value(one.text)}" for one in source.beside)]
    return Screen(
        Html("\n".join(lines)),
        rows(wrong, [menu_button(tr)]),
        new=not toast,
        toast=toast,
        alert=bool(toast),
    )


def wrong_button(rendering: int, version: int, tr: Texts) -> Button:
    """Return the button that says that a translation is wrong."""
    label = tr.plain.gettext("The translation is wrong")
    return Button(f"⚠️ {label}", DisputeRendering(rendering, version).pack())


def disputed_screen(done: Disputed, actor: Actor, tr: Texts) -> Screen:
    """Thank a reader for the word, and say what happens next."""
    plain = tr.plain
    if done.changed:
        toast = str(plain.gettext("The translation has changed meanwhile. Please read it once more."))
        return source_screen(done.source, actor, tr, toast=toast)
    head = (
        tr.gettext("That is noted already.")
        if done.again
        else tr.gettext("🙏 <b>Thank you.</b> It helps others who read this too.")
    )
    pupil = done.source.row.pupil_id
    call = []
    if done.helped:
        then = tr.gettext("An interpreter looks at it. You see the correction in the same place.")
    elif pupil is not None and pupil in actor.children:
        then = tr.gettext("Nobody at the school can correct it now. If you want to be sure, ask to be called.")
        call = [Button("📞 " + plain.gettext("Please call me"), WriteAbout(pupil, call=True).pack())]
    elif done.source.row.subject is Subject.NOTICE:
        then = tr.gettext("The sender is told. If you want to be sure, tap “Please call me” under the message.")
    elif actor.roles and done.source.row.thread_id is not None:
        # Translators: for a teacher who reads what a home has written
        then = tr.gettext("No interpreter can look at it now. If it matters, ask the home for other words, or call.")
    else:
        then = tr.gettext("Nobody at the school can correct it now. If you want to be sure, write to the school.")
    return Screen(Html(f"{head} {then}"), rows(call, [menu_button(tr)]), new=True)
