"""The school's engines one after the other: their order, one time for all, what is spared and what stays at home."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.metrics import REGISTRY
from bot.translation.chain import Engines, NoEngine
from bot.translation.config import TranslationConfig
from bot.translation.engine import EngineFailed, Failure, Pair
from bot.translation.libretranslate import LibreTranslate
from bot.translation.make import make_engines
from bot.translation.place import KNOWN_SECONDS, Limits
from tests.translation.fake_libretranslate import FakeLibreTranslate

PATIENCE = 30.0
"""Seconds that a call may take in which everything answers."""
SHORT = 0.3
"""Seconds that a call may take in which somebody does not."""
SENTENCE = "Ola er syk."


class Second(LibreTranslate):
    """The same behind another name, so that there are two."""

    name = "second"


class Third(LibreTranslate):
    """And a third."""

    name = "third"


KINDS: Sequence[type[LibreTranslate]] = (LibreTranslate, Second, Third)


class Time:
    """Clocks that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def chain(
    *urls: str,
    order: Mapping[Pair | None, Sequence[str]] | None = None,
    timeout: float = PATIENCE,
    outside: Sequence[str] = (),
    outside_allowed: bool = False,
    **limits: Any,
) -> AsyncIterator[Engines]:
    """Engines at these addresses: libretranslate, second, third."""
    made = [
        kind(url, outside=kind.name in outside, monotonic=limits.get("monotonic", asyncio.get_running_loop().time))
        for kind, url in zip(KINDS, urls, strict=False)
    ]
    engines = Engines(
        made,
        order=order or {None: [engine.name for engine in made]},
        timeout=timeout,
        outside_allowed=outside_allowed,
        limits=Limits(**limits),
    )
    try:
        yield engines
    finally:
        await engines.close()


async def fails(engines: Engines, *texts: str, target: str = "pl") -> EngineFailed:
    with pytest.raises(EngineFailed) as caught:
        await engines.translate(texts or [SENTENCE], "nb", target)
    return caught.value


# Order


async def test_the_first_that_can_translates_and_nobody_else_sees_the_text(
    libre: FakeLibreTranslate, other: FakeLibreTranslate
) -> None:
    async with chain(libre.url, other.url) as engines:
        translated = await engines.translate([SENTENCE], "nb", "pl")
    assert (translated.engine, translated.texts) == ("libretranslate", [f"(nb→pl) {SENTENCE}"])
    assert (libre.texts, other.asked) == (SENTENCE, [])


async def test_a_pair_may_have_an_order_of_its_own_and_nobody_at_all(
    libre: FakeLibreTranslate, other: FakeLibreTranslate
) -> None:
    order = {None: ["libretranslate", "second"], ("nb", "pl"): ["second"], ("nb", "ar"): []}
    async with chain(libre.url, other.url, order=order) as engines:
        assert (await engines.translate([SENTENCE], "nb", "pl")).engine == "second"
        assert (await engines.translate([SENTENCE], "nb", "en")).engine == "libretranslate"
        assert not await engines.can("nb", "ar")
        with pytest.raises(NoEngine):
            await engines.translate([SENTENCE], "nb", "ar")


async def test_one_that_does_not_know_the_pair_is_passed_over(other: FakeLibreTranslate) -> None:
    async with (
        FakeLibreTranslate(languages=("nb", "en")) as small,
        chain(small.url, other.url) as engines,
    ):
        assert (await engines.translate([SENTENCE], "nb", "pl")).engine == "second"
        assert await engines.can("nb", "pl")
        assert not await engines.can("nb", "so")
        with pytest.raises(NoEngine):
            await engines.translate([SENTENCE], "nb", "so")
        assert small.asked == []


async def test_a_language_that_an_engine_learned_is_found_after_a_while() -> None:
    time = Time()
    async with (
        FakeLibreTranslate(languages=("nb", "en")) as small,
        chain(small.url, monotonic=time) as engines,
    ):
        assert not await engines.can("nb", "pl")
        small.languages = ("nb", "en", "pl")
        time.now += KNOWN_SECONDS
        assert (await engines.translate([SENTENCE], "nb", "pl")).engine == "libretranslate"


async def test_a_school_without_engines() -> None:
    engines = make_engines(TranslationConfig())
    assert not await engines.can("nb", "pl")
    with pytest.raises(NoEngine):
        await engines.translate([SENTENCE], "nb", "pl")
    await engines.close()


# Failure


@pytest.mark.parametrize("status", [400, 403, 429, 500, 503])
async def test_the_next_one_translates_when_the_first_fails(
    libre: FakeLibreTranslate, other: FakeLibreTranslate, status: int
) -> None:
    async with chain(libre.url, other.url) as engines:
        assert await engines.can("nb", "pl")
        libre.fail(status)
        assert (await engines.translate([SENTENCE], "nb", "pl")).engine == "second"


async def test_the_next_one_translates_when_the_first_is_not_there(
    other: FakeLibreTranslate, unused_tcp_port: int
) -> None:
    async with chain(f"http://127.0.0.1:{unused_tcp_port}", other.url) as engines:
        assert (await engines.translate([SENTENCE], "nb", "pl")).engine == "second"


async def test_one_that_hangs_leaves_time_for_the_next(libre: FakeLibreTranslate, other: FakeLibreTranslate) -> None:
    async with chain(libre.url, other.url, timeout=4.0) as engines:
        assert await engines.can("nb", "pl")
        libre.hang()
        assert (await engines.translate([SENTENCE], "nb", "pl")).engine == "second"
        assert libre.texts == SENTENCE  # it was asked, and did not answer


@pytest.mark.parametrize("known", [True, False])
async def test_a_call_ends_in_its_time_when_everybody_hangs(
    libre: FakeLibreTranslate, other: FakeLibreTranslate, known: bool
) -> None:
    async with chain(libre.url, other.url, timeout=SHORT) as engines, asyncio.timeout(PATIENCE):
        if known:
            assert await engines.can("nb", "pl")
        libre.hang()
        other.hang()
        assert (await fails(engines)).reason == Failure.TIMEOUT


async def test_an_engine_that_answers_something_else_than_was_asked(
    libre: FakeLibreTranslate, other: FakeLibreTranslate
) -> None:
    class Forgetful(LibreTranslate):
        async def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
            return (await super().translate(texts, source, target))[:-1]

    made = [Forgetful(libre.url, outside=False), Second(other.url, outside=False)]
    engines = Engines(made, order={None: ["libretranslate", "second"]}, timeout=PATIENCE, outside_allowed=False)
    assert (await engines.translate([SENTENCE, "Hei"], "nb", "pl")).engine == "second"
    await engines.close()


async def test_when_all_fail_it_says_when_to_come_again(libre: FakeLibreTranslate) -> None:
    time = Time()
    async with chain(libre.url, monotonic=time, failures=1, pause=40.0) as engines:
        libre.fail()
        first = await fails(engines)
        assert (first.reason, first.retry_after) == (Failure.BROKEN, None)
        time.now += 15
        second = await fails(engines)
        assert (second.reason, second.retry_after) == (Failure.RESTING, 25.0)


# Rest


async def test_one_that_fails_again_and_again_is_left_alone_for_a_while_and_then_tried_once(
    libre: FakeLibreTranslate, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    time = Time()
    async with chain(libre.url, monotonic=time, failures=3, pause=30.0) as engines:
        assert await engines.can("nb", "pl")
        libre.fail()
        for _ in range(5):
            await fails(engines)
        assert libre.requests == 3
        time.now += 30
        for _ in range(3):
            await fails(engines)
        assert libre.requests == 4
        assert await engines.can("nb", "pl")  # it could, were it there
        libre.come_back()
        time.now += 60
        assert (await engines.translate([SENTENCE], "nb", "pl")).engine == "libretranslate"
        assert (await engines.translate([SENTENCE], "nb", "pl")).engine == "libretranslate"
    said = [(record.message, vars(record)["engine"], vars(record)["reason"]) for record in caplog.records]
    assert said == [
        ("translation.engine_rests", "libretranslate", "broken"),
        ("translation.engine_back", "libretranslate", "done"),
    ]


async def test_one_that_refuses_a_text_is_asked_for_the_next(libre: FakeLibreTranslate) -> None:
    async with chain(libre.url, failures=1) as engines:
        assert await engines.can("nb", "pl")
        libre.fail(400)
        for _ in range(3):
            assert (await fails(engines)).reason == Failure.REFUSED
        libre.come_back()
        assert (await engines.translate([SENTENCE], "nb", "pl")).engine == "libretranslate"


async def test_one_that_has_too_much_to_do_is_left_alone_at_once(libre: FakeLibreTranslate) -> None:
    async with chain(libre.url) as engines:
        assert await engines.can("nb", "pl")
        libre.fail(429)
        assert (await fails(engines)).reason == Failure.BUSY
        assert (await fails(engines)).reason == Failure.RESTING
        assert libre.requests == 1


async def test_a_call_that_was_given_up_says_nothing_about_the_engine(libre: FakeLibreTranslate) -> None:
    time = Time()
    async with chain(libre.url, monotonic=time, failures=1, pause=30.0) as engines:
        assert await engines.can("nb", "pl")
        libre.fail()
        await fails(engines)
        time.now += 30
        libre.come_back()
        libre.hang()
        trial = asyncio.create_task(engines.translate([SENTENCE], "nb", "pl"))
        await libre.until_asked(2)
        trial.cancel()
        with pytest.raises(asyncio.CancelledError):
            await trial
        libre.come_back()
        assert (await engines.translate([SENTENCE], "nb", "pl")).engine == "libretranslate"


# Limits


async def test_no_more_than_some_requests_reach_an_engine_at_once(libre: FakeLibreTranslate) -> None:
    async with chain(libre.url, at_once=2) as engines:
        assert await engines.can("nb", "pl")
        libre.hang()
        calls = [asyncio.create_task(engines.translate([f"Tekst {n}"], "nb", "pl")) for n in "abcde"]
        await libre.until_asked(2)
        assert len(libre.asked) == 2
        libre.come_back()
        answers = await asyncio.gather(*calls)
        assert [answer.texts for answer in answers] == [[f"(nb→pl) Tekst {n}"] for n in "abcde"]


async def test_our_own_crowd_does_not_put_an_engine_to_rest(libre: FakeLibreTranslate) -> None:
    async with chain(libre.url, at_once=1, failures=2, timeout=SHORT) as engines:
        assert await engines.can("nb", "pl")
        libre.hang()
        results = await asyncio.gather(
            *(engines.translate([SENTENCE], "nb", "pl") for _ in range(5)), return_exceptions=True
        )
        reasons = sorted(result.reason for result in results if isinstance(result, EngineFailed))
        assert reasons == ["busy"] * 4 + ["timeout"]
        libre.come_back()
        assert await engines.can("nb", "pl")


async def test_long_texts_go_in_several_requests(libre: FakeLibreTranslate) -> None:
    texts = [f"{'Ola er syk. ' * 100}{n}." for n in range(6)]
    async with chain(libre.url) as engines:
        translated = await engines.translate(texts, "nb", "pl")
    assert translated.texts == [f"(nb→pl) {text}" for text in texts]
    assert libre.requests == 6


async def test_a_days_characters_are_not_overrun_and_come_anew_the_next_day(
    libre: FakeLibreTranslate, other: FakeLibreTranslate
) -> None:
    wall = Time()
    wall.now = 20_000 * 86_400 + 82_800.0  # an hour before midnight, UTC
    limits: dict[str, Any] = {"daily_characters": 25, "wall": wall}
    async with chain(libre.url, outside=["libretranslate"], outside_allowed=True, **limits) as engines:
        await engines.translate([SENTENCE, SENTENCE], "nb", "pl")
        refused = await fails(engines)
        assert (refused.reason, refused.retry_after) == (Failure.QUOTA, 3600.0)
        await engines.translate(["Hei"], "nb", "pl")  # that much is left
        assert libre.requests == 2
        wall.now += 3600
        await engines.translate([SENTENCE], "nb", "pl")
        assert libre.requests == 3


async def test_an_engine_of_the_schools_own_has_no_daily_limit(libre: FakeLibreTranslate) -> None:
    async with chain(libre.url, daily_characters=5) as engines:
        assert (await engines.translate([SENTENCE], "nb", "pl")).engine == "libretranslate"


# What stays at home


async def test_an_engine_outside_is_not_asked_even_for_its_languages_unless_the_school_wants_it(
    libre: FakeLibreTranslate, other: FakeLibreTranslate
) -> None:
    async with chain(libre.url, other.url, outside=["libretranslate"]) as engines:
        assert (await engines.translate([SENTENCE], "nb", "pl")).engine == "second"
        other.fail()
        await fails(engines)
    assert libre.asked == []
    async with chain(libre.url, outside=["libretranslate"]) as engines:
        assert not await engines.can("nb", "pl")
        with pytest.raises(NoEngine):
            await engines.translate([SENTENCE], "nb", "pl")
    async with chain(libre.url, outside=["libretranslate"], outside_allowed=True) as engines:
        assert await engines.can("nb", "pl")


async def test_settings_make_deepl_an_engine_outside(
    caplog: pytest.LogCaptureFixture, libre: FakeLibreTranslate
) -> None:
    config = TranslationConfig(
        engines=("deepl", "libretranslate"), libretranslate_url=libre.url, deepl_key="a", deepl_url=libre.url
    )
    engines = make_engines(config)
    assert (await engines.translate([SENTENCE], "nb", "pl")).engine == "libretranslate"
    await engines.close()
    assert [(record.message, vars(record)["engine"]) for record in caplog.records] == [
        ("translation.left_out", "deepl")
    ]


def _figure(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def test_figures_and_logs_hold_codes_and_numbers_and_no_text(
    libre: FakeLibreTranslate, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    figures: list[Callable[[], float]] = [
        lambda: _figure("skolebud_translation_requests_total", engine="libretranslate", outcome="done"),
        lambda: _figure("skolebud_translation_requests_total", engine="libretranslate", outcome="broken"),
        lambda: _figure("skolebud_translation_characters_total", engine="libretranslate"),
        lambda: _figure("skolebud_translation_seconds_count", engine="libretranslate"),
    ]
    before = [figure() for figure in figures]
    config = TranslationConfig(engines=("libretranslate",), libretranslate_url=libre.url, libretranslate_key="hush")
    engines = make_engines(config)
    await engines.translate([SENTENCE], "nb", "pl")
    libre.fail()
    for _ in range(3):
        await fails(engines)
    await engines.close()
    now = [figure() for figure in figures]
    assert [b - a for a, b in zip(before, now, strict=True)] == [1, 3, 4 * len(SENTENCE), 4]
    logged = json.dumps([vars(record) for record in caplog.records], default=str)
    assert "Ola" not in logged
    assert "hush" not in logged + repr(config)
