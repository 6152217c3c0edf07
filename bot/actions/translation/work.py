"""What a machine is to translate: taken with a lease, made outside of any transaction, stored, and told."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.actions import UnitOfWork
from bot.actions.interpreters.asking import ask_a_human
from bot.actions.translation.tell import retell
from bot.domain.translation import RenderingState, Trouble
from bot.translation.pipeline import Outcome, Translator, memory_keys
from storage.queries.memory import memory_for
from storage.queries.originals import Original, load_originals
from storage.queries.renderings import (
    Made,
    RenderingRow,
    claim_due_renderings,
    load_rendering,
    settle_rendering,
)
from storage.queries.spoken_of import list_names

log = logging.getLogger(__name__)

AGAIN = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
"""When a text that every engine failed on is tried again, after each try; then it is left to people."""


@dataclass(frozen=True, slots=True)
class Work:
    """One text to be made, with what must not leave the house and what was approved before."""

    row: RenderingRow
    original: Original
    names: frozenset[str]
    memory: Mapping[str, str]
    today: date


async def take_due(uow: UnitOfWork, *, limit: int, lease: timedelta) -> list[Work]:
    """Claim what is due; the caller commits. A text that is gone meanwhile is settled at once."""
    rows = await claim_due_renderings(uow, limit=limit, lease=lease)
    if not rows:
        return []
    originals = await load_originals(uow, {(row.subject, row.subject_id) for row in rows})
    work = []
    for row in rows:
        original = originals.get((row.subject, row.subject_id))
        if original is None or original.hash != row.source_hash:
            await settle_rendering(uow, row, Made(RenderingState.HUMAN, trouble=Trouble.NO_ENGINE))
            continue
        names = await list_names(uow, original)
        keys = [key for key, _ in memory_keys(original.text, names, original.language)]
        memory = await memory_for(uow, original.language, row.language, keys)
        work.append(Work(row, original, names, memory, uow.today))
    return work


async def make(translator: Translator, work: Work) -> tuple[Outcome, str]:
    """Return what the machine makes of a text and, for what its author looks over, that translated back (L7)."""
    original, row = work.original, work.row
    outcome = await translator.translate(
        original.text, original.language, row.language, names=work.names, memory=work.memory, today=work.today
    )
    if not original.is_draft or not outcome.text:
        return outcome, ""
    back = await translator.back(outcome.text, row.language, original.language, work.names)
    return outcome, back or ""


async def settle(uow: UnitOfWork, work: Work, outcome: Outcome, back: str) -> None:
    """Store what was made, let go what waited for it, tell readers, and ask a person where no machine could (L6)."""
    row = work.row
    if not await settle_rendering(uow, row, _made(uow, row, outcome, back)):
        return  # the author or an interpreter was quicker
    await retell(uow, row.id)
    now = await load_rendering(uow, row.id)
    if now is not None and now.state is RenderingState.HUMAN and row.state is RenderingState.WAITING:
        if not work.original.is_draft:
            await ask_a_human(uow, now)
        log.info("translation.human", extra={"rendering": row.id, "trouble": str(now.trouble)})


def _made(uow: UnitOfWork, row: RenderingRow, outcome: Outcome, back: str) -> Made:
    if outcome.trouble is None:
        return Made(RenderingState.READY, outcome.text, back, outcome.made_by, outcome.engine)
    again = None
    if outcome.trouble is Trouble.FAILED and row.attempts <= len(AGAIN):
        again = uow.now + AGAIN[row.attempts - 1]
        if outcome.retry_after is not None:
            again = max(again, uow.now + timedelta(seconds=outcome.retry_after))
    return Made(RenderingState.HUMAN, outcome.text, back, None, outcome.engine, outcome.trouble, again)
