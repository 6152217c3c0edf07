"""Several phones with one letter at once, on both kinds of server."""

from __future__ import annotations

import asyncio

from bot.actions.entry import CameIn, CodeRefused, SecondRefused, WrongGuess, open_code, prove_second
from bot.actions.letters import LetterFilter, make_letters
from bot.actions.roster import apply_import, plan_import
from bot.domain.roster import decode_csv, parse_people, parse_staff
from storage.queries.entry import link_account
from storage.queries.people import list_leadership
from storage.session import Database
from tests.conftest import EXAMPLE


async def letter_for(database: Database, name: str) -> str:
    """Print a letter and return its code."""
    async with database.unit_of_work() as uow:
        (letter,) = await make_letters(uow, LetterFilter(person=name), bot_username="skolebud_bot", days=30)
    return letter.code


async def take(database: Database, address: int, code: str) -> None:
    """Open a letter on one phone."""
    async with database.unit_of_work() as uow:
        await open_code(uow, address, code, "nb", None)


async def prove(database: Database, address: int, second: str) -> CameIn | WrongGuess:
    """Answer the second question on one phone."""
    async with database.unit_of_work() as uow:
        return await prove_second(uow, address, second)


async def rows(database: Database, statement: str) -> list[tuple[object, ...]]:
    """Read what is stored."""
    import sqlalchemy as sa

    async with database.unit_of_work() as uow:
        return [tuple(row) for row in await uow.execute(sa.text(statement))]


async def test_of_five_phones_with_one_letter_exactly_one_comes_in(example_school: Database) -> None:
    code = await letter_for(example_school, "Ingrid Berg")
    phones = range(900, 905)
    for phone in phones:
        await take(example_school, phone, code)
    outcomes = await asyncio.gather(*(prove(example_school, phone, "08.11.2016") for phone in phones))
    assert sum(isinstance(outcome, CameIn) for outcome in outcomes) == 1
    refused = [outcome.refused for outcome in outcomes if isinstance(outcome, WrongGuess)]
    assert all(isinstance(one, CodeRefused) for one in refused)
    assert len(await rows(example_school, "SELECT address FROM account")) == 1


async def test_many_phones_at_once_get_no_more_guesses_than_one(example_school: Database) -> None:
    code = await letter_for(example_school, "Ingrid Berg")
    async with example_school.unit_of_work() as uow:
        for number, (leader, _) in enumerate(await list_leadership(uow)):
            await link_account(uow, leader.person_id, 100 + number)
        await uow.commit()
    phones = range(900, 912)
    for phone in phones:
        await take(example_school, phone, code)
    outcomes = await asyncio.gather(*(prove(example_school, phone, "01.01.2016") for phone in phones))
    refused = [type(outcome.refused) for outcome in outcomes if isinstance(outcome, WrongGuess)]
    assert refused.count(SecondRefused) == 4
    assert refused.count(CodeRefused) == 8
    guessed = await rows(example_school, "SELECT wrong_seconds FROM entry_code WHERE wrong_seconds > 0")
    assert guessed == [(5,)], "the sixth phone finds the code ended before it can guess"
    reports = await rows(example_school, "SELECT recipient_id FROM outgoing WHERE kind = 'report'")
    assert len(reports) == len(set(reports)) == 2, "principal and office are told once that the code has ended"


async def test_who_becomes_staff_cannot_come_in_with_a_guardians_letter(example_school: Database) -> None:
    code = await letter_for(example_school, "Ingrid Berg")
    people = decode_csv((EXAMPLE / "people.csv").read_bytes())
    staff = decode_csv((EXAMPLE / "staff.csv").read_bytes())
    ingrid = next(line for line in people.splitlines() if "Ingrid Berg" in line).split(",")
    staff += f"Ingrid Berg,office,,nb,{ingrid[6]},{ingrid[7]}\n"
    async with example_school.unit_of_work() as uow:
        plan = await plan_import(uow, parse_people(people, today=uow.today), parse_staff(staff))
        await apply_import(uow, None, plan)
    await take(example_school, 900, code)
    outcome = await prove(example_school, 900, "08.11.2016")
    assert isinstance(outcome, WrongGuess)
    assert await rows(example_school, "SELECT address FROM account") == []
    assert await rows(example_school, "SELECT count(*) FROM staff_role WHERE role = 'office'") == [(2,)]
