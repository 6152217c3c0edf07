"""What ready sentences go into, after its right was asked for, and how far somebody has come with choosing."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from bot.actions import UnitOfWork, threads
from bot.actions.notices.audience import list_reach
from bot.actions.notices.content import first_name
from bot.domain.errors import NotPermitted, Stale
from bot.domain.notices import AudienceKind
from bot.domain.people import Actor
from bot.domain.phrase_taps import PhraseUse
from bot.i18n import find_language
from bot.translation.phrasebook import phrasebook
from storage.models import Notice
from storage.queries.dialogue import ask, find_question
from storage.queries.notices import access_draft
from storage.queries.people import access_child, access_pupil, list_classes
from storage.queries.threads import access_thread

EXPECT_PHRASE = "phrase.search"
"""Words to look for among the sentences."""
EXPECT_SLOT = "phrase.slot"
"""A value for what a chosen sentence leaves open."""


@dataclass(frozen=True, slots=True)
class PhraseState:
    """What stands in the dialogue's row; `then` is the question that waits behind this one."""

    chosen: str = ""
    words: str = ""
    phrase: str = ""
    slots: dict[str, str] = field(default_factory=dict)
    asks: str = ""
    then: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PhraseTarget:
    """What the sentences go into, after its right was asked for."""

    use: PhraseUse
    ref: int
    side: str
    child: str
    classes: tuple[str, ...]
    language: str
    notice: Notice | None = None


def offers_phrases(language: str) -> bool:
    """Tell whether there are ready sentences in a language."""
    return language in phrasebook().languages()


async def access_target(uow: UnitOfWork, actor: Actor, use: PhraseUse, ref: int) -> PhraseTarget:
    """Return what the sentences go into, when the actor may write there.

    Raises:
        NotPermitted: the draft, conversation or child is not the actor's, or there are no sentences in the language.
    """
    language = find_language(actor.language) or uow.school.language
    if use is PhraseUse.HOME:
        child = await access_child(uow, actor, ref)
        target = PhraseTarget(use, ref, "home", first_name(child.name), (child.class_name,), language)
    elif use is PhraseUse.ANSWER:
        thread = await access_thread(uow, actor, ref)
        side = "home" if thread.guardian_id == actor.person_id else "school"
        target = PhraseTarget(use, ref, side, first_name(thread.pupil_name), (thread.class_name,), language)
    else:
        notice = await access_draft(uow, actor, ref)
        if notice.text and offers_phrases(notice.text_language):
            language = notice.text_language
        child_name, classes = await _addressed(uow, actor, notice)
        target = PhraseTarget(use, ref, "school", child_name, classes, language, notice)
    if not offers_phrases(target.language):
        raise NotPermitted
    return target


async def _addressed(uow: UnitOfWork, actor: Actor, notice: Notice) -> tuple[str, tuple[str, ...]]:
    """Return the one pupil's first name, or "", and the names of the classes that a notice is for."""
    if notice.audience is AudienceKind.PUPIL:
        pupil = await access_pupil(uow, actor, notice.audience_ids[0])
        return first_name(pupil.name), (pupil.class_name,)
    if notice.audience is AudienceKind.CLASSES:
        return "", tuple(one.name for one in await list_classes(uow, list(notice.audience_ids)))
    reach = await list_reach(uow, actor)
    wanted = set(notice.audience_ids) if notice.audience is AudienceKind.GRADE else {one.grade for one in reach}
    return "", tuple(one.name for one in reach if one.grade in wanted)


async def read_state(uow: UnitOfWork, actor: Actor, target: PhraseTarget) -> PhraseState:
    """Return what the open question knows; a new beginning where another one is open.

    Raises:
        Stale: what a guardian was writing is asked no longer.
    """
    question = await find_question(uow, actor.person_id)
    if question is not None and question.ref_id == target.ref:
        if question.expects in {EXPECT_PHRASE, EXPECT_SLOT} and question.data.get("use") == target.use:
            return PhraseState(**{name: value for name, value in question.data.items() if name != "use"})
        if question.expects == threads.EXPECT_HOME and target.use is PhraseUse.HOME:
            return PhraseState(then=question.data)
    if target.use is PhraseUse.HOME:
        raise Stale  # the question may have been about a notice, and nobody knows which any more
    return PhraseState()


async def keep_state(uow: UnitOfWork, actor: Actor, target: PhraseTarget, state: PhraseState) -> None:
    """Make the choosing the one open question; the caller commits."""
    expects = EXPECT_SLOT if state.asks else EXPECT_PHRASE
    await ask(uow, actor.person_id, expects, target.ref, use=target.use.value, **asdict(state))
