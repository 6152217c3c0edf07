"""Strangers: the letter's code, the second factor. Nothing here tells who is at the school."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.actions import UnitOfWork
from bot.actions.entry import SecondAsked, WrongGuess, open_code, prove_second, waiting_for
from bot.domain.codes import normalise_code
from bot.domain.messages import Screen
from bot.domain.people import Actor
from bot.i18n import Html, Texts, find_language, texts
from handlers.filters import HasText, Known
from handlers.screens import language_screen

router = Router(name="entry")
stranger = Router(name="strangers")
_UNKNOWN = Known(known=False)


class _StartWithCode(HasText):
    async def __call__(self, message: Message) -> bool:
        parts = (message.text or "").split()
        return len(parts) == 2 and parts[0] == "/start"


@router.message(_StartWithCode())
async def start_with_code(message: Message, uow: UnitOfWork, actor: Actor | None, tr: Texts) -> Screen:
    """Open the link of a letter."""
    assert message.from_user is not None and message.text is not None  # noqa: S101, PT018
    user = message.from_user
    asked = await open_code(uow, user.id, message.text.split()[1], user.language_code, actor)
    return _asked(asked, tr)


@stranger.message(_UNKNOWN, HasText())
async def stranger_writes(message: Message, uow: UnitOfWork, tr: Texts) -> Screen:
    """Take the second factor, or a code typed by hand; anything else gets one neutral answer."""
    assert message.from_user is not None and message.text is not None  # noqa: S101, PT018
    address, text = message.from_user.id, message.text
    if normalise_code(text) is not None:  # also while another letter's code waits for its second factor
        return _asked(await open_code(uow, address, text, message.from_user.language_code, None), tr)
    waiting = await waiting_for(uow, address)
    if waiting is None or (waiting.ended and text.startswith("/")):
        return _neutral(tr)
    if text.startswith("/"):
        return _asked(waiting, tr)
    return await _second(uow, address, text, texts(waiting.language))


async def _second(uow: UnitOfWork, address: int, text: str, tr: Texts) -> Screen:
    came = await prove_second(uow, address, text)
    if isinstance(came, WrongGuess):
        return Screen(tr.gettext(came.refused.sentence, **came.refused.fields))
    language = find_language(came.first_guess) or tr.code
    asked = language_screen(tr, language)
    thanks = tr.gettext("✅ Thank you, that is right.")
    return Screen(Html(f"{thanks}\n\n{asked.text}"), asked.buttons)


def _asked(asked: SecondAsked | WrongGuess, tr: Texts) -> Screen:
    if isinstance(asked, WrongGuess):
        return Screen(tr.gettext(asked.refused.sentence, **asked.refused.fields))
    own = texts(asked.language)
    if asked.staff:
        return Screen(own.gettext("Now write the second code, the one you were given separately."))
    return Screen(
        own.gettext(
            "To be sure that it is you: write your child's date of birth, with day, month and year, "
            "for example {example}.",
            example="31.05.2016",
        )
    )


@stranger.message(_UNKNOWN)
async def stranger_sends_something(_: Message, tr: Texts) -> Screen:
    """A photo or a sticker from a stranger."""
    return _neutral(tr)


@stranger.callback_query(_UNKNOWN)
async def stranger_taps(_: CallbackQuery, tr: Texts) -> Screen:
    """A button from a time when the person still had access."""
    return Screen(
        toast=str(tr.plain.gettext("You have no access here. Ask the school office for a letter.")), alert=True
    )


def _neutral(tr: Texts) -> Screen:
    return Screen(
        tr.gettext(
            "Hello. To use this bot you need a letter from your school. Open the link in it, or write its code here."
        )
    )
