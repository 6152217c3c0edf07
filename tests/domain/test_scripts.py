"""The language of a text, when its letters speak against the chosen one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.scripts import written_language

LIVE = ("nb", "en", "pl", "ar")


@pytest.mark.parametrize(
    ("text", "chosen", "found"),
    [
        ("علي نسي كتابه", "ar", "ar"),
        ("Ali har glemt boken sin", "ar", "nb"),
        ("علي نسي كتابه", "nb", "ar"),
        ("Ali zapomniał książki", "pl", "pl"),
        ("Ali har glemt boken sin", "pl", "pl"),  # the letters do not say, so the choice rules
        ("OK", "ar", "ar"),
        ("08:30 👍", "ar", "ar"),
        ("أراك في Solbakken skole", "ar", "ar"),
        ("Сьогодні тепло", "nb", "nb"),  # a language that is not live
        ("", "ar", "ar"),
    ],
)
def test_letters_decide_only_when_the_choice_is_impossible(text: str, chosen: str, found: str) -> None:
    assert written_language(text, chosen, LIVE) == found


@given(text=st.text(), chosen=st.sampled_from(LIVE))
def test_it_is_always_the_choice_or_a_live_language_in_another_script(text: str, chosen: str) -> None:
    found = written_language(text, chosen, LIVE)
    assert found == chosen or (found == "ar") != (chosen == "ar")
