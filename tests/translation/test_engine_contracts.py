"""Each engine speaks its documented API, and every documented error is told apart."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from bot.translation.apertium import Apertium
from bot.translation.deepl import FREE, PRO, DeepL
from bot.translation.engine import EngineFailed, Failure
from bot.translation.libretranslate import LibreTranslate
from bot.translation.web import WebEngine
from tests.translation.contract import Contract

Start = Callable[[str], Awaitable[Contract]]


@asynccontextmanager
async def closing(engine: WebEngine) -> AsyncIterator[WebEngine]:
    try:
        yield engine
    finally:
        await engine.close()


async def refused(engine: WebEngine, text: str, target: str) -> EngineFailed:
    with pytest.raises(EngineFailed) as caught:
        await engine.translate([text], "nb", target)
    return caught.value


# LibreTranslate


async def test_libretranslate_says_its_pairs_and_translates_a_list(contract: Start) -> None:
    server = await contract("libretranslate")
    async with closing(LibreTranslate(server.url + "/", outside=False)) as engine:
        pairs = await engine.pairs()
        assert {("nb", "pl"), ("pl", "nb"), ("ar", "en")} <= pairs
        assert ("nb", "nb") not in pairs
        assert await engine.translate(["Ola er syk.\nHan blir hjemme."], "nb", "pl") == [
            "Ola jest chory.\nZostaje w domu."
        ]
    assert server.answered == ["languages", "translate"]  # its languages were asked once


async def test_libretranslate_is_given_the_key(contract: Start) -> None:
    server = await contract("libretranslate")
    async with closing(LibreTranslate(server.url, outside=False, key="the-key")) as engine:
        assert await engine.translate(["Ola er syk."], "nb", "pl") == ["Ola jest chory."]
    async with closing(LibreTranslate(server.url, outside=False, key="wrong")) as engine:
        assert (await refused(engine, "Ola er syk.", "pl")).reason == Failure.KEY


async def test_entities_that_libretranslate_made_become_characters_those_of_the_writer_stay(contract: Start) -> None:
    server = await contract("libretranslate")
    async with closing(LibreTranslate(server.url, outside=False)) as engine:
        assert await engine.translate(["Er det Karis sko?"], "nb", "en") == ["Is it Kari's shoe?"]
        assert await engine.translate(["Skriv &amp; slik."], "nb", "en") == ["Write &amp; like this."]


async def test_an_older_libretranslate_calls_bokmaal_no(contract: Start) -> None:
    server = await contract("libretranslate_older")
    async with closing(LibreTranslate(server.url, outside=False)) as engine:
        assert await engine.pairs() == {("nb", "en"), ("en", "nb"), ("en", "zt"), ("zt", "en")}
        assert await engine.translate(["Ola er syk."], "nb", "en") == ["Ola is ill."]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("uten nøkkel", Failure.REFUSED),
        ("for fort", Failure.BUSY),
        ("går galt", Failure.BROKEN),
        ("borte", Failure.BROKEN),
        ("en side", Failure.ODD),
        ("en setning.\nto setninger.", Failure.ODD),
        ("en tekst", Failure.ODD),
        ("flyttet", Failure.REFUSED),
    ],
)
async def test_what_libretranslate_answers_otherwise_is_no_translation(
    contract: Start, text: str, reason: Failure
) -> None:
    server = await contract("libretranslate")
    async with closing(LibreTranslate(server.url, outside=False)) as engine:
        assert (await refused(engine, text, "pl")).reason == reason


# DeepL


def test_a_key_of_a_free_account_goes_to_its_own_address() -> None:
    assert DeepL("279a2e9d-83b3:fx").url == FREE
    assert DeepL("279a2e9d-83b3").url == PRO
    assert DeepL("279a2e9d-83b3").outside


async def test_deepl_is_asked_for_british_english_and_plain_spanish(contract: Start) -> None:
    server = await contract("deepl")
    async with closing(DeepL("the-key", url=server.url)) as engine:
        pairs = await engine.pairs()
        assert {("nb", "en"), ("en", "pt"), ("pt", "nb"), ("ar", "pl")} <= pairs
        assert ("en", "en") not in pairs
        assert await engine.translate(["Ola er syk.", "Han blir hjemme."], "nb", "en") == [
            "Ola is ill.",
            "He is staying at home.",
        ]
        assert await engine.translate(["Thank you."], "en", "pt") == ["Obrigada."]
        assert await engine.translate(["Takk."], "nb", "es") == ["Gracias."]
    assert server.answered == ["sources", "targets", "translate", "from English", "into Spanish"]


async def test_deepl_is_given_fifty_texts_in_a_request_at_most(contract: Start) -> None:
    server = await contract("deepl")
    async with closing(DeepL("the-key", url=server.url)) as engine:
        numbers = range(1, 52)
        given = [f"Setning nummer {number}." for number in numbers]
        assert await engine.translate(given, "nb", "en") == [f"Sentence number {number}." for number in numbers]
    assert server.answered[-2:] == ["first fifty", "the last"]


@pytest.mark.parametrize(
    ("text", "reason", "retry_after"),
    [
        ("for fort", Failure.BUSY, 17.0),
        ("for mye", Failure.QUOTA, None),
        ("borte", Failure.BUSY, None),
        ("overfylt", Failure.BUSY, None),
        ("galt", Failure.REFUSED, None),
        ("rart", Failure.ODD, None),
    ],
)
async def test_what_deepl_answers_otherwise_is_no_translation(
    contract: Start, text: str, reason: Failure, retry_after: float | None
) -> None:
    server = await contract("deepl")
    async with closing(DeepL("the-key", url=server.url)) as engine:
        failure = await refused(engine, text, "en")
        assert (failure.reason, failure.retry_after) == (reason, retry_after)


async def test_a_key_that_deepl_does_not_know(contract: Start) -> None:
    server = await contract("deepl")
    async with closing(DeepL("wrong", url=server.url)) as engine:
        with pytest.raises(EngineFailed) as caught:
            await engine.pairs()
        assert caught.value.reason == Failure.KEY
        assert "wrong" not in str(caught.value)


# Apertium


async def test_apertium_is_given_lines_that_do_not_touch(contract: Start) -> None:
    server = await contract("apertium")
    async with closing(Apertium(server.url, outside=False)) as engine:
        assert await engine.pairs() == {("nb", "nn"), ("nn", "nb"), ("da", "nb")}
        assert await engine.translate(["Jeg er syk.", "Vi ses."], "nb", "nn") == ["Eg er sjuk.", "Vi sest."]


async def test_marks_that_apertium_made_are_taken_off_those_of_the_writer_stay(contract: Start) -> None:
    server = await contract("apertium")
    async with closing(Apertium(server.url, outside=False)) as engine:
        assert await engine.translate(["Barna gleder seg."], "nb", "nn") == ["Borna glede seg."]
        assert await engine.translate(["Skriv til @skolen #5A."], "nb", "nn") == ["Skriv til @skulen #5A."]


@pytest.mark.parametrize(
    ("text", "reason"),
    [("En.\nTo.", Failure.ODD), ("ikke satt opp", Failure.REFUSED), ("sitter fast", Failure.BUSY)],
)
async def test_what_apertium_answers_otherwise_is_no_translation(contract: Start, text: str, reason: Failure) -> None:
    server = await contract("apertium")
    async with closing(Apertium(server.url, outside=False)) as engine:
        assert (await refused(engine, text, "nn")).reason == reason


# All of them


async def test_an_engine_that_is_not_there(unused_tcp_port: int) -> None:
    async with closing(LibreTranslate(f"http://127.0.0.1:{unused_tcp_port}", outside=False)) as engine:
        with pytest.raises(EngineFailed) as caught:
            await engine.pairs()
        assert caught.value.reason == Failure.UNREACHABLE


async def test_a_text_without_a_letter_is_sent_nowhere(unused_tcp_port: int) -> None:
    async with closing(LibreTranslate(f"http://127.0.0.1:{unused_tcp_port}", outside=False)) as engine:
        assert await engine.translate(["", " \n", "§1§ 12:30", "👍"], "nb", "pl") == ["", " \n", "§1§ 12:30", "👍"]


async def test_what_an_engine_can_is_asked_again_after_a_while(contract: Start) -> None:
    server = await contract("libretranslate")
    now = [0.0]
    async with closing(LibreTranslate(server.url, outside=False, monotonic=lambda: now[0])) as engine:
        for moment in (0.0, 599.0, 600.0, 601.0):
            now[0] = moment
            assert ("nb", "pl") in await engine.pairs()
    assert server.answered == ["languages", "languages"]
