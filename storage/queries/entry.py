"""One-time codes and newcomers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from storage.models import Account, EntryCode, Guardianship, Newcomer, Outgoing, Person, Pupil
from storage.queries.people import open_access
from storage.session import UnitOfWork
from storage.sql import upsert


@dataclass(frozen=True, slots=True)
class OpenCode:
    """A code that may still be used, and whose it is."""

    id: int
    person_id: int
    code_hash: str
    second_hash: str | None
    wrong_seconds: int
    home_language: str | None


async def find_newcomer(uow: UnitOfWork, address: int) -> Newcomer | None:
    """Return what is remembered of a Telegram user on the way in."""
    return await uow.session.get(Newcomer, address)


async def newcomer_for(uow: UnitOfWork, address: int) -> Newcomer:
    """Return the same, made now if there was nothing."""
    found = await find_newcomer(uow, address)
    if found is None:
        found = Newcomer(address=address, met_at=uow.now)
        uow.session.add(found)
        await uow.flush()
    return found


_OPEN = (
    col(EntryCode.used_at).is_(None),
    col(EntryCode.ended_at).is_(None),
)


async def find_open_code(
    uow: UnitOfWork, *, code_hash: str | None = None, code_id: int | None = None, hold: bool = False
) -> OpenCode | None:
    """Return a code that is not used, ended or expired, by its hash or id.

    With `hold` nobody else proves the same code until this transaction ends: several phones at once must not get
    more guesses than one after the other.
    """
    by = col(EntryCode.code_hash) == code_hash if code_hash is not None else col(EntryCode.id) == code_id
    statement = (
        sa.select(
            col(EntryCode.id),
            col(EntryCode.person_id),
            col(EntryCode.code_hash),
            col(EntryCode.second_hash),
            col(EntryCode.wrong_seconds),
            col(Person.home_language),
        )
        .join(Person, col(Person.id) == col(EntryCode.person_id))
        .where(by, *_OPEN, col(EntryCode.expires_at) > uow.now)
    )
    if hold and not uow.sqlite:
        statement = statement.with_for_update(of=EntryCode)
    row = (await uow.execute(statement)).one_or_none()
    return OpenCode(*row) if row else None


async def birth_dates(uow: UnitOfWork, person_id: int) -> set[date]:
    """Return the dates of birth of the children to whom a guardian's access is open."""
    rows = await uow.execute(
        sa.select(col(Pupil.birth_date))
        .join(Guardianship, col(Guardianship.pupil_id) == col(Pupil.id))
        .where(col(Guardianship.person_id) == person_id, open_access(uow.today))
    )
    return set(rows.scalars())


async def count_wrong_second(uow: UnitOfWork, code_id: int, *, limit: int) -> bool:
    """Count a wrong second factor; True when that was the last one allowed and the code has ended."""
    counted = await uow.execute(
        sa.update(EntryCode)
        .where(col(EntryCode.id) == code_id)
        .values(wrong_seconds=EntryCode.wrong_seconds + 1)
        .returning(col(EntryCode.wrong_seconds))
        .execution_options(synchronize_session=False)
    )
    if counted.scalar_one() < limit:
        return False
    await uow.change(sa.update(EntryCode).where(col(EntryCode.id) == code_id).values(ended_at=uow.now))
    return True


async def use_code(uow: UnitOfWork, code_id: int) -> bool:
    """Use a code up; False when somebody else did so first."""
    return (
        await uow.change(sa.update(EntryCode).where(col(EntryCode.id) == code_id, *_OPEN).values(used_at=uow.now)) == 1
    )


async def link_account(uow: UnitOfWork, person_id: int, address: int) -> None:
    """Make a Telegram user the person's one account; an earlier telephone loses it.

    What was sent to the earlier telephone cannot be changed or answered from the new one, so its message ids are
    forgotten. A Telegram user who was somebody without access until now is that person no more.
    """
    await uow.change(sa.delete(Account).where(col(Account.address) == address, col(Account.person_id) != person_id))
    moved = sa.exists(
        sa.select(sa.literal(1))
        .select_from(Account)
        .where(col(Account.person_id) == person_id, col(Account.address) != address)
    )
    await uow.change(sa.update(Outgoing).where(col(Outgoing.recipient_id) == person_id, moved).values(message_id=None))
    values: dict[str, Any] = {
        "address": address,
        "reachable": True,
        "unreachable_reason": None,
        "linked_at": uow.now,
    }
    await uow.execute(
        upsert(uow, Account)
        .values(person_id=person_id, **values)
        .on_conflict_do_update(index_elements=["person_id"], set_=values)
    )


async def set_language(uow: UnitOfWork, person_id: int, language: str) -> None:
    """Store the language that a person chose (L1)."""
    await uow.change(sa.update(Person).where(col(Person.id) == person_id).values(language=language))


async def set_welcomed(uow: UnitOfWork, person_id: int) -> bool:
    """Remember that the person saw the expectations; True the first time."""
    return (
        await uow.change(
            sa.update(Person)
            .where(col(Person.id) == person_id, col(Person.welcomed_at).is_(None))
            .values(welcomed_at=uow.now)
        )
        == 1
    )


async def forget_newcomers(uow: UnitOfWork, before: datetime) -> int:
    """Remove what is remembered of strangers who have been silent since `before`."""
    return await uow.change(
        sa.delete(Newcomer).where(sa.func.coalesce(col(Newcomer.last_wrong_at), col(Newcomer.met_at)) < before)
    )
