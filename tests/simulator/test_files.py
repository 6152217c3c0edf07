"""Files up and down, and the sizes Telegram allows."""

from __future__ import annotations

import asyncio
import struct
from typing import Any

import aiohttp

from bot.simulator import Limits, Simulator
from bot.simulator.files import image_size
from tests.simulator.conftest import PNG, TOKEN, Api, StartSimulator


async def download(api: Api, path: str) -> bytes:
    async with api.session.get(f"{api.base}/file/bot{TOKEN}/{path}") as answer:
        assert answer.status == 200
        return await answer.read()


async def test_a_document_goes_up_down_and_out_again_by_its_id(sim: Simulator, api: Api) -> None:
    status, answer = await api.upload(
        "sendDocument",
        "document",
        b"%PDF-1",
        "Brev på norsk.pdf",
        chat_id="1001",
        caption="<b>Brev</b>",
        parse_mode="HTML",
    )
    assert status == 200
    document = answer["result"]["document"]
    assert (document["file_name"], document["mime_type"], document["file_size"]) == (
        "Brev på norsk.pdf",
        "application/pdf",
        6,
    )
    assert answer["result"]["caption_entities"] == [{"type": "bold", "offset": 0, "length": 4}]
    again = await api.ok("sendDocument", chat_id=1002, document=document["file_id"])
    assert again["document"] == document
    file = await api.ok("getFile", file_id=document["file_id"])
    assert file["file_unique_id"] == document["file_unique_id"]
    assert await download(api, file["file_path"]) == b"%PDF-1"
    shown = sim.phone(1002).last
    assert shown.document is not None
    assert (shown.kind, shown.document.data, shown.text) == ("document", b"%PDF-1", "")


async def test_a_file_may_be_attached_under_another_name(api: Api) -> None:
    status, answer = await api.upload("sendPhoto", "picture", PNG, "a.png", chat_id="1001", photo="attach://picture")
    assert status == 200
    assert [(p["width"], p["height"]) for p in answer["result"]["photo"]] == [(3, 2)]


async def test_what_the_person_sends_can_be_fetched(sim: Simulator, api: Api) -> None:
    await sim.phone(1001).send_photo(PNG, "bilde.png", caption="Se!")
    await sim.phone(1001).send_document(b"abc", "liste.txt", "text/plain")
    photo, document = [u["message"] for u in await api.ok("getUpdates")]
    assert photo["caption"] == "Se!"
    assert document["document"]["mime_type"] == "text/plain"
    for file_id, data in ((photo["photo"][-1]["file_id"], PNG), (document["document"]["file_id"], b"abc")):
        file = await api.ok("getFile", file_id=file_id)
        assert await download(api, file["file_path"]) == data


async def test_refused_files(sim: Simulator, api: Api) -> None:
    sent = await sim.phone(1001).send_document(b"abc", "a.txt", "text/plain")
    assert sent.document is not None

    async def photo(value: Any) -> str:
        return await api.refused("sendPhoto", chat_id=1001, photo=value)

    assert await photo("none") == "Bad Request: wrong file identifier/HTTP URL specified"
    assert await photo("https://skole.example/a.png") == "Bad Request: failed to get HTTP URL content"
    assert await photo(sent.document.file_id) == "Bad Request: can't use file of type Document as Photo"
    assert await api.refused("sendPhoto", chat_id=1001) == "Bad Request: there is no photo in the request"
    _, answer = await api.upload("sendPhoto", "photo", b"no picture", "a.png", chat_id="1001")
    assert answer["description"] == "Bad Request: IMAGE_PROCESS_FAILED"
    _, answer = await api.upload("sendDocument", "document", b"", "a.txt", chat_id="1001")
    assert answer["description"] == "Bad Request: file must be non-empty"
    assert await api.refused("getFile") == "Bad Request: file_id not specified"
    assert await api.refused("getFile", file_id="x") == (
        "Bad Request: wrong file_id or the file is temporarily unavailable"
    )


async def test_telegrams_sizes() -> None:
    limits = Limits()
    sizes = (limits.upload_bytes, limits.download_bytes, limits.photo_bytes)
    assert sizes == (50 * 1024 * 1024, 20 * 1024 * 1024, 10 * 1024 * 1024)
    assert Limits.off().upload_bytes == limits.upload_bytes


async def test_too_large(start_simulator: StartSimulator, session: aiohttp.ClientSession) -> None:
    sim = await start_simulator(limits=Limits(upload_bytes=2000, download_bytes=1000, photo_bytes=500))
    api = Api(sim.base_url, session)
    status, answer = await api.upload("sendDocument", "document", b"x" * 2001, "a.bin", chat_id="1001")
    assert (status, answer["description"]) == (413, "Request Entity Too Large")
    status, answer = await api.upload("sendDocument", "document", b"x" * 2000, "a.bin", chat_id="1001")
    assert status == 200
    file_id = answer["result"]["document"]["file_id"]
    assert await api.refused("getFile", file_id=file_id) == "Bad Request: file is too big"
    _, answer = await api.upload("sendPhoto", "photo", PNG + b"x" * 500, "a.png", chat_id="1001")
    assert answer["description"].startswith("Bad Request: file of size")


async def test_captions_have_1024_characters(api: Api) -> None:
    for length, expected in ((1024, 200), (1025, 400)):
        status, answer = await api.upload(
            "sendDocument", "document", b"x", "a.bin", chat_id="1001", caption="ø" * length
        )
        assert status == expected
    assert answer["description"] == "Bad Request: message caption is too long"


async def test_captions_and_media_can_be_edited(sim: Simulator, api: Api) -> None:
    _, sent = await api.upload("sendDocument", "document", b"x", "a.bin", chat_id="1001", caption="A")
    where = {"chat_id": 1001, "message_id": sent["result"]["message_id"]}
    assert (await api.ok("editMessageCaption", **where, caption="B"))["caption"] == "B"
    assert (await api.refused("editMessageCaption", **where, caption="B")).startswith(
        "Bad Request: message is not modified"
    )
    assert await api.refused("editMessageText", **where, text="x") == (
        "Bad Request: there is no text in the message to edit"
    )
    text = await api.ok("sendMessage", chat_id=1001, text="x")
    assert await api.refused("editMessageCaption", chat_id=1001, message_id=text["message_id"], caption="x") == (
        "Bad Request: there is no caption in the message to edit"
    )
    media = '{"type": "photo", "media": "attach://p", "caption": "C"}'
    fields = {"chat_id": "1001", "message_id": str(where["message_id"]), "media": media}
    _, edited = await api.upload("editMessageMedia", "p", PNG, "a.png", **fields)
    assert "photo" in edited["result"]
    assert "document" not in edited["result"]
    shown = next(m for m in sim.phone(1001).messages if m.id == where["message_id"])
    assert (shown.kind, shown.caption, shown.edited) == ("photo", "C", True)


async def test_albums(sim: Simulator, api: Api) -> None:
    _, first = await api.upload("sendPhoto", "photo", PNG, "a.png", chat_id="1001")
    item = {"type": "photo", "media": first["result"]["photo"][0]["file_id"], "caption": "a"}
    album = await api.ok("sendMediaGroup", chat_id=1001, media=[item, item])
    assert len({m["media_group_id"] for m in album}) == 1
    assert len(sim.phone(1001).messages) == 4
    assert await api.refused("sendMediaGroup", chat_id=1001, media=[item]) == (
        "Bad Request: group of 2-10 media expected"
    )


async def test_sizes_of_pictures() -> None:
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08" + struct.pack(">HH", 20, 30) + b"\x03"
    webp = b"RIFF\0\0\0\0WEBPVP8X" + b"\0" * 8 + (29).to_bytes(3, "little") + (19).to_bytes(3, "little")
    assert image_size(PNG) == (3, 2)
    assert image_size(b"GIF89a" + struct.pack("<HH", 30, 20)) == (30, 20)
    assert image_size(jpeg) == (30, 20)
    assert image_size(webp) == (30, 20)
    assert image_size(b"%PDF") is None
    await asyncio.sleep(0)
