"""Letters: who gets one, what stands in it, and that nothing stored gives a code away."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.actions.letters import Letter, LetterFilter, NobodyToInvite, NotABotName, make_letters
from bot.actions.roster import NoSuchPerson, SeveralPeople, block_guardian, find_person
from bot.clock import Clock
from bot.domain.codes import hash_code, matches_second, normalise_code
from bot.domain.people import Role
from bot.i18n import languages
from storage.models import Account, AuditEntry, EntryCode
from storage.session import Database
from storage.sql import insert_many, table

CODES = table(EntryCode)


async def make(database: Database, **who: object) -> list[Letter]:
    async with database.unit_of_work() as uow:
        return await make_letters(uow, LetterFilter(**who), bot_username="@skolebud_bot", days=30)  # type: ignore[arg-type]


async def codes(database: Database, *conditions: sa.ColumnElement[bool]) -> list[sa.Row[*tuple[object, ...]]]:
    async with database.unit_of_work() as uow:
        return list(await uow.execute(sa.select(CODES).where(*conditions).order_by(CODES.c.id)))


def named(letters: list[Letter], name: str) -> Letter:
    (found,) = (letter for letter in letters if letter.name == name)
    return found


async def test_everybody_who_may_come_in_gets_one_letter(example_school: Database) -> None:
    letters = await make(example_school)
    assert len({letter.person_id for letter in letters}) == len(letters) == 117  # the blocked father gets none
    assert len({letter.code for letter in letters}) == 117
    assert not [letter for letter in letters if letter.name == "Roar Fjellheim"]
    assert {role for letter in letters[:8] for role in letter.roles} >= {Role.PRINCIPAL, Role.CONTACT_TEACHER}


async def test_a_second_run_makes_none_and_a_named_person_gets_a_new_code(example_school: Database) -> None:
    first = named(await make(example_school), "Amina Haddad")
    assert await make(example_school) == []
    (second,) = await make(example_school, person="amina  haddad")
    assert second.code != first.code
    rows = await codes(example_school, CODES.c.person_id == first.person_id)
    assert [row.ended_at is None for row in rows] == [False, True]


async def test_again_replaces_every_code_that_still_works(example_school: Database) -> None:
    await make(example_school)
    assert len(await make(example_school, again=True)) == 117
    assert len(await codes(example_school, CODES.c.ended_at.is_(None))) == 117


async def test_a_code_that_ran_out_is_replaced_without_asking(sqlite_database: Database, clock: Clock) -> None:
    from tests.conftest import import_example

    await import_example(sqlite_database)
    await make(sqlite_database)
    clock.forward(timedelta(days=31))
    assert len(await make(sqlite_database)) == 117


async def test_who_has_joined_gets_none_unless_named(example_school: Database) -> None:
    async with example_school.unit_of_work() as uow:
        amina = await find_person(uow, "Amina Haddad")
        row = {"person_id": amina.id, "address": 7, "reachable": True, "unreachable_reason": None}
        await insert_many(uow, Account, [row | {"linked_at": uow.now}])
        await uow.commit()
    assert len(await make(example_school, again=True)) == 116
    assert len(await make(example_school, person=amina.key)) == 1


async def test_a_class_gets_the_letters_of_its_homes(example_school: Database) -> None:
    letters = await make(example_school, class_name="5a")
    assert letters
    assert all("5A" in {class_name for _, class_name in letter.children} for letter in letters)
    assert named(letters, "Piotr Kowalski").children == (("Jan Kowalski", "2B"), ("Zofia Kowalska", "5A"))


async def test_each_home_reads_its_own_language(example_school: Database) -> None:
    letters = await make(example_school)
    assert (named(letters, "Piotr Kowalski").language, named(letters, "Amina Haddad").language) == ("pl", "ar")
    assert named(letters, "Amina Haddad").rtl
    assert named(letters, "Dawit Gebremedhin").language == "nb"  # Tigrinya is not spoken here yet
    assert {letter.language for letter in letters} <= set(languages())


async def test_what_stands_in_a_letter(example_school: Database) -> None:
    letter = named(await make(example_school), "James Miller")
    assert letter.language == "en"
    code = normalise_code(letter.code)
    assert code is not None
    assert letter.link == f"https://t.me/skolebud_bot?start={code}"
    assert re.fullmatch(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}", letter.code)
    for part in ("Hello James Miller", "Sara Miller", "Solbakken skole", letter.link, letter.code, "date of birth"):
        assert part in letter.text
    assert "23 December" in letter.text
    (row,) = await codes(example_school, CODES.c.person_id == letter.person_id)
    assert row.expires_at == datetime(2026, 12, 23, 23, tzinfo=UTC)  # to the end of that day in Norway
    assert "+47 40 00 00 00" in letter.text
    assert letter.second_code is None
    assert "second code" not in letter.text


async def test_staff_have_a_second_code_that_is_not_in_the_letter(example_school: Database) -> None:
    letter = named(await make(example_school, person="Kari Nordmann"), "Kari Nordmann")
    second = letter.second_code
    assert second is not None
    assert re.fullmatch(r"[0-9]{8}", second)
    assert second not in letter.text
    assert second not in repr(letter)
    (row,) = await codes(example_school, CODES.c.person_id == letter.person_id)
    assert matches_second(second, str(row.code_hash), str(row.second_hash))


async def test_only_hashes_are_stored(example_school: Database) -> None:
    letters = await make(example_school, person="Amina Haddad")
    (row,) = await codes(example_school)
    assert row.code_hash == hash_code(normalise_code(letters[0].code) or "")
    assert row.second_hash is None
    assert letters[0].code.replace("-", "") not in repr(row)
    async with example_school.unit_of_work() as uow:
        entries = (
            await uow.execute(sa.select(table(AuditEntry)).where(table(AuditEntry).c.act == "code.issued"))
        ).all()
    assert [entry.about_id for entry in entries] == [letters[0].person_id]
    assert letters[0].code not in repr(entries)


async def test_refusals_say_what_to_do(example_school: Database) -> None:
    with pytest.raises(NoSuchPerson):
        await make(example_school, person="Nobody Here")
    with pytest.raises(SeveralPeople) as several:
        await make(example_school, person="Anne Larsen")
    assert "tel:" in str(several.value.fields["keys"])
    with pytest.raises(NobodyToInvite):
        await make(example_school, person="Roar Fjellheim")
    async with example_school.unit_of_work() as uow:
        with pytest.raises(NotABotName):
            await make_letters(uow, LetterFilter(), bot_username="https://t.me/x", days=30)
    assert await codes(example_school) == []


async def test_a_guardian_blocked_for_one_child_reads_of_the_other_only(example_school: Database) -> None:
    async with example_school.unit_of_work() as uow:
        await block_guardian(uow, None, await find_person(uow, "Piotr Kowalski"), "Zofia Kowalska")
    (letter,) = await make(example_school, person="Piotr Kowalski")
    assert letter.children == (("Jan Kowalski", "2B"),)
    assert "Zofia" not in letter.text
