"""A guardian lets an interpreter read: who, what, for how long; seen by both sides, ended at once (L4, P2, L8)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.actions import UnitOfWork
from bot.actions.interpreters.asking import tell_interpreters
from bot.actions.interpreters.follow import begin_following
from bot.actions.readers import reader_texts
from bot.domain.errors import NotPermitted
from bot.domain.interpreters import OFFERED, Consent, Interpreter, Span, until
from bot.domain.people import Actor
from storage.queries.audit import audit
from storage.queries.interpreter_tasks import count_tasks, release_tasks
from storage.queries.interpreters import (
    HomeOf,
    access_consent,
    end_consent,
    find_home,
    list_available,
    list_followers,
    list_threads_of,
    store_consent,
    store_offer,
)
from storage.queries.people import access_child, find_actor_by_person
from storage.queries.threads import access_thread, open_thread


@dataclass(frozen=True, slots=True)
class ConsentsView:
    """Who follows a conversation; for its guardian (`own`) also who else could."""

    home: HomeOf
    own: bool
    followers: tuple[Consent, ...]
    available: tuple[Interpreter, ...]
    language: str


async def show_consents(uow: UnitOfWork, actor: Actor, thread_id: int) -> ConsentsView:
    """Return who follows a conversation, for its guardian or for those at the school who read it.

    Raises:
        NotPermitted: the actor is neither now.
    """
    await access_thread(uow, actor, thread_id)
    return await _view(uow, actor, thread_id)


async def _view(uow: UnitOfWork, actor: Actor, thread_id: int) -> ConsentsView:
    home = await find_home(uow, thread_id)
    if home is None:
        raise NotPermitted
    own = home.guardian_id == actor.person_id
    followers = await list_followers(uow, thread_id)
    language = reader_texts(uow, home.language).code
    there = await list_available(uow, home.guardian_id, home.pupil_id, {language}, home.kind) if own else []
    following = {one.interpreter_id for one in followers}
    others = [one for one in there if one.person_id not in following]
    return ConsentsView(home, own, tuple(followers), tuple(others[:OFFERED]), language)


@dataclass(frozen=True, slots=True)
class Choice:
    """A conversation and the interpreter whom its guardian is choosing."""

    home: HomeOf
    interpreter: Interpreter


async def choose(uow: UnitOfWork, actor: Actor, thread_id: int, interpreter_id: int) -> Choice:
    """Return whom a guardian is choosing; nothing is allowed by that yet.

    Raises:
        NotPermitted: it is not the actor's conversation, or nobody who may interpret in it.
    """
    home = await _own_home(uow, actor, thread_id)
    there = await list_available(uow, home.guardian_id, home.pupil_id, (), home.kind)
    chosen = next((one for one in there if one.person_id == interpreter_id), None)
    if chosen is None:
        raise NotPermitted
    return Choice(home, chosen)


async def give_consent(
    uow: UnitOfWork, actor: Actor, thread_id: int, interpreter_id: int, span: Span, *, everything: bool
) -> ConsentsView:
    """Let an interpreter read this conversation, or everything about the guardian's children, for so long.

    What holds already is made longer, never shorter. A second tap changes nothing.

    Raises:
        NotPermitted: it is not the actor's conversation, or nobody who may interpret in it.
    """
    choice = await choose(uow, actor, thread_id, interpreter_id)
    scope = None if everything else thread_id
    ends = until(span, uow.school, uow.now)
    before = {thread for thread in await list_threads_of(uow, actor.person_id, None) if everything} | {thread_id}
    new = [one for one in sorted(before) if not await _follows(uow, interpreter_id, one)]
    if await store_consent(uow, actor.person_id, choice.interpreter.person_id, scope, ends):
        await begin_following(uow, choice.interpreter.person_id, new)
        helper = await find_actor_by_person(uow, interpreter_id)
        if helper is not None and await count_tasks(uow, helper):
            await tell_interpreters(uow, [interpreter_id])
        await audit(
            uow, actor.person_id, "interpreter.consent", "thread", thread_id,
            interpreter=interpreter_id, everything=everything, span=span.value,
        )  # fmt: skip
    view = await _view(uow, actor, thread_id)
    await uow.commit()
    return view


async def _follows(uow: UnitOfWork, interpreter_id: int, thread_id: int) -> bool:
    return interpreter_id in {one.interpreter_id for one in await list_followers(uow, thread_id)}


async def decline(uow: UnitOfWork, actor: Actor, thread_id: int) -> None:
    """Store that a home wants no interpreter in a conversation; it is not asked again by itself.

    Raises:
        NotPermitted: it is not the actor's conversation.
    """
    await _own_home(uow, actor, thread_id)
    await store_offer(uow, thread_id, declined=True)
    await audit(uow, actor.person_id, "interpreter.decline", "thread", thread_id)
    await uow.commit()


async def end(uow: UnitOfWork, actor: Actor, consent_id: int) -> Consent:
    """End at once what a guardian allowed, by whichever of several consents; a second tap changes nothing.

    Raises:
        NotPermitted: the actor did not give it.
    """
    consent = await access_consent(uow, actor, consent_id)
    if await end_consent(uow, consent, actor.person_id):
        threads = set(await list_threads_of(uow, consent.guardian_id, None))
        if consent.thread_id is not None and consent.thread_id not in threads:
            threads = {consent.thread_id}
        await release_tasks(uow, consent.interpreter_id, thread_ids=threads)
        await audit(uow, actor.person_id, "interpreter.end", "person", consent.interpreter_id, consent=consent.id)
    await uow.commit()
    return consent


async def show_consents_about(uow: UnitOfWork, actor: Actor, pupil_id: int) -> ConsentsView:
    """Return who follows a guardian's conversation about a child, before its first message too.

    Raises:
        NotPermitted: it is not the actor's child.
    """
    await access_child(uow, actor, pupil_id)
    view = await _view(uow, actor, await open_thread(uow, actor.person_id, pupil_id))
    await uow.commit()
    return view


async def _own_home(uow: UnitOfWork, actor: Actor, thread_id: int) -> HomeOf:
    await access_thread(uow, actor, thread_id)
    home = await find_home(uow, thread_id)
    if home is None or home.guardian_id != actor.person_id:
        raise NotPermitted
    return home
