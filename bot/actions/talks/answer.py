"""The home's answer to what a teacher has written after a talk: it is so, or it is seen differently (M5)."""

from __future__ import annotations

from bot.actions import UnitOfWork
from bot.actions.talks.page import EXPECT_DIFFER, TalkView, leave_talk_question, view_of
from bot.actions.talks.remind import list_sides
from bot.actions.threads import Receipt, send_about
from bot.domain.errors import Stale
from bot.domain.outgoing import OutgoingKind
from bot.domain.people import Actor
from bot.outbox.enqueue import Message, enqueue
from storage.queries.audit import audit
from storage.queries.dialogue import OpenQuestion, ask, close_question
from storage.queries.talks import TalkRow, access_home_talk, change_talk

CONFIRMED = "talk_confirmed"
"""What a quiet line to the teacher is about; `about_id` is the talk's id."""


async def _sent(uow: UnitOfWork, actor: Actor, talk_id: int, version: int) -> TalkRow:
    talk = await access_home_talk(uow, actor, talk_id)
    if talk.summary_version == 0 or talk.summary_version != version:
        raise Stale
    return talk


async def confirm_summary(uow: UnitOfWork, actor: Actor, talk_id: int, version: int) -> TalkView:
    """Confirm for the home what was agreed; the first guardian's word counts, a second tap changes nothing.

    Raises:
        NotPermitted: it is not about an own child. Stale: it has been corrected meanwhile.
    """
    talk = await _sent(uow, actor, talk_id, version)
    if talk.confirmed_at is None:
        talk = await change_talk(uow, talk.id, confirmed_by=actor.person_id, confirmed_at=uow.now)
        await _tell_school(uow, actor, talk)
        await audit(uow, actor.person_id, "talk.confirm", "talk", talk.id, version=version)
    await leave_talk_question(uow, actor, talk_id)
    view = await view_of(uow, actor, talk, home=True)
    await uow.commit()
    return view


async def _tell_school(uow: UnitOfWork, actor: Actor, talk: TalkRow) -> None:
    messages = [
        Message(
            side.person_id,
            OutgoingKind.MESSAGE,
            side.tr.gettext(
                "✅ {name} confirms what you agreed about {child}.", name=actor.name, child=talk.pupil_name
            ),
            f"talk-confirmed:{talk.id}:{talk.summary_version}:{side.person_id}:{uow.now:%Y%m%d%H%M%S%f}",
            silent=True,
            due_at=uow.school.considerate(uow.now),
            about=CONFIRMED,
            about_id=talk.id,
            pupil_id=talk.pupil_id,
        )
        for side in await list_sides(uow, talk)
        if not side.home
    ]
    await enqueue(uow, *messages)


async def ask_difference(uow: UnitOfWork, actor: Actor, talk_id: int, version: int) -> TalkView:
    """Expect a guardian's own view of a talk as the next text.

    Raises:
        NotPermitted: it is not about an own child. Stale: it has been corrected meanwhile.
    """
    talk = await _sent(uow, actor, talk_id, version)
    await ask(uow, actor.person_id, EXPECT_DIFFER, talk_id)
    view = await view_of(uow, actor, talk, home=True)
    await uow.commit()
    return view


async def send_difference(uow: UnitOfWork, actor: Actor, question: OpenQuestion, text: str) -> Receipt:
    """Send a guardian's own view to the teacher as a message; what that guardian had confirmed is open again.

    Raises:
        NotPermitted: it is not about an own child. MessageTooLong, NobodyReads.
    """
    talk = await access_home_talk(uow, actor, question.ref_id)
    receipt = await send_about(
        uow,
        actor,
        talk.pupil_id,
        text,
        lambda tr: tr.gettext("💬 About the talk on {day}: sees it differently.", day=talk.day),
    )
    if talk.confirmed_by == actor.person_id:
        await change_talk(uow, talk.id, confirmed_by=None, confirmed_at=None)
    await audit(uow, actor.person_id, "talk.differ", "talk", talk.id, version=talk.summary_version)
    await close_question(uow, actor.person_id)
    await uow.commit()
    return receipt
