"""The pipeline over the school's own phrasebook and a real engine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest

from bot.domain.translation import MadeBy, Trouble
from bot.translation.chain import Engines
from bot.translation.config import APERTIUM, TranslationConfig
from bot.translation.make import make_engines
from bot.translation.phrasebook import Phrasebook
from bot.translation.pipeline import Outcome, Translator
from tests.translation.corpora import NAMES, PAIRS, pairs

TODAY = date(2026, 11, 24)


@pytest.fixture
async def engines(apertium_url: str) -> AsyncIterator[Engines]:
    made = make_engines(TranslationConfig(engines=(APERTIUM,), apertium_url=apertium_url, seconds=60))
    yield made
    await made.close()


async def to(language: str, text: str, engines: Engines) -> Outcome:
    translator = Translator(engines, Phrasebook())
    return await translator.translate(text, "nb", language, names=NAMES, memory={}, today=TODAY)


@pytest.mark.apertium
async def test_a_real_engine_keeps_what_must_not_change(engines: Engines) -> None:
    text = "Hei! 😊\n\nAli Haddad kommer ikke tirsdag 24. november kl. 8.30.\n- Ta med § 9A-4 til Åse: https://skole.example/a"
    outcome = await to("nn", text, engines)
    assert outcome == Outcome(
        "Hei! 😊\n\nAli Haddad kjem ikkje tysdag 24. november kl. 8.30.\n- Ta med § 9A-4 til Åse: https://skole.example/a",
        MadeBy.ENGINE,
        "apertium",
    )


@pytest.mark.apertium
async def test_what_a_good_engine_makes_is_let_pass(engines: Engines) -> None:
    said = [pair.said for name in PAIRS if name.startswith("nb") for pair in pairs(name)]
    outcomes = [await to("nn", " ".join(said[place : place + 5]), engines) for place in range(0, len(said), 5)]
    assert [outcome.findings for outcome in outcomes if outcome.trouble] == []


@pytest.mark.apertium
async def test_pair_that_the_engine_does_not_know_has_no_translation(engines: Engines) -> None:
    outcome = await to("pl", "Elgen står midt i skolegården og tygger.", engines)
    assert (outcome.text, outcome.trouble) == ("", Trouble.NO_ENGINE)
