"""What understanding promises for any text at all (A2)."""

from __future__ import annotations

from datetime import datetime
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.understanding import MAX_CHARACTERS, ChildName, Intent
from handlers.languages import understand
from tests.languages.corpora import LANGUAGES, NOW, children, corpus

HOMES = [
    [ChildName(7, "Noah Hansen"), ChildName(9, "Sofie Hansen")],
    [ChildName(1, "Ali Haddad")],
    [ChildName(3, "Zuzanna Kowalska"), ChildName(4, "Jakub Kowalski"), ChildName(5, "Ola-Henrik Lund")],
    [],
]
WORDS = sorted(
    set(chain.from_iterable(entry["say"].split() for code in LANGUAGES for entry in corpus(code, "sentences")["right"]))
)
texts = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from([*WORDS, "?", "…", "31.2", "99:99", "kl", "25.13.", "uke", "uke 77"]), max_size=25).map(
        " ".join
    ),
)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2032, 12, 31))  # noqa: DTZ001 - the school's wall clock


@settings(max_examples=400, deadline=None)
@given(texts, st.sampled_from(LANGUAGES), st.sampled_from(HOMES), moments)
def test_any_text_gives_own_children_and_no_past_day_or_nothing(
    text: str, language: str, home: list[ChildName], now: datetime
) -> None:
    found = understand(text, language, home, now, ("nb",))
    if found is None:
        return
    own = {child.id for child in home}
    assert set(found.children) <= own
    assert set(found.candidates) <= own
    assert not set(found.children) & set(found.candidates)
    assert (found.first is None) == (found.last is None)
    if found.first is not None and found.last is not None:
        assert now.date() <= found.first <= found.last


def _plain(text: str) -> bool:
    return text == text.upper().lower()


@pytest.mark.parametrize("language", LANGUAGES)
def test_capitals_spaces_and_marks_at_the_end_do_not_matter(language: str) -> None:
    for entry in corpus(language, "sentences")["right"]:
        home = children(language, "sentences", entry)
        say = entry["say"]
        found = understand(say, language, home, NOW)
        if _plain(say.lower()):
            assert understand(say.upper(), language, home, NOW) == found
        assert understand("  " + say.replace(" ", "   ") + "  ", language, home, NOW) == found
        if say[-1].isalnum():
            assert understand(say + ".", language, home, NOW) == found
            assert understand(say + "!!", language, home, NOW) == found


def test_only_the_beginning_of_a_long_message_counts() -> None:
    late_words = "bla " * (MAX_CHARACTERS // 4 + 1) + "Noah er syk i dag"
    assert understand(late_words, "nb", HOMES[0], NOW) is None


def test_nothing_of_the_text_is_in_the_draft() -> None:
    found = understand("Noah har vannkopper og blir hjemme", "nb", HOMES[0], NOW)
    assert found is not None
    assert found.sensitive
    assert "vannkopper" not in repr(found)


def test_norwegian_is_understood_from_a_home_that_chose_arabic() -> None:
    found = understand("Ali er syk i dag", "ar", HOMES[1], NOW, ("nb",))
    assert found is not None
    assert (found.intent, found.children) == (Intent.REPORT_ABSENCE, (1,))


@pytest.mark.parametrize("text", ["Is Ali sick?", "Er Ali syk?", "Ali var syk i går", "Czy Ali jest chory?"])
def test_another_language_brings_no_false_absence(text: str) -> None:
    for language in LANGUAGES:
        found = understand(text, language, HOMES[1], NOW, ("nb",))
        assert found is None or found.intent not in {Intent.REPORT_ABSENCE, Intent.EXTEND, Intent.REPORT_LATE}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "شكرًا لكِ. سأراجع الواجب معه في البيت."),
        ("nb", "Takk! Vi ser på leksene hjemme i kveld."),
        ("en", "Thank you. We will look at the homework at home."),
        ("pl", "Dziękuję. Przejrzymy razem tę pracę domową w domu."),
    ],
)
def test_who_says_more_than_thanks_says_it_to_the_teacher(language: str, text: str) -> None:
    assert understand(text, language, HOMES[1], NOW) is None
    first = understand(text.split(" ", maxsplit=1)[0], language, HOMES[1], NOW)
    assert first is not None
    assert first.intent is Intent.THANKS
