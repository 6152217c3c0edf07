"""The school's roster: importing it, and the few things about a person that are done by hand (P1, P3)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bot.domain.errors import InvalidInput
from bot.domain.marking import N_
from bot.domain.outgoing import Reason
from bot.domain.roster import Roster, StaffRoster
from bot.domain.roster_cells import fold
from bot.domain.roster_changes import ImportPlan, ImportRefused, ImportStale, ImportTooLarge
from bot.domain.roster_plan import compare
from storage.queries.audit import audit
from storage.queries.dialogue import close_question
from storage.queries.outgoing import drop_waiting
from storage.queries.roster import (
    Known,
    PersonView,
    TieView,
    audit_many,
    end_codes_of,
    end_codes_without_access,
    end_ties,
    list_known,
    list_waiting,
    load_school,
    lock_roster,
    remove_account,
    save_classes,
    save_people,
    save_pupils,
    save_staff,
    save_ties,
    set_blocked,
    view_person,
)
from storage.session import UnitOfWork

__all__ = [
    "ImportPlan",
    "ImportRefused",
    "ImportStale",
    "ImportTooLarge",
    "NoSuchPerson",
    "NotTheGuardian",
    "SeveralPeople",
    "apply_import",
    "block_guardian",
    "find_person",
    "plan_import",
    "show_person",
    "unblock_guardian",
    "unlink_person",
]


class NoSuchPerson(InvalidInput):
    """Nobody stored has this name or key."""

    code = "no_such_person"
    sentence = N_("Nobody called {name} is known. Write the name as it stands in the school's file.")


class SeveralPeople(InvalidInput):
    """Several have this name; the keys tell them apart."""

    code = "several_people"
    sentence = N_("Several people are called {name}. Write one of these instead: {keys}.")


class NotTheGuardian(InvalidInput):
    """The person has nothing to do with a pupil of this name."""

    code = "not_the_guardian"
    sentence = N_("{name} is not a guardian of a pupil called {pupil}. The guardian's pupils are: {pupils}.")


OPTION = "--allow-large"


async def plan_import(uow: UnitOfWork, roster: Roster | None, staff: StaffRoster | None) -> ImportPlan:
    """Return what the files would change, without changing it. A file that is None is not spoken about.

    Raises:
        ImportRefused: with every line that cannot be applied to what is stored.
    """
    return compare(await load_school(uow), roster, staff)


async def apply_import(uow: UnitOfWork, actor_id: int | None, plan: ImportPlan, *, allow_large: bool = False) -> None:
    """Do all that `plan` says, or nothing. `actor_id` is None on the command line.

    Raises:
        ImportStale: what is stored has changed since the plan was made.
        ImportTooLarge: too much would end, and `allow_large` is not set.
    """
    await lock_roster(uow)
    if await plan_import(uow, plan.roster, plan.staff) != plan:
        raise ImportStale
    if plan.is_large and not allow_large:
        raise ImportTooLarge(
            pupils=len(plan.left_pupils),
            pupils_before=plan.pupils_before,
            guardians=plan.guardians_ending,
            guardians_before=plan.guardians_before,
            option=OPTION,
        )
    if not plan.is_empty:
        await _write(uow, actor_id, plan)
    await uow.commit()


async def _write(uow: UnitOfWork, actor_id: int | None, plan: ImportPlan) -> None:
    class_ids = await save_classes(uow, plan.new_classes, plan.renamed_classes)
    person_ids = await save_people(uow, plan.people)
    pupil_ids = await save_pupils(uow, plan.pupils, plan.left_pupils, class_ids)
    await save_ties(uow, plan.ties, pupil_ids, person_ids)
    await end_ties(uow, plan.ended_ties)
    await save_staff(
        uow,
        roles=[(person_ids[key], role) for key, role in plan.roles],
        ended_roles=plan.ended_roles,
        class_staff=[(class_ids[name], person_ids[key], contact) for name, key, contact in plan.class_staff],
        ended_class_staff=plan.ended_class_staff,
    )
    for pupil_id, person_id in plan.newly_blocked:
        await _drop_about(uow, person_id, pupil_id)
    await end_codes_without_access(uow)
    counts = {kind.value: count for kind, count in plan.counts.items()}
    await audit(uow, actor_id, "roster.imported", "school", 0, **counts)
    await audit_many(uow, actor_id, _audit_rows(plan, pupil_ids, person_ids))


def _audit_rows(
    plan: ImportPlan, pupil_ids: Mapping[tuple[str, date], int], person_ids: Mapping[str, int]
) -> Iterable[tuple[str, str, int, dict[str, Any]]]:
    """Yield (act, about, id, ids and codes) for everything that opens or ends somebody's access."""
    for tie in plan.ties:
        yield tie.act, "pupil", pupil_ids[tie.pupil], {"person": person_ids[tie.key], "relation": tie.relation.value}
    for pupil_id, person_id in plan.ended_ties:
        yield "tie.ended", "pupil", pupil_id, {"person": person_id}
    for pupil_id in plan.left_pupils:
        yield "pupil.left", "pupil", pupil_id, {}
    for row in plan.people:
        if row.id is not None:
            yield "person.changed", "person", row.id, {}
    for key, role in plan.roles:
        yield "role.given", "person", person_ids[key], {"role": role.value}
    for person_id, role in plan.ended_roles:
        yield "role.ended", "person", person_id, {"role": role.value}


async def _drop_about(uow: UnitOfWork, person_id: int, pupil_id: int) -> None:
    """Drop what waits for a person, but for what is surely about other pupils only."""
    things = {
        (row.about, row.about_id)
        for row in await list_waiting(uow, [person_id])
        if row.pupils is None or pupil_id in row.pupils
    }
    if any(not about for about, _ in things):
        await drop_waiting(uow, Reason.NO_RIGHT, person_id=person_id)
        return
    for about, about_id in sorted(things):
        await drop_waiting(uow, Reason.NO_RIGHT, about=about, about_id=about_id, person_id=person_id)


async def find_person(uow: UnitOfWork, wanted: str) -> Known:
    """Return the one person with this name, this key, or this number or address.

    Raises:
        NoSuchPerson: there is none.
        SeveralPeople: there are several; their keys are told.
    """
    looked_for = fold(wanted)
    known = await list_known(uow)
    found = [one for one in known if one.key == wanted or one.key.partition(":")[2] == looked_for]
    found = found or [one for one in known if fold(one.name) == looked_for]
    if not found:
        raise NoSuchPerson(name=wanted)
    if len(found) > 1:
        raise SeveralPeople(name=wanted, keys=", ".join(one.key for one in found))
    return found[0]


async def show_person(uow: UnitOfWork, person: Known) -> PersonView:
    """Return what is stored about a person and what the person may see."""
    return await view_person(uow, person.id)


async def block_guardian(uow: UnitOfWork, actor_id: int | None, person: Known, pupil: str) -> list[TieView]:
    """Shut a guardian out of everything about a pupil; every import keeps it so.

    Raises:
        NotTheGuardian: the person has nothing to do with a pupil of this name.
    """
    await lock_roster(uow)
    ties = await _ties_to(uow, person, pupil)
    for tie in ties:
        await set_blocked(uow, tie.pupil_id, person.id, blocked=True)
        await _drop_about(uow, person.id, tie.pupil_id)
        await audit(uow, actor_id, "tie.blocked", "pupil", tie.pupil_id, person=person.id)
    await end_codes_without_access(uow)
    await uow.commit()
    return [replace(tie, blocked=True) for tie in ties]


async def unblock_guardian(uow: UnitOfWork, actor_id: int | None, person: Known, pupil: str) -> list[TieView]:
    """Open a blocked guardian's access again. There is no other way to do it.

    Raises:
        NotTheGuardian: the person has nothing to do with a pupil of this name.
    """
    await lock_roster(uow)
    ties = await _ties_to(uow, person, pupil)
    for tie in ties:
        if tie.blocked:
            await set_blocked(uow, tie.pupil_id, person.id, blocked=False)
            await audit(uow, actor_id, "tie.unblocked", "pupil", tie.pupil_id, person=person.id)
    await uow.commit()
    return [replace(tie, blocked=False) for tie in ties]


async def _ties_to(uow: UnitOfWork, person: Known, pupil: str) -> list[TieView]:
    ties: Collection[TieView] = (await view_person(uow, person.id)).ties
    found = [tie for tie in ties if fold(tie.pupil) == fold(pupil)]
    if not found:
        raise NotTheGuardian(name=person.name, pupil=pupil, pupils=", ".join(tie.pupil for tie in ties) or "–")
    return found


async def unlink_person(uow: UnitOfWork, actor_id: int | None, person: Known) -> bool:
    """Forget a person's phone, for instance a lost one; False when none was known.

    The open codes end too, so that nobody comes in with an old letter.
    """
    removed = await remove_account(uow, person.id)
    await end_codes_of(uow, [person.id])
    await close_question(uow, person.id)
    await audit(uow, actor_id, "person.unlinked", "person", person.id)
    await uow.commit()
    return removed
