"""Translations that wait for a person: taken in turn, approved, corrected, made; readers see it at once (L4, L6)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.actions import UnitOfWork
from bot.actions.interpreters.asking import queue_key
from bot.actions.interpreters.memory import remember
from bot.actions.translation.tell import retell
from bot.domain.errors import NotPermitted
from bot.domain.interpreters import (
    IN_HAND,
    TEXT_LIMIT,
    NothingMeant,
    TaskTaken,
    TextMeanwhile,
    TranslationTooLong,
)
from bot.domain.people import Actor
from bot.domain.translation import Checked, Finding, MadeBy, RenderingState, Subject
from bot.translation.guard import check
from storage.queries.audit import audit
from storage.queries.dialogue import OpenQuestion, ask, close_question, find_question
from storage.queries.interpreter_messages import Spoken, find_spoken
from storage.queries.interpreter_tasks import (
    Earlier,
    access_task,
    claim_next_task,
    claim_task,
    count_tasks,
    list_versions,
    read_notice_of,
    release_tasks,
)
from storage.queries.interpreters import HomeOf, find_home
from storage.queries.originals import Original, load_originals
from storage.queries.renderings import RenderingRow, change_rendering, load_rendering
from storage.queries.spoken_of import list_names

EXPECT_TEXT = "interpreter.text"
"""The right words of a translation; `ref_id` is the rendering's."""
VERSIONS = 3
"""Earlier versions that are shown."""


@dataclass(frozen=True, slots=True)
class TaskView:
    """A translation as its interpreter sees it: what it is of, what the machine proposes, what differs in it.

    `written` is what the interpreter wrote and has not sent because of `findings`; `done` once it was checked.
    """

    row: RenderingRow
    original: Original
    message: Spoken | None
    home: HomeOf | None
    findings: tuple[Finding, ...]
    earlier: tuple[Earlier, ...]
    written: str = ""
    done: bool = False


async def open_queue(uow: UnitOfWork, actor: Actor) -> int:
    """Return how much there is to translate; the next text may be told of again.

    Raises:
        NotPermitted: the actor is no interpreter. NotPromised.
    """
    counted = await count_tasks(uow, actor)
    await read_notice_of(uow, queue_key(actor.person_id))
    await uow.commit()
    return counted


async def take_next(uow: UnitOfWork, actor: Actor, last: int = 0) -> TaskView | None:
    """Take the next translation into hand; None when nothing waits. `last` was just given back and comes last.

    Raises:
        NotPermitted: the actor is no interpreter. NotPromised.
    """
    await read_notice_of(uow, queue_key(actor.person_id))
    while (row := await claim_next_task(uow, actor, IN_HAND, last=last)) is not None:
        original = await _original(uow, row)
        if original is not None:
            await audit(uow, actor.person_id, "interpreter.take", "rendering", row.id)
            view = await _view(uow, row, original)
            await uow.commit()
            return view
        await _forget(uow, actor, row)
    await uow.commit()
    return None


async def _forget(uow: UnitOfWork, actor: Actor, row: RenderingRow) -> None:
    """Take out of the queue what has no words any more."""
    await change_rendering(uow, row, text=row.text, checked=Checked.NOT, checker_id=actor.person_id)


async def show_task(uow: UnitOfWork, actor: Actor, rendering_id: int) -> TaskView:
    """Return a translation that the interpreter may read and change now.

    Raises:
        NotPermitted: never allowed to, or it is gone. NotPromised. AccessEnded.
    """
    row = await access_task(uow, actor, rendering_id)
    view = await _view(uow, row, await _needed(uow, row))
    await audit(uow, actor.person_id, "interpreter.read", "rendering", row.id)
    await uow.commit()
    return view


async def leave_task(uow: UnitOfWork, actor: Actor, rendering_id: int) -> None:
    """Give a translation back; whose access has ended may do that as well."""
    await release_tasks(uow, actor.person_id, rendering_id=rendering_id)
    question = await find_question(uow, actor.person_id)
    if question is not None and question.expects == EXPECT_TEXT and question.ref_id == rendering_id:
        await close_question(uow, actor.person_id)
    await uow.commit()


async def approve(uow: UnitOfWork, actor: Actor, rendering_id: int, version: int, *, anyway: bool = False) -> TaskView:
    """Approve a translation as it stands; readers see that it was checked.

    What the guard refused is shown once more with what differs in it, until the interpreter says `anyway`.

    Args:
        version: the one on the screen; 0 from a copy of a followed message, which shows what readers have.

    Raises:
        NotPermitted: never allowed to. NotPromised. AccessEnded. TaskTaken. TextMeanwhile: it reads otherwise now.
    """
    row = await _held(uow, actor, rendering_id)
    original = await _needed(uow, row)
    again = row.checker_id == actor.person_id or version == 0
    if again and row.checked is not Checked.NOT and row.disputed_at is None:
        return await _view(uow, row, original, done=True)  # a second tap, or another interpreter was quicker
    if version not in {0, row.version}:
        raise TextMeanwhile
    names = await list_names(uow, original)
    findings = () if row.state is RenderingState.READY else _check(original, row, row.text, names)
    unseen = version == 0 and row.state is not RenderingState.READY
    if not row.text or unseen or (findings and not anyway):
        return await _view(uow, row, original)
    maker = row.made_by or MadeBy.ENGINE
    return await _store(uow, actor, row, original, row.text, Checked.APPROVED, maker, names)


async def start_writing(uow: UnitOfWork, actor: Actor, rendering_id: int) -> TaskView:
    """Expect the right words of a translation as the next text; it is in this interpreter's hands meanwhile.

    Raises:
        NotPermitted: never allowed to. NotPromised. AccessEnded. TaskTaken.
    """
    row = await _held(uow, actor, rendering_id)
    original = await _needed(uow, row)
    await claim_task(uow, actor, row.id, IN_HAND)
    await ask(uow, actor.person_id, EXPECT_TEXT, row.id, hash=row.source_hash, version=row.version)
    view = await _view(uow, row, original)
    await uow.commit()
    return view


async def take_text(uow: UnitOfWork, actor: Actor, question: OpenQuestion, text: str) -> TaskView:
    """Take an interpreter's words for a translation; kept for one more tap when the guard finds something in them.

    Raises:
        NothingMeant, TranslationTooLong. NotPermitted, NotPromised, AccessEnded, TaskTaken, TextMeanwhile.
    """
    row, original = await _written_for(uow, actor, question)
    cleaned = text.strip()
    if not any(map(str.isalnum, cleaned)):
        raise NothingMeant
    if len(cleaned) > TEXT_LIMIT:
        raise TranslationTooLong(length=len(cleaned), limit=TEXT_LIMIT)
    names = await list_names(uow, original)
    findings = _check(original, row, cleaned, names)
    if findings:
        await ask(uow, actor.person_id, EXPECT_TEXT, row.id, **{**question.data, "text": cleaned})
        await claim_task(uow, actor, row.id, IN_HAND)
        view = await _view(uow, row, original, written=cleaned, findings=findings)
        await uow.commit()
        return view
    return await _store_written(uow, actor, row, original, cleaned, names)


async def send_anyway(uow: UnitOfWork, actor: Actor, rendering_id: int) -> TaskView:
    """Send what the interpreter wrote although the guard found something in it; a second tap changes nothing.

    Raises:
        NotPermitted: nothing is kept, or never allowed to. NotPromised, AccessEnded, TaskTaken, TextMeanwhile.
    """
    question = await find_question(uow, actor.person_id)
    if question is None or question.expects != EXPECT_TEXT or question.ref_id != rendering_id:
        row = await access_task(uow, actor, rendering_id)
        if row.checker_id != actor.person_id:
            raise NotPermitted
        return await _view(uow, row, await _needed(uow, row), done=True)
    row, original = await _written_for(uow, actor, question)
    text = str(question.data.get("text", ""))
    if not text:
        raise NotPermitted
    return await _store_written(uow, actor, row, original, text, await list_names(uow, original))


async def _written_for(uow: UnitOfWork, actor: Actor, question: OpenQuestion) -> tuple[RenderingRow, Original]:
    """Return what an interpreter wrote words for, as long as it still says the same.

    What a machine made of it meanwhile gives way; what another interpreter did does not.
    """
    row = await _held(uow, actor, question.ref_id)
    original = await _needed(uow, row)
    others = row.version != question.data["version"] and row.checker_id not in {None, actor.person_id}
    if row.source_hash != question.data["hash"] or original.hash != row.source_hash or others:
        raise TextMeanwhile
    return row, original


async def _store_written(
    uow: UnitOfWork, actor: Actor, row: RenderingRow, original: Original, text: str, names: frozenset[str]
) -> TaskView:
    if row.state is not RenderingState.READY:
        return await _store(uow, actor, row, original, text, Checked.TRANSLATED, MadeBy.INTERPRETER, names)
    if text == row.text:
        return await _store(uow, actor, row, original, text, Checked.APPROVED, row.made_by, names)
    return await _store(uow, actor, row, original, text, Checked.CORRECTED, MadeBy.INTERPRETER, names)


async def _store(
    uow: UnitOfWork,
    actor: Actor,
    row: RenderingRow,
    original: Original,
    text: str,
    checked: Checked,
    made_by: MadeBy | None,
    names: frozenset[str],
) -> TaskView:
    """Store what an interpreter made of a translation, tell its readers, remember its sentences; commits."""
    if not await change_rendering(uow, row, text=text, checked=checked, checker_id=actor.person_id, made_by=made_by):
        raise TextMeanwhile
    await remember(uow, actor, row, original, text, names)
    await retell(uow, row.id)
    question = await find_question(uow, actor.person_id)
    if question is not None and question.expects == EXPECT_TEXT and question.ref_id == row.id:
        await close_question(uow, actor.person_id)
    await audit(uow, actor.person_id, f"interpreter.{checked.value}", "rendering", row.id, version=row.version + 1)
    changed = await load_rendering(uow, row.id)
    assert changed is not None  # noqa: S101  (it was changed just above)
    view = await _view(uow, changed, original, done=True)
    await uow.commit()
    return view


async def _held(uow: UnitOfWork, actor: Actor, rendering_id: int) -> RenderingRow:
    """Return a translation that nobody else changes until this transaction ends, nor has in hand.

    Raises:
        TaskTaken: another interpreter has it in hand. NotPermitted, NotPromised, AccessEnded.
    """
    row = await access_task(uow, actor, rendering_id, hold=True)
    if row.claimed_by not in {None, actor.person_id} and row.claimed_until is not None and row.claimed_until > uow.now:
        raise TaskTaken
    return row


async def _original(uow: UnitOfWork, row: RenderingRow) -> Original | None:
    original = (await load_originals(uow, {(row.subject, row.subject_id)})).get((row.subject, row.subject_id))
    return original if original is not None and original.hash == row.source_hash else None


async def _needed(uow: UnitOfWork, row: RenderingRow) -> Original:
    original = await _original(uow, row)
    if original is None:
        raise TextMeanwhile
    return original


def _check(original: Original, row: RenderingRow, text: str, names: frozenset[str]) -> tuple[Finding, ...]:
    return check(original.text, text, original.language, row.language, names)


async def _view(
    uow: UnitOfWork,
    row: RenderingRow,
    original: Original,
    *,
    written: str = "",
    findings: tuple[Finding, ...] = (),
    done: bool = False,
) -> TaskView:
    if not done and not written and row.text and row.state is RenderingState.HUMAN:
        findings = _check(original, row, row.text, await list_names(uow, original))
    message = await find_spoken(uow, row.subject_id) if row.subject is Subject.MESSAGE else None
    home = await find_home(uow, row.thread_id) if row.thread_id is not None else None
    earlier = tuple(await list_versions(uow, row.id, limit=VERSIONS))
    return TaskView(row, original, message, home, findings, earlier, written, done)
