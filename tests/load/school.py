"""A generated school: one class, one guardian for each pupil, everybody's phone known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.domain.notices import AudienceKind, NoticeKind, NoticeState
from bot.domain.people import Relation, Role
from bot.simulator import Person as PhoneOwner
from bot.simulator import Simulator
from storage.models import Account, ClassStaff, Guardianship, Notice, Person, Pupil, SchoolClass, StaffRole
from storage.session import Database, UnitOfWork
from storage.sql import insert_many

TEACHER = 1
ADDRESS_BASE = 700_000
"""A person's Telegram id is this and the person's number."""
TEXT = "I morgen er det aktivitetsdag."


@dataclass(frozen=True)
class Generated:
    """Who is in the generated school."""

    guardians: tuple[int, ...]

    @property
    def addresses(self) -> list[int]:
        """The guardians' Telegram ids."""
        return [ADDRESS_BASE + number for number in self.guardians]

    def give_phones(self, sim: Simulator) -> None:
        """Give everybody a phone on which the bot was started long ago."""
        for number in (TEACHER, *self.guardians):
            owner = PhoneOwner(id=ADDRESS_BASE + number, first_name=f"Person {number}", language_code="nb")
            sim.add_person(owner).mark_started()


async def generate(database: Database, homes: int) -> Generated:
    """Store a teacher of one class, and `homes` pupils with one guardian each."""
    guardians = tuple(range(2, homes + 2))
    people = (TEACHER, *guardians)
    async with database.unit_of_work() as uow:
        await insert_many(uow, Person, [_person(uow, number) for number in people])
        await insert_many(uow, Account, [_account(uow, number) for number in people])
        await insert_many(uow, StaffRole, [{"person_id": TEACHER, "role": Role.CONTACT_TEACHER}])
        await insert_many(uow, SchoolClass, [{"id": 1, "name": "5A", "grade": 5}])
        await insert_many(uow, ClassStaff, [{"class_id": 1, "person_id": TEACHER, "is_contact": True}])
        born = (uow.now - timedelta(days=10 * 365)).date()
        await insert_many(
            uow, Pupil, [{"id": n, "name": f"Pupil {n}", "birth_date": born, "class_id": 1} for n in guardians]
        )
        ties = [{"pupil_id": n, "person_id": n, "relation": Relation.MOTHER, "blocked": False} for n in guardians]
        await insert_many(uow, Guardianship, ties)
        await uow.commit()
    return Generated(guardians)


def _person(uow: UnitOfWork, number: int) -> dict[str, Any]:
    return {
        "id": number,
        "roster_key": f"tel:{number}",
        "name": f"Person {number}",
        "language": "nb",
        "spoken_languages": "",
        "welcomed_at": uow.now,
        "created_at": uow.now,
    }


def _account(uow: UnitOfWork, number: int) -> dict[str, Any]:
    return {"person_id": number, "address": ADDRESS_BASE + number, "reachable": True, "linked_at": uow.now}


async def schedule_notice(database: Database) -> None:
    """Store a notice of the teacher to the whole class that is due now."""
    async with database.unit_of_work() as uow:
        uow.session.add(
            Notice(
                author_id=TEACHER,
                kind=NoticeKind.GENERAL,
                text=TEXT,
                text_language="nb",
                audience=AudienceKind.CLASSES,
                audience_ids=[1],
                state=NoticeState.SCHEDULED,
                created_at=uow.now,
                send_at=uow.now,
                send_local=f"{uow.school.local(uow.now):%Y-%m-%dT%H:%M:%S}",
            )
        )
        await uow.commit()
