"""What a guardian does with the month's report: signs it, writes about it (A6)."""

from __future__ import annotations

from bot.actions import UnitOfWork
from bot.actions.threads import Receipt, send_about
from bot.domain.people import Actor, Child
from bot.i18n.followup_words import month_name
from storage.queries.audit import audit
from storage.queries.dialogue import ask, close_question
from storage.queries.followup_monthly import WaitingReport, access_report, mark_commented, sign_report

EXPECT_COMMENT = "monthly.comment"


async def sign(uow: UnitOfWork, actor: Actor, report_id: int) -> None:
    """Store that a guardian has read a report; the second tap changes nothing.

    Raises:
        NotPermitted: it is not the actor's report, or the access has ended.
    """
    report = await access_report(uow, actor, report_id)
    await _sign(uow, actor, report)
    await uow.commit()


async def _sign(uow: UnitOfWork, actor: Actor, report: WaitingReport) -> None:
    if await sign_report(uow, report.id):
        await audit(uow, actor.person_id, "monthly.sign", "pupil", report.child.id, month=report.month.isoformat())


async def start_comment(uow: UnitOfWork, actor: Actor, report_id: int) -> Child:
    """Expect a guardian's comment as the next text; return whom it is about.

    Raises:
        NotPermitted: it is not the actor's report, or the access has ended.
    """
    report = await access_report(uow, actor, report_id)
    await ask(uow, actor.person_id, EXPECT_COMMENT, report_id)
    await uow.commit()
    return report.child


async def send_comment(uow: UnitOfWork, actor: Actor, report_id: int, text: str) -> Receipt:
    """Send a comment to the contact teachers, as a message of the home; whoever comments has read the report.

    Raises:
        MessageTooLong, NobodyReads. NotPermitted: it is not the actor's report, or the access has ended.
    """
    report = await access_report(uow, actor, report_id)
    receipt = await send_about(
        uow,
        actor,
        report.child.id,
        text,
        lambda tr: tr.gettext("📅 About the monthly report: {month}", month=month_name(tr, report.month)),
    )
    await mark_commented(uow, report.id)
    await _sign(uow, actor, report)
    await close_question(uow, actor.person_id)
    await uow.commit()
    return receipt
