"""A text in which something sensitive was noticed: it waits, and its author decides (P5).

A feature that sends words has a function under `@sends("name")` that sends them, and calls `with_care` with that name
instead of calling it itself. The function is called at once when nothing is noticed, else after the author's tap.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiogram import Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message

from bot.actions import UnitOfWork
from bot.actions.care import gate
from bot.actions.home import list_children
from bot.domain.care_taps import CareAct, CareStep
from bot.domain.messages import Screen
from bot.domain.people import Actor
from bot.i18n import Texts
from handlers.callbacks import Tapped
from handlers.care_screens import call_home_screen, rewrite_screen, sensitive_screen
from handlers.filters import Expects, HasText

router = Router(name="care")


@dataclass(frozen=True, slots=True)
class Words:
    """Words to be sent: `ref` and `extra` are what the feature gave to `with_care`, `question` what was open then."""

    text: str
    ref: int = 0
    pupil: int = 0
    extra: Mapping[str, Any] = field(default_factory=dict)
    question: Any = None


Send = Callable[[UnitOfWork, Actor, Texts, Words], Awaitable[Screen]]
_SENDS: dict[str, Send] = {}


def sends(name: str) -> Callable[[Send], Send]:
    """Name a function that sends words, so that it can be called after a tap, by another process too."""

    def named(function: Send) -> Send:
        _SENDS[name] = function
        return function

    return named


async def with_care(
    uow: UnitOfWork,
    actor: Actor,
    tr: Texts,
    then: str,
    words: Words,
    *,
    to_school: bool = True,
    thread: int = 0,
    only_numbers: bool = False,
) -> Screen:
    """Send words, or show what was noticed in them; nothing is lost meanwhile.

    Args:
        thread: the conversation in which the school answers, so that its home can be phoned instead.
        only_numbers: look for identity numbers only, where sensitive words are what is asked for.
    """
    held = await gate.look(
        uow, actor, words.text, then=then, ref_id=words.ref, pupil_id=words.pupil, to_school=to_school,
        thread_id=thread, only_numbers=only_numbers, extra=words.extra,
    )  # fmt: skip
    if held is not None:
        return await _noticed(uow, actor, tr, held)
    return await _SENDS[then](uow, actor, tr, words)


async def _noticed(uow: UnitOfWork, actor: Actor, tr: Texts, held: gate.Held) -> Screen:
    children = await list_children(uow, actor) if held.to_school else []
    return sensitive_screen(held, tr, [child for child in children if held.pupil_id in {0, child.id}])


def _words(held: gate.Held) -> Words:
    return Words(held.text, held.ref_id, held.pupil_id, held.extra, held.before)


@router.message(HasText(), Expects(gate.EXPECT_CARE))
async def written_again(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Take the same matter in other words."""
    return await _in_other_words(uow, actor, tr, message.text or "")


async def _in_other_words(uow: UnitOfWork, actor: Actor, tr: Texts, text: str) -> Screen:
    held, clean = await gate.write_again(uow, actor, text)
    return await _SENDS[held.then](uow, actor, tr, _words(held)) if clean else await _noticed(uow, actor, tr, held)


@router.edited_message(HasText())
async def changed_in_place(message: Message, uow: UnitOfWork, actor: Actor | None, tr: Texts) -> Screen:
    """Take an edit of the message that waits as the same matter in other words."""
    if actor is None or not await gate.waits_as(uow, actor, message.message_id):
        raise SkipHandler
    return await _in_other_words(uow, actor, tr, message.text or "")


class SpeaksOfDanger(Filter):
    """Matches a home's text about violence or suicide that no question asked for.

    It must not be taken for a call for the menu or a report of an absence.
    """

    async def __call__(
        self, message: Message, uow: UnitOfWork, actor: Actor | None = None, question: Any = None
    ) -> bool:
        text = message.text or ""
        if actor is None or not actor.is_guardian or question is not None or text.startswith("/"):
            return False
        return gate.in_danger(text, actor, uow.school.language)


@router.message(HasText(), SpeaksOfDanger())
async def danger_written(message: Message, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Ask before it goes to the teacher, with the numbers for help now."""
    words = Words(message.text or "", extra={"mid": message.message_id, "file": None})
    return await with_care(uow, actor, tr, "thread.speak", words)


@router.callback_query(Tapped(CareAct))
async def decided(_: CallbackQuery, tap: CareAct, uow: UnitOfWork, actor: Actor, tr: Texts) -> Screen:
    """Do what the author decided; a second tap finds nothing that waits."""
    match tap.step:
        case CareStep.REWRITE:
            return rewrite_screen(await gate.held_text(uow, actor), tr)
        case CareStep.CALL_HOME:
            return call_home_screen(await gate.call_home(uow, actor), tr)
        case CareStep.ANYWAY | CareStep.MASKED:
            held = await gate.let_go(uow, actor, masked=tap.step is CareStep.MASKED)
            return await _SENDS[held.then](uow, actor, tr, _words(held))
