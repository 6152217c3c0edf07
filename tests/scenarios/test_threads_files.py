"""Photos and documents in a conversation, each way (N1)."""

from __future__ import annotations

from tests.scenarios.notices_steps import holding, readers, tap, write
from tests.scenarios.threads_steps import (
    ON_ITS_WAY,
    SENT,
    SENT_HOME,
    TAKE_BACK,
    UNDO,
    act,
    offers,
    open_page,
    say,
    words,
)
from tests.scenarios.world import Actor, World

ASKED = "Shall I send this to the contact teacher? Nothing has been sent yet."


def files(actor: Actor) -> list[tuple[str, str | None]]:
    """Return (kind, caption) of what the bot sent a person with a file."""
    return [
        ("photo" if message.photo else "document", message.caption)
        for message in actor.phone.messages
        if message.from_bot and (message.photo or message.document)
    ]


async def test_a_photo_as_an_answer_reaches_the_home_with_its_words(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await say(ingrid, "Har dere funnet lua?")
    received = await kari.sees("Har dere funnet lua?")
    await kari.phone.send_photo(b"hat", caption="Er det denne?", reply_to=received)
    await kari.sees(kari.say(SENT_HOME, names="Ingrid Berg", child="Noah Berg"))
    await world.idle()
    shown = await ingrid.sees("Er det denne?")
    assert shown.photo
    assert "Kari Nordmann" in str(shown.caption)
    assert await world.rows("SELECT file_kind, file_id != '' FROM thread_message WHERE file_kind IS NOT NULL") == [
        ("photo", 1)
    ]
    assert await world.rows("SELECT waits_since IS NULL FROM thread") == [(1,)]


async def test_a_document_answers_the_open_question_without_any_words(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await write(ingrid, "/skriv")
    await ingrid.phone.send_document(b"pdf", "legeerklæring.pdf", "application/pdf")
    await ingrid.sees(ingrid.say(SENT, names="Kari Nordmann"))
    await world.idle()
    assert [kind for kind, _ in files(kari)] == ["document"]
    assert "Ingrid Berg" in str(files(kari)[0][1])
    assert await world.rows("SELECT file_name, text FROM thread_message") == [("legeerklæring.pdf", "")]


async def test_an_unasked_photo_goes_like_a_text_and_can_be_taken_back(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await ingrid.phone.send_photo(b"first", caption="Dette er vottene")
    receipt = await ingrid.sees(ingrid.say(ON_ITS_WAY, names="Kari Nordmann", child="Noah Berg"))
    await tap(ingrid, ingrid.say(TAKE_BACK), receipt)
    await world.forward(minutes=1)
    assert files(kari) == []
    assert await world.rows("SELECT file_id, text FROM thread_message") == [("", "")]
    await ingrid.phone.send_photo(b"second", caption="Her er de riktige")
    await world.idle()
    await world.forward(seconds=UNDO)
    assert "Her er de riktige" in str(files(kari)[0][1])


async def test_an_album_is_several_messages_one_receipt_and_taken_back_as_one(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    for number in range(3):
        await ingrid.phone.send_photo(b"%d" % number, album="a1", caption="Ferien" if number == 0 else None)
    await world.idle()
    receipts = holding(ingrid, ingrid.say(ON_ITS_WAY, names="Kari Nordmann", child="Noah Berg"))
    assert len(receipts) == 1
    assert files(kari) == []
    await tap(ingrid, ingrid.say(TAKE_BACK), receipts[0])
    await world.forward(minutes=2)
    assert files(kari) == []
    for number in range(2):
        await ingrid.phone.send_photo(b"9%d" % number, album="a2")
    await world.idle()
    await world.forward(seconds=UNDO)
    assert len(files(kari)) == 2
    assert await world.rows("SELECT count(*), count(taken_back_at) FROM thread_message") == [(5, 3)]


async def test_an_album_as_an_answer_has_one_receipt_too(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await say(ingrid, "Hvordan var turen?")
    await tap(kari, kari.say("Answer"), await kari.sees("Hvordan var turen?"))
    for number in range(3):
        await kari.phone.send_photo(b"%d" % number, album="tur")
    await world.idle()
    assert len(holding(kari, kari.say(SENT_HOME, names="Ingrid Berg", child="Noah Berg"))) == 1
    assert len(files(ingrid)) == 3


async def test_a_home_with_two_children_is_asked_whom_the_files_are_about(world: World) -> None:
    piotr, tom, kari = (world.actor(name) for name in ("Piotr Kowalski", "Tom Eide", "Kari Nordmann"))
    await write(piotr, "Proszę zobaczyć")
    for number in range(2):
        await piotr.phone.send_photo(b"%d" % number, album="a", caption="Zwolnienie" if number == 0 else None)
    await world.idle()
    asked = holding(piotr, piotr.say(ASKED))
    assert len(asked) == 2, "one for the text, one for the album"
    await tap(piotr, "Jan", asked[-1])
    await tom.sees("Proszę zobaczyć")
    assert len(files(tom)) == 2
    assert any("Zwolnienie" in str(caption) for _, caption in files(tom))
    assert files(kari) == []
    assert await words(world) == ["Proszę zobaczyć", "Zwolnienie", ""]


async def test_a_long_text_under_a_photo_arrives_whole(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    long = " ".join(["ord"] * 250)
    await ingrid.phone.send_photo(b"x", caption=long)
    await world.idle()
    await world.forward(seconds=UNDO)
    assert len(files(kari)) == 1
    assert long in (await kari.sees(long)).text


async def test_the_page_shows_the_files_again_to_those_who_may_see_them(world: World) -> None:
    ingrid, kari, tom = (world.actor(name) for name in ("Ingrid Berg", "Kari Nordmann", "Tom Eide"))
    await ingrid.phone.send_document(b"pdf", "avtale.pdf", caption="Signert")
    await world.idle()
    await world.forward(seconds=UNDO)
    page = await open_page(kari, "Noah Berg")
    assert "avtale.pdf" in page.text
    assert "Signert" in page.text
    before = len(files(kari))
    await act(kari, "Show files", page)
    assert len(files(kari)) == before + 1
    ((opened,),) = await world.rows("SELECT id FROM thread")
    await tom.phone.tap_data(f"tf|{opened}|0", 1)
    await world.idle()
    assert files(tom) == []


async def test_staff_without_a_child_who_send_a_file_unasked_send_it_to_nobody(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await kari.phone.send_photo(b"x", caption="Hvor skal denne?")
    await world.idle()
    assert readers(world, "Hvor skal denne?") == set()
    assert not offers(kari.phone.last, kari.say(TAKE_BACK))
    assert await words(world) == []


async def test_a_photo_where_words_are_asked_for_goes_nowhere(world: World) -> None:
    ingrid, kari = world.actor("Ingrid Berg"), world.actor("Kari Nordmann")
    await write(ingrid, "/bullying")
    await ingrid.phone.send_photo(b"x")
    await world.forward(minutes=1)
    assert files(kari) == []
