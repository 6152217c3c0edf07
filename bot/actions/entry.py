"""Coming in: a code from the school's letter, a second factor, a language (P1, L1).

Whoever is not enrolled learns nothing: a wrong, used, expired or ended code reads the same. Guessing costs
waiting time and is told to the office.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from bot.actions import UnitOfWork
from bot.domain.codes import hash_code, matches_second, normalise_code
from bot.domain.errors import DomainError, InvalidInput, TooFast
from bot.domain.inputs import NotADate, read_calendar_date
from bot.domain.marking import N_
from bot.domain.outgoing import Lane, OutgoingKind
from bot.domain.people import Actor
from bot.i18n import find_language, languages, texts
from bot.outbox.enqueue import Message, enqueue
from storage.models import Newcomer
from storage.queries import entry as rows
from storage.queries.audit import audit
from storage.queries.dialogue import close_question
from storage.queries.entry import OpenCode
from storage.queries.people import find_actor, find_contact, list_leadership

FREE_GUESSES = 3
"""Wrong codes or second factors before each further one costs waiting time."""
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
SECONDS_PER_CODE = 5
"""Wrong second factors after which a code ends."""
FORGIVEN_AFTER = timedelta(days=1)
"""Wrong guesses older than this are forgotten."""


class CodeRefused(DomainError):
    code = "code_refused"
    sentence = N_(
        "This code does not work. It may have been used, or it is too old. Ask the school office for a new letter."
    )


class SecondRefused(InvalidInput):
    code = "second_refused"
    sentence = N_("That does not match what the school has. Check it and write it again.")


class AlreadyIn(DomainError):
    code = "already_in"
    sentence = N_("You are in already. Open the menu to go on.")


class OthersTelephone(DomainError):
    code = "others_telephone"
    sentence = N_("This Telegram belongs to somebody else at the school already. Open the letter's link on your own.")


@dataclass(frozen=True, slots=True)
class SecondAsked:
    """A code was taken; `staff` decides which second factor is asked for. `ended` when it works no longer."""

    language: str
    staff: bool
    ended: bool = False


@dataclass(frozen=True, slots=True)
class CameIn:
    """The person is enrolled now and chooses a language next."""

    actor: Actor
    first_guess: str


@dataclass(frozen=True, slots=True)
class WrongGuess:
    """A guess that did not fit, stored as such: the caller shows `refused` after the commit."""

    refused: DomainError


async def open_code(
    uow: UnitOfWork, address: int, code: str, client_language: str | None, actor: Actor | None
) -> SecondAsked | WrongGuess:
    """Take the code of a letter.

    Raises:
        AlreadyIn, OthersTelephone: an enrolled person opened a letter. TooFast: too many guesses, wait.
    """
    newcomer = await rows.newcomer_for(uow, address)
    _check_patience(uow, newcomer)
    normalised = normalise_code(code)
    found = await rows.find_open_code(uow, code_hash=hash_code(normalised)) if normalised else None
    if actor is not None:
        if found is not None and found.person_id != actor.person_id:
            raise OthersTelephone
        raise AlreadyIn
    if found is None:
        return await _wrong(uow, newcomer, None, CodeRefused())
    language = find_language(client_language) or find_language(found.home_language) or uow.school.language
    newcomer.code_id, newcomer.language = found.id, language
    await uow.commit()
    return SecondAsked(language, staff=found.second_hash is not None)


async def waiting_for(uow: UnitOfWork, address: int) -> SecondAsked | None:
    """Return what a stranger's next text is expected to be, None when no code was taken."""
    newcomer = await rows.find_newcomer(uow, address)
    if newcomer is None or newcomer.code_id is None:
        return None
    found = await rows.find_open_code(uow, code_id=newcomer.code_id)
    language = newcomer.language or uow.school.language
    return SecondAsked(language, staff=bool(found and found.second_hash), ended=found is None)


async def prove_second(uow: UnitOfWork, address: int, given: str) -> CameIn | WrongGuess:
    """Take the second factor: a child's date of birth, or the second code that staff were given apart.

    Raises:
        TooFast: too many guesses, wait. NotADate: it was meant as a date and is none; not counted as a guess.
    """
    newcomer = await rows.newcomer_for(uow, address)
    _check_patience(uow, newcomer)
    found = await rows.find_open_code(uow, code_id=newcomer.code_id, hold=True) if newcomer.code_id else None
    if found is None:
        newcomer.code_id = None
        return await _wrong(uow, newcomer, None, CodeRefused())
    if not await _matches(uow, found, given):
        return await _wrong(uow, newcomer, found, SecondRefused())
    if not await rows.use_code(uow, found.id):
        return await _wrong(uow, newcomer, None, CodeRefused())
    await rows.link_account(uow, found.person_id, address)
    language = newcomer.language or uow.school.language
    if (contact := await find_contact(uow, found.person_id)) is not None and contact.language is None:
        await rows.set_language(uow, found.person_id, language)
    await close_question(uow, found.person_id)  # what an earlier telephone was asked is not this one's to answer
    await uow.session.delete(newcomer)
    await uow.flush()
    await audit(uow, found.person_id, "entry.enrolled", "person", found.person_id)
    actor = await find_actor(uow, address)
    await uow.commit()
    if actor is None:  # every access ended between letter and tap
        return WrongGuess(CodeRefused())
    return CameIn(actor, find_language(found.home_language) or language)


async def _matches(uow: UnitOfWork, found: OpenCode, given: str) -> bool:
    if found.second_hash is not None:
        # scrypt is slow on purpose; other people's updates go on meanwhile
        return await asyncio.to_thread(matches_second, given, found.code_hash, found.second_hash)
    return read_calendar_date(given) in await rows.birth_dates(uow, found.person_id)


def _check_patience(uow: UnitOfWork, newcomer: Newcomer) -> None:
    if newcomer.wait_until is not None and uow.now < newcomer.wait_until:
        again = uow.school.local(newcomer.wait_until + timedelta(minutes=1))
        raise TooFast(time=again.time().replace(second=0, microsecond=0))


async def _wrong(uow: UnitOfWork, newcomer: Newcomer, code: OpenCode | None, refused: DomainError) -> WrongGuess:
    """Count a wrong guess, make the next one wait, end a guessed code, tell the office; commits."""
    if newcomer.last_wrong_at is not None and newcomer.last_wrong_at < uow.now - FORGIVEN_AFTER:
        newcomer.wrong_guesses, newcomer.reported_at = 0, None
    newcomer.wrong_guesses += 1
    newcomer.last_wrong_at = uow.now
    over = newcomer.wrong_guesses - FREE_GUESSES
    if over >= 0:
        newcomer.wait_until = uow.now + WAITS[min(over, len(WAITS) - 1)]
    ended = code is not None and await rows.count_wrong_second(uow, code.id, limit=SECONDS_PER_CODE)
    if ended:
        newcomer.code_id = None
        refused = CodeRefused()
    await audit(uow, None, "entry.wrong_guess", "entry_code", code.id if code else 0, ended=ended)
    if (over >= 0 and newcomer.reported_at is None) or ended:
        newcomer.reported_at = uow.now
        await _tell_office(uow, newcomer.address, code.person_id if code else None, ended=ended)
    await uow.commit()
    return WrongGuess(refused)


async def _tell_office(uow: UnitOfWork, address: int, person_id: int | None, *, ended: bool) -> None:
    """Report guessing to principal and office, without a word about who the guesser is."""
    contact = await find_contact(uow, person_id) if person_id else None
    for leader in {c.person_id: c for c, _ in await list_leadership(uow)}.values():
        tr = texts(find_language(leader.language) or uow.school.language)
        text = tr.gettext("🔐 Somebody without access has tried several codes or dates. They have to wait now.")
        if contact is not None:
            text = tr.gettext(
                "🔐 Somebody has the letter of {person} and answered the security question wrong several times.",
                person=contact.name,
            )
        if ended:
            last = tr.gettext("The code in that letter has been ended. Print a new letter if the home asks.")
            text = type(text)(f"{text}\n{last}")
        await enqueue(
            uow,
            Message(
                leader.person_id,
                OutgoingKind.REPORT,
                text,
                f"guessing:{address}:{uow.now:%Y%m%d%H%M%S}:{leader.person_id}",
                lane=Lane.ORDINARY,
                due_at=uow.school.considerate(uow.now),  # the guesser waits already; nobody has to be woken
            ),
        )


async def choose_language(uow: UnitOfWork, actor: Actor, code: str) -> bool:
    """Store the language; True when the person has not yet seen the expectations card.

    Raises:
        InvalidInput: there is no such live language.
    """
    if code not in languages():
        raise InvalidInput
    await rows.set_language(uow, actor.person_id, code)
    first = await rows.set_welcomed(uow, actor.person_id)
    await close_question(uow, actor.person_id)
    await audit(uow, actor.person_id, "person.language", "person", actor.person_id, language=code)
    await uow.commit()
    return first


__all__ = [
    "AlreadyIn",
    "CameIn",
    "CodeRefused",
    "NotADate",
    "OthersTelephone",
    "SecondAsked",
    "SecondRefused",
    "WrongGuess",
    "choose_language",
    "open_code",
    "prove_second",
    "waiting_for",
]
