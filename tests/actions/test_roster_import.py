"""Importing the school's files: what the preview says, what is stored, and that blocked means blocked."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.actions.roster import (
    ImportRefused,
    ImportStale,
    ImportTooLarge,
    apply_import,
    block_guardian,
    find_person,
    plan_import,
    unblock_guardian,
    unlink_person,
)
from bot.clock import Clock
from bot.domain.notices import NoticeState
from bot.domain.outgoing import Lane, OutgoingKind, OutgoingState
from bot.domain.people import Role
from bot.domain.roster import (
    PEOPLE_COLUMNS,
    STAFF_COLUMNS,
    Roster,
    RosterInvalid,
    StaffRoster,
    parse_people,
    parse_staff,
)
from bot.domain.roster_changes import (
    BLOCKED_COMES_BACK,
    BLOCKED_RENAMED,
    NUMBER_OF_OTHER,
    STAFF_OTHER_NAME,
    UNKNOWN_CLASS,
    ChangeKind,
    ImportPlan,
    StoredSchool,
)
from bot.domain.roster_plan import compare
from storage.models import (
    Account,
    AuditEntry,
    Delivery,
    EntryCode,
    Guardianship,
    Notice,
    Outgoing,
    Person,
    Pupil,
    SchoolClass,
    Thread,
)
from storage.queries.people import list_class_teachers, list_guardian_ties
from storage.queries.roster import load_school
from storage.session import Database, UnitOfWork
from storage.sql import insert_many, table
from tests.conftest import EXAMPLE, import_example

Row = dict[str, str]

NOAH = {
    "class": "5A",
    "pupil": "Noah Berg",
    "pupil_birth_date": "2016-11-08",
    "guardian": "Ingrid Berg",
    "relation": "mother",
    "language": "nb",
    "phone": "+4740000111",
    "email": "ingrid@hjem.example",
}
LARS = NOAH | {"guardian": "Lars Berg", "relation": "father", "phone": "+4740000112", "email": "lars@post.example"}
ALI = {
    "class": "5A",
    "pupil": "Ali Haddad",
    "pupil_birth_date": "2016-03-02",
    "guardian": "Amina Haddad",
    "relation": "mother",
    "language": "ar",
    "phone": "+4740000121",
}
OMAR = ALI | {"guardian": "Omar Haddad", "relation": "father", "phone": "+4740000122"}
ROAR = {
    "class": "8C",
    "pupil": "Sander Fjellheim",
    "pupil_birth_date": "2013-11-21",
    "guardian": "Roar Fjellheim",
    "relation": "father",
    "phone": "+4740000127",
    "email": "roar@hjem.example",
    "blocked": "yes",
}
MONICA = ROAR | {
    "guardian": "Monica Fjellheim",
    "relation": "mother",
    "phone": "+4740000126",
    "email": "monica@hjem.example",
    "blocked": "",
}
HOME = (NOAH, LARS, ALI, OMAR, MONICA, ROAR)

KARI = {"name": "Kari Nordmann", "role": "contact_teacher", "classes": "5A", "phone": "+4740000004"}
HILDE = {"name": "Hilde Strand", "role": "contact_teacher", "classes": "8C", "phone": "+4740000005"}
MARIT = {"name": "Marit Lund", "role": "principal", "phone": "+4740000001", "languages": "nb en"}
TEAM = (KARI, HILDE, MARIT)


def write(rows: tuple[Row, ...], columns: tuple[str, ...]) -> str:
    sheet = io.StringIO(newline="")
    writer = csv.DictWriter(sheet, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return sheet.getvalue()


async def plan(uow: UnitOfWork, people: tuple[Row, ...] | None, staff: tuple[Row, ...] | None = None) -> ImportPlan:
    roster = parse_people(write(people, PEOPLE_COLUMNS), today=uow.today) if people is not None else None
    team = parse_staff(write(staff, STAFF_COLUMNS)) if staff is not None else None
    return await plan_import(uow, roster, team)


async def bring_in(
    database: Database, people: tuple[Row, ...] | None, staff: tuple[Row, ...] | None = None, *, large: bool = True
) -> ImportPlan:
    async with database.unit_of_work() as uow:
        made = await plan(uow, people, staff)
        await apply_import(uow, None, made, allow_large=large)
    return made


async def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, for comparing before and after."""
    stored = {}
    async with database.unit_of_work() as uow:
        for name, one in sorted(Person.metadata.tables.items()):
            stored[name] = sorted((tuple(row) for row in await uow.execute(sa.select(one))), key=repr)
    return stored


async def ask(database: Database, statement: sa.Executable) -> list[tuple[object, ...]]:
    async with database.unit_of_work() as uow:
        return [tuple(row) for row in await uow.execute(statement)]


async def open_guardians(database: Database, pupil: str) -> set[str]:
    async with database.unit_of_work() as uow:
        ids = (await uow.execute(sa.select(table(Pupil).c.id).where(table(Pupil).c.name == pupil))).scalars().all()
        return {tie.name for pupil_id in ids for tie in await list_guardian_ties(uow, pupil_id)}


async def person_id(database: Database, name: str) -> int:
    async with database.unit_of_work() as uow:
        return (await find_person(uow, name)).id


async def pupil_ids(database: Database) -> dict[str, int]:
    async with database.unit_of_work() as uow:
        return {row[0]: row[1] for row in await uow.execute(sa.select(table(Pupil).c.name, table(Pupil).c.id))}


async def enrol(database: Database, name: str, address: int) -> int:
    found = await person_id(database, name)
    async with database.unit_of_work() as uow:
        row = {"person_id": found, "address": address, "reachable": True, "unreachable_reason": None}
        await insert_many(uow, Account, [row | {"linked_at": uow.now}])
        await uow.commit()
    return found


class TestTheFirstImport:
    async def test_the_example_school_comes_in_whole(self, example_school: Database) -> None:
        counted = {
            model: (await ask(example_school, sa.select(sa.func.count()).select_from(table(model))))[0][0]
            for model in (SchoolClass, Pupil, Guardianship, Person)
        }
        assert counted == {SchoolClass: 3, Pupil: 71, Guardianship: 131, Person: 118}
        assert await open_guardians(example_school, "Noah Berg") == {"Ingrid Berg", "Lars Berg"}
        assert await open_guardians(example_school, "Sander Fjellheim") == {"Monica Fjellheim"}

    async def test_contact_teachers_are_told_from_the_others(self, example_school: Database) -> None:
        async with example_school.unit_of_work() as uow:
            (row,) = await uow.execute(sa.select(table(SchoolClass).c.id).where(table(SchoolClass).c.name == "5A"))
            assert await list_class_teachers(uow, row[0]) == [("Kari Nordmann", True), ("Nina Sørli", False)]

    async def test_importing_the_same_files_again_changes_nothing(self, example_school: Database) -> None:
        before = await everything(example_school)
        async with example_school.unit_of_work() as uow:
            text = (EXAMPLE / "people.csv").read_text(encoding="utf-8")
            staff = (EXAMPLE / "staff.csv").read_text(encoding="utf-8")
            made = await plan_import(uow, parse_people(text, today=uow.today), parse_staff(staff))
            assert made.is_empty
            assert made.counts == {}
        await import_example(example_school)
        assert await everything(example_school) == before

    async def test_each_file_alone_leaves_the_other_half_alone(self, database: Database) -> None:
        await bring_in(database, HOME, TEAM)
        assert (await bring_in(database, HOME)).is_empty
        assert (await bring_in(database, None, TEAM)).is_empty

    async def test_the_preview_changes_nothing(self, database: Database) -> None:
        before = await everything(database)
        async with database.unit_of_work() as uow:
            made = await plan(uow, HOME, TEAM)
        assert made.counts[ChangeKind.NEW_PUPIL] == 3
        assert made.counts[ChangeKind.BLOCKED] == 1
        assert await everything(database) == before

    async def test_the_audit_holds_ids_and_codes_only(self, database: Database) -> None:
        await bring_in(database, HOME, TEAM)
        entries = await ask(database, sa.select(table(AuditEntry).c.act, table(AuditEntry).c.detail))
        acts = [act for act, _ in entries]
        assert (acts.count("roster.imported"), acts.count("tie.opened"), acts.count("tie.blocked")) == (1, 5, 1)
        assert acts.count("role.given") == 3
        assert not any(name in repr(entries) for name in ("Berg", "Roar", "hjem", "4740"))

    async def test_a_teacher_with_a_child_here_is_one_person(self, database: Database) -> None:
        mother = NOAH | {"guardian": "Kari Nordmann", "phone": KARI["phone"], "email": ""}
        team = (KARI, MARIT)
        await bring_in(database, (mother,), team)
        assert len(await ask(database, sa.select(table(Person).c.id))) == 2
        assert (await bring_in(database, (mother,))).is_empty
        assert (await bring_in(database, None, team)).is_empty

    async def test_a_school_of_two_thousand_takes_seconds(self, database: Database) -> None:
        rows = tuple(
            NOAH
            | {
                "class": f"{n % 10 + 1}{'ABCD'[n // 10 % 4]}",
                "pupil": f"Elev {n} Etternavn",
                "guardian": f"Forelder {n * 2 + g} Etternavn",
                "phone": f"+474{n * 2 + g:07d}",
                "email": "",
            }
            for n in range(2000)
            for g in range(2)
        )
        started = time.perf_counter()
        await bring_in(database, rows)
        first = time.perf_counter()
        moved = tuple(row | {"class": f"{int(row['class'][:-1]) % 10 + 1}{row['class'][-1]}"} for row in rows)
        await bring_in(database, moved)
        took = (first - started, time.perf_counter() - first)
        assert max(took) < 20, took  # a few seconds on an idle machine


class TestChanges:
    async def told(self, database: Database, people: tuple[Row, ...]) -> dict[ChangeKind, int]:
        return (await bring_in(database, people)).counts

    async def test_a_pupil_changes_class(self, database: Database) -> None:
        await bring_in(database, HOME)
        counts = await self.told(database, (NOAH | {"class": "5B"}, LARS | {"class": "5B"}, *HOME[2:]))
        assert counts == {ChangeKind.NEW_CLASS: 1, ChangeKind.MOVED_PUPIL: 1}

    async def test_a_class_that_moves_up_as_a_whole_stays_the_same_class(self, database: Database) -> None:
        await bring_in(database, HOME, TEAM)
        before = await ask(database, sa.select(table(SchoolClass).c.id).where(table(SchoolClass).c.name == "5A"))
        up = {"5A": "6A", "8C": "9C"}
        counts = await self.told(database, tuple(row | {"class": up[row["class"]]} for row in HOME))
        assert counts == {ChangeKind.RENAMED_CLASS: 2}
        after = await ask(
            database,
            sa.select(table(SchoolClass).c.id, table(SchoolClass).c.grade).where(table(SchoolClass).c.name == "6A"),
        )
        assert after == [(before[0][0], 6)]

    async def test_classes_may_pass_their_names_on(self, database: Database) -> None:
        sixth = MONICA | {"class": "6A"}
        await bring_in(database, (NOAH, LARS, sixth))
        up = (NOAH | {"class": "6A"}, LARS | {"class": "6A"}, sixth | {"class": "7A"})
        assert await self.told(database, up) == {ChangeKind.RENAMED_CLASS: 2}
        assert (await bring_in(database, up)).is_empty

    async def test_a_pupil_who_is_no_longer_listed_has_left_and_may_come_back(self, database: Database) -> None:
        await bring_in(database, HOME)
        assert await self.told(database, HOME[2:]) == {ChangeKind.LEFT_PUPIL: 1}
        assert await open_guardians(database, "Noah Berg") == set()
        assert await self.told(database, HOME) == {ChangeKind.RETURNED_PUPIL: 1}
        assert await open_guardians(database, "Noah Berg") == {"Ingrid Berg", "Lars Berg"}

    async def test_a_guardian_who_is_no_longer_listed_loses_access(self, database: Database) -> None:
        await bring_in(database, HOME)
        assert await self.told(database, (NOAH, *HOME[2:])) == {ChangeKind.ENDED_TIE: 1}
        assert await open_guardians(database, "Noah Berg") == {"Ingrid Berg"}
        assert await self.told(database, HOME) == {ChangeKind.REOPENED_TIE: 1}

    async def test_new_values_of_a_person(self, database: Database) -> None:
        await bring_in(database, HOME)
        changed = NOAH | {"guardian": "Ingrid Haugen", "email": "ingrid@ny.example", "language": "pl"}
        assert await self.told(database, (changed, *HOME[1:])) == {
            ChangeKind.CHANGED_NAME: 1,
            ChangeKind.CHANGED_EMAIL: 1,
            ChangeKind.CHANGED_LANGUAGE: 1,
        }

    async def test_a_new_number_beside_the_same_child_is_the_same_person(self, database: Database) -> None:
        await bring_in(database, HOME)
        found = await enrol(database, "Omar Haddad", 77)
        renumbered = (*HOME[:3], OMAR | {"phone": "+4799999999"}, *HOME[4:])
        assert await self.told(database, renumbered) == {ChangeKind.CHANGED_PHONE: 1}
        assert await person_id(database, "+4799999999") == found
        assert (await bring_in(database, renumbered)).is_empty

    async def test_two_people_swap_numbers(self, database: Database) -> None:
        await bring_in(database, HOME)
        before = [await person_id(database, name) for name in ("Amina Haddad", "Omar Haddad")]
        swapped = (ALI | {"phone": OMAR["phone"]}, OMAR | {"phone": ALI["phone"]})
        assert await self.told(database, (*HOME[:2], *swapped, *HOME[4:])) == {ChangeKind.CHANGED_PHONE: 2}
        assert [await person_id(database, name) for name in ("Amina Haddad", "Omar Haddad")] == before

    async def test_a_number_alone_does_not_carry_access_to_another_name(self, database: Database) -> None:
        await bring_in(database, HOME)
        former = await enrol(database, "Omar Haddad", 77)
        stranger = NOAH | {"guardian": "Truls Vik", "relation": "guardian", "phone": OMAR["phone"], "email": ""}
        counts = await self.told(database, (NOAH, LARS, stranger, ALI, MONICA, ROAR))
        assert counts[ChangeKind.PASSED_ON] == 1
        assert await person_id(database, "Truls Vik") != former
        accounts = await ask(database, sa.select(table(Account).c.person_id))
        assert accounts == [(former,)]
        assert await open_guardians(database, "Ali Haddad") == {"Amina Haddad"}

    async def test_a_new_number_and_a_new_child_need_a_new_letter(self, database: Database) -> None:
        await bring_in(database, HOME)
        former = await enrol(database, "Omar Haddad", 77)
        renumbered = OMAR | {"phone": "+4799999999"}
        sister = renumbered | {"pupil": "Layla Haddad", "pupil_birth_date": "2018-02-02", "class": "8C"}
        await bring_in(database, (*HOME[:3], renumbered, sister, *HOME[4:]))
        async with database.unit_of_work() as uow:
            assert (await find_person(uow, "+4799999999")).id != former
        ties = table(Guardianship)
        live = await ask(database, sa.select(ties.c.person_id).where(ties.c.ended_at.is_(None)))
        assert former not in {row[0] for row in live}

    async def test_a_corrected_spelling_is_the_same_pupil(self, database: Database) -> None:
        await bring_in(database, HOME)
        corrected = tuple(row | {"pupil": "Noah Berge"} for row in HOME[:2])
        assert await self.told(database, (*corrected, *HOME[2:])) == {ChangeKind.CORRECTED_PUPIL: 1}
        born = tuple(row | {"pupil_birth_date": "2016-11-09"} for row in corrected)
        assert await self.told(database, (*born, *HOME[2:])) == {ChangeKind.CORRECTED_PUPIL: 1}
        assert len(await ask(database, sa.select(table(Pupil).c.id))) == 3

    async def test_staff_come_change_and_go(self, database: Database) -> None:
        await bring_in(database, HOME, TEAM)
        made = await bring_in(
            database, None, (KARI | {"role": "subject_teacher", "classes": "5A 8C"}, MARIT | {"languages": "nb"})
        )
        assert made.counts == {
            ChangeKind.GONE_STAFF: 1,
            ChangeKind.NEW_ROLE: 1,
            ChangeKind.ENDED_ROLE: 2,
            ChangeKind.NEW_CLASS_STAFF: 1,
            ChangeKind.CHANGED_CLASS_STAFF: 1,
            ChangeKind.ENDED_CLASS_STAFF: 1,
            ChangeKind.CHANGED_SPOKEN: 1,
        }
        async with database.unit_of_work() as uow:
            roles = (await load_school(uow)).roles
        assert {role for _, role in roles} == {Role.SUBJECT_TEACHER, Role.PRINCIPAL}


class TestNothingIsAppliedWhenAnythingIsWrong:
    async def refused(
        self, database: Database, people: tuple[Row, ...] | None, staff: tuple[Row, ...] | None = None
    ) -> list[tuple[int, str]]:
        before = await everything(database)
        with pytest.raises(ImportRefused) as caught:
            await bring_in(database, people, staff)
        assert await everything(database) == before
        for problem in caught.value.problems:
            assert str(problem.line) in problem.sentence.format(**problem.fields)
        return [(problem.line, problem.sentence) for problem in caught.value.problems]

    async def test_one_wrong_line(self, database: Database) -> None:
        await bring_in(database, HOME)
        before = await everything(database)
        with pytest.raises(RosterInvalid):
            await bring_in(database, (*HOME[:5], ROAR | {"relation": "uncle"}, NOAH | {"pupil": "New"}))
        assert await everything(database) == before

    async def test_a_class_that_nobody_is_in(self, database: Database) -> None:
        assert await self.refused(database, HOME, (KARI | {"classes": "5A 9Z"},)) == [(2, UNKNOWN_CLASS)]

    async def test_a_teacher_with_the_number_of_a_guardian(self, database: Database) -> None:
        staff = (MARIT, KARI | {"phone": OMAR["phone"]})
        assert await self.refused(database, HOME, staff) == [(3, STAFF_OTHER_NAME)]

    async def test_a_guardian_with_the_number_of_a_stored_teacher(self, database: Database) -> None:
        await bring_in(database, HOME, TEAM)
        stranger = NOAH | {"guardian": "Eva Vik", "phone": MARIT["phone"], "email": ""}
        assert await self.refused(database, (*HOME, stranger)) == [(8, NUMBER_OF_OTHER)]

    async def test_a_teacher_with_the_number_of_a_stored_guardian(self, database: Database) -> None:
        await bring_in(database, HOME)
        assert await self.refused(database, None, (KARI | {"phone": OMAR["phone"]},)) == [(2, NUMBER_OF_OTHER)]

    async def test_half_a_file_needs_to_be_meant(self, database: Database) -> None:
        await bring_in(database, HOME)
        before = await everything(database)
        with pytest.raises(ImportTooLarge) as caught:
            await bring_in(database, HOME[:2], large=False)
        assert await everything(database) == before
        assert caught.value.fields["pupils"] == 2
        await bring_in(database, HOME[:2], large=True)
        assert await open_guardians(database, "Ali Haddad") == set()

    async def test_many_guardians_gone_need_to_be_meant_too(self, database: Database) -> None:
        await bring_in(database, HOME)
        with pytest.raises(ImportTooLarge):
            await bring_in(database, (NOAH, ALI, MONICA, ROAR), large=False)

    async def test_a_change_after_the_preview_stops_the_import(self, database: Database) -> None:
        await bring_in(database, HOME)
        async with database.unit_of_work() as uow:
            made = await plan(uow, (*HOME[:3], OMAR | {"email": "omar@ny.example"}, *HOME[4:]))
        async with database.unit_of_work() as uow:
            await block_guardian(uow, None, await find_person(uow, "Omar Haddad"), "Ali Haddad")
        before = await everything(database)
        async with database.unit_of_work() as uow:
            with pytest.raises(ImportStale):
                await apply_import(uow, None, made)
        assert await everything(database) == before

    async def test_a_failure_half_way_leaves_everything_as_it_was(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await bring_in(database, HOME)
        before = await everything(database)

        async def breaks(*_: object, **__: object) -> None:
            raise OSError

        monkeypatch.setattr("bot.actions.roster.audit_many", breaks)
        with pytest.raises(OSError):  # noqa: PT011
            await bring_in(database, HOME[:4], TEAM[:1])
        assert await everything(database) == before


class TestBlocked:
    @pytest.fixture
    async def stored(self, database: Database) -> AsyncIterator[Database]:
        await bring_in(database, HOME)
        assert await open_guardians(database, "Sander Fjellheim") == {"Monica Fjellheim"}
        yield database
        assert "Roar Fjellheim" not in await open_guardians(database, "Sander Fjellheim")

    async def lines(self, database: Database, *rows: Row) -> list[tuple[int, str]]:
        with pytest.raises(ImportRefused) as caught:
            await bring_in(database, (*HOME[:5], *rows))
        return [(problem.line, problem.sentence) for problem in caught.value.problems]

    @pytest.mark.parametrize("cell", ["", "no", "nei", "0"])
    async def test_stays_blocked_whatever_the_file_says(self, stored: Database, cell: str) -> None:
        made = await bring_in(stored, (*HOME[:5], ROAR | {"blocked": cell}))
        assert made.is_empty
        assert made.counts == {ChangeKind.STAYS_BLOCKED: 1}

    async def test_stays_blocked_after_having_been_left_out(self, stored: Database) -> None:
        await bring_in(stored, HOME[:5])
        made = await bring_in(stored, (*HOME[:5], ROAR | {"blocked": ""}))
        assert made.counts == {ChangeKind.STAYS_BLOCKED: 1}
        assert not made.is_empty

    async def test_stays_blocked_when_the_pupil_was_away(self, stored: Database) -> None:
        await bring_in(stored, HOME[:4])
        made = await bring_in(stored, (*HOME[:5], ROAR | {"blocked": ""}))
        assert made.counts == {ChangeKind.STAYS_BLOCKED: 1, ChangeKind.RETURNED_PUPIL: 1}

    @pytest.mark.parametrize(
        "change",
        [
            {"phone": "+4799999999"},
            {"phone": "", "email": ""},
            {"phone": "+4799999999", "email": "ny@hjem.example"},
            {"phone": "+4799999999", "email": "", "guardian": "ROAR  FJELLHEIM"},
            {"phone": "+4799999999", "email": "", "guardian": "Roar Nilsen"},
            {"phone": "+4799999999", "guardian": "R. Fjellheim"},
            {"phone": ""},
        ],
    )
    async def test_a_new_number_does_not_open_it(self, stored: Database, change: Row) -> None:
        assert await self.lines(stored, ROAR | {"blocked": ""} | change) == [(7, BLOCKED_COMES_BACK)]

    async def test_a_new_number_that_is_blocked_too_is_the_same_person(self, stored: Database) -> None:
        made = await bring_in(stored, (*HOME[:5], ROAR | {"phone": "+4799999999"}))
        assert made.counts == {ChangeKind.CHANGED_PHONE: 1}

    async def test_another_name_under_the_blocked_number(self, stored: Database) -> None:
        lines = await self.lines(stored, ROAR | {"guardian": "Truls Vik", "blocked": ""})
        assert (7, BLOCKED_RENAMED) in lines

    async def test_beside_the_blocked_line(self, stored: Database) -> None:
        twice = ROAR | {"phone": "+4799999999", "email": "", "blocked": ""}
        assert await self.lines(stored, ROAR, twice) == [(8, BLOCKED_COMES_BACK)]

    @pytest.mark.parametrize("change", [{"pupil": "Sander Fjelheim"}, {"pupil_birth_date": "2013-11-22"}])
    async def test_another_spelling_of_the_pupil_does_not_open_it(self, stored: Database, change: Row) -> None:
        made = await bring_in(stored, (*HOME[:4], MONICA | change, ROAR | {"blocked": ""} | change))
        assert made.counts == {ChangeKind.CORRECTED_PUPIL: 1, ChangeKind.STAYS_BLOCKED: 1}
        assert await open_guardians(stored, str(change.get("pupil", "Sander Fjellheim"))) == {"Monica Fjellheim"}

    async def test_a_pupil_who_comes_back_under_another_spelling(self, stored: Database) -> None:
        await bring_in(stored, HOME[:4])
        change = {"pupil": "Sander Fjelheim"}
        with pytest.raises(ImportRefused) as caught:
            await bring_in(stored, (*HOME[:4], MONICA | change, ROAR | {"blocked": ""} | change))
        assert [problem.line for problem in caught.value.problems] == [7]

    async def test_blocking_drops_what_waits_but_not_about_other_children(self, database: Database) -> None:
        sister = OMAR | {"pupil": "Layla Haddad", "pupil_birth_date": "2014-02-02", "class": "8C"}
        await bring_in(database, (*HOME, sister), TEAM)
        omar, kari = await person_id(database, "Omar Haddad"), await person_id(database, "Kari Nordmann")
        pupils = await pupil_ids(database)
        async with database.unit_of_work() as uow:
            notices = [
                Notice(author_id=kari, text_language="nb", state=NoticeState.SENT, created_at=uow.now) for _ in range(2)
            ]
            uow.session.add_all(notices)
            await uow.flush()
            both, hers = (notice.id or 0 for notice in notices)
            thread = Thread(guardian_id=omar, pupil_id=pupils["Ali Haddad"], opened_at=uow.now)
            uow.session.add(thread)
            ids = [pupils["Ali Haddad"], pupils["Layla Haddad"]]
            uow.session.add(Delivery(notice_id=both, person_id=omar, pupil_ids=ids, language="ar"))
            uow.session.add(Delivery(notice_id=hers, person_id=omar, pupil_ids=ids[1:], language="ar"))
            await uow.flush()
            reminded = [
                row[0] for row in await uow.execute(sa.select(table(Delivery).c.id).order_by(table(Delivery).c.id))
            ]
            for about, about_id in (
                ("notice", both),
                ("notice", hers),
                ("reminder", reminded[0]),
                ("reminder", reminded[1]),
                ("thread", thread.id or 0),
                ("unheard_of", 1),
            ):
                uow.session.add(
                    Outgoing(
                        recipient_id=omar,
                        lane=Lane.ORDINARY,
                        kind=OutgoingKind.NOTICE,
                        payload={"text": "…"},
                        about=about,
                        about_id=about_id,
                        state=OutgoingState.QUEUED,
                        created_at=uow.now,
                        due_at=uow.now + timedelta(hours=1),
                    )
                )
            await uow.commit()
        await bring_in(database, (*HOME[:3], OMAR | {"blocked": "yes"}, *HOME[4:], sister), TEAM)
        rows = await ask(
            database, sa.select(table(Outgoing).c.about, table(Outgoing).c.about_id, table(Outgoing).c.state)
        )
        assert {(about, about_id) for about, about_id, state in rows if state == "queued"} == {
            ("notice", hers),
            ("reminder", reminded[1]),
        }

    async def test_the_code_of_somebody_who_lost_all_access_ends(self, database: Database) -> None:
        await bring_in(database, HOME)
        omar, amina = await person_id(database, "Omar Haddad"), await person_id(database, "Amina Haddad")
        async with database.unit_of_work() as uow:
            for number, person in enumerate((omar, amina)):
                uow.session.add(
                    EntryCode(
                        person_id=person,
                        code_hash=str(number),
                        created_at=uow.now,
                        expires_at=uow.now + timedelta(days=30),
                    )
                )
            await uow.commit()
            await block_guardian(uow, None, await find_person(uow, "Omar Haddad"), "Ali Haddad")
        codes = await ask(
            database, sa.select(table(EntryCode).c.person_id).where(table(EntryCode).c.ended_at.is_(None))
        )
        assert codes == [(amina,)]

    async def test_only_by_hand_it_is_opened_again(self, database: Database) -> None:
        await bring_in(database, HOME)
        async with database.unit_of_work() as uow:
            await unblock_guardian(uow, None, await find_person(uow, "roar fjellheim"), "sander fjellheim")
        assert "Roar Fjellheim" in await open_guardians(database, "Sander Fjellheim")
        acts = {row[0] for row in await ask(database, sa.select(table(AuditEntry).c.act))}
        assert "tie.unblocked" in acts


async def test_a_lost_phone_is_forgotten_with_its_codes(database: Database) -> None:
    await bring_in(database, HOME)
    await enrol(database, "Omar Haddad", 77)
    async with database.unit_of_work() as uow:
        assert await unlink_person(uow, None, await find_person(uow, "Omar Haddad"))
    assert await ask(database, sa.select(table(Account).c.id)) == []
    async with database.unit_of_work() as uow:
        assert not await unlink_person(uow, None, await find_person(uow, "Omar Haddad"))


GUARDIANS = st.sampled_from(["Roar Fjellheim", "Roar Nilsen", "Monica Fjellheim", "Truls Vik"])
LINES = st.fixed_dictionaries(
    {
        "pupil": st.sampled_from(["Sander Fjellheim", "Sander Fjelheim", "Ida Fjellheim"]),
        "pupil_birth_date": st.sampled_from(["2013-11-21", "2013-11-22"]),
        "class": st.sampled_from(["8C", "9C"]),
        "guardian": GUARDIANS,
        "relation": st.sampled_from(["father", "mother"]),
        "phone": st.sampled_from(["", "+4740000126", "+4740000127", "+4799999999"]),
        "email": st.sampled_from(["", "roar@hjem.example", "x@hjem.example"]),
        "blocked": st.sampled_from(["", "", "no", "yes"]),
    }
)
FILES = st.lists(st.lists(LINES, min_size=1, max_size=4), min_size=1, max_size=6)


async def test_a_new_spelling_first_and_the_blocked_father_later_opens_nothing(database: Database) -> None:
    await bring_in(database, (MONICA, ROAR))
    respelled = {**MONICA, "pupil_birth_date": "2013-11-22", "phone": "", "email": ""}
    await bring_in(database, (respelled,))
    back = {**ROAR, "pupil_birth_date": "2013-11-22", "phone": "", "email": "", "blocked": ""}
    with pytest.raises(ImportRefused):
        await bring_in(database, (respelled, back))
    assert await open_guardians(database, "Sander Fjellheim") == {"Monica Fjellheim"}


async def test_a_slip_in_name_and_birth_date_at_once_opens_nothing(database: Database) -> None:
    await bring_in(database, (MONICA, ROAR))
    await bring_in(database, ({**MONICA, "pupil": "Sander Fjelheim"},))
    back = {**ROAR, "pupil_birth_date": "2013-11-22", "phone": "", "email": "", "blocked": ""}
    with pytest.raises(ImportRefused):
        await bring_in(database, (back,))
    assert await open_guardians(database, "Sander Fjellheim") == set()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(files=FILES)
async def test_no_sequence_of_imports_opens_a_blocked_tie(files: list[list[Row]], sqlite_database: Database) -> None:
    await _empty(sqlite_database)
    await bring_in(sqlite_database, (MONICA, ROAR))
    shut = set(await _ties(sqlite_database, blocked=True))
    for rows in files:
        try:
            await bring_in(sqlite_database, tuple(rows))
        except (RosterInvalid, ImportRefused):
            continue
        still = set(await _ties(sqlite_database, blocked=True))
        assert shut <= still
        shut = still
        assert not any(name.startswith("Roar") for name in await open_guardians(sqlite_database, "Sander Fjellheim"))
        assert (await bring_in(sqlite_database, tuple(rows))).is_empty  # and the same again changes nothing


async def _empty(database: Database) -> None:
    async with database.unit_of_work() as uow:
        for one in reversed(Person.metadata.sorted_tables):
            await uow.execute(sa.delete(one))
        await uow.commit()


async def _ties(database: Database, *, blocked: bool) -> list[tuple[object, ...]]:
    ties = table(Guardianship)
    return await ask(database, sa.select(ties.c.pupil_id, ties.c.person_id).where(ties.c.blocked.is_(blocked)))


def test_an_empty_school_and_no_files_compare_to_nothing() -> None:
    made = compare(StoredSchool(), Roster((), ()), StaffRoster(()))
    assert made.is_empty
    assert not made.is_large


async def test_the_clock_of_the_fixtures_is_a_monday_morning(clock: Clock, sqlite_database: Database) -> None:
    async with sqlite_database.unit_of_work() as uow:
        assert uow.today.isoformat() == "2026-11-23"
        assert uow.today.weekday() == 0
