"""Names in Arabic letters are recognised by their consonants, to be kept out of what is remembered."""

from __future__ import annotations

import pytest

from bot.translation.sounds import may_name

NAMES = ("Sara Miller", "Piotr Kowalski", "Ali Haddad", "Filip Haugen")


@pytest.mark.parametrize("word", ["ميلر", "كوفالسكي", "فيليب", "بيوتر", "وميلر", "لفيليب"])
def test_a_name_is_found_however_it_is_spelled(word: str) -> None:
    assert may_name(word, NAMES)


@pytest.mark.parametrize("word", ["اليوم", "مريض", "المدرسة", "جاء", "الواجبات", "معنا", "شكرا"])
def test_ordinary_words_are_no_names(word: str) -> None:
    assert not may_name(word, NAMES)
