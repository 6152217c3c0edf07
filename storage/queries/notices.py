"""Notices and their deliveries: who may touch them, whom they reach, how they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.errors import NotPermitted
from bot.domain.messages import FileKind, FileRef
from bot.domain.notices import Answer, AudienceKind, HomeStatus, NoticeKind, NoticeState
from bot.domain.outgoing import ACTIVE, OutgoingState
from bot.domain.people import Actor
from storage.models import Account, Delivery, Guardianship, Notice, NoticeFile, Outgoing, Person, Pupil, SchoolClass
from storage.queries.people import open_access
from storage.session import UnitOfWork
from storage.sql import table


@dataclass(frozen=True, slots=True)
class Recipient:
    """One guardian and one pupil of an audience; a guardian of two such pupils comes twice."""

    person_id: int
    language: str | None
    home_language: str | None
    pupil_id: int
    pupil_name: str
    class_name: str
    enrolled: bool


@dataclass(frozen=True, slots=True)
class HomeRow:
    """How a notice stands at one guardian; only its sender and the leadership see it (P9)."""

    delivery_id: int
    person_id: int
    name: str
    phone: str | None
    pupils: tuple[int, ...]
    language: str
    status: HomeStatus
    outgoing_id: int | None


async def access_draft(uow: UnitOfWork, actor: Actor, notice_id: int) -> Notice:
    """Return the author's own notice while it is a draft.

    Raises:
        NotPermitted: it is somebody else's, or no draft any more, or the author sends no notices now.
    """
    if not actor.may_write_notices:
        raise NotPermitted
    notice = await uow.session.get(Notice, notice_id)
    if notice is None or notice.author_id != actor.person_id or notice.state is not NoticeState.DRAFT:
        raise NotPermitted
    return notice


async def access_own_notice(uow: UnitOfWork, actor: Actor, notice_id: int, *, lock: bool = False) -> Notice:
    """Return the author's own notice in any state; the leadership may look after every sent one.

    With `lock` nobody else changes it until this transaction ends: taking a notice back and its going out
    may happen at the same moment.

    Raises:
        NotPermitted: it is somebody else's.
    """
    notice = await uow.session.get(Notice, notice_id, with_for_update=True if lock else None)
    if notice is None or not actor.may_write_notices:
        raise NotPermitted
    if notice.author_id != actor.person_id and not (actor.leads and notice.state is NoticeState.SENT):
        raise NotPermitted
    return notice


@dataclass(frozen=True, slots=True)
class DeliveryRef:
    """What a guardian's tap on a notice needs to know."""

    id: int
    notice_id: int
    pupil_ids: tuple[int, ...]
    answer: Answer | None
    answered_revision: int
    revision: int
    author_id: int
    board_id: int | None
    reminded: bool
    language: str
    text_language: str


_DELIVERY = (
    sa.select(
        col(Delivery.id),
        col(Delivery.notice_id),
        col(Delivery.pupil_ids),
        col(Delivery.answer),
        col(Delivery.answered_revision),
        col(Notice.revision),
        col(Notice.author_id),
        col(Notice.board_id),
        col(Notice.reminded_at).is_not(None),
        col(Delivery.language),
        col(Notice.text_language),
    )
    .join(Notice, col(Notice.id) == col(Delivery.notice_id))
    .where(
        col(Delivery.id) == sa.bindparam("delivery"),
        col(Delivery.person_id) == sa.bindparam("person"),
    )
)


async def access_delivery(uow: UnitOfWork, actor: Actor, delivery_id: int) -> DeliveryRef:
    """Return the actor's own delivery, while the access to one of its pupils is open.

    Raises:
        NotPermitted: it is another person's, or the access has ended.
    """
    row = (await uow.execute(_DELIVERY, {"delivery": delivery_id, "person": actor.person_id})).one_or_none()
    if row is None or not actor.children.intersection(row[2]):
        raise NotPermitted
    return DeliveryRef(
        id=row[0],
        notice_id=row[1],
        pupil_ids=tuple(row[2]),
        answer=Answer(row[3]) if row[3] else None,
        answered_revision=row[4],
        revision=row[5],
        author_id=row[6],
        board_id=row[7],
        reminded=bool(row[8]),
        language=row[9],
        text_language=row[10],
    )


_SET_ANSWER = (
    sa.update(table(Delivery))
    .where(table(Delivery).c.id == sa.bindparam("delivery"))
    .values(
        answer=sa.bindparam("given"),
        answered_at=sa.bindparam("moment"),
        answered_revision=sa.bindparam("read"),
    )
)


async def store_answer(uow: UnitOfWork, delivery_id: int, answer: Answer, revision: int) -> None:
    """Write a home's answer, and which revision of the notice it was given to."""
    await uow.execute(_SET_ANSWER, {"delivery": delivery_id, "given": answer, "moment": uow.now, "read": revision})


async def list_recipients(uow: UnitOfWork, kind: AudienceKind, ids: Sequence[int]) -> list[Recipient]:
    """Return the guardians with open access to the audience's pupils, as it is now."""
    statement = (
        sa.select(
            col(Person.id),
            col(Person.language),
            col(Person.home_language),
            col(Pupil.id),
            col(Pupil.name),
            col(SchoolClass.name),
            col(Account.id).is_not(None),
        )
        .select_from(Guardianship)
        .join(Pupil, col(Pupil.id) == col(Guardianship.pupil_id))
        .join(SchoolClass, col(SchoolClass.id) == col(Pupil.class_id))
        .join(Person, col(Person.id) == col(Guardianship.person_id))
        .outerjoin(Account, col(Account.person_id) == col(Person.id))
        .where(open_access(uow.today))
        .order_by(col(SchoolClass.grade), col(SchoolClass.name), col(Pupil.name), col(Person.name))
    )
    if kind is AudienceKind.GRADE:
        statement = statement.where(col(SchoolClass.grade).in_(ids))
    elif kind is AudienceKind.CLASSES:
        statement = statement.where(col(SchoolClass.id).in_(ids))
    elif kind is AudienceKind.PUPIL:
        statement = statement.where(col(Pupil.id).in_(ids))
    return [Recipient(*row) for row in await uow.execute(statement)]


async def list_files(uow: UnitOfWork, notice_id: int) -> list[FileRef]:
    """Return a notice's files in the order in which they were added."""
    rows = await uow.execute(
        sa.select(col(NoticeFile.kind), col(NoticeFile.file_id), col(NoticeFile.name))
        .where(col(NoticeFile.notice_id) == notice_id)
        .order_by(col(NoticeFile.id))
    )
    return [FileRef(FileKind(row[0]), row[1], row[2]) for row in rows]


async def remove_files(uow: UnitOfWork, notice_id: int) -> None:
    """Take all files off a notice."""
    await uow.change(sa.delete(NoticeFile).where(col(NoticeFile.notice_id) == notice_id))


async def list_home_rows(uow: UnitOfWork, notice_id: int, revision: int) -> list[HomeRow]:
    """Return how a notice stands at each guardian, by name."""
    rows = await uow.execute(
        sa.select(
            col(Delivery.id),
            col(Delivery.person_id),
            col(Person.name),
            col(Person.phone),
            col(Delivery.pupil_ids),
            col(Delivery.language),
            col(Delivery.answer),
            col(Delivery.answered_revision),
            col(Outgoing.state),
            col(Account.reachable),
            col(Delivery.outgoing_id),
        )
        .join(Person, col(Person.id) == col(Delivery.person_id))
        .outerjoin(Outgoing, col(Outgoing.id) == col(Delivery.outgoing_id))
        .outerjoin(Account, col(Account.person_id) == col(Delivery.person_id))
        .where(col(Delivery.notice_id) == notice_id)
        .order_by(col(Person.name))
    )
    return [
        HomeRow(row[0], row[1], row[2], row[3], tuple(row[4]), row[5], _status(row, revision), row[10]) for row in rows
    ]


def _status(row: Sequence[Any], revision: int) -> HomeStatus:
    answer, answered_revision, state, reachable = row[6], row[7], row[8], row[9]
    if answer == Answer.CALL_ME:
        return HomeStatus.CALL_ME
    if answer == Answer.QUESTION:
        return HomeStatus.QUESTION
    if answer == Answer.UNDERSTOOD:
        return HomeStatus.UNDERSTOOD if answered_revision >= revision else HomeStatus.UNDERSTOOD_BEFORE
    if state is not None and OutgoingState(state) in ACTIVE:
        return HomeStatus.QUEUED
    if state == OutgoingState.SENT and reachable:
        return HomeStatus.WAITING
    return HomeStatus.UNREACHABLE


async def next_arrival(uow: UnitOfWork, notice_id: int) -> datetime | None:
    """Return when the next of a notice's messages to homes is due; None when all are settled."""
    found = await uow.execute(
        sa.select(sa.func.min(col(Outgoing.due_at)))
        .select_from(Delivery)
        .join(Outgoing, col(Outgoing.id) == col(Delivery.outgoing_id))
        .where(col(Delivery.notice_id) == notice_id, col(Outgoing.state).in_(ACTIVE))
    )
    moment: datetime | None = found.scalar_one()
    return moment


async def claim_due_notices(uow: UnitOfWork, limit: int = 20) -> list[Notice]:
    """Take scheduled notices whose time has come; on PostgreSQL other replicas pass by them."""
    statement = (
        sa.select(Notice)
        .where(col(Notice.state) == NoticeState.SCHEDULED, col(Notice.send_at) <= uow.now)
        .order_by(col(Notice.send_at), col(Notice.id))
        .limit(limit)
    )
    if not uow.sqlite:
        statement = statement.with_for_update(skip_locked=True)
    return await uow.load(statement)


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivered notice in a guardian's list."""

    delivery_id: int
    notice_id: int
    kind: NoticeKind
    sent_at: datetime
    answer: Answer | None
    pupil_ids: tuple[int, ...]


async def list_delivered(
    uow: UnitOfWork, actor: Actor, *, kind: NoticeKind | None = None, limit: int = 5
) -> list[Delivered]:
    """Return a guardian's newest notices about children whose access is still open."""
    statement = (
        sa.select(col(Delivery.id), col(Notice.id), col(Notice.kind), col(Notice.sent_at), col(Delivery.answer))
        .add_columns(col(Delivery.pupil_ids))
        .join(Notice, col(Notice.id) == col(Delivery.notice_id))
        .where(col(Delivery.person_id) == actor.person_id, col(Notice.state) == NoticeState.SENT)
        .order_by(col(Notice.sent_at).desc(), col(Notice.id).desc())
        .limit(limit * 4)
    )
    if kind is not None:
        statement = statement.where(col(Notice.kind) == kind)
    rows = [row for row in await uow.execute(statement) if actor.children.intersection(row[5])]
    return [
        Delivered(row[0], row[1], NoticeKind(row[2]), row[3], Answer(row[4]) if row[4] else None, tuple(row[5]))
        for row in rows[:limit]
    ]


async def list_own_notices(uow: UnitOfWork, actor: Actor, limit: int = 5) -> list[Notice]:
    """Return an author's newest notices that are on their way or sent."""
    return await uow.load(
        sa.select(Notice)
        .where(
            col(Notice.author_id) == actor.person_id,
            col(Notice.state).in_([NoticeState.SCHEDULED, NoticeState.SENT]),
        )
        .order_by(col(Notice.id).desc())
        .limit(limit)
    )


async def find_open_draft(uow: UnitOfWork, actor: Actor, corrects: int | None = None) -> Notice | None:
    """Return the author's newest draft of a new notice, or of a correction of one, to be continued."""
    found = await uow.load(
        sa.select(Notice)
        .where(
            col(Notice.author_id) == actor.person_id,
            col(Notice.state) == NoticeState.DRAFT,
            col(Notice.corrects_id) == corrects,
        )
        .order_by(col(Notice.id).desc())
        .limit(1)
    )
    return found[0] if found else None


async def link_outgoing(uow: UnitOfWork, notice_id: int) -> None:
    """Give each delivery of a notice the outgoing row that carries it, found by its dedupe key."""
    number = sa.cast(col(Delivery.notice_id), sa.String)
    key = sa.literal("notice:") + number + ":" + sa.cast(col(Delivery.person_id), sa.String)
    row = sa.select(col(Outgoing.id)).where(col(Outgoing.dedupe_key) == key).scalar_subquery()
    await uow.change(sa.update(Delivery).where(col(Delivery.notice_id) == notice_id).values(outgoing_id=row))


async def travelled_as_caption(uow: UnitOfWork, notice_id: int) -> bool:
    """Tell whether the notice's text went to homes as the caption of its file."""
    payload = (
        await uow.execute(
            sa.select(col(Outgoing.payload))
            .join(Delivery, col(Delivery.outgoing_id) == col(Outgoing.id))
            .where(col(Delivery.notice_id) == notice_id)
            .limit(1)
        )
    ).scalar_one_or_none()
    return bool(payload and payload.get("file"))


async def list_deliveries(uow: UnitOfWork, notice_id: int) -> list[Delivery]:
    """Return a notice's deliveries."""
    return await uow.load(sa.select(Delivery).where(col(Delivery.notice_id) == notice_id).order_by(col(Delivery.id)))


async def open_children(uow: UnitOfWork, notice_id: int) -> dict[int, frozenset[int]]:
    """Return, for each guardian who got a notice, the pupils to whom the access is open now."""
    rows = await uow.execute(
        sa.select(col(Guardianship.person_id), col(Guardianship.pupil_id))
        .join(Pupil, col(Pupil.id) == col(Guardianship.pupil_id))
        .join(Delivery, col(Delivery.person_id) == col(Guardianship.person_id))
        .where(col(Delivery.notice_id) == notice_id, open_access(uow.today))
    )
    found: dict[int, set[int]] = {}
    for person_id, pupil_id in rows:
        found.setdefault(person_id, set()).add(pupil_id)
    return {person_id: frozenset(pupils) for person_id, pupils in found.items()}


async def pupil_labels(uow: UnitOfWork, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Return (name, class) of pupils by id."""
    rows = await uow.execute(
        sa.select(col(Pupil.id), col(Pupil.name), col(SchoolClass.name))
        .join(SchoolClass, col(SchoolClass.id) == col(Pupil.class_id))
        .where(col(Pupil.id).in_(ids))
    )
    return {row[0]: (row[1], row[2]) for row in rows}


async def person_name(uow: UnitOfWork, person_id: int) -> str:
    """Return a person's name."""
    name: str = (await uow.execute(sa.select(col(Person.name)).where(col(Person.id) == person_id))).scalar_one()
    return name
