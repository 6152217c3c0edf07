"""The queue of outgoing messages: claimed with a lease, settled row by row."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from bot.domain.outgoing import (
    ACTIVE,
    LIVE,
    REPEATED_WHEN_UNKNOWN,
    Lane,
    OutgoingKind,
    OutgoingState,
    Reason,
)
from storage.models import Account, Outgoing, Person
from storage.queries.rights import Waiting, list_disturbing, list_permitted
from storage.session import UnitOfWork
from storage.sql import table

_OUT = table(Outgoing)
_LIVE = sorted(kind.value for kind in LIVE)


def _active(state: Any) -> sa.ColumnElement[bool]:
    """Say "still under way" in the very words of the partial indexes: SQLite uses them for nothing else."""
    values = [one.value for one in sorted(ACTIVE)]
    spelled: sa.BindParameter[list[str]] = sa.bindparam("active", values, expanding=True, literal_execute=True)
    return cast("sa.ColumnElement[bool]", state.in_(spelled))


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row that this sender holds until `lease_until`.

    `address` is None when the person has no account; `permitted` is false when the person may not read it any
    more: rights are looked at again when a message goes out. `edit_target` is (message id, has a file) of the
    message to be changed, `reply_target` the id of the one to answer. `language` is what the person chose to read.
    `disturbs` is true of a reminder to a home that is left in peace.
    """

    id: int
    recipient_id: int
    lane: Lane
    kind: OutgoingKind
    payload: dict[str, Any]
    about: str
    about_id: int
    attempts: int
    due_at: datetime
    expires_at: datetime | None
    lease_until: datetime
    address: int | None
    permitted: bool
    edits_id: int | None
    edit_target: tuple[int, bool] | None
    reply_target: int | None
    language: str | None = None
    disturbs: bool = False


def _claiming(*, skip_locked: bool) -> Any:
    """Build the claim once; it runs all day, and building it costs more than running it."""
    row, earlier, target = aliased(Outgoing), aliased(Outgoing), aliased(Outgoing)
    now: sa.BindParameter[datetime] = sa.bindparam("now", type_=_OUT.c.due_at.type)
    blocked = (
        sa.select(sa.literal(1))
        .where(
            earlier.recipient_id == row.recipient_id,  # type: ignore[arg-type]
            earlier.id < row.id,  # type: ignore[arg-type, operator]
            earlier.lane <= row.lane,  # type: ignore[arg-type]
            _active(earlier.state),
            sa.or_(
                col(earlier.state).in_([OutgoingState.SENDING, OutgoingState.RETRY]),
                sa.and_(col(earlier.state) == OutgoingState.QUEUED, col(earlier.due_at) <= now),
            ),
        )
        .exists()
    )
    too_early = (
        sa.select(sa.literal(1))
        .where(
            sa.or_(col(target.id) == col(row.edits_id), col(target.id) == col(row.replies_to_id)),
            _active(target.state),
        )
        .exists()
    )
    due = (
        sa.select(row.id)  # type: ignore[call-overload]
        .where(
            _active(row.state),
            col(row.state).in_([OutgoingState.QUEUED, OutgoingState.RETRY]),
            col(row.due_at) <= now,
            ~blocked,
            ~too_early,
            col(row.id).not_in(sa.bindparam("leave_out", expanding=True)),
        )
        .order_by(row.lane, row.due_at, row.id)
        .limit(sa.bindparam("most"))
    )
    if skip_locked:
        due = due.with_for_update(skip_locked=True, of=row)
    chosen = due.cte("chosen")  # chosen once: a subquery with LIMIT and locks may be run again for each row
    return (
        sa.update(_OUT)
        .where(_OUT.c.id.in_(sa.select(chosen.c.id)))
        .values(
            state=OutgoingState.SENDING,
            lease_until=sa.bindparam("until"),
            attempts=_OUT.c.attempts + 1,
            # a live screen that is being rendered no longer stands for changes that come after it
            dedupe_key=sa.case((_OUT.c.kind.in_(_LIVE), None), else_=_OUT.c.dedupe_key),
        )
        .returning(_OUT.c.id)
    )


_CLAIM = {True: _claiming(skip_locked=False), False: _claiming(skip_locked=True)}
"""By whether it is SQLite, where one writer at a time needs no locks."""


async def claim_due(uow: UnitOfWork, *, limit: int, lease: timedelta, leave_out: Collection[int] = ()) -> list[Claimed]:
    """Take up to `limit` due rows, at most one of each chat, the most urgent first.

    A row waits while an earlier row of the same chat, as urgent or more, is due, under way or being retried, and
    while the message that it changes or answers has not left: a correction must not overtake its notice.
    `leave_out` are rows that this process still has in its hands (a moved clock can end their lease early).
    """
    values = {"now": uow.now, "until": uow.now + lease, "most": limit, "leave_out": list(leave_out)}
    ids = list((await uow.execute(_CLAIM[uow.sqlite], values)).scalars())
    return await _read_claimed(uow, ids) if ids else []


async def _read_claimed(uow: UnitOfWork, ids: list[int]) -> list[Claimed]:
    original, answered = aliased(Outgoing), aliased(Outgoing)
    found = await uow.execute(
        sa.select(
            *(
                _OUT.c[name]
                for name in (
                    "id", "recipient_id", "lane", "kind", "payload", "about", "about_id",
                    "attempts", "due_at", "expires_at", "lease_until",
                )
            ),
            col(Account.address),
            _OUT.c.edits_id,
            original.message_id,  # type: ignore[call-overload]
            original.payload,
            answered.message_id,
            _OUT.c.pupil_id,
            col(Person.language),
        )
        .select_from(Outgoing)
        .join(Person, col(Person.id) == col(Outgoing.recipient_id))
        .outerjoin(Account, col(Account.person_id) == col(Outgoing.recipient_id))
        .outerjoin(original, original.id == col(Outgoing.edits_id))
        .outerjoin(answered, answered.id == col(Outgoing.replies_to_id))
        .where(col(Outgoing.id).in_(ids))
        .order_by(_OUT.c.lane, _OUT.c.due_at, _OUT.c.id)
    )  # fmt: skip
    rows = found.all()
    waiting = [Waiting(row[0], row[1], OutgoingKind(row[3]), row[5], row[6], row[16]) for row in rows]
    permitted, disturbing = await list_permitted(uow, waiting), await list_disturbing(uow, waiting)
    return [
        Claimed(
            id=row[0],
            recipient_id=row[1],
            lane=Lane(row[2]),
            kind=OutgoingKind(row[3]),
            payload=row[4],
            about=row[5],
            about_id=row[6],
            attempts=row[7],
            due_at=row[8],
            expires_at=row[9],
            lease_until=row[10],
            address=row[11],
            permitted=row[0] in permitted,
            edits_id=row[12],
            edit_target=(row[13], bool((row[14] or {}).get("file"))) if row[13] is not None else None,
            reply_target=row[15],
            language=row[17],
            disturbs=row[0] in disturbing,
        )
        for row in rows
    ]


async def settle(
    uow: UnitOfWork,
    claimed: Claimed,
    state: OutgoingState,
    *,
    reason: Reason | None = None,
    message_id: int | None = None,
    due_at: datetime | None = None,
    uncounted: bool = False,
) -> bool:
    """Write how a claimed row went; False when its lease was lost meanwhile and another sender has it.

    `uncounted` takes the try back: a 429 is nobody's failure.
    """
    values: dict[str, Any] = {"state": state, "reason": reason, "lease_until": None}
    if message_id is not None:
        values["message_id"] = message_id
    if due_at is not None:
        values["due_at"] = due_at
    if uncounted:
        values["attempts"] = _OUT.c.attempts - 1
    if state not in ACTIVE:
        values["settled_at"] = uow.now
    held = await uow.change(
        sa.update(_OUT)
        .where(
            _OUT.c.id == claimed.id,
            _OUT.c.state == OutgoingState.SENDING,
            _OUT.c.attempts == claimed.attempts,
        )
        .values(**values)
    )
    return held == 1


async def recover_expired(uow: UnitOfWork, leave_out: Collection[int] = ()) -> int:
    """Give rows of a sender that died back to the queue, by kind; return how many."""
    expired = sa.and_(_active(_OUT.c.state), _OUT.c.state == OutgoingState.SENDING, _OUT.c.lease_until < uow.now)
    if leave_out:
        expired = sa.and_(expired, _OUT.c.id.not_in(leave_out))
    repeated = _OUT.c.kind.in_([kind.value for kind in REPEATED_WHEN_UNKNOWN])
    again = await uow.change(
        sa.update(_OUT)
        .where(expired, repeated)
        .values(state=OutgoingState.RETRY, reason=Reason.LEASE_LOST, due_at=uow.now, lease_until=None)
    )
    given_up = await uow.change(
        sa.update(_OUT)
        .where(expired, ~repeated)
        .values(state=OutgoingState.UNKNOWN, reason=Reason.LEASE_LOST, settled_at=uow.now, lease_until=None)
    )
    return again + given_up


async def next_due(uow: UnitOfWork) -> datetime | None:
    """Return when the next row becomes due. What is due already and was not claimed waits for another row."""
    found = await uow.execute(
        sa.select(sa.func.min(_OUT.c.due_at)).where(
            _active(_OUT.c.state),
            _OUT.c.state.in_([OutgoingState.QUEUED, OutgoingState.RETRY]),
            _OUT.c.due_at > uow.now,
        )
    )
    moment: datetime | None = found.scalar_one()
    return moment


async def mark_unreachable(uow: UnitOfWork, person_id: int, reason: Reason) -> None:
    """Remember that Telegram refuses this person; the next message from them clears it."""
    await uow.change(
        sa.update(Account)
        .where(col(Account.person_id) == person_id)
        .values(reachable=False, unreachable_reason=reason.value)
    )


async def set_reachable(uow: UnitOfWork, address: int, reachable: bool) -> None:
    """Follow a block or unblock that Telegram told about (`my_chat_member`)."""
    await uow.change(
        sa.update(Account)
        .where(col(Account.address) == address)
        .values(reachable=reachable, unreachable_reason=None if reachable else Reason.BLOCKED.value)
    )


async def drop_waiting(
    uow: UnitOfWork, reason: Reason, *, about: str = "", about_id: int = 0, person_id: int | None = None
) -> int:
    """Drop rows that have not left yet: of one thing, of one person, or both; return how many."""
    conditions: list[sa.ColumnElement[bool]] = [_OUT.c.state.in_([OutgoingState.QUEUED, OutgoingState.RETRY])]
    if about:
        conditions += [_OUT.c.about == about, _OUT.c.about_id == about_id]
    if person_id is not None:
        conditions.append(_OUT.c.recipient_id == person_id)
    return await uow.change(
        sa.update(_OUT).where(*conditions).values(state=OutgoingState.DROPPED, reason=reason, settled_at=uow.now)
    )


async def count_by_state(uow: UnitOfWork) -> dict[OutgoingState, int]:
    """Return how many rows are still under way, by state, for the metrics."""
    rows = await uow.execute(
        sa.select(_OUT.c.state, sa.func.count()).where(_active(_OUT.c.state)).group_by(_OUT.c.state)
    )
    return {OutgoingState(state): count for state, count in rows}


async def find_by_message(uow: UnitOfWork, person_id: int, message_id: int) -> tuple[str, int] | None:
    """Return what a message that a person answers to was about."""
    row = (
        await uow.execute(
            sa.select(_OUT.c.about, _OUT.c.about_id)
            .where(_OUT.c.recipient_id == person_id, _OUT.c.message_id == message_id)
            .limit(1)
        )
    ).first()
    return (row[0], row[1]) if row else None


_BY_KEY = sa.select(_OUT.c.id).where(_OUT.c.dedupe_key == sa.bindparam("key"))


async def find_by_key(uow: UnitOfWork, dedupe_key: str) -> int:
    """Return the row that was enqueued under a key."""
    found: int = (await uow.execute(_BY_KEY, {"key": dedupe_key})).scalar_one()
    return found
