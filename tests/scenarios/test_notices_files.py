"""Photos and documents that go with a notice."""

from __future__ import annotations

import pytest

from bot.domain.notices import NoticeKind
from tests.scenarios.notices_steps import (
    UNDERSTOOD,
    begin,
    board,
    draft,
    holding,
    labels,
    send_now,
    stored,
    tap,
    write,
)
from tests.scenarios.world import Actor, World

PICTURE = b"\x89PNG\r\n\x1a\n" + b"p" * 200


async def attach_photo(teacher: Actor, caption: str | None = None) -> None:
    await teacher.phone.send_photo(PICTURE, caption=caption)
    await teacher.world.idle()


async def attach_document(teacher: Actor, name: str = "plan.pdf", caption: str | None = None) -> None:
    await teacher.phone.send_document(b"%PDF-1.4 plan", name, "application/pdf", caption=caption)
    await teacher.world.idle()


def files_at(reader: Actor) -> list[str]:
    """What the bot sent, in order: a file's kind, with "+" when words travel with it, or "text"."""
    return [
        ("photo" if m.photo else "document" if m.document else "text") + ("+" if m.kind != "text" and m.caption else "")
        for m in reader.phone.messages
        if m.from_bot
    ]


async def test_one_photo_with_its_caption_travels_as_one_message_and_can_be_turned_over_and_answered(
    world: World,
) -> None:
    kari, piotr, ingrid = (world.actor(name) for name in ("Kari Nordmann", "Piotr Kowalski", "Ingrid Berg"))
    await begin(kari)
    await attach_photo(kari, "Slik kler vi oss i regn.")
    await kari.sees(str(kari.tr.ngettext("📎 {n} file goes with it.", "📎 {n} files go with it.", 1)))
    await send_now(kari)
    assert files_at(piotr) == ["photo+"]
    [message] = holding(piotr, "Slik kler vi oss i regn.")
    assert message.photo is not None
    assert message.photo.data == PICTURE
    assert message in holding(piotr, piotr.say("Message"))
    await tap(piotr, piotr.say("Show as it was written"))
    assert message in holding(piotr, ingrid.say("Message"))
    assert message.photo is not None
    await tap(piotr, piotr.say("Back to my language"))
    assert message in holding(piotr, piotr.say("Message"))
    await tap(piotr, piotr.say(UNDERSTOOD))
    assert f"✅ {piotr.say(UNDERSTOOD)}" in labels(message)
    assert files_at(piotr) == ["photo+"], "changed in place each time"


async def test_several_files_come_first_and_the_words_with_their_buttons_last(world: World) -> None:
    kari, amina = world.actor("Kari Nordmann"), world.actor("Amina Haddad")
    await begin(kari)
    await attach_photo(kari, "To sider om turen.")
    await attach_document(kari, "tur.pdf")
    await send_now(kari)
    assert files_at(amina) == ["photo", "document", "text"]
    first, second, last = (m for m in amina.phone.messages if m.from_bot)
    assert not labels(first)
    assert second.document is not None
    assert second.document.name == "tur.pdf"
    assert last in holding(amina, "To sider om turen.")
    assert any(amina.say(UNDERSTOOD) in label for label in labels(last))
    await world.forward(seconds=5)
    [(homes,)] = await stored(world, "count(*) FROM delivery WHERE outgoing_id IS NOT NULL")
    status = await board(kari)
    waiting = kari.tr.ngettext("{n} has not answered yet", "{n} have not answered yet", int(str(homes)) - 1)
    assert status in holding(kari, str(waiting)), "a home counts once, however many messages it got"


async def test_a_weekly_plan_may_be_a_document_alone(world: World) -> None:
    kari, piotr = world.actor("Kari Nordmann"), world.actor("Piotr Kowalski")
    await begin(kari, "5A", NoticeKind.WEEKPLAN)
    await tap(kari, "49")
    assert not kari.has_button(kari.say("Without text"), last=1), "a plan needs words or a file"
    await attach_document(kari, "uke49.pdf")
    await send_now(kari)
    assert files_at(piotr) == ["document+"]
    assert piotr.phone.last in holding(piotr, piotr.say("Weekly plan"))


async def test_words_that_are_too_long_for_a_caption_follow_the_photo(world: World) -> None:
    kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
    await begin(kari)
    await attach_photo(kari)
    await write(kari, "ord " * 400)
    await send_now(kari)
    assert files_at(ingrid) == ["photo", "text"]


async def test_a_sixth_file_is_refused_and_all_can_be_taken_off_again(world: World) -> None:
    kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
    await draft(kari, "Bilder fra turen.")
    for number in range(5):
        await attach_document(kari, f"{number}.pdf")
    await attach_document(kari, "5.pdf")
    await kari.sees(kari.say("A message can carry {limit} files. Send the others in a message of their own.", limit=5))
    assert await stored(world, "count(*) FROM notice_file") == [(5,)]
    await write(kari, "/new")
    await tap(kari, kari.say("Change"))
    await tap(kari, kari.say("Remove the files"))
    await send_now(kari)
    assert files_at(ingrid) == ["text"]


async def test_a_photo_sent_while_another_question_is_open_is_kept_and_the_question_stays(world: World) -> None:
    kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
    await begin(kari, "5A", NoticeKind.CLOSED)
    await attach_photo(kari)
    await write(kari, "24.11")
    await tap(kari, "10:00")
    await send_now(kari)
    assert files_at(ingrid) == ["photo+"]


@pytest.mark.parametrize("how", ["Correct and tell everyone", "Correct quietly"])
async def test_a_correction_changes_the_caption_and_leaves_the_photo(world: World, how: str) -> None:
    kari, piotr = world.actor("Kari Nordmann"), world.actor("Piotr Kowalski")
    await begin(kari)
    await attach_photo(kari, "Møt klokka åtte.")
    await send_now(kari)
    await tap(kari, kari.say("Correct"))
    await write(kari, "Møt klokka ni.")
    await tap(kari, kari.say(how))
    [message] = holding(piotr, "Møt klokka ni.")
    assert message.photo is not None
    piotr.sees_not("Møt klokka åtte.")


async def test_a_correction_keeps_the_files_and_says_so_when_another_one_is_sent(world: World) -> None:
    kari, piotr = world.actor("Kari Nordmann"), world.actor("Piotr Kowalski")
    await begin(kari)
    await attach_photo(kari, "Møt klokka åtte.")
    await send_now(kari)
    await tap(kari, kari.say("Correct"))
    await attach_document(kari)
    await kari.sees(kari.say("The files stay as they were sent. Send another one in a message of its own."))
    assert await stored(world, "count(*) FROM notice_file") == [(1,)]
    assert files_at(piotr) == ["photo+"]


async def test_a_correction_that_no_longer_fits_under_the_photo_is_refused_before_any_home_is_changed(
    world: World,
) -> None:
    kari, piotr = world.actor("Kari Nordmann"), world.actor("Piotr Kowalski")
    await begin(kari)
    await attach_photo(kari, "Møt klokka åtte.")
    await send_now(kari)
    await tap(kari, kari.say("Correct"))
    await write(kari, "x" * 1200)
    result = await tap(kari, kari.say("Correct quietly"))
    assert result.show_alert
    assert "1200" in str(result.text)
    [limit] = [int(word) for word in str(result.text).replace(".", " ").split() if word.isdigit() and word != "1200"]
    assert piotr.phone.last in holding(piotr, "Møt klokka åtte.")
    await write(kari, "y" * limit)
    await tap(kari, kari.say("Correct quietly"))
    assert piotr.phone.last in holding(piotr, "y" * limit)
    assert await stored(world, "count(*) FROM outgoing WHERE state = 'failed' AND reason <> 'no_account'") == [(0,)]
