"""The demo's practice engine: what it knows, and how a visitor makes it fail."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import aiohttp
import pytest

from bot.cli.demo.conversation import CALM_DOWN, FORGOTTEN, FORGOTTEN_NB, GLAD, MORE_HELP
from bot.cli.demo.practice import SENTENCES, Mode, PhraseTable, Practice, everybody, read_practised
from bot.cli.demo.school import example_folder
from bot.cli.demo.stage import Stage
from bot.simulator import EngineSimulator
from bot.translation.chain import EngineFailed, NoEngine
from bot.translation.config import TranslationConfig
from bot.translation.guard import check
from bot.translation.mask import mask
from bot.translation.phrasebook import phrasebook
from bot.translation.sentences import split

TODAY = date(2026, 11, 23)
PRACTISED = read_practised(example_folder() / SENTENCES)


@pytest.fixture(scope="module")
def names() -> frozenset[str]:
    return everybody(TODAY)


@pytest.fixture(scope="module")
def table(names: frozenset[str]) -> PhraseTable:
    return PhraseTable(PRACTISED, names)


@pytest.mark.parametrize("line", PRACTISED, ids=lambda line: line.text[:20])
def test_every_sentence_comes_through_masking_and_guard_in_both_directions(
    line: tuple[str, str, str, str], table: PhraseTable, names: frozenset[str]
) -> None:
    source, target, text, translation = line
    for one, other, code, into in ((text, translation, source, target), (translation, text, target, source)):
        [piece] = split(one)
        masked = mask(piece.text, names, code)
        made = table.translate(code, into, masked.text)
        assert made is not None
        restored = masked.restore(made, into)
        assert restored is not None
        assert check(one, restored, code, into, names) == ()
        if one is text:
            assert masked.restore(made) is not None
            assert phrasebook().match(text, code, into, today=TODAY, names=names) in {None, other}


def test_it_knows_what_the_story_says_and_nothing_else(table: PhraseTable, names: frozenset[str]) -> None:
    for text, source, target in (
        (FORGOTTEN, "ar", "nb"),
        (GLAD, "ar", "nb"),
        (CALM_DOWN, "nb", "ar"),
        (MORE_HELP, "nb", "ar"),
    ):
        assert all(table.translate(source, target, mask(piece.text, names, source).text) for piece in split(text))
    assert table.translate("nb", "ar", "Dette har ingen skrevet ned.") is None


def test_another_childs_name_and_another_time_fit_the_same_sentence(table: PhraseTable, names: frozenset[str]) -> None:
    masked = mask("Noah har jobbet veldig godt på skolen", names, "nb")
    made = table.translate("nb", "ar", masked.text)
    assert made is not None
    assert "Noah" in (masked.restore(made, "ar") or "")


async def test_the_switch_makes_it_fail_and_brings_it_back_at_once() -> None:
    practice = Practice(TODAY)
    url = await practice.server.start()
    engines = practice.engines(TranslationConfig(engines=("libretranslate",), libretranslate_url=url))
    try:
        for mode, raised in ((Mode.FAILS, EngineFailed), (Mode.NONE, NoEngine)):
            assert (await engines.translate(["Så bra!"], "nb", "ar")).texts == ["هذا جيد جدًا!"]
            await practice.switch.turn(mode)
            for _ in range(4):  # more often than an engine may fail before it is left alone for a while
                with pytest.raises(raised):
                    await engines.translate(["Så bra!"], "nb", "ar")
            await practice.switch.turn(Mode.WORKS)
        assert await engines.can("nb", "ar")
        with pytest.raises(EngineFailed):
            await engines.translate(["Dette har ingen skrevet ned."], "nb", "ar")
    finally:
        await engines.close()
        await practice.server.stop()


async def test_an_engine_that_never_answers_lets_go_when_it_is_switched_back() -> None:
    practice = Practice(TODAY)
    url = await practice.server.start()
    try:
        await practice.switch.turn(Mode.HANGS)
        async with aiohttp.ClientSession() as session:
            with pytest.raises(TimeoutError):
                await session.get(f"{url}/languages", timeout=aiohttp.ClientTimeout(total=0.2))
            await practice.switch.turn(Mode.WORKS)
            async with session.get(f"{url}/languages") as answer:
                assert answer.status == 200
    finally:
        await practice.server.stop()


async def test_a_real_engine_translates_when_the_demos_settings_name_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: PhraseTable
) -> None:
    async with EngineSimulator(otherwise=table.translate) as real:
        monkeypatch.setenv("SKOLEBUD_DEMO_TRANSLATION_ENGINES", "libretranslate")
        monkeypatch.setenv("SKOLEBUD_DEMO_LIBRETRANSLATE_URL", real.url)
        stage = Stage(tmp_path, undo_seconds=1, practise=False)
        async with stage.running(port=0):
            amina, kari = stage.phone("Amina Haddad"), stage.phone("Kari Nordmann")
            await amina.send(FORGOTTEN)
            await kari.wait_for(lambda message: FORGOTTEN_NB[1] in message.text, timeout=30)
            assert stage.simulator.switches == ()
            assert "The engine fails" not in [step.title for step in stage.simulator.guide]
        assert "علي" not in real.texts
