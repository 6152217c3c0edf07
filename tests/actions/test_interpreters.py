"""An interpreter reads and changes only what promise, role and consent allow at that moment (L4, P7).

On both databases.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from bot.actions.interpreters import consent, follow, questions, tasks
from bot.actions.interpreters.asking import ask_a_human
from bot.actions.interpreters.promise import accept_promise, needs_promise
from bot.clock import Clock
from bot.domain.errors import DomainError, NotPermitted
from bot.domain.interpreters import AccessEnded, NotPromised, Side, Span, TaskTaken, TextMeanwhile
from bot.domain.outgoing import OutgoingKind
from bot.domain.people import Actor
from bot.domain.threads import MessageKind, ThreadKind
from bot.domain.translation import Checked, MadeBy, RenderingState, Subject
from storage.queries.dialogue import find_question
from storage.queries.interpreter_tasks import access_task
from storage.queries.interpreters import access_followed_thread, list_available, may_follow
from storage.queries.people import find_actor_by_person
from storage.queries.renderings import load_rendering
from storage.queries.rights import Waiting, list_permitted
from storage.session import Database, UnitOfWork
from tests.actions.steps import come_in, rows
from tests.scenarios.interpreter_steps import (
    ALI,
    AMINA,
    HALINA,
    KARI,
    YUSUF,
    allowed,
    person_of,
    promised,
    pupil_of,
    rendered,
    said,
    thread_of,
    waiting_message,
)

WAYS = ["ended", "run out", "left the staff", "blocked", "tie ended", "promise gone"]
"""How an interpreter's access to a conversation ends."""


async def end_by(database: Database, way: str, consent_id: int, clock: Clock) -> None:
    """End an interpreter's access in one of the ways."""
    statements = {
        "ended": "UPDATE interpreter_consent SET ended_at = given_at WHERE id = :consent",
        "left the staff": "DELETE FROM staff_role WHERE person_id = (SELECT id FROM person WHERE name = :yusuf)",
        "blocked": "UPDATE guardianship SET blocked = true WHERE person_id ="
        " (SELECT id FROM person WHERE name = :amina)",
        "tie ended": "UPDATE guardianship SET ended_at = :then WHERE person_id ="
        " (SELECT id FROM person WHERE name = :amina)",
        "promise gone": "DELETE FROM interpreter_promise WHERE person_id = (SELECT id FROM person WHERE name = :yusuf)",
    }
    if way == "run out":
        clock.forward(timedelta(days=8))
        return
    values = {"consent": consent_id, "yusuf": YUSUF, "amina": AMINA, "then": clock.now()}
    statement = sa.text(statements[way])
    wanted = {name for name in values if f":{name}" in statements[way]}
    if "then" in wanted:
        from sqlmodel.sql.sqltypes import UTCDateTime

        statement = statement.bindparams(sa.bindparam("then", type_=UTCDateTime()))
    async with database.unit_of_work() as uow:
        await uow.execute(statement, {name: values[name] for name in wanted})
        await uow.commit()


async def again(database: Database, actor: Actor) -> Actor | None:
    """Return a person with the rights of now, as the next tap reads them."""
    async with database.unit_of_work() as uow:
        return await find_actor_by_person(uow, actor.person_id)


async def try_(database: Database, work: Callable[[UnitOfWork], Awaitable[Any]]) -> Any:
    """Do something in a transaction of its own; return what came, or the refusal."""
    async with database.unit_of_work() as uow:
        try:
            return await work(uow)
        except DomainError as refused:
            return refused


async def with_uow(work: Callable[..., Awaitable[Any]], *values: Any, **more: Any) -> Any:
    """Call an action with its values in the transaction that comes last."""
    *before, uow = values
    return await work(uow, *before, **more)


async def permitted(database: Database, recipient: Actor, thread_id: int) -> bool:
    """Tell whether a copy of a conversation's message may leave for somebody now."""
    async with database.unit_of_work() as uow:
        row = Waiting(1, recipient.person_id, OutgoingKind.MESSAGE, "follow", thread_id)
        return await list_permitted(uow, [row]) == {1}


async def test_before_the_promise_there_is_nothing(example_school: Database) -> None:
    yusuf, amina = await come_in(example_school, YUSUF), await come_in(example_school, AMINA)
    thread = await thread_of(example_school)
    await allowed(example_school, thread)
    message, rendering = await waiting_message(example_school, thread)
    taps: list[Callable[[UnitOfWork], Awaitable[Any]]] = [
        lambda uow: tasks.open_queue(uow, yusuf),
        lambda uow: tasks.take_next(uow, yusuf),
        lambda uow: tasks.show_task(uow, yusuf, rendering),
        lambda uow: tasks.approve(uow, yusuf, rendering, 0),
        lambda uow: tasks.start_writing(uow, yusuf, rendering),
        lambda uow: follow.list_own_followed(uow, yusuf, 0),
        lambda uow: follow.show_followed(uow, yusuf, thread),
        lambda uow: questions.show_sides(uow, yusuf, message),
        lambda uow: questions.start_asking(uow, yusuf, message, Side.HOME),
    ]
    for tapped in taps:
        assert isinstance(await try_(example_school, tapped), NotPromised)
    assert not await permitted(example_school, yusuf, thread)
    async with example_school.unit_of_work() as uow:
        assert await needs_promise(uow, yusuf)
        assert not await needs_promise(uow, amina)
        await accept_promise(uow, yusuf)
    async with example_school.unit_of_work() as uow:
        assert not await needs_promise(uow, yusuf)
        await accept_promise(uow, yusuf)  # a second tap
    assert await rows(example_school, "SELECT count(*) FROM audit_entry WHERE act = 'interpreter.promise'") == [(1,)]
    view = await try_(example_school, lambda uow: tasks.take_next(uow, yusuf))
    assert view.row.id == rendering
    assert isinstance(await try_(example_school, lambda uow: accept_promise(uow, amina)), NotPermitted)


@pytest.mark.parametrize("way", WAYS)
async def test_when_access_ends_nothing_more_leaks(example_school: Database, clock: Clock, way: str) -> None:
    yusuf, amina = await come_in(example_school, YUSUF), await come_in(example_school, AMINA)
    await promised(example_school)
    thread = await thread_of(example_school)
    consent_id = await allowed(example_school, thread)
    message, rendering = await waiting_message(example_school, thread)
    assert await permitted(example_school, yusuf, thread)
    taken = await try_(example_school, lambda uow: tasks.take_next(uow, yusuf))
    assert taken.row.id == rendering
    await try_(example_school, lambda uow: tasks.start_writing(uow, yusuf, rendering))

    await end_by(example_school, way, consent_id, clock)
    actor = await again(example_school, yusuf) or yusuf
    assert not await permitted(example_school, yusuf, thread), "what waits is not sent, edits neither"
    expected = {"left the staff": NotPermitted, "promise gone": NotPromised}.get(way, AccessEnded)
    if way == "left the staff":
        assert await again(example_school, yusuf) is None, "nobody any more"
        actor = Actor(yusuf.person_id, yusuf.account_id, yusuf.name, "nb", frozenset(), frozenset())
    taps: list[Callable[[UnitOfWork], Awaitable[Any]]] = [
        lambda uow: tasks.show_task(uow, actor, rendering),
        lambda uow: tasks.approve(uow, actor, rendering, 0),
        lambda uow: tasks.start_writing(uow, actor, rendering),
        lambda uow: follow.show_followed(uow, actor, thread),
        lambda uow: questions.show_sides(uow, actor, message),
        lambda uow: questions.start_asking(uow, actor, message, Side.HOME),
    ]
    for tapped in taps:
        refused = await try_(example_school, tapped)
        assert isinstance(refused, expected), f"{tapped} {refused!r}"

    async def writes(uow: UnitOfWork) -> Any:
        question = await find_question(uow, yusuf.person_id)
        assert question is not None
        return await tasks.take_text(uow, actor, question, "Ali er syk i dag")

    assert isinstance(await try_(example_school, writes), expected), "what was begun is not stored"
    if expected is AccessEnded:
        assert await try_(example_school, lambda uow: tasks.take_next(uow, actor)) is None
        assert await try_(example_school, lambda uow: tasks.open_queue(uow, actor)) == 0
        page = await try_(example_school, lambda uow: follow.list_own_followed(uow, actor, 0))
        assert page.found == ()
    await said(example_school, thread, AMINA, "noe nytt", "nb", follows=True)
    assert await rows(example_school, "SELECT count(*) FROM outgoing WHERE about = 'follow'") == [(0,)]
    async with example_school.unit_of_work() as uow:
        row = await load_rendering(uow, rendering)
        assert row is not None
        assert row.checked is Checked.NOT
    assert amina is not None


async def test_who_was_never_allowed_learns_nothing(example_school: Database) -> None:
    yusuf, kari = await come_in(example_school, YUSUF), await come_in(example_school, KARI)
    halina = await come_in(example_school, HALINA)
    await promised(example_school)
    thread = await thread_of(example_school)
    _, rendering = await waiting_message(example_school, thread)
    for actor in (yusuf, halina, kari):
        assert type(await try_(example_school, partial(with_uow, access_task, actor, rendering))) is NotPermitted
        assert (
            type(await try_(example_school, partial(with_uow, access_followed_thread, actor, thread))) is NotPermitted
        )
    await allowed(example_school, thread, interpreter=HALINA)
    refused = await try_(example_school, lambda uow: access_task(uow, halina, rendering))
    assert type(refused) is NotPermitted, "Polish only"


async def test_everything_is_not_what_was_told_about_bullying(example_school: Database) -> None:
    yusuf = await come_in(example_school, YUSUF)
    await promised(example_school)
    ordinary, safety = await thread_of(example_school), await thread_of(example_school, kind=ThreadKind.SAFETY)
    await allowed(example_school, None)
    async with example_school.unit_of_work() as uow:
        assert await may_follow(uow, yusuf.person_id, ordinary)
        assert not await may_follow(uow, yusuf.person_id, safety)
    await allowed(example_school, safety)
    async with example_school.unit_of_work() as uow:
        assert await may_follow(uow, yusuf.person_id, safety)


async def test_no_child_and_no_relation_interprets(example_school: Database) -> None:
    """L8, P9: whoever is a pupil, or a guardian of that pupil, can neither be chosen nor follow."""
    yusuf, amina = await come_in(example_school, YUSUF), await come_in(example_school, AMINA)
    await promised(example_school)
    thread = await thread_of(example_school)

    async def offered() -> list[int]:
        async with example_school.unit_of_work() as uow:
            found = await list_available(uow, amina.person_id, await pupil_of(uow, ALI), {"ar"})
            return [one.person_id for one in found]

    assert await offered() == [yusuf.person_id]
    for relation, pupil in (("self", "Sara Miller"), ("father", ALI)):
        async with example_school.unit_of_work() as uow:
            values = {"pupil": await pupil_of(uow, pupil), "person": yusuf.person_id, "relation": relation}
            await uow.execute(
                sa.text(
                    "INSERT INTO guardianship (pupil_id, person_id, relation, blocked, ended_at)"
                    " VALUES (:pupil, :person, :relation, false, NULL)"
                ),
                values,
            )
            await uow.commit()
        assert await offered() == []
        refused = await try_(
            example_school,
            lambda uow: consent.give_consent(uow, amina, thread, yusuf.person_id, Span.WEEK, everything=False),
        )
        assert isinstance(refused, NotPermitted), "a forged tap neither"
        async with example_school.unit_of_work() as uow:
            await uow.execute(sa.text("DELETE FROM guardianship WHERE person_id = :p"), {"p": yusuf.person_id})
            await uow.commit()
    assert await offered() == [yusuf.person_id]


async def test_consent_is_the_guardians_own(example_school: Database, clock: Clock) -> None:
    yusuf, amina = await come_in(example_school, YUSUF), await come_in(example_school, AMINA)
    omar, kari = await come_in(example_school, "Omar Haddad"), await come_in(example_school, KARI)
    await promised(example_school)
    thread = await thread_of(example_school)
    for other in (omar, kari, yusuf):
        refused = await try_(
            example_school,
            partial(with_uow, consent.give_consent, other, thread, yusuf.person_id, Span.WEEK, everything=True),
        )
        assert isinstance(refused, NotPermitted)
        assert isinstance(await try_(example_school, partial(with_uow, consent.decline, other, thread)), NotPermitted)
    for _ in range(2):  # a second tap
        async with example_school.unit_of_work() as uow:
            view = await consent.give_consent(uow, amina, thread, yusuf.person_id, Span.WEEK, everything=False)
        assert [one.interpreter for one in view.followers] == [YUSUF]
    async with example_school.unit_of_work() as uow:
        await consent.give_consent(uow, amina, thread, yusuf.person_id, Span.MONTH, everything=False)
    async with example_school.unit_of_work() as uow:
        await consent.give_consent(uow, amina, thread, yusuf.person_id, Span.WEEK, everything=False)
    [(number, consent_id)] = await rows(example_school, "SELECT count(*), max(id) FROM interpreter_consent")
    assert number == 1
    async with example_school.unit_of_work() as uow:
        seen = await consent.show_consents(uow, kari, thread)
    assert not seen.own
    assert seen.available == ()
    assert seen.followers[0].until > clock.now() + timedelta(days=29), "made longer, never shorter"
    for other in (omar, kari, yusuf):
        assert isinstance(await try_(example_school, partial(with_uow, consent.end, other, consent_id)), NotPermitted)
    for _ in range(2):
        async with example_school.unit_of_work() as uow:
            await consent.end(uow, amina, consent_id)
    async with example_school.unit_of_work() as uow:
        assert not await may_follow(uow, yusuf.person_id, thread)
    assert await rows(example_school, "SELECT count(*) FROM audit_entry WHERE act = 'interpreter.end'") == [(1,)]


# --- the queue ----------------------------------------------------------------------------------


async def public_notice(database: Database, text: str) -> int:
    """Store a notice for a class that no machine could translate into Arabic; return its rendering."""
    async with database.unit_of_work() as uow:
        values = {"author": await person_of(uow, KARI), "text": text}
        notice_id = (
            await uow.execute(
                sa.text(
                    "INSERT INTO notice (author_id, state, kind, audience, audience_ids, text, text_language, fields,"
                    " version, revision, created_at) VALUES (:author, 'sent', 'general', 'school', '[]', :text, 'nb',"
                    " '{}', 1, 1, :now) RETURNING id"
                ).bindparams(sa.bindparam("now", uow.now, type_=_moment())),
                values,
            )
        ).scalar_one()
        await uow.commit()
    return await rendered(database, Subject.NOTICE, notice_id, "ar")


def _moment() -> Any:
    from sqlmodel.sql.sqltypes import UTCDateTime

    return UTCDateTime()


async def second_interpreter(database: Database, name: str = HALINA) -> Actor:
    """Let another interpreter speak Arabic too."""
    async with database.unit_of_work() as uow:
        await uow.execute(sa.text("UPDATE person SET spoken_languages = 'pl ar' WHERE name = :name"), {"name": name})
        await uow.commit()
    return await come_in(database, name)


async def test_two_interpreters_never_take_the_same(example_school: Database) -> None:
    yusuf, halina = await come_in(example_school, YUSUF), await second_interpreter(example_school)
    await promised(example_school)
    thread = await thread_of(example_school)
    await allowed(example_school, thread)
    await allowed(example_school, thread, interpreter=HALINA)
    ids = [(await waiting_message(example_school, thread, f"رسالة {word}"))[1] for word in ("أولى", "ثانية")]

    async def take(actor: Actor) -> int | None:
        view = await try_(example_school, lambda uow: tasks.take_next(uow, actor))
        return None if view is None else int(view.row.id)

    taken = await asyncio.gather(take(yusuf), take(halina))
    assert set(taken) == set(ids), taken
    assert await take(yusuf) == taken[0], "the own one again"
    assert await try_(example_school, lambda uow: tasks.open_queue(uow, yusuf)) == 1
    other = taken[1]
    assert other is not None
    for tapped in (
        lambda uow: tasks.start_writing(uow, yusuf, other),
        lambda uow: tasks.approve(uow, yusuf, other, 0),
    ):
        assert isinstance(await try_(example_school, tapped), TaskTaken)


async def test_what_nobody_finishes_comes_back_to_the_others(example_school: Database, clock: Clock) -> None:
    yusuf, halina = await come_in(example_school, YUSUF), await second_interpreter(example_school)
    await promised(example_school)
    thread = await thread_of(example_school)
    await allowed(example_school, thread)
    await allowed(example_school, thread, interpreter=HALINA)
    _, rendering = await waiting_message(example_school, thread)
    await try_(example_school, lambda uow: tasks.take_next(uow, yusuf))
    assert await try_(example_school, lambda uow: tasks.take_next(uow, halina)) is None
    clock.forward(timedelta(minutes=16))
    assert (await try_(example_school, lambda uow: tasks.take_next(uow, halina))).row.id == rendering
    await try_(example_school, lambda uow: tasks.leave_task(uow, halina, rendering))
    assert (await try_(example_school, lambda uow: tasks.take_next(uow, yusuf))).row.id == rendering


async def test_doubted_first_then_the_oldest_and_what_was_given_back_last(
    example_school: Database, clock: Clock
) -> None:
    yusuf = await come_in(example_school, YUSUF)
    await promised(example_school)
    thread = await thread_of(example_school)
    await allowed(example_school, thread)
    found = []
    for word in ("أول", "ثان", "ثالث"):
        found.append((await waiting_message(example_school, thread, f"كلام {word}"))[1])
        clock.forward(timedelta(minutes=1))
    doubted = await said(example_school, thread, KARI, "Husk boka", "nb")
    last = await rendered(example_school, Subject.MESSAGE, doubted, "ar", "تذكر الكتاب", disputed_at=clock.now())
    order: list[int] = []
    for _ in range(4):
        view = await try_(example_school, lambda uow: tasks.take_next(uow, yusuf, order[-1] if order else 0))
        order.append(view.row.id)
        await try_(example_school, lambda uow: tasks.leave_task(uow, yusuf, order[-1]))
    assert order[0] == last
    assert order[1:3] == [found[0], last], "given back: after all others only until the next is given back"


async def test_two_approve_at_once_and_it_happens_once(example_school: Database) -> None:
    yusuf, halina = await come_in(example_school, YUSUF), await second_interpreter(example_school)
    await promised(example_school)
    thread = await thread_of(example_school)
    await allowed(example_school, thread)
    await allowed(example_school, thread, interpreter=HALINA)
    message = await said(example_school, thread, KARI, "Husk boka", "nb")
    rendering = await rendered(example_school, Subject.MESSAGE, message, "ar", "تذكر الكتاب")
    done = await asyncio.gather(
        *(try_(example_school, partial(with_uow, tasks.approve, actor, rendering, 0)) for actor in (yusuf, halina) * 2)
    )
    assert all(view.done for view in done), done
    versions = await rows(example_school, "SELECT version, text, checked FROM rendering_version")
    assert [tuple(map(str, row)) for row in versions] == [("1", "تذكر الكتاب", "not")]
    assert await rows(example_school, "SELECT count(*) FROM audit_entry WHERE act = 'interpreter.approved'") == [(1,)]


async def test_a_translation_is_written_checked_and_kept_with_its_history(example_school: Database) -> None:
    yusuf = await come_in(example_school, YUSUF)
    await promised(example_school)
    thread = await thread_of(example_school)
    await allowed(example_school, thread)
    _, rendering = await waiting_message(example_school, thread, "علي مريض اليوم. سأتصل الساعة 08:30.")

    async def write(text: str) -> Any:
        await try_(example_school, lambda uow: tasks.start_writing(uow, yusuf, rendering))

        async def take(uow: UnitOfWork) -> Any:
            question = await find_question(uow, yusuf.person_id)
            assert question is not None
            return await tasks.take_text(uow, yusuf, question, text)

        return await try_(example_school, take)

    whole = "Ali er syk i dag. Jeg ringer klokken 08:30."
    view = await write(whole)
    assert view.done, view.findings
    async with example_school.unit_of_work() as uow:
        row = await load_rendering(uow, rendering)
        assert await find_question(uow, yusuf.person_id) is None
    assert row is not None
    assert (row.text, row.checked, row.made_by) == (whole, Checked.TRANSLATED, MadeBy.INTERPRETER)
    assert (row.state, row.checker_id, row.claimed_by) == (RenderingState.READY, yusuf.person_id, None)
    again_ = await write(whole.replace("Jeg ringer", "Vi ringer"))
    assert again_.done
    assert again_.row.checked is Checked.CORRECTED
    assert [one.text for one in again_.earlier] == [whole]
    assert again_.earlier[0].checker == YUSUF


async def test_what_the_guard_finds_in_a_correction_is_asked_about(example_school: Database) -> None:
    yusuf = await come_in(example_school, YUSUF)
    await promised(example_school)
    thread = await thread_of(example_school)
    await allowed(example_school, thread)
    message = await said(example_school, thread, KARI, "Vi møtes klokken 08:30 ved porten.", "nb")
    rendering = await rendered(example_school, Subject.MESSAGE, message, "ar", "نلتقي الساعة 08:30 عند البوابة.")
    await try_(example_school, lambda uow: tasks.start_writing(uow, yusuf, rendering))

    async def take(uow: UnitOfWork) -> Any:
        question = await find_question(uow, yusuf.person_id)
        assert question is not None
        return await tasks.take_text(uow, yusuf, question, "نلتقي عند البوابة.")

    view = await try_(example_school, take)
    assert not view.done
    assert any("08:30" in finding.what for finding in view.findings)
    async with example_school.unit_of_work() as uow:
        row = await load_rendering(uow, rendering)
        assert row is not None
        assert row.checked is Checked.NOT
    for _ in range(2):  # a second tap
        sent = await try_(example_school, lambda uow: tasks.send_anyway(uow, yusuf, rendering))
        assert sent.done
        assert (sent.row.text, sent.row.checked) == ("نلتقي عند البوابة.", Checked.CORRECTED)
    assert await rows(example_school, "SELECT count(*) FROM rendering_version") == [(1,)]


async def test_words_that_changed_meanwhile_are_not_overwritten(example_school: Database) -> None:
    yusuf = await come_in(example_school, YUSUF)
    await promised(example_school)
    thread = await thread_of(example_school)
    await allowed(example_school, thread)
    message, rendering = await waiting_message(example_school, thread)
    await try_(example_school, lambda uow: tasks.start_writing(uow, yusuf, rendering))
    async with example_school.unit_of_work() as uow:
        await uow.execute(
            sa.text("UPDATE thread_message SET text = :text, version = 2 WHERE id = :id"),
            {"text": "علي بخير اليوم", "id": message},
        )
        from storage.queries.renderings import source_changed

        await source_changed(uow, Subject.MESSAGE, message)
        await uow.commit()

    async def take(uow: UnitOfWork) -> Any:
        question = await find_question(uow, yusuf.person_id)
        assert question is not None
        return await tasks.take_text(uow, yusuf, question, "Ali er syk i dag")

    assert isinstance(await try_(example_school, take), TextMeanwhile)
    view = await try_(example_school, lambda uow: tasks.approve(uow, yusuf, rendering, 1))
    assert isinstance(view, TextMeanwhile)


# --- a person is asked --------------------------------------------------------------------------


async def ask_for(database: Database, rendering_id: int) -> None:
    async with database.unit_of_work() as uow:
        row = await load_rendering(uow, rendering_id)
        assert row is not None
        await ask_a_human(uow, row)
        await uow.commit()


async def told(database: Database, about: str) -> list[str]:
    found = await rows(
        database,
        "SELECT person.name FROM outgoing JOIN person ON person.id = recipient_id WHERE about = :a"
        " ORDER BY outgoing.id",
        a=about,
    )
    return [row[0] for row in found]


async def test_interpreters_are_told_once_until_they_have_looked(example_school: Database) -> None:
    yusuf, _ = await come_in(example_school, YUSUF), await come_in(example_school, HALINA)
    await promised(example_school)
    thread = await thread_of(example_school)
    await allowed(example_school, thread)
    for word in ("أول", "ثان", "ثالث"):
        await ask_for(example_school, (await waiting_message(example_school, thread, f"كلام {word}"))[1])
    assert await told(example_school, "translate") == [YUSUF], "one line, and not to who speaks Polish"
    await try_(example_school, lambda uow: tasks.open_queue(uow, yusuf))
    await ask_for(example_school, (await waiting_message(example_school, thread, "كلام رابع"))[1])
    assert await told(example_school, "translate") == [YUSUF, YUSUF]
    assert await told(example_school, "thread") == [], "whose consent there is already is not asked"


async def test_a_home_is_asked_once_and_not_again_after_a_no(example_school: Database, clock: Clock) -> None:
    yusuf, amina = await come_in(example_school, YUSUF), await come_in(example_school, AMINA)
    thread = await thread_of(example_school)
    _, rendering = await waiting_message(example_school, thread)
    await ask_for(example_school, rendering)
    assert await told(example_school, "thread") == [], "nobody has promised yet: nobody could help"
    await promised(example_school, YUSUF)
    for _ in range(2):
        await ask_for(example_school, rendering)
    assert await told(example_school, "thread") == [AMINA]
    clock.forward(timedelta(days=31))
    await ask_for(example_school, rendering)
    assert await told(example_school, "thread") == [AMINA, AMINA]
    await try_(example_school, lambda uow: consent.decline(uow, amina, thread))
    clock.forward(timedelta(days=31))
    await ask_for(example_school, rendering)
    assert await told(example_school, "thread") == [AMINA, AMINA]
    view = await try_(example_school, lambda uow: consent.show_consents(uow, amina, thread))
    assert [one.person_id for one in view.available] == [yusuf.person_id], "the own wish is another thing"


async def test_what_is_about_a_pupil_needs_everything_allowed(example_school: Database) -> None:
    yusuf = await come_in(example_school, YUSUF)
    await promised(example_school)
    thread = await thread_of(example_school)
    await allowed(example_school, thread)
    async with example_school.unit_of_work() as uow:
        leave_ids = []
        for guardian in (AMINA, "Omar Haddad"):
            found = await uow.execute(
                sa.text(
                    "INSERT INTO leave_request (pupil_id, asked_by, asked_at, first, last, days, why, why_language,"
                    " state, version, by_leadership, decision_text, decision_language) VALUES (:pupil, :person, :now,"
                    " '2026-12-01', '2026-12-02', 2, 'زيارة الجدة', 'ar', 'asked', 1, false, 'God tur', 'nb')"
                    " RETURNING id"
                    if uow.sqlite
                    else "INSERT INTO leave_request (pupil_id, asked_by, asked_at, first, last, days, why,"
                    " why_language, state, version, by_leadership, decision_text, decision_language) VALUES (:pupil,"
                    " :person, :now, DATE '2026-12-01', DATE '2026-12-02', 2, 'زيارة الجدة', 'ar', 'asked', 1, false,"
                    " 'God tur', 'nb') RETURNING id"
                ).bindparams(sa.bindparam("now", uow.now, type_=_moment())),
                {"pupil": await pupil_of(uow, ALI), "person": await person_of(uow, guardian)},
            )
            leave_ids.append(found.scalar_one())
        await uow.commit()
    own, others = [await rendered(example_school, Subject.LEAVE, ref, "nb") for ref in leave_ids]
    answer = await rendered(example_school, Subject.LEAVE_ANSWER, leave_ids[1], "ar")
    for ref in (own, others, answer):
        assert isinstance(await try_(example_school, partial(with_uow, access_task, yusuf, ref)), NotPermitted)
        await ask_for(example_school, ref)
    assert await told(example_school, "translate") == []
    assert await told(example_school, "thread") == [], "a guardian is asked about conversations only"
    await allowed(example_school, None)
    for ref in (own, answer):
        assert (await try_(example_school, partial(with_uow, access_task, yusuf, ref))).id == ref
    assert isinstance(await try_(example_school, lambda uow: access_task(uow, yusuf, others)), NotPermitted), (
        "what the father wrote to the school alone is the father's (P9)"
    )


# --- questions ----------------------------------------------------------------------------------


async def test_a_question_is_between_the_two(example_school: Database) -> None:
    yusuf, amina = await come_in(example_school, YUSUF), await come_in(example_school, AMINA)
    kari, omar = await come_in(example_school, KARI), await come_in(example_school, "Omar Haddad")
    await promised(example_school)
    thread = await thread_of(example_school)
    consent_id = await allowed(example_school, thread)
    message, _ = await waiting_message(example_school, thread)

    async def asks(uow: UnitOfWork) -> Any:
        await questions.start_asking(uow, yusuf, message, Side.HOME)
        question = await find_question(uow, yusuf.person_id)
        assert question is not None
        return await questions.send_question(uow, yusuf, question, "ماذا تقصدين؟")

    asking = await try_(example_school, asks)
    assert asking.name == AMINA
    [(asked_id, kind, to)] = await rows(
        example_school, "SELECT id, kind, to_person_id FROM thread_message WHERE author_id = :p", p=yusuf.person_id
    )
    assert (kind, to) == (MessageKind.ASKS.value, amina.person_id)
    for other in (kari, omar, yusuf):
        refused = await try_(example_school, partial(with_uow, questions.start_answer, other, asked_id))
        assert isinstance(refused, NotPermitted)
    assert await try_(example_school, lambda uow: questions.send_reply(uow, amina, asked_id, "أقصد الحمى")) == YUSUF
    assert await told(example_school, "thread") == [AMINA]
    assert await told(example_school, "follow") == [YUSUF]
    between = await rendered(example_school, Subject.MESSAGE, asked_id, "nb")
    await ask_for(example_school, between)
    assert await told(example_school, "translate") == [], "nobody is asked to translate what is between the two"
    assert isinstance(await try_(example_school, lambda uow: access_task(uow, yusuf, between)), NotPermitted)
    async with example_school.unit_of_work() as uow:
        await consent.end(uow, amina, consent_id)
    refused = await try_(example_school, lambda uow: questions.send_reply(uow, amina, asked_id, "شيء آخر"))
    assert refused.code == "helper_gone"
    assert await rows(example_school, "SELECT count(*) FROM thread_message") == [(3,)]
