"""How hard a text reads, by Björnsson's LIX."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.readability import SHORTEST_RATED, Readability, lix, rate

EASY = "Vi drar på tur i morgen. Ta med mat og drikke. Ta på gode sko. Vi er ute hele dagen. Ha det fint."
MIDDLING = (
    "I morgen drar hele klassen på en lang tur til skogen, og vi kommer hjem igjen etter at den vanlige "
    "skoledagen er ferdig. Husk derfor å gi beskjed til besteforeldre eller andre som henter barnet ditt etterpå."
)
HARD = (
    "Foresatte oppfordres herved til å gjøre seg kjent med kommunens reviderte retningslinjer vedrørende "
    "skolemiljøet, herunder dokumentasjonsplikten, aktivitetsplikten og klageadgangen, jamfør opplæringsloven."
)


@pytest.mark.parametrize(
    ("text", "rated"), [(EASY, Readability.EASY), (MIDDLING, Readability.MIDDLING), (HARD, Readability.HARD)]
)
def test_a_letter_home_a_newspaper_and_an_official_report_are_told_apart(text: str, rated: Readability) -> None:
    assert rate(text) is rated


def test_words_per_sentence_and_long_words_make_the_figure() -> None:
    # 20 words in 2 sentences, 5 of them longer than six letters: 10 + 25
    text = "en to tre fire fem sju åtte ni ti elleve. en to tre fire fem skogstur sekkene matpakke drikkene tursekk."
    assert lix(text) == 35


def test_too_few_words_say_nothing() -> None:
    assert lix("Vi drar på tur i morgen.") is None
    assert rate(" ".join(["tur"] * (SHORTEST_RATED - 1))) is None
    assert rate(" ".join(["tur"] * SHORTEST_RATED)) is not None


def test_numbers_and_signs_are_no_words_and_every_script_has_words() -> None:
    assert lix("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 :) — …") is None
    assert lix("كلمة " * 20) is not None


@given(st.text(max_size=300))
def test_any_text_is_rated_or_too_short_and_the_two_functions_agree(text: str) -> None:
    value, rated = lix(text), rate(text)
    assert (value is None) == (rated is None)
    assert value is None or value > 0


@given(st.lists(st.sampled_from(["tur", "mat", "skogstur", "opplæringsloven"]), min_size=15, max_size=60))
def test_more_full_stops_never_make_a_text_harder(words: list[str]) -> None:
    one, many = lix(" ".join(words)), lix(". ".join(words))
    assert one is not None
    assert many is not None
    assert many <= one
