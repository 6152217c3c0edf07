"""What becomes of a message when Telegram, the network or the person says no."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.domain.messages import Button, FileKind, FileRef, rows
from bot.domain.outgoing import OutgoingKind, OutgoingState, Reason
from bot.i18n import texts
from bot.simulator import Limits
from tests.intake.wire import wired
from tests.load.school import schedule_notice
from tests.running import PATIENCE, Running, message, running

SECRET_TEXT = "Ola har feber"


@pytest.fixture
async def school(sqlite_url: str) -> AsyncIterator[Running]:
    """A running school on SQLite, without a pace."""
    async with running(sqlite_url) as opened:
        yield opened


async def test_a_message_leaves_as_soon_as_its_transaction_is_committed(database_url: str) -> None:
    async with running(database_url) as school:
        await school.put(message(2, "a", buttons=rows([Button("Ja", "x")])))
        row = await school.settled("a")
        (sent,) = school.phone(2).messages
        assert (row.state, row.message_id, row.attempts) == (OutgoingState.SENT, sent.id, 1)
        assert [[button.text for button in line] for line in sent.buttons] == [["Ja"]]


async def test_later_messages_wait_for_their_time_and_a_moved_clock_brings_it(school: Running) -> None:
    await school.put(message(2, "later", due_at=school.clock.now() + timedelta(hours=3)), message(3, "now"))
    await school.settled("now")
    assert school.texts_at(2) == []
    school.clock.forward(timedelta(hours=3))
    assert (await school.settled("later")).state is OutgoingState.SENT


async def test_a_clock_that_leaps_while_messages_are_in_flight_sends_nothing_twice(school: Running) -> None:
    school.sim.faults.slow_next("sendMessage", times=3, seconds=1)
    await school.put(*(message(number, f"k{number}") for number in (2, 3, 4)))
    await school.until(lambda: school.sim.faults.waiting == 0, "three requests under way")
    school.clock.forward(timedelta(days=1))
    for number in (2, 3, 4):
        assert (await school.settled(f"k{number}")).state is OutgoingState.SENT
        assert school.texts_at(number) == ["Hei"]


async def test_a_429_is_obeyed_by_queued_messages_and_by_answers_and_counts_for_nobody(school: Running) -> None:
    school.sim.faults.fail_next("sendMessage", status=429, retry_after=1)
    await school.put(message(2, "flooded"))
    await school.until(lambda: school.app.pace.closed_for > 0, "the pace to be closed")
    school.sim.clear_log()
    await school.phone(3).send("/help")
    await school.put(message(4, "other"))
    row = await school.settled("flooded")
    assert (row.state, row.attempts) == (OutgoingState.SENT, 1)
    await school.settled("other")
    await school.until(lambda: bool(school.texts_at(3)), "the answer")
    assert {call.status for call in school.sim.log if call.method == "sendMessage"} == {200}


async def test_the_answer_to_a_tap_waits_for_a_429_too(school: Running) -> None:
    await school.put(message(2, "a", buttons=rows([Button("Ja", "nonsense")])))
    await school.settled("a")
    school.app.pace.back_off(0.5)
    result = await school.phone(2).tap("Ja")
    assert result.answered
    assert school.app.pace.closed_for == 0.0


async def test_who_blocked_the_bot_is_unreachable_until_they_come_back(school: Running) -> None:
    await school.phone(2).block()
    await school.sim.wait_idle(timeout=PATIENCE)
    await school.put(message(2, "blocked"))
    row = await school.settled("blocked")
    assert (row.state, row.reason) == (OutgoingState.FAILED, Reason.BLOCKED)
    assert await school.rows("SELECT reachable FROM account WHERE person_id = 2") == [(0,)]
    await school.phone(2).unblock()
    await school.sim.wait_idle(timeout=PATIENCE)
    assert await school.rows("SELECT reachable, unreachable_reason FROM account WHERE person_id = 2") == [(1, None)]
    await school.put(message(2, "again"))
    assert (await school.settled("again")).state is OutgoingState.SENT


async def test_a_403_that_nobody_told_about_marks_the_person(school: Running) -> None:
    school.sim.faults.fail_next("sendMessage", status=403, description="Forbidden: user is deactivated")
    await school.put(message(2, "gone"))
    assert (await school.settled("gone")).reason == Reason.DEACTIVATED
    assert await school.rows("SELECT reachable, unreachable_reason FROM account WHERE person_id = 2") == [
        (0, "deactivated")
    ]


async def test_what_telegram_refuses_fails_loudly_and_without_the_text(
    school: Running, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        await school.put(message(2, "broken", f"<b>{SECRET_TEXT}"))
        row = await school.settled("broken")
    assert (row.state, row.reason) == (OutgoingState.FAILED, Reason.REFUSED)
    (loud,) = [record for record in caplog.records if record.message == "outbox.refused"]
    assert loud.levelno == logging.ERROR
    assert not [record for record in caplog.records if SECRET_TEXT in str(vars(record))]


@pytest.mark.parametrize("status", [500, 502])
async def test_a_server_error_is_tried_again(school: Running, status: int) -> None:
    school.sim.faults.fail_next("sendMessage", status=status)
    await school.put(message(2, "a", kind=OutgoingKind.REMINDER))
    await school.until(lambda: school.sim.faults.waiting == 0, "the error")
    await _retry_now(school, "a")
    row = await school.settled("a")
    assert (row.state, row.attempts) == (OutgoingState.SENT, 2)


async def _retry_now(school: Running, key: str) -> None:
    async def waits() -> bool:
        return (await school.row(key)).state is not OutgoingState.SENDING

    await school.until(waits, "the failure to be written down")
    school.clock.forward(timedelta(minutes=1))


async def test_a_connection_dropped_before_telegram_heard_is_tried_again(school: Running) -> None:
    school.sim.faults.drop_next("sendMessage", when="before")
    await school.put(message(2, "a"))
    await school.until(lambda: school.sim.faults.waiting == 0, "the drop")
    await _retry_now(school, "a")
    assert (await school.settled("a")).attempts == 2
    assert school.texts_at(2) == ["Hei"]


async def test_nobody_knows_whether_it_arrived_a_notice_goes_again_and_a_reminder_does_not(school: Running) -> None:
    school.sim.faults.drop_next("sendMessage", times=2, when="after")
    await school.put(message(2, "notice"), message(3, "reminder", kind=OutgoingKind.REMINDER))
    row = await school.settled("reminder")
    assert (row.state, row.reason) == (OutgoingState.UNKNOWN, Reason.NETWORK)
    await _retry_now(school, "notice")
    assert (await school.settled("notice")).state is OutgoingState.SENT
    assert (school.texts_at(2), school.texts_at(3)) == (["Hei", "Hei"], ["Hei"])


async def test_a_reminder_that_found_no_connection_has_not_left_and_is_tried_again(
    school: Running, unused_tcp_port: int
) -> None:
    """Otherwise a minute without network would silently swallow every reminder of that minute."""
    session = school.app.bot.session
    good, nobody = session.api, f"http://127.0.0.1:{unused_tcp_port}"
    session.api = type(good).from_base(nobody)
    await school.put(message(2, "reminder", kind=OutgoingKind.REMINDER))

    async def waits() -> bool:
        return (await school.row("reminder")).state is OutgoingState.RETRY

    await school.until(waits, "the failure to be written down")
    session.api = good
    school.clock.forward(timedelta(minutes=1))
    assert (await school.settled("reminder")).state is OutgoingState.SENT


async def test_what_came_too_late_is_dropped(school: Running) -> None:
    now = school.clock.now()
    await school.put(
        message(2, "late", due_at=now + timedelta(hours=1), expires_at=now + timedelta(hours=2)),
    )
    school.clock.forward(timedelta(hours=5))
    row = await school.settled("late")
    assert (row.state, row.reason) == (OutgoingState.DROPPED, Reason.TOO_LATE)
    assert school.texts_at(2) == []


async def test_an_edit_changes_the_message_in_place_its_caption_too(school: Running) -> None:
    photo = await school.phone(1).send_photo(b"\xff\xd8\xff")
    assert photo.photo is not None
    await school.put(message(2, "text"), message(3, "file", file=FileRef(FileKind.PHOTO, photo.photo.file_id, "")))
    text, file = await school.settled("text"), await school.settled("file")
    await school.put(message(2, "text2", "Nytt", edits_id=text.id), message(3, "file2", "Nytt", edits_id=file.id))
    await school.settled("text2")
    await school.settled("file2")
    assert (school.texts_at(2), school.texts_at(3)) == (["Nytt"], ["Nytt"])
    await school.put(message(2, "same", "Nytt", edits_id=text.id))
    assert (await school.settled("same")).state is OutgoingState.SENT  # "not modified": it stands there already


async def test_an_edit_of_what_was_never_sent_is_dropped(school: Running) -> None:
    school.sim.faults.fail_next("sendMessage", status=400)
    await school.put(message(2, "refused"))
    refused = await school.settled("refused")
    await school.put(message(2, "edit", edits_id=refused.id))
    row = await school.settled("edit")
    assert (row.state, row.reason) == (OutgoingState.DROPPED, Reason.NOTHING_TO_EDIT)


async def test_who_has_lost_every_right_gets_nothing_that_was_still_queued(school: Running) -> None:
    later = school.clock.now() + timedelta(hours=1)
    await school.put(message(2, "late", due_at=later), message(3, "other", due_at=later))
    async with school.outside.unit_of_work() as uow:
        await uow.execute(sa.text("UPDATE guardianship SET blocked = 1 WHERE person_id = 2"))
        await uow.commit()
    school.clock.forward(timedelta(hours=2))
    row = await school.settled("late")
    assert (row.state, row.reason) == (OutgoingState.FAILED, Reason.NO_RIGHT)
    assert (await school.settled("other")).state is OutgoingState.SENT


async def test_a_row_that_no_code_of_ours_can_send_does_not_hold_up_its_chat_for_ever(
    school: Running, caplog: pytest.LogCaptureFixture
) -> None:
    await school.put(message(2, "odd", due_at=school.clock.now() + timedelta(hours=1)))
    async with school.outside.unit_of_work() as uow:
        await uow.execute(sa.text("UPDATE outgoing SET payload = '{}', attempts = 29 WHERE dedupe_key = 'odd'"))
        await uow.commit()
    school.clock.forward(timedelta(hours=1))
    row = await school.settled("odd")
    assert (row.state, row.reason) == (OutgoingState.FAILED, Reason.GAVE_UP)
    await school.put(message(2, "next"))
    assert (await school.settled("next")).state is OutgoingState.SENT


async def test_stopping_finishes_what_is_in_flight_and_leaves_the_rest_queued(sqlite_url: str) -> None:
    async with running(sqlite_url, homes=60, limits=Limits(), messages_per_second=10) as school:
        await school.put(*(message(number, f"k{number}", kind=OutgoingKind.REMINDER) for number in range(2, 62)))
        await school.until(lambda: any(school.texts_at(number) for number in school.school.guardians), "the first")
        await school.app.stop()
        found = await school.rows("SELECT state, recipient_id, attempts FROM outgoing")
        assert {row[0] for row in found} == {"sent", "queued"}
        for state, recipient, attempts in found:
            assert len(school.texts_at(recipient)) == (1 if state == "sent" else 0)
            assert attempts == (1 if state == "sent" else 0)


async def test_stopping_during_a_long_429_does_not_wait_for_its_end(sqlite_url: str) -> None:
    async with running(sqlite_url, messages_per_second=1) as school:
        keys = {number: f"k{number}" for number in school.school.guardians}
        await school.put(*(message(number, key, kind=OutgoingKind.REMINDER) for number, key in keys.items()))

        async def in_hand() -> bool:
            return await school.rows("SELECT count(*) FROM outgoing WHERE state = 'sending'") >= [(2,)]

        await school.until(in_hand, "messages that wait for the pace")
        school.app.pace.back_off(3600)
        await asyncio.wait_for(school.app.stop(), timeout=30)
        for number, key in keys.items():
            went = bool(school.texts_at(number))
            assert (await school.row(key)).state is (OutgoingState.SENT if went else OutgoingState.QUEUED)


async def test_a_sender_with_nothing_to_do_does_nothing(school: Running) -> None:
    """A chat that waits for its next try must not keep the database busy."""
    school.sim.faults.fail_next("sendMessage", status=500)
    await school.put(message(2, "first"))
    await school.until(lambda: school.sim.faults.waiting == 0, "the error")
    await school.put(message(2, "second"))
    begun: list[object] = []
    sa_engine = school.app.database.engine.sync_engine
    sa.event.listen(sa_engine, "begin", begun.append)
    await asyncio.sleep(0.5)
    assert len(begun) < 15


async def test_the_sender_sees_who_could_not_be_reached(school: Running) -> None:
    await school.phone(3).block()
    await school.sim.wait_idle(timeout=PATIENCE)
    await schedule_notice(school.outside)
    school.clock.forward(timedelta(seconds=1))
    await school.until(lambda: bool(school.texts_at(1)), "the sender's screen")
    school.clock.forward(timedelta(seconds=10))
    unreachable = str(texts("nb").plain.ngettext("{n} could not be reached", "{n} could not be reached", 1))
    await school.until(lambda: unreachable in school.texts_at(1)[-1], f"{unreachable} on {school.texts_at(1)}")


async def test_many_answers_redraw_the_senders_screen_a_few_times_and_lose_none(database_url: str) -> None:
    async with running(database_url, homes=40) as school:
        await schedule_notice(school.outside)
        school.app.ticks.wake()
        await school.until(lambda: all(school.texts_at(n) for n in school.school.guardians), "the notice")
        await school.until(lambda: bool(school.texts_at(1)), "the sender's screen")
        school.sim.clear_log()
        label = texts("nb").plain.gettext("Understood")
        taps = [asyncio.ensure_future(school.phone(n).tap(label)) for n in school.school.guardians]
        while not all(task.done() for task in taps):
            school.clock.forward(timedelta(seconds=3))  # drawings become due while answers still come
            await asyncio.sleep(0.02)
        school.clock.forward(timedelta(seconds=10))
        understood = str(texts("nb").plain.ngettext("{n} understood", "{n} understood", 40))
        await school.until(lambda: understood in school.texts_at(1)[-1], f"{understood!r}")
        edits = [c for c in school.sim.log if c.method == "editMessageText" and c.chat_id == school.phone(1).person.id]
        assert len(edits) < 40
        assert len(school.texts_at(1)) == 1


@pytest.mark.postgres
async def test_a_message_that_telegram_took_while_the_database_was_away_is_not_sent_again(
    fresh_postgres_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with wired(fresh_postgres_url) as (wire, url), running(url) as school:
        school.sim.faults.slow_next("sendMessage", seconds=3)
        await school.put(message(2, "a"))
        await school.until(lambda: school.texts_at(2) == ["Hei"], "Telegram to take it")
        await wire.cut()
        await school.until(
            lambda: "outbox.settle_failed" in {record.message for record in caplog.records}, "the first try to settle"
        )
        await wire.mend()
        row = await school.settled("a")
        assert (row.state, row.attempts) == (OutgoingState.SENT, 1)
        assert school.texts_at(2) == ["Hei"]


async def test_a_message_that_cannot_be_filled_fails_by_itself_and_the_others_go(school: Running) -> None:
    later = school.clock.now() + timedelta(hours=1)
    await school.put(message(2, "broken", due_at=later), message(3, "fine", due_at=later))
    async with school.outside.unit_of_work() as uow:
        payload = '{"text": "<free of=\\"nonsense\\" id=\\"1\\" to=\\"nb\\" as=\\"quote\\"/>"}'
        await uow.execute(sa.text("UPDATE outgoing SET payload = :payload WHERE dedupe_key = 'broken'"),
                          {"payload": payload})  # fmt: skip
        await uow.commit()
    school.clock.forward(timedelta(hours=2))
    assert (await school.settled("fine")).state is OutgoingState.SENT
    row = await school.settled("broken")
    assert (row.state, row.reason) == (OutgoingState.FAILED, Reason.REFUSED)
    assert school.texts_at(2) == []
