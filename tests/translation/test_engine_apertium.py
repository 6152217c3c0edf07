"""The real Apertium: what a school without network can have translated, from settings to text."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.settings import Settings
from bot.translation.chain import Engines, NoEngine
from bot.translation.make import make_engines

pytestmark = pytest.mark.apertium


@pytest.fixture
async def engines(apertium_url: str) -> AsyncIterator[Engines]:
    """A school's engines: Apertium alone."""
    settings = Settings(
        _env_file=None, translation_engines="apertium", apertium_url=apertium_url, translation_seconds=30
    )
    made = make_engines(settings.to_translation())
    yield made
    await made.close()


@pytest.mark.parametrize(
    ("source", "target", "text", "wanted"),
    [
        ("nb", "nn", "Ola er syk og kommer ikke i dag.", "Ola er sjuk og kjem ikkje i dag."),
        ("nn", "nb", "Eg kjem ikkje i dag. Kva skal vi ta med oss?", "Jeg kommer ikke i dag. Hva skal vi ta med oss?"),
        ("da", "nb", "Mit barn er sygt i dag.", "Mitt barn er sykt i dag."),
        ("sv", "nb", "Min dotter är sjuk i dag.", "Min datter er syk i dag."),
    ],
)
async def test_a_sentence_in_a_language_that_lies_close(
    engines: Engines, source: str, target: str, text: str, wanted: str
) -> None:
    translated = await engines.translate([text], source, target)
    assert (translated.texts, translated.engine) == ([wanted], "apertium")


async def test_lines_outer_spaces_and_tokens_come_back_as_they_were(engines: Engines) -> None:
    text = "  Hei!\n\nJeg er syk\r\n- §1§ <kl. §2§> & [sko]\n\n\nJeg kommer §3§. 🙂\n"
    translated = await engines.translate([text, "", "§1§ 12:30", "Jeg"], "nb", "nn")
    assert translated.texts == [
        "  Hei!\n\nEg er sjuk\r\n- §1§ <kl. §2§> & [sko]\n\n\nEg kjem §3§. 🙂\n", "", "§1§ 12:30", "Eg",
    ]  # fmt: skip


async def test_a_character_that_ends_a_string_for_its_pipes_reaches_no_other_request(engines: Engines) -> None:
    for _ in range(3):
        assert (await engines.translate(["Jeg\0 er syk", "Jeg kommer"], "nb", "nn")).texts == ["Eg  er sjuk", "Eg kjem"]


async def test_many_texts_at_once_come_back_in_their_order(engines: Engines) -> None:
    texts = [f"Jeg har {count} barn." for count in range(250)]
    both = await asyncio.gather(engines.translate(texts, "nb", "nn"), engines.translate(texts, "nb", "da"))
    assert both[0].texts == [f"Eg har {count} barn." for count in range(250)]
    assert [text.split()[2] for text in both[1].texts] == [str(count) for count in range(250)]


async def test_it_says_itself_what_it_can(engines: Engines) -> None:
    assert await engines.can("nb", "nn")
    assert await engines.can("sv", "nb")
    assert not await engines.can("nb", "pl")
    assert not await engines.can("nb", "nb")
    with pytest.raises(NoEngine):
        await engines.translate(["Ola er syk."], "nb", "pl")
