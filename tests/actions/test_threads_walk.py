"""Whatever home, teacher and leadership do in whatever order, a conversation never contradicts itself (B1–B5, P7)."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.actions.roster import block_guardian, find_person, unblock_guardian
from bot.actions.threads import Said, call_me_in, deliver, have_called, reply, speak
from bot.actions.threads.close import close_thread, reopen_thread
from bot.actions.threads.hand import hand_back, hand_over
from bot.actions.threads.overdue import surface_due
from bot.actions.threads.page import open_conversation
from bot.actions.threads.take_back import take_back
from bot.clock import Clock
from bot.domain.errors import DomainError
from bot.domain.outgoing import OutgoingState
from bot.domain.people import Actor
from bot.domain.school import School
from bot.domain.threads import MessageKind
from storage.queries.outgoing import claim_due, settle
from storage.queries.people import find_actor_by_person
from storage.session import Database, UnitOfWork
from tests.actions.steps import come_in, rows
from tests.conftest import import_example, run_apart
from tests.scenarios.world import OSLO

START = datetime(2026, 11, 23, 10, tzinfo=OSLO)
HOME, TEACHER, OTHER, LEADER = "Ingrid Berg", "Kari Nordmann", "Nina Sørli", "Marit Lund"
PUPIL = "Noah Berg"
AT_SCHOOL = st.sampled_from([TEACHER, TEACHER, OTHER, LEADER])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.just(HOME)),
        st.tuples(st.just("speak"), st.just(HOME)),
        st.tuples(st.just("take_back"), st.just(HOME)),
        st.tuples(st.just("call"), st.just(HOME)),
        st.tuples(st.sampled_from(["answer", "answer", "called", "not_called", "hand", "back"]), AT_SCHOOL),
        st.tuples(st.sampled_from(["close", "reopen"]), st.sampled_from([HOME, TEACHER, LEADER])),
        st.tuples(st.sampled_from(["send", "send", "tick", "minute", "hours"]), st.just("")),
        st.tuples(st.sampled_from(["end_access", "give_access"]), st.just("")),
    ),
    min_size=5,
    max_size=30,
)
_numbers = count()


@pytest.fixture(scope="module")
def begun(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A school in which a home has just begun a conversation."""
    path = tmp_path_factory.mktemp("threads") / "school.db"
    shutil.copyfile(sqlite_template, path)
    run_apart(_begin(path))
    return path


async def _begin(path: Path) -> None:
    database = Database(f"sqlite:///{path}", now=Clock(START).now, school=School())
    try:
        await import_example(database)
        for name in (HOME, TEACHER, OTHER, LEADER, "Geir Moen", "Lars Berg"):
            actor = await come_in(database, name)
            if name == HOME:
                ingrid = actor
        async with database.unit_of_work() as uow:
            await speak(uow, ingrid, "Hei")
    finally:
        await database.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_a_conversation_under_all_that_may_happen(begun: Path, tmp_path: Path, steps: list[tuple[str, str]]) -> None:
    path = tmp_path / f"{next(_numbers)}.db"
    shutil.copyfile(begun, path)
    asyncio.run(_live(path, steps))
    path.unlink()


async def _live(path: Path, steps: list[tuple[str, str]]) -> None:
    clock = Clock(START)
    database = Database(f"sqlite:///{path}", now=clock.now, school=School())
    walk = Walk(database, clock)
    try:
        [(walk.thread,)] = await rows(database, "SELECT id FROM thread")
        walk.people = {name: person_id for person_id, name in await rows(database, "SELECT id, name FROM person")}
        for what, who in steps:
            await walk.step(what, who)
            await walk.hold()
    finally:
        await database.close()


class Walk:
    """One conversation, and what the test knows of it by itself."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock
        self.thread = 0
        self.people: dict[str, int] = {}
        self.access = True
        self.closed = self.handed = False

    async def step(self, what: str, who: str) -> None:
        if what in {"minute", "hours"}:
            self.clock.forward(timedelta(minutes=1) if what == "minute" else timedelta(hours=9))
        elif what == "send":
            await self.send()
        elif what in {"end_access", "give_access"}:
            await self.turn_access(end=what == "end_access")
        else:
            await self.act(what, who)

    async def act(self, what: str, who: str) -> None:
        """Do something; what is refused changes nothing."""
        async with self.database.unit_of_work() as uow:
            actor = await find_actor_by_person(uow, self.people[who]) if who else None
            if who and actor is None:
                return
            try:
                await self._acts(uow)[what](actor)  # type: ignore[arg-type]
            except DomainError:
                return
        self.note(what, who)

    def note(self, what: str, who: str) -> None:
        """Follow by the plain rules what the step was to change."""
        if what in {"write", "speak", "answer", "reopen"} or (what == "call" and self.closed):
            self.closed = False
        elif what == "close":
            self.closed = True
        elif what == "hand":
            assert who == TEACHER
            self.handed = True
        elif what == "back":
            assert who == LEADER
            self.handed = False

    def _acts(self, uow: UnitOfWork) -> dict[str, Callable[[Actor], Awaitable[object]]]:
        async def write(actor: Actor) -> None:
            await deliver(uow, actor, self.thread, Said(f"melding {next(_numbers)}"))
            await uow.commit()

        async def take(actor: Actor) -> None:
            newest = sa.text("SELECT max(id) FROM thread_message WHERE author_id = :p AND kind != 'call_me'")
            found = (await uow.execute(newest, {"p": actor.person_id})).scalar_one()
            await take_back(uow, actor, found)

        return {
            "write": write,
            "speak": lambda actor: speak(uow, actor, f"uspurt {next(_numbers)}"),
            "take_back": take,
            "call": lambda actor: call_me_in(uow, actor, self.thread),
            "answer": lambda actor: reply(uow, actor, self.thread, f"svar {next(_numbers)}"),
            "called": lambda actor: have_called(uow, actor, self.thread),
            "not_called": lambda actor: have_called(uow, actor, self.thread, undo=True),
            "hand": lambda actor: hand_over(uow, actor, self.thread),
            "back": lambda actor: hand_back(uow, actor, self.thread),
            "close": lambda actor: close_thread(uow, actor, self.thread),
            "reopen": lambda actor: reopen_thread(uow, actor, self.thread),
            "tick": lambda _: surface_due(uow),
        }

    async def turn_access(self, *, end: bool) -> None:
        """Shut the guardian out, or let her in again."""
        async with self.database.unit_of_work() as uow:
            turn = block_guardian if end else unblock_guardian
            try:
                await turn(uow, None, await find_person(uow, HOME), PUPIL)
            except DomainError:
                return
        self.access = not end

    async def send(self) -> None:
        """Let everything leave that is due, and hold each message against who may have it at that moment."""
        while True:
            async with self.database.unit_of_work() as uow:
                claimed = await claim_due(uow, limit=50, lease=timedelta(seconds=30))
                for row in claimed:
                    state = OutgoingState.SENT if row.permitted else OutgoingState.FAILED
                    await settle(uow, row, state, message_id=row.id)
                await uow.commit()
            if not claimed:
                return
            for row in claimed:
                if row.permitted and row.about == "thread":
                    assert self.may_have(row.recipient_id), (row.recipient_id, row.payload["text"])

    def may_have(self, person_id: int) -> bool:
        """Tell by the plain rules who may have a message of this conversation now."""
        leaders = {self.people[LEADER], self.people["Geir Moen"]}
        teachers = {self.people[TEACHER], self.people[OTHER]}
        if person_id == self.people[HOME]:
            return self.access
        return person_id in (leaders if self.handed else leaders | teachers)

    async def hold(self) -> None:
        """Hold what must be true after every step."""
        [(closed, handed, waits, teacher_due, leader_due, threads)] = await rows(
            self.database,
            "SELECT closed_at IS NOT NULL, handed_at IS NOT NULL, waits_since IS NOT NULL, teacher_due IS NOT NULL,"
            " leader_due IS NOT NULL, (SELECT count(*) FROM thread) FROM thread",
        )
        assert threads == 1, "one conversation a guardian, child and kind"
        assert (bool(closed), bool(handed)) == (self.closed, self.handed)
        said = await rows(
            self.database,
            "SELECT author_id, kind FROM thread_message WHERE taken_back_at IS NULL AND kind IN"
            " ('text', 'question', 'call_me', 'called') ORDER BY id",
        )
        home_last = bool(said) and said[-1][0] == self.people[HOME]
        assert bool(waits) == (home_last and not self.closed), (said, closed)
        assert waits or not (teacher_due or leader_due), "nothing surfaces that nobody waits for"
        assert await rows(
            self.database,
            "SELECT count(*) FROM outgoing o JOIN thread_message m ON o.dedupe_key LIKE 'thread:' || m.id || ':%'"
            " WHERE m.taken_back_at IS NOT NULL AND o.state IN ('sent', 'sending', 'queued')",
        ) == [(0,)], "what was taken back nobody has"
        await self.hold_pages()

    async def hold_pages(self) -> None:
        """Nobody reads more on the page than they may."""
        last_handed = await rows(self.database, "SELECT max(id) FROM thread_message WHERE kind = 'handed_over'")
        for name in (TEACHER, OTHER, LEADER, HOME, "Lars Berg"):
            async with self.database.unit_of_work() as uow:
                actor = await find_actor_by_person(uow, self.people[name])
                if actor is None:
                    continue
                try:
                    view = await open_conversation(uow, actor, self.thread)
                except DomainError:
                    assert name == "Lars Berg" or not self.access
                    continue
            assert name != "Lars Berg"
            assert self.access
            if self.handed and name in {TEACHER, OTHER}:
                assert all(one.id <= last_handed[0][0] for one in view.messages)
            assert all(one.kind is not MessageKind.ASKS for one in view.messages)
