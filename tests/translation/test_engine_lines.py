"""Texts go to engines as lines, and come back with everything between the lines as it was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.translation.lines import Lines, batches

TEXTS = st.lists(st.text(alphabet="aBø م5. \t\n\r\u2028§👍", max_size=40), max_size=8)


@given(TEXTS)
def test_lines_that_nobody_changes_give_the_texts_again(texts: list[str]) -> None:
    lines = Lines(texts)
    assert lines.put_together({line: line for line in lines.wanted}) == texts
    assert lines.put_together({}) == texts


@given(TEXTS)
def test_what_is_wanted_is_one_line_with_a_letter_and_no_outer_space_and_each_only_once(texts: list[str]) -> None:
    wanted = Lines(texts).wanted
    assert len(set(wanted)) == len(wanted)
    for line in wanted:
        assert line.strip() == line
        assert line.splitlines() == [line]
        assert any(map(str.isalpha, line))


@given(TEXTS)
def test_whatever_an_engine_makes_of_the_lines_a_text_keeps_their_number(texts: list[str]) -> None:
    lines = Lines(texts)
    back = lines.put_together(dict.fromkeys(lines.wanted, " something\nelse "))
    assert [text.count("\n") for text in back] == [text.count("\n") for text in texts]
    assert [text.count("something else") for text in back] == [
        sum(any(map(str.isalpha, line)) for line in text.splitlines()) for text in texts
    ]


def test_control_characters_become_spaces() -> None:
    lines = Lines(["Jeg\0er\x1bsyk"])
    assert lines.wanted == ["Jeg er syk"]
    assert lines.put_together({"Jeg er syk": "Eg er sjuk"}) == ["Eg er sjuk"]


@given(st.lists(st.text(min_size=1, max_size=30), max_size=40), st.integers(1, 10), st.integers(1, 60))
def test_batches_hold_every_line_in_order_within_both_limits(lines: list[str], count: int, characters: int) -> None:
    found = list(batches(lines, count=count, characters=characters))
    assert [line for batch in found for line in batch] == lines
    for batch in found:
        assert 1 <= len(batch) <= count
        assert len(batch) == 1 or sum(map(len, batch)) <= characters
