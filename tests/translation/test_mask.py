"""What must not change leaves no text, and comes back just as it was (L3)."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.translation.mask import TOKEN, Kind, mask

NAMES = ("Ali Haddad", "Zuzia Kowalska", "Kari Nordmann", "Chloé Dupont", "Per Hansen", "Sara Haddad", "Omar Aziz")
TEXTS = st.text() | st.text(alphabet="§0123456789 .:/-A aØszل٣۴\n\u2068\u2069\u200f", max_size=40)
NAMES_LIKE = st.lists(st.text(alphabet="AliSaraØłńé' -سارة", min_size=1, max_size=12), max_size=4)


def taken(text: str, *names: str) -> list[tuple[Kind, str]]:
    return [(value.kind, value.text) for value in mask(text, names or NAMES).found]


@settings(deadline=None)
@given(text=TEXTS, names=NAMES_LIKE)
@example(text="§1§ and § 9A-4 §§2§", names=[])
@example(text="1 §§ 2§", names=["1"])
def test_what_is_masked_comes_back_as_it_was(text: str, names: list[str]) -> None:
    masked = mask(text, names)
    assert masked.restore(masked.text) == text
    assert not re.search(r"\d", TOKEN.sub("", masked.text)), "no number leaves"


@settings(deadline=None)
@given(before=st.sampled_from(["", "Hei ", "(", "og "]), after=st.sampled_from(["", ".", " er syk", "s sekk", "-"]))
@pytest.mark.parametrize("name", ["Ali", "Haddad", "ZUZIA", "chloé", "Chloe", "Kari Nordmann", "Kowalska"])
def test_no_name_of_those_given_leaves(name: str, before: str, after: str) -> None:
    assert name.lower() not in mask(before + name + after, NAMES).text.lower()


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Ali er her", Kind.NAME, "Ali"),
        ("Alis sekk", Kind.NAME, "Ali"),
        ("Ali's bag", Kind.NAME, "Ali"),
        ("Nie ma Alego", Kind.NAME, "Alego"),
        ("Dla Zuzi Kowalskiej", Kind.NAME, "Zuzi Kowalskiej"),
        ("هذا لعلي", Kind.NAME, "علي"),
        ("مع وSara", Kind.NAME, "Sara"),
        ("den 24. november kommer", Kind.DATE, "24. november"),
        ("on November 24 and", Kind.DATE, "November 24"),
        ("٢٤ نوفمبر", Kind.DATE, "٢٤ نوفمبر"),
        ("2026-11-24", Kind.DATE, "2026-11-24"),
        ("24.11.2026", Kind.DATE, "24.11.2026"),
        ("kl. 08:30", Kind.TIME, "08:30"),
        ("kl. 8.30", Kind.TIME, "8.30"),
        ("الساعة ٨:٣٠", Kind.TIME, "٨:٣٠"),
        ("i 5A", Kind.CLASS, "5A"),
        ("1 500 kroner", Kind.NUMBER, "1 500"),
        ("2,5 liter", Kind.NUMBER, "2,5"),
        ("ring 22 33 44 55", Kind.CODE, "22 33 44 55"),
        ("ring +47 900 11 222 nå", Kind.CODE, "+47 900 11 222"),
        ("010216 12345", Kind.CODE, "010216 12345"),
        ("rom B204", Kind.CODE, "B204"),
        ("etter § 9A-4", Kind.CODE, "§ 9A-4"),
        ("se https://skole.example/a?b=1.", Kind.LINK, "https://skole.example/a?b=1"),
        ("til a.b@skole.example.", Kind.LINK, "a.b@skole.example"),
        ("se www.skole.example/5a, og", Kind.LINK, "www.skole.example/5a"),
    ],
)
def test_finds_what_must_not_change(text: str, kind: Kind, value: str) -> None:
    assert taken(text) == [(kind, value)]


@pytest.mark.parametrize("text", ["Husk gymtøy på tirsdag.", "Per dag og per uke", "Alibi", "sarabande", "i mai"])
def test_takes_nothing_out_of_other_words(text: str) -> None:
    assert [value for kind, value in taken(text) if value != "Per"] == []


def test_everyday_word_is_a_name_only_with_its_capital() -> None:
    assert taken("Dag kommer hver dag", "Dag Lie") == [(Kind.NAME, "Dag")]


def test_nothing_is_left_of_what_two_rules_would_take() -> None:
    assert mask("§1§ 8.30", ()).text == "§1§§2§.§3§"


def test_polish_word_is_a_case_of_a_name_only_with_its_capital() -> None:
    assert taken("Idzie, do Idy", "Ida Berg") == [(Kind.NAME, "Idzie"), (Kind.NAME, "Idy")]
    assert taken("wszystko idzie dobrze", "Ida Berg") == []


def test_link_wins_over_name_and_number_in_it() -> None:
    assert taken("https://ali.example/24.11") == [(Kind.LINK, "https://ali.example/24.11")]


@pytest.mark.parametrize(
    "came_back",
    ["§ 1 § kommer §2§", "§1 § kommer § 2§", "\u200f§1§\u200f kommer §2\u200f§", "§１§ kommer §٢§", "§1§ kommer §2§"],
)
def test_tokens_survive_what_engines_do_to_them(came_back: str) -> None:
    restored = mask("Ali kommer 24.11", NAMES).restore(came_back)
    assert restored is not None
    assert re.sub("[\u200f]", "", restored) == "Ali kommer 24.11"


def test_stop_in_a_token_stands_behind_its_value() -> None:
    masked = mask("Svar innen 24.11.", NAMES)
    assert masked.restore("Svar inden §1.§") == masked.restore("Svar inden 1 §§.") == "Svar inden 24.11."


@pytest.mark.parametrize(
    "came_back", ["kommer §2§", "§1§ §1§ kommer §2§", "§1§ kommer §3§", "§1§ kommer §2§ §", "Ali kommer 24.11", ""]
)
def test_lost_doubled_or_made_up_token_is_no_translation(came_back: str) -> None:
    assert mask("Ali kommer 24.11", NAMES).restore(came_back) is None


def test_tells_which_values_were_lost_and_shows_what_there_is() -> None:
    masked = mask("Ali kommer 24.11 kl. 9", NAMES)
    assert [value.text for value in masked.missing("§1§ comes §2§ §2§ at")] == ["24.11", "9"]
    assert masked.patch("§1§ comes §2§ §7§ at") == "Ali comes 24.11  at"


@pytest.mark.parametrize(
    ("target", "written"),
    [
        ("pl", "24 listopada 2026 Ali"),
        ("en", "24 November 2026 Ali"),
        ("nb", "24. november 2026 Ali"),
        ("ar", "24 نوفمبر 2026 \u2068Ali\u2069"),
        ("xx", "24. november 2026 Ali"),
    ],
)
def test_month_is_written_in_the_other_language_and_a_name_is_isolated(target: str, written: str) -> None:
    assert mask("24. november 2026 Ali", NAMES).restore("§1§ §2§", target) == written


def test_arabic_spelling_and_digits_come_back_as_the_school_writes_them() -> None:
    masked = mask("علي الساعة ٨:٣٠", NAMES)
    assert masked.restore("§1§ kl. §2§", "nb") == "Ali kl. 8:30"
    assert masked.restore("§1§ §2§", "ar") == "علي ٨:٣٠"


def test_polish_case_comes_back_in_the_basic_form_only_when_the_text_is_polish() -> None:
    assert mask("Alego", NAMES, "pl").restore("§1§", "nb") == "Ali"
    assert mask("Alego", NAMES, "nb").restore("§1§", "en") == "Alego"


@settings(deadline=None)
@given(text=TEXTS, names=NAMES_LIKE)
def test_language_never_changes_the_tokens(text: str, names: list[str]) -> None:
    assert mask(text, names, "pl").text == mask(text, names).text


def test_translation_is_aligned_by_its_values() -> None:
    source = mask("Ali møter Kari 24. november kl. 8.30", NAMES)
    assert source.align(mask("24 listopada o 8:30 Kari spotka Ali", NAMES)) == "§3§ o §4§ §2§ spotka §1§"
    assert source.align(mask("24 listopada o 8:30 Kari spotka", NAMES)) is None
    twice = mask("5 barn og 5 voksne", NAMES)
    assert twice.align(mask("5 dzieci i 5 dorosłych", NAMES)) is None, "which five is which?"


@pytest.mark.parametrize(("text", "words"), [("Ali 24.11", False), ("👍 https://a.no", False), ("Hei Ali", True)])
def test_knows_whether_there_are_words(text: str, words: bool) -> None:
    assert mask(text, NAMES).has_words is words
