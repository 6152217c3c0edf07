"""Names that must not leave the house inside a text: of those whom it may speak of (L3)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from bot.domain.notices import AudienceKind
from storage.models import Guardianship, Person, Pupil, SchoolClass, StaffRole, Thread
from storage.queries.originals import Original
from storage.session import UnitOfWork

STAFF_FOR = 60.0
"""Seconds for which the names of the staff are remembered: every text asks for them."""


async def list_names(uow: UnitOfWork, original: Original) -> frozenset[str]:
    """Return the full names of staff, and of the pupils and guardians whom a text may speak of.

    That is a pupil with the class and the brothers and sisters, whom a home writes about as well, or everybody in the
    classes that a text is for; and their guardians.
    """
    staff = await uow.remembered("translation.staff", STAFF_FOR, lambda: _staff(uow))
    pupils = _pupils(original)
    found = await uow.execute(
        sa.select(col(Pupil.name))
        .where(col(Pupil.id).in_(pupils))
        .union(
            sa.select(col(Person.name))
            .join(Guardianship, col(Guardianship.person_id) == col(Person.id))
            .where(col(Guardianship.pupil_id).in_(pupils))
        )
    )
    return staff | frozenset(found.scalars())


async def _staff(uow: UnitOfWork) -> frozenset[str]:
    found = await uow.execute(
        sa.select(col(Person.name)).join(StaffRole, col(StaffRole.person_id) == col(Person.id)).distinct()
    )
    return frozenset(found.scalars())


def _pupils(original: Original) -> sa.Select[Any]:
    """Return a query for the pupils whom a text may be about."""
    here = sa.select(col(Pupil.id)).where(col(Pupil.left_at).is_(None))
    if original.pupil_id is not None:
        return _around(sa.select(sa.literal(original.pupil_id)))
    if original.thread_id is not None:
        return _around(sa.select(col(Thread.pupil_id)).where(col(Thread.id) == original.thread_id))
    if original.audience is AudienceKind.CLASSES:
        return here.where(col(Pupil.class_id).in_(original.audience_ids))
    if original.audience is AudienceKind.GRADE:
        return here.join(SchoolClass, col(SchoolClass.id) == col(Pupil.class_id)).where(
            col(SchoolClass.grade).in_(original.audience_ids)
        )
    return here


def _around(pupil: sa.Select[Any]) -> sa.Select[Any]:
    """Return a query for a pupil, the class, and whoever has a guardian in common with the pupil."""
    of_class = sa.select(col(Pupil.class_id)).where(col(Pupil.id).in_(pupil))
    guardians = sa.select(col(Guardianship.person_id)).where(col(Guardianship.pupil_id).in_(pupil))
    siblings = sa.select(col(Guardianship.pupil_id)).where(col(Guardianship.person_id).in_(guardians))
    mates = sa.and_(col(Pupil.class_id).in_(of_class), col(Pupil.left_at).is_(None))
    return sa.select(col(Pupil.id)).where(sa.or_(col(Pupil.id).in_(pupil), mates, col(Pupil.id).in_(siblings)))
