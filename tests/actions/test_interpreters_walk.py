"""Whatever happens in whatever order, an interpreter is sent and shown a text only while that is allowed (L4, P7)."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.actions.interpreters import consent, tasks
from bot.clock import Clock
from bot.domain.errors import DomainError
from bot.domain.interpreters import Span, until
from bot.domain.outgoing import OutgoingKind
from bot.domain.people import Actor, Role
from bot.domain.school import School
from bot.domain.threads import ThreadKind
from bot.domain.translation import Subject
from storage.queries.interpreter_tasks import access_task
from storage.queries.interpreters import access_followed_thread, list_followers
from storage.queries.people import find_actor_by_person
from storage.queries.rights import Waiting, list_permitted
from storage.session import Database
from tests.actions.steps import come_in, rows
from tests.conftest import import_example, run_apart
from tests.scenarios.interpreter_steps import AMINA, KARI, YUSUF, promised, rendered, said, thread_of
from tests.scenarios.world import OSLO

START = datetime(2026, 11, 23, 10, tzinfo=OSLO)
SCHOOL = School()
_numbers = count()

GIVE = st.tuples(st.just("give"), st.tuples(st.sampled_from(["ordinary", "safety", "all"]), st.sampled_from(Span)))
END = st.tuples(st.just("end"), st.integers(0, 3))
WAIT = st.tuples(st.just("wait"), st.sampled_from([timedelta(hours=3), timedelta(days=7), timedelta(days=30)]))
FLIP = st.tuples(st.just("flip"), st.sampled_from(["promise", "role", "blocked", "left"]))
STEPS = st.lists(st.one_of(GIVE, GIVE, END, WAIT, FLIP), min_size=3, max_size=10)

FLIPS = {
    ("promise", False): "DELETE FROM interpreter_promise WHERE person_id = :yusuf",
    (
        "promise",
        True,
    ): "INSERT INTO interpreter_promise (person_id, accepted_at) VALUES (:yusuf, '2026-11-23 09:00:00')",
    ("role", False): "UPDATE staff_role SET role = 'representative' WHERE person_id = :yusuf",
    ("role", True): "UPDATE staff_role SET role = 'interpreter' WHERE person_id = :yusuf",
    ("blocked", True): "UPDATE guardianship SET blocked = true WHERE person_id = :amina",
    ("blocked", False): "UPDATE guardianship SET blocked = false WHERE person_id = :amina",
    ("left", True): "UPDATE pupil SET left_at = '2026-11-23 09:00:00' WHERE name = 'Ali Haddad'",
    ("left", False): "UPDATE pupil SET left_at = NULL WHERE name = 'Ali Haddad'",
}


@dataclass
class Model:
    """What is true by the rules, told in the plainest way."""

    now: datetime
    is_so: dict[str, bool] = field(
        default_factory=lambda: {"promise": True, "role": True, "blocked": False, "left": False}
    )
    given: dict[str, datetime] = field(default_factory=dict)
    """What holds, by its scope, and until when."""

    @property
    def able(self) -> bool:
        return self.is_so["promise"] and self.is_so["role"]

    @property
    def home_is_in(self) -> bool:
        return not self.is_so["blocked"] and not self.is_so["left"]

    def holds(self, scope: str) -> bool:
        return scope in self.given and self.given[scope] > self.now

    def may(self, thread: str) -> bool:
        """Tell whether the interpreter may follow a conversation."""
        consented = self.holds(thread) or (thread == "ordinary" and self.holds("all"))
        return self.able and self.home_is_in and consented


@pytest.fixture(scope="module")
def begun(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A school with two conversations of one home, an ordinary one and one about bullying."""
    path = tmp_path_factory.mktemp("interpreters") / "school.db"
    shutil.copyfile(sqlite_template, path)
    run_apart(_begin(path))
    return path


async def _begin(path: Path) -> None:
    database = Database(f"sqlite:///{path}", now=Clock(START).now, school=SCHOOL)
    try:
        await import_example(database)
        for name in (YUSUF, AMINA, KARI):
            await come_in(database, name)
        await promised(database, YUSUF)
        for kind in ThreadKind:
            thread = await thread_of(database, kind=kind)
            message = await said(database, thread, AMINA, "أريد أن أتكلم معك", "ar")
            await rendered(database, Subject.MESSAGE, message, "nb")
    finally:
        await database.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_a_consent_under_all_that_may_happen(begun: Path, tmp_path: Path, steps: list[tuple[str, Any]]) -> None:
    path = tmp_path / f"{next(_numbers)}.db"
    shutil.copyfile(begun, path)
    asyncio.run(_live(path, steps))
    path.unlink()


async def _live(path: Path, steps: list[tuple[str, Any]]) -> None:
    clock = Clock(START)
    database = Database(f"sqlite:///{path}", now=clock.now, school=SCHOOL)
    walk = Walk(database, clock)
    try:
        await walk.meet()
        await walk.hold()
        for act, what in steps:
            await getattr(walk, act)(what)
            walk.model.now = clock.now()
            await walk.hold()
    finally:
        await database.close()


class Walk:
    """Does a step in the school and in the model, and holds the one against the other."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock
        self.model = Model(clock.now())
        self.threads: dict[str, int] = {}
        self.waiting: dict[str, int] = {}
        self.people: dict[str, int] = {}

    async def meet(self) -> None:
        """Look up who and what there is."""
        self.people = dict(
            await rows(
                self.database,
                "SELECT CASE name WHEN :y THEN 'yusuf' ELSE 'amina' END, id FROM person WHERE name IN (:y, :a)",
                y=YUSUF,
                a=AMINA,
            )
        )
        self.threads = dict(await rows(self.database, "SELECT kind, id FROM thread"))
        self.waiting = dict(
            await rows(self.database, "SELECT kind, r.id FROM rendering r JOIN thread t ON t.id = r.thread_id")
        )

    async def actor(self, who: str) -> Actor:
        """Return a person as the next tap finds them; one with no right left as who that once was."""
        async with self.database.unit_of_work() as uow:
            found = await find_actor_by_person(uow, self.people[who])
        return found or Actor(self.people[who], 0, who, "nb", frozenset(), frozenset())

    async def give(self, what: tuple[str, Span]) -> None:
        """The guardian taps "Yes"."""
        scope, span = what
        thread = self.threads["ordinary" if scope == "all" else scope]
        amina = await self.actor("amina")
        async with self.database.unit_of_work() as uow:
            try:
                await consent.give_consent(uow, amina, thread, self.people["yusuf"], span, everything=scope == "all")
                done = True
            except DomainError:
                done = False
        assert done is (self.model.able and self.model.home_is_in)
        if done:
            ends = until(span, SCHOOL, self.clock.now())
            held = self.model.given[scope] if self.model.holds(scope) else ends
            self.model.given[scope] = max(ends, held)

    async def end(self, number: int) -> None:
        """The guardian ends one of those that were ever given."""
        ids = await rows(self.database, "SELECT id, thread_id FROM interpreter_consent ORDER BY id")
        if not ids:
            return
        consent_id, thread_id = ids[number % len(ids)]
        scope = next((name for name, one in self.threads.items() if one == thread_id), "all")
        async with self.database.unit_of_work() as uow:
            await consent.end(uow, await self.actor_in_hand(), consent_id)
        # on a page these are one line, and whoever ends it has ended it
        for one in ("safety",) if scope == "safety" else ("ordinary", "all"):
            self.model.given.pop(one, None)

    async def actor_in_hand(self) -> Actor:
        """Return the guardian, who may end what was allowed whatever has happened since."""
        return Actor(self.people["amina"], 0, AMINA, "ar", frozenset(), frozenset({1}))

    async def wait(self, how_long: timedelta) -> None:
        """Time goes by."""
        self.clock.forward(how_long)

    async def flip(self, what: str) -> None:
        """Something about the people changes."""
        now_so = not self.model.is_so[what]
        statement = FLIPS[what, now_so]
        values = {name: ref for name, ref in self.people.items() if f":{name}" in statement}
        async with self.database.unit_of_work() as uow:
            await uow.execute(sa.text(statement), values)
            await uow.commit()
        self.model.is_so[what] = now_so

    async def hold(self) -> None:
        """Hold that every way to a text is open exactly while it may be."""
        yusuf = await self.actor("yusuf")
        may = {name: self.model.may(name) for name in self.threads}
        for name, thread in self.threads.items():
            before = await self.followed_rows()
            await said(self.database, thread, KARI, f"Husk boka {next(_numbers)}", "nb", follows=True)
            assert (await self.followed_rows() - before == 1) is may[name], (name, self.model)
            async with self.database.unit_of_work() as uow:
                waits = [Waiting(1, self.people["yusuf"], OutgoingKind.MESSAGE, "follow", thread),
                         Waiting(2, self.people["yusuf"], OutgoingKind.CORRECTION, "follow", thread)]  # fmt: skip
                assert await list_permitted(uow, waits) == ({1, 2} if may[name] else set()), (name, self.model)
                assert bool(await list_followers(uow, thread)) is may[name]
            assert await self.opens(access_followed_thread, yusuf, thread) is may[name]
            assert await self.opens(access_task, yusuf, self.waiting[name]) is may[name]
        if self.model.able and Role.INTERPRETER in yusuf.roles:
            async with self.database.unit_of_work() as uow:
                assert await tasks.open_queue(uow, yusuf) == sum(may.values())

    async def followed_rows(self) -> int:
        """Count what was put into the queue for the interpreter."""
        found = await rows(self.database, "SELECT count(*) FROM outgoing WHERE dedupe_key LIKE 'follow:%'")
        return int(found[0][0])

    async def opens(self, access: Any, actor: Actor, ref: int) -> bool:
        """Tell whether a door opens."""
        async with self.database.unit_of_work() as uow:
            try:
                await access(uow, actor, ref)
            except DomainError:
                return False
        return True
