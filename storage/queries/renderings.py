"""Free texts in other languages: asked for, made, changed, and which messages show them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.domain.outgoing import ACTIVE
from bot.domain.translation import Checked, MadeBy, RenderingState, Subject, Trouble
from storage.models import Outgoing, Rendering, RenderingUse, RenderingVersion
from storage.queries.originals import Original, load_originals
from storage.session import UnitOfWork
from storage.sql import insert_many, insert_new, table

Wanted = tuple[Subject, int, str]
"""A text and the language of its reader."""
_R = table(Rendering)
READY_OR_REFUSED = (RenderingState.READY, RenderingState.HUMAN)


@dataclass(frozen=True, slots=True)
class RenderingRow:
    """A rendering as it is stored; see `storage.models.translation.Rendering`."""

    id: int
    subject: Subject
    subject_id: int
    language: str
    source_language: str
    source_hash: str
    thread_id: int | None
    pupil_id: int | None
    state: RenderingState
    text: str
    back: str
    made_by: MadeBy | None
    engine: str
    trouble: Trouble | None
    checked: Checked
    checker_id: int | None
    checked_at: datetime | None
    version: int
    disputed_at: datetime | None
    attempts: int
    due_at: datetime | None
    claimed_by: int | None
    claimed_until: datetime | None
    created_at: datetime
    changed_at: datetime

    @property
    def wanted(self) -> Wanted:
        """Return what it renders, and for readers of which language."""
        return self.subject, self.subject_id, self.language

    @property
    def is_home_bound(self) -> bool:
        """Tell whether it is about one home, so that an interpreter needs that home's consent (L4)."""
        return self.thread_id is not None or self.pupil_id is not None


_COLUMNS = [_R.c[field.name] for field in fields(RenderingRow)]


def read_rows(found: Iterable[Any]) -> list[RenderingRow]:
    """Return rows of `select_renderings` as values."""
    return [RenderingRow(*row) for row in found]


def select_renderings() -> sa.Select[Any]:
    """Return the statement that `read_rows` reads, to be narrowed."""
    return sa.select(*_COLUMNS)


async def load_rendering(uow: UnitOfWork, rendering_id: int) -> RenderingRow | None:
    """Return one rendering."""
    found = read_rows(await uow.execute(select_renderings().where(_R.c.id == rendering_id)))
    return found[0] if found else None


async def load_renderings(uow: UnitOfWork, wanted: Collection[Wanted]) -> dict[Wanted, RenderingRow]:
    """Return what there is of these, whatever its state."""
    found: dict[Wanted, RenderingRow] = {}
    for subject in {one[0] for one in wanted}:
        ids = {one[1] for one in wanted if one[0] is subject}
        rows = await uow.execute(select_renderings().where(_R.c.subject == subject, _R.c.subject_id.in_(ids)))
        found |= {row.wanted: row for row in read_rows(rows) if row.wanted in wanted}
    return found


async def ensure_renderings(uow: UnitOfWork, wanted: Collection[Wanted]) -> dict[Wanted, RenderingRow]:
    """Ask for renderings of the words as they are now; return what there is of each.

    A text in the reader's own language needs none, and one that is empty has none. One that was made of other words is
    asked for again, and what it said is kept as an earlier version.
    """
    originals = await load_originals(uow, {(subject, ref) for subject, ref, _ in wanted})
    needed = {
        (subject, ref, language): originals[subject, ref]
        for subject, ref, language in wanted
        if (subject, ref) in originals and originals[subject, ref].language != language
    }
    if not needed:
        return {}
    rows = await load_renderings(uow, needed.keys())
    missing = [_new_row(uow, language, original) for (*_, language), original in needed.items() if
               (original.subject, original.subject_id, language) not in rows]  # fmt: skip
    await insert_new(uow, Rendering, missing, "subject", "subject_id", "language")
    outdated = [row for key, row in rows.items() if row.source_hash != needed[key].hash]
    for row in outdated:
        await _begin_anew(uow, row, needed[row.wanted])
    uow.asked = uow.asked or bool(missing or outdated)
    return await load_renderings(uow, needed.keys()) if missing or outdated else rows


def _new_row(uow: UnitOfWork, language: str, original: Original) -> dict[str, Any]:
    return {
        "subject": original.subject,
        "subject_id": original.subject_id,
        "language": language,
        "source_language": original.language,
        "source_hash": original.hash,
        "thread_id": original.thread_id,
        "pupil_id": original.pupil_id,
        "state": RenderingState.WAITING,
        "text": "",
        "back": "",
        "engine": "",
        "checked": Checked.NOT,
        "version": 1,
        "attempts": 0,
        "due_at": uow.now,
        "created_at": uow.now,
        "changed_at": uow.now,
    }


async def _begin_anew(uow: UnitOfWork, row: RenderingRow, original: Original) -> None:
    await keep_version(uow, row)
    await _forget_uses(uow, row.id)
    fresh = _new_row(uow, row.language, original)
    del fresh["created_at"]
    await uow.change(
        sa.update(_R)
        .where(_R.c.id == row.id)
        .values(
            **{**fresh, "version": row.version + 1},
            made_by=None, trouble=None, checker_id=None, checked_at=None, disputed_at=None, disputed_by=None,
            lease_until=None, claimed_by=None, claimed_until=None,
        )
    )  # fmt: skip


async def _forget_uses(uow: UnitOfWork, rendering_id: int) -> None:
    """Forget which messages that have left show it: they hold other words, and are not told of a translation of these.

    Whoever changed the words has them say so themselves.
    """
    use, out = table(RenderingUse), table(Outgoing)
    gone = (
        sa.select(use.c.outgoing_id)
        .join(out, out.c.id == use.c.outgoing_id)
        .where(use.c.rendering_id == rendering_id, out.c.state.not_in(ACTIVE))
    )
    await uow.change(sa.delete(use).where(use.c.rendering_id == rendering_id, use.c.outgoing_id.in_(gone)))


async def keep_version(uow: UnitOfWork, row: RenderingRow) -> None:
    """Keep what a rendering says before it is changed; one without words is not kept."""
    if not row.text:
        return
    kept = {
        "rendering_id": row.id,
        "version": row.version,
        "text": row.text,
        "made_by": row.made_by,
        "checked": row.checked,
        "checker_id": row.checker_id,
        "replaced_at": uow.now,
    }
    await insert_many(uow, RenderingVersion, [kept])


async def source_changed(uow: UnitOfWork, subject: Subject, subject_id: int) -> list[int]:
    """Ask again for every rendering of a text whose words have changed; return the ids of all its renderings."""
    found = await uow.execute(
        sa.select(_R.c.id, _R.c.language).where(_R.c.subject == subject, _R.c.subject_id == subject_id)
    )
    ids = {language: ref for ref, language in found}
    await ensure_renderings(uow, {(subject, subject_id, language) for language in ids})
    return list(ids.values())


async def forget_renderings(uow: UnitOfWork, subject: Subject, subject_ids: Collection[int]) -> None:
    """Keep nothing of what was made of texts that are there no more; held, so that nobody stores it again."""
    which = sa.select(_R.c.id).where(_R.c.subject == subject, _R.c.subject_id.in_(subject_ids)).order_by(_R.c.id)
    if not uow.sqlite:
        which = which.with_for_update()
    ids = list((await uow.execute(which)).scalars())
    if ids:
        for one in (table(RenderingUse), table(RenderingVersion)):
            await uow.change(sa.delete(one).where(one.c.rendering_id.in_(ids)))
        await uow.change(sa.delete(_R).where(_R.c.id.in_(ids)))


async def claim_due_renderings(uow: UnitOfWork, *, limit: int, lease: timedelta) -> list[RenderingRow]:
    """Take renderings that a machine is to make now, the oldest first; nobody else takes them within `lease`."""
    due = (
        sa.select(_R.c.id)
        .where(_R.c.due_at.is_not(None), _R.c.due_at <= uow.now)
        .where(sa.or_(_R.c.lease_until.is_(None), _R.c.lease_until <= uow.now))
        .order_by(_R.c.due_at, _R.c.id)
        .limit(limit)
    )
    if not uow.sqlite:
        due = due.with_for_update(skip_locked=True)
    ids = list((await uow.execute(due)).scalars())
    if not ids:
        return []
    await uow.change(
        sa.update(_R).where(_R.c.id.in_(ids)).values(lease_until=uow.now + lease, attempts=_R.c.attempts + 1)
    )
    return read_rows(await uow.execute(select_renderings().where(_R.c.id.in_(ids)).order_by(_R.c.id)))


@dataclass(frozen=True, slots=True)
class Made:
    """What a machine made of a text, or why it could not; `again_at`: when it tries once more."""

    state: RenderingState
    text: str = ""
    back: str = ""
    made_by: MadeBy | None = None
    engine: str = ""
    trouble: Trouble | None = None
    again_at: datetime | None = None


async def settle_rendering(uow: UnitOfWork, row: RenderingRow, made: Made) -> bool:
    """Store what the machine made; False when the words, or a person, were quicker."""
    changed = await uow.change(
        sa.update(_R)
        .where(
            _R.c.id == row.id,
            _R.c.source_hash == row.source_hash,
            _R.c.attempts == row.attempts,
            _R.c.checked == Checked.NOT,
            _R.c.due_at.is_not(None),
        )
        .values(
            state=made.state,
            text=made.text,
            back=made.back,
            made_by=made.made_by,
            engine=made.engine,
            trouble=made.trouble,
            due_at=made.again_at,
            lease_until=None,
            version=_R.c.version + 1,
            changed_at=uow.now,
        )
    )
    return changed == 1


async def change_rendering(
    uow: UnitOfWork,
    row: RenderingRow,
    *,
    text: str,
    checked: Checked,
    checker_id: int,
    made_by: MadeBy | None = None,
) -> bool:
    """Store what an interpreter made of a text and keep what stood there (L4); `made_by` None leaves that as it is.

    False when it has changed since `row` was read: nothing was stored.
    """
    await keep_version(uow, row)
    changed = await uow.change(
        sa.update(_R)
        .where(_R.c.id == row.id, _R.c.version == row.version, _R.c.source_hash == row.source_hash)
        .values(
            state=RenderingState.READY,
            text=text,
            made_by=made_by or row.made_by or MadeBy.INTERPRETER,
            checked=checked,
            checker_id=checker_id,
            checked_at=uow.now,
            trouble=None,
            disputed_at=None,
            disputed_by=None,
            due_at=None,
            lease_until=None,
            claimed_by=None,
            claimed_until=None,
            version=row.version + 1,
            changed_at=uow.now,
        )
    )
    return changed == 1


async def dispute_rendering(uow: UnitOfWork, rendering_id: int, person_id: int) -> bool:
    """Note that a reader says it is wrong; False when somebody has said so already."""
    return (
        await uow.change(
            sa.update(_R)
            .where(_R.c.id == rendering_id, _R.c.disputed_at.is_(None), _R.c.state == RenderingState.READY)
            .values(disputed_at=uow.now, disputed_by=person_id, changed_at=uow.now, version=_R.c.version + 1)
        )
        == 1
    )


async def list_renderings_of(uow: UnitOfWork, subject: Subject, subject_id: int) -> Sequence[RenderingRow]:
    """Return a text's renderings, by language."""
    statement = select_renderings().where(_R.c.subject == subject, _R.c.subject_id == subject_id)
    return read_rows(await uow.execute(statement.order_by(_R.c.language)))
