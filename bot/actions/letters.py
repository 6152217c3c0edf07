"""Letters with a one-time code, each in the language of the home it goes to (P1, L2).

A code is stored only as a hash, so a letter can be made once and never again: a later one has a new code, and the
earlier one ends.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from bot.actions.roster import find_person
from bot.domain.codes import group_code, hash_code, hash_second, new_code, new_second_code
from bot.domain.errors import InvalidInput
from bot.domain.marking import N_
from bot.domain.people import Role
from bot.domain.school import School
from bot.i18n import Html, Texts, find_language, texts
from bot.i18n.words import ROLE_NAMES
from storage.queries.roster import (
    Invitee,
    add_codes,
    audit_many,
    end_codes_of,
    list_invitees,
    lock_roster,
)
from storage.session import UnitOfWork

USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")


class NotABotName(InvalidInput):
    """Telegram has no such user name."""

    code = "not_a_bot_name"
    sentence = N_("{name} is not the name of a bot. Write it as @BotFather shows it, such as skolebud_bot.")


class NobodyToInvite(InvalidInput):
    """The person that was named has nothing to come in for."""

    code = "nobody_to_invite"
    sentence = N_(
        "{name} has no role and no pupil with open access, so there is no letter. Import the school's file first, "
        "or look with: skolebud person show"
    )


@dataclass(frozen=True, slots=True)
class LetterFilter:
    """Who gets a letter: everybody who may come in, has not, and has no code that still works.

    Attributes:
        class_name: only homes of this class.
        person: only this one, by name or key; a new code even when there is one or the person is in already.
        again: also those who have a code that still works; it ends.
    """

    class_name: str | None = None
    person: str | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, ready to print. `second_code` never stands in it: staff are given it apart.

    `before`, `steps` and `after` are its paragraphs, in the language of `language`.
    """

    person_id: int
    name: str
    language: str
    rtl: bool
    children: tuple[tuple[str, str], ...]
    roles: tuple[Role, ...]
    code: str
    link: str
    works_until: date
    before: tuple[str, ...]
    steps: tuple[str, ...]
    after: tuple[str, ...]
    scan: str
    second_code: str | None = field(default=None, repr=False)

    @property
    def text(self) -> str:
        """The whole letter as plain text."""
        steps = "\n".join(f"{number}. {step}" for number, step in enumerate(self.steps, 1))
        return "\n\n".join((*self.before, steps, *self.after))


async def make_letters(
    uow: UnitOfWork, who: LetterFilter, *, bot_username: str, days: int, actor_id: int | None = None
) -> list[Letter]:
    """Give everybody whom `who` means a new code, and return the letters that carry them.

    Raises:
        NotABotName: `bot_username` cannot be one.
        NoSuchPerson, SeveralPeople: of `who.person`.
        NobodyToInvite: the named person has nothing to come in for.
    """
    username = bot_username.strip().removeprefix("@")
    if not USERNAME.fullmatch(username):
        raise NotABotName(name=bot_username)
    await lock_roster(uow)
    invitees = await _choose(uow, who)
    last_day = uow.today + timedelta(days=days)
    expires_at = uow.school.at(datetime.combine(last_day + timedelta(days=1), time()))  # the whole of that day counts
    codes = [new_code() for _ in invitees]
    hashes = [hash_code(code) for code in codes]
    seconds = [new_second_code() if one.roles else None for one in invitees]
    second_hashes = await asyncio.to_thread(_hash_seconds, seconds, hashes)
    await end_codes_of(uow, [one.person_id for one in invitees])
    await add_codes(
        uow,
        [
            {"person_id": one.person_id, "code_hash": code, "second_hash": second, "expires_at": expires_at}
            for one, code, second in zip(invitees, hashes, second_hashes, strict=True)
        ],
    )
    await audit_many(uow, actor_id, [("code.issued", "person", one.person_id, {}) for one in invitees])
    await uow.commit()
    return [
        _letter(uow.school, one, code, second, username, last_day)
        for one, code, second in zip(invitees, codes, seconds, strict=True)
    ]


async def _choose(uow: UnitOfWork, who: LetterFilter) -> list[Invitee]:
    invitees = await list_invitees(uow)
    if who.person is not None:
        known = await find_person(uow, who.person)
        named = [one for one in invitees if one.person_id == known.id]
        if not named:
            raise NobodyToInvite(name=known.name)
        return named
    if who.class_name is not None:
        wanted = who.class_name.casefold()
        invitees = [one for one in invitees if wanted in {name.casefold() for _, name in one.children}]
    return [one for one in invitees if not one.enrolled and (who.again or not one.has_code)]


def _hash_seconds(seconds: Sequence[str | None], hashes: Sequence[str]) -> list[str | None]:
    return [second and hash_second(second, code) for second, code in zip(seconds, hashes, strict=True)]


def _letter(school: School, one: Invitee, code: str, second: str | None, username: str, last_day: date) -> Letter:
    language = find_language(one.language) or find_language(one.home_language) or school.language
    tr = texts(language).plain
    link = f"https://t.me/{username}?start={code}"
    return Letter(
        person_id=one.person_id,
        name=one.name,
        language=tr.code,
        rtl=tr.rtl,
        children=one.children,
        roles=one.roles,
        code=group_code(code),
        link=link,
        works_until=last_day,
        before=tuple(_beginning(tr, school, one)),
        steps=tuple(_steps(tr, one, group_code(code), link)),
        after=tuple(_end(tr, school, one, last_day)),
        # Translators: beside a QR code on a printed letter
        scan=tr.gettext("Point your phone's camera here"),
        second_code=second,
    )


def _beginning(tr: Texts, school: School, one: Invitee) -> list[str]:
    # Translators: the first line of a printed letter
    lines = [tr.gettext("Hello {name},", name=one.name)]
    if one.children:
        lines.append(
            # Translators: {children} are one or several names. Many readers do not know what a bot is or how a
            # Norwegian school works: keep it warm and plain
            tr.gettext(
                "{school} would like to make it easy for you to keep in touch about {children}. With Skolebud you "
                "get the school's messages on your phone, in your language. You can answer with one tap, and write "
                "to the teacher in your own words.",
                school=school.name,
                children=tr.list(name for name, _ in one.children),
            )
        )
    if one.roles:
        roles = tr.list(tr.gettext(ROLE_NAMES[role]) for role in one.roles)
        lines.append(
            # Translators: to a member of staff; {roles} such as "contact teacher"
            tr.gettext(
                "{school} uses Skolebud to write with the homes. You are welcome there as {roles}.",
                school=school.name,
                roles=roles,
            )
        )
    else:
        lines.append(
            tr.gettext("It is free, and you decide: if you would rather not, the school reaches you as before.")
        )
    lines.append(tr.gettext("This is how you begin:"))
    return [str(line) for line in lines]


def _steps(tr: Texts, one: Invitee, code: str, link: str) -> list[str]:
    lines = [
        tr.gettext("Install the app Telegram on your phone. It costs nothing."),
        # Translators: a step on a printed letter that also has a QR code
        tr.gettext("Open this link on your phone, or point its camera at the square pattern: {link}", link=Html(link)),
        # Translators: “Start” is the button that Telegram shows at the bottom; use Telegram's own word
        tr.gettext("Tap “Start”. If you are asked for a code, write: {code}", code=code),
    ]
    if one.roles:
        lines.append(tr.gettext("Write the second code. The school office gives it to you apart from this letter."))
    elif one.name in {name for name, _ in one.children}:
        # Translators: to a pupil of 18 or older, on the pupil's own letter
        lines.append(tr.gettext("Write your own date of birth when you are asked. That is how we know that it is you."))
    else:
        lines.append(
            tr.ngettext(
                "Write your child's date of birth when you are asked. That is how we know that it is you.",
                "Write the date of birth of one of your children when you are asked. That is how we know that it "
                "is you.",
                len(one.children),
            )
        )
    return [str(line) for line in lines]


def _end(tr: Texts, school: School, one: Invitee, last_day: date) -> list[str]:
    lines = [
        # Translators: the code in the letter
        tr.gettext("The code is yours alone and works once, until {day}. Please give it to nobody.", day=last_day)
    ]
    if not one.roles:
        lines.append(
            # Translators: children must not be made interpreters for their parents
            tr.gettext(
                "You need not ask a child to read this for you. The school is happy to explain it, and finds an "
                "interpreter if you want one."
            )
        )
    if school.office_phone:
        lines.append(tr.gettext("Questions? Call the school: {phone}", phone=school.office_phone))
    # Translators: the last lines of a printed letter
    lines.append(tr.gettext("Kind regards, {school}", school=school.name))
    return [str(line) for line in lines]
