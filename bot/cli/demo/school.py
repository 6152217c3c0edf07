"""The demo's school: read from the same files that a school would write, entered as people would enter it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.actions.letters import Letter, LetterFilter, make_letters
from bot.actions.roster import apply_import, plan_import
from bot.domain.roster import Roster, StaffRoster, decode_csv, parse_people, parse_staff
from bot.i18n import find_language, texts
from bot.i18n.words import RELATION_NAMES, ROLE_NAMES, language_name
from bot.simulator import Person, Phone, Simulator
from storage.queries.entry import link_account, set_language, set_welcomed
from storage.session import Database

EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "example"
PACKAGED_EXAMPLE = Path(sys.prefix) / "share" / "skolebud" / "example"
ID_BASE = 1000
"""Telegram ids of the demo's people are this plus the person's id."""

CAST = ("Kari Nordmann", "Piotr Kowalski", "Amina Haddad", "Ingrid Berg")
"""The four phones that the page opens with."""
ALSO_IN = ("Marit Lund", "Tom Eide", "Anna Kowalska", "Omar Haddad", "Yusuf Rahman")
"""They come in by their letters too, for the page's switch to another person."""
LETTER_ONLY = (
    "James Miller",
    "Samir Khoury",
    "Iwona Zielińska",
    "Abdirahman Warsame",
    "Thi Lan Nguyen",
    "Eirik Kvamme",
    "Geir Moen",
)
"""They have not opened the bot yet: their letters, in several languages, lie on the page to be tried."""
LETTER_DAYS = 60


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the school with the letter that was printed, and what the second factor is."""

    person_id: int
    name: str
    note: str
    language: str
    letter: Letter
    second: str

    @property
    def came_in_earlier(self) -> bool:
        """Neither of those who are to be seen coming in nor of those who have not."""
        return self.name not in {*CAST, *ALSO_IN, *LETTER_ONLY}


def example_folder() -> Path:
    """Return where the example files lie: in the repository, or packaged with the command."""
    return EXAMPLE if EXAMPLE.exists() else PACKAGED_EXAMPLE


def read_example(today: date) -> tuple[Roster, StaffRoster]:
    """Read the documented example files."""
    folder = example_folder()
    people = parse_people(decode_csv((folder / "people.csv").read_bytes()), today=today)
    return people, parse_staff(decode_csv((folder / "staff.csv").read_bytes()))


async def import_example(database: Database) -> tuple[Roster, StaffRoster]:
    """Import the example school into an empty database."""
    async with database.unit_of_work() as uow:
        roster, staff = read_example(uow.today)
        await apply_import(uow, None, await plan_import(uow, roster, staff))
    return roster, staff


async def print_letters(database: Database, roster: Roster, staff: StaffRoster) -> list[Member]:
    """Print everybody's letter and return the school's people with them."""
    async with database.unit_of_work() as uow:
        letters = await make_letters(uow, LetterFilter(), bot_username="skolebud_demo_bot", days=LETTER_DAYS)
    return [_member(letter, roster, staff) for letter in letters]


def in_page_order(members: list[Member]) -> list[Member]:
    """Return those first whom a visitor will look for; the page lists people in this order."""
    first = {name: place for place, name in enumerate((*CAST, *ALSO_IN, *LETTER_ONLY))}
    return sorted(members, key=lambda member: first.get(member.name, len(first)))


def _member(letter: Letter, roster: Roster, staff: StaffRoster) -> Member:
    tr = texts("en").plain
    posts = [post for post in staff.people if post.name == letter.name]
    if posts:
        where = f" · {', '.join(posts[0].classes)}" if posts[0].classes else ""
        languages = posts[0].languages
        spoken = next((code for code in languages if code != "nb"), "nb") if "interpreter" in letter.roles else "nb"
        return Member(
            letter.person_id,
            letter.name,
            f"{tr.gettext(ROLE_NAMES[posts[0].role])}{where} · {_own_name(spoken)}",
            "nb",
            letter,
            letter.second_code or "",
        )
    keys = [guardian for guardian in roster.guardians if guardian.name == letter.name]
    children = {name for name, _ in letter.children}
    ties = [
        (pupil, link)
        for pupil in roster.pupils
        for link in pupil.guardians
        if pupil.name in children and link.guardian_key in {key.key for key in keys}
    ]
    relation = tr.gettext(RELATION_NAMES[ties[0][1].relation])
    classes = ", ".join(dict.fromkeys(label for _, label in letter.children))
    home_language = keys[0].language or "nb"
    note = f"{relation} · {_own_name(home_language)} · {classes}"
    return Member(
        letter.person_id,
        letter.name,
        note,
        find_language(home_language) or home_language,
        letter,
        f"{ties[0][0].birth_date:%d.%m.%Y}",
    )


def _own_name(code: str) -> str:
    live = find_language(code)
    return language_name(code, texts("en")) if live is None else texts(live).language.name


def add_phone(simulator: Simulator, member: Member, *, shown: bool) -> Phone:
    """Give somebody of the school a phone on the page, with the letter that was printed for them."""
    first, _, last = member.name.partition(" ")
    staff_code = f"\n\nSecond code, given apart: {member.second}" if member.letter.second_code else ""
    birth = "" if member.letter.second_code else f"\n\n(Demo: the date of birth is {member.second})"
    simulator.add_person(
        Person(
            id=ID_BASE + member.person_id,
            first_name=first,
            last_name=last or None,
            language_code=member.language,
            title=member.name,
            note=member.note,
            start_payload=member.letter.code,
            letter=f"{member.letter.text}{staff_code}{birth}",
            shown=shown,
        )
    )
    return simulator.phone(ID_BASE + member.person_id)


async def came_in_last_week(database: Database, members: list[Member]) -> None:
    """Enrol people without playing each one's taps: they opened their letters some days ago."""
    async with database.unit_of_work() as uow:
        for member in members:
            await link_account(uow, member.person_id, ID_BASE + member.person_id)
            await set_language(uow, member.person_id, find_language(member.language) or "nb")
            await set_welcomed(uow, member.person_id)
        await uow.commit()


async def enter(phone: Phone, member: Member, language: str) -> None:
    """Come in by the letter, as a person does: the link, the second factor, the language."""
    await phone.start(member.letter.code)
    await phone.wait_for(lambda message: "31.05.2016" in message.text or not message.buttons, timeout=20)
    await phone.send(member.second)
    await phone.wait_for(lambda message: bool(message.buttons), timeout=20)
    await phone.tap(texts(language).language.name, timeout=20)
    await phone.wait_for(lambda message: bool(message.buttons) and len(message.buttons[0]) == 1, timeout=20)
