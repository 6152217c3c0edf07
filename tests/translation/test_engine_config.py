"""What a school writes about its engines, and which of them are its own."""

from __future__ import annotations

import pytest

from bot.domain.school import School
from bot.settings import Settings
from bot.translation.config import TranslationConfig, is_outside, parse_engines, parse_pairs


@pytest.mark.parametrize(
    ("url", "outside"),
    [
        ("http://127.0.0.1:5000", False),
        ("http://[::1]:5000", False),
        ("http://localhost:5000", False),
        ("http://libretranslate:5000", False),
        ("http://10.1.2.3", False),
        ("http://192.168.1.5:2737", False),
        ("http://[fd00::7]", False),
        ("http://mt.school.internal", False),
        ("https://LT.school.example/", False),
        ("https://lt.school.example./", False),
        ("https://libretranslate.example", True),
        ("https://lt.school.example.evil.example", True),
        ("http://8.8.8.8", True),
        ("http://[2606:4700::1]", True),
        ("http://localhost.example", True),
        ("https://127.0.0.1.example", True),
        ("http://134744072", True),
        ("http://0x08080808", True),
        ("http://[::ffff:8.8.8.8]", True),
        ("http://[::ffff:10.0.0.1]", False),
        ("http://", True),
    ],
)
def test_an_address_is_outside_unless_it_is_local_or_said_to_be_the_schools(url: str, outside: bool) -> None:
    assert is_outside(url, frozenset({"lt.school.example"})) is outside


def test_engines_and_pairs_are_read_as_written() -> None:
    assert parse_engines("") == ()
    assert parse_engines(" Apertium, deepl ") == ("apertium", "deepl")
    assert parse_pairs("") == {}
    assert parse_pairs("nb-nn: apertium; NB-PL:libretranslate deepl ; nb-ar: none;") == {
        ("nb", "nn"): ("apertium",),
        ("nb", "pl"): ("libretranslate", "deepl"),
        ("nb", "ar"): (),
    }


@pytest.mark.parametrize(
    "written",
    ["nb-nn", "nb-nn:", "nb: apertium", "nb-nb: apertium", "nb-nn: apertium; nb-nn: deepl", "nb-nn: none deepl", "x"],
)
def test_pairs_written_otherwise_are_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"write each pair once|choose from"):
        parse_pairs(written)


def test_settings_without_a_word_about_translation_have_no_engine() -> None:
    settings = Settings(_env_file=None)
    config = settings.to_translation()
    assert (config.named, config.outside_allowed) == ((), False)
    assert settings.to_school().translation_hold == School().translation_hold


def test_settings_become_what_the_engines_are_made_of() -> None:
    settings = Settings(
        _env_file=None,
        translation_engines="apertium libretranslate",
        translation_pairs="nb-pl: deepl",
        translation_seconds=2.5,
        translation_outside=True,
        translation_own_hosts="LT.school.example",
        translation_daily_characters=7,
        apertium_url="http://127.0.0.1:2737/",
        libretranslate_url="https://lt.school.example",
        libretranslate_key="a-key",
        deepl_key="another",
    )
    assert settings.to_translation() == TranslationConfig(
        engines=("apertium", "libretranslate"),
        pairs={("nb", "pl"): ("deepl",)},
        apertium_url="http://127.0.0.1:2737",
        libretranslate_url="https://lt.school.example",
        libretranslate_key="a-key",
        deepl_key="another",
        own_hosts=frozenset({"lt.school.example"}),
        outside_allowed=True,
        seconds=2.5,
        daily_characters=7,
    )
    assert settings.to_translation().named == ("apertium", "libretranslate", "deepl")
    assert settings.to_school().translation_hold.total_seconds() == 2.5
    assert "a-key" not in repr(settings.to_translation()) + repr(settings)
