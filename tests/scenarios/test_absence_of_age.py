"""A pupil of 18 reports alone, and guardians' screens say so (P4)."""

from __future__ import annotations

from datetime import date

from bot.domain.absence import AbsenceDraft, AbsenceKind, AbsenceReason
from bot.domain.people import Relation
from storage.models import Guardianship, Pupil
from tests.scenarios.absence_steps import REPORTED, TODAY, absences, forge_report, pupil_id, report_by_tapping
from tests.scenarios.notices_steps import holding, write
from tests.scenarios.world import Actor, World

OF_AGE = "{names}: of age, and reports absence alone. What is reported is not shown to you."


async def come_of_age(world: World, pupil: str, *, account: Actor | None = None) -> None:
    """Let a pupil be 18, and the person behind `account` be the pupil, as an import with the relation self does."""
    found = await pupil_id(world, pupil)
    async with world.unit_of_work() as uow:
        stored = await uow.session.get(Pupil, found)
        assert stored is not None
        stored.birth_date = date(2008, 11, 23)
        if account is not None:
            tie = Guardianship(pupil_id=found, person_id=account.known.person_id, relation=Relation.SELF)
            uow.session.add(tie)
        await uow.commit()


async def test_from_the_birthday_on_the_pupil_reports_and_the_home_does_not(world: World) -> None:
    piotr, anna, pupil = (world.actor(name) for name in ("Piotr Kowalski", "Anna Kowalska", "Tom Eide"))
    await come_of_age(world, "Zofia Kowalska", account=pupil)
    await write(piotr, "/absence")
    start = await piotr.sees(piotr.say(OF_AGE, names="Zofia Kowalska"))
    assert not any("Zofia" in button.text for row in start.buttons for button in row)
    zofia = await pupil_id(world, "Zofia Kowalska")
    ill = AbsenceDraft((zofia,), TODAY, TODAY, AbsenceKind.ABSENT, AbsenceReason.ILL)
    await forge_report(piotr, ill)
    assert await absences(world) == []
    await report_by_tapping(pupil, pupil.say("Ill: {day}", day=pupil.tr.pgettext("button", "today")))
    await pupil.sees(pupil.say(REPORTED))
    assert await absences(world) == [("Zofia Kowalska", "2026-11-23", "absent", "ill", "active", "home")]
    for guardian in (piotr, anna):
        assert holding(guardian, "Zofia Kowalska") == ([start] if guardian is piotr else [])
    kari = world.actor("Kari Nordmann")
    await kari.sees("Zofia Kowalska")


async def test_before_the_birthday_the_pupil_can_do_nothing(world: World) -> None:
    piotr, pupil = world.actor("Piotr Kowalski"), world.actor("Yusuf Rahman")
    await come_of_age(world, "Zofia Kowalska", account=pupil)
    zofia = await pupil_id(world, "Zofia Kowalska")
    async with world.unit_of_work() as uow:
        stored = await uow.session.get(Pupil, zofia)
        assert stored is not None
        stored.birth_date = date(2008, 11, 24)
        await uow.commit()
    ill = AbsenceDraft((zofia,), TODAY, TODAY, AbsenceKind.ABSENT, AbsenceReason.ILL)
    await forge_report(pupil, ill)
    assert await absences(world) == []
    await write(pupil, "/absence")
    pupil.sees_not("Zofia")
    await report_by_tapping(piotr, piotr.say("Ill: {day}", day=piotr.tr.pgettext("button", "today")), "Zofia Kowalska")
    assert len(await absences(world)) == 1
    await world.at(2026, 11, 24, 8, 0)
    await write(piotr, "/absence")
    await piotr.sees(piotr.say(OF_AGE, names="Zofia Kowalska"))
    await forge_report(piotr, ill.with_days(date(2026, 11, 24)))
    assert len(await absences(world)) == 1


async def test_import_knows_a_pupil_as_the_own_person(world: World) -> None:
    from bot.domain.roster import parse_people

    header = "class,pupil,pupil_birth_date,guardian,relation,language,phone,email,blocked\n"
    line = "VG3A,Nora Lie,2008-03-02,Nora Lie,self,nb,+47 400 11 222,nora.lie@post.example,\n"
    roster = parse_people(header + line, today=date(2026, 11, 23))
    assert [link.relation for pupil in roster.pupils for link in pupil.guardians] == [Relation.SELF]
