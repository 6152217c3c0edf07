"""What buttons carry: every tap fits into 64 bytes and comes back as it was; made-up data is only ever a BadTap."""

# ruff: noqa: DTZ001  (the clock on the wall has no zone)

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import taps
from bot.domain.notices import KINDS, AudienceKind, Item
from bot.domain.taps import (
    LIMIT,
    AnswerNotice,
    BadTap,
    DraftAct,
    DraftStep,
    OpenPage,
    Page,
    PickAudience,
    SetField,
    Tap,
)
from bot.i18n import languages

LARGEST_ID = 2**31 - 1
"""What an id column holds on PostgreSQL."""
ALL = sorted(
    (c for c in vars(taps).values() if isinstance(c, type) and issubclass(c, Tap) and c is not Tap),
    key=lambda c: c.PREFIX,
)
FIELD_NAMES = sorted({rule.name for kind in KINDS.values() for rule in kind.fields})
WORDS: dict[str, st.SearchStrategy[str]] = {
    "code": st.sampled_from(sorted(languages())),
    "language": st.sampled_from(sorted(languages())),
    "what": st.sampled_from(["grades", "classes", "pupils"]),
    "field": st.sampled_from([*FIELD_NAMES, "text", "audience", "kind"]),
    "value": st.sampled_from(["", "2026-11-24", "08:30", "2026-W48"]),
    "item": st.sampled_from([item.value for item in Item]),
    "local": st.datetimes(datetime(2026, 1, 1), datetime(2099, 1, 1)).map(lambda m: f"{m:%Y-%m-%dT%H:%M}"),
}
"""What the texts in taps really are, by field."""


def values_of(name: str, kind: type[Any]) -> st.SearchStrategy[Any]:
    if kind is bool:
        return st.booleans()
    if kind is int:
        return st.one_of(st.just(LARGEST_ID), st.integers(0, LARGEST_ID))
    if issubclass(kind, StrEnum):
        return st.sampled_from(kind)
    return WORDS[name]


def any_of(kind: type[Tap]) -> st.SearchStrategy[Tap]:
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: values_of(field.name, hints[field.name]) for field in fields(kind)})


ANY_TAP = st.one_of([any_of(kind) for kind in ALL])


@given(ANY_TAP)
def test_every_tap_fits_and_comes_back_as_it_was(tap: Tap) -> None:
    data = tap.pack()
    assert 1 <= len(data.encode()) <= LIMIT
    assert type(tap).unpack(data) == tap


@given(ANY_TAP)
def test_a_tap_is_read_by_its_own_kind_only(tap: Tap) -> None:
    data = tap.pack()
    for kind in ALL:
        if kind is not type(tap):
            with pytest.raises(BadTap):
                kind.unpack(data)


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_the_longest_tap_of_each_kind_fits(kind: type[Tap]) -> None:
    longest = {int: LARGEST_ID, bool: True}
    texts = {
        "code": "nb",
        "language": "ckb",
        "what": "classes",
        "field": max(FIELD_NAMES, key=len),
        "value": "2026-11-24",
        "item": max(Item, key=len).value,
        "local": "2026-11-24T07:30",
    }
    values = {}
    for name, hint in ((f.name, get_type_hints(kind)[f.name]) for f in fields(kind)):
        enum = isinstance(hint, type) and issubclass(hint, StrEnum)
        values[name] = max(hint, key=lambda m: len(m.value)) if enum else longest.get(hint, texts.get(name))
    assert len(kind(**values).pack().encode()) <= LIMIT


def test_prefixes_are_distinct_and_hold_no_separator() -> None:
    prefixes = [kind.PREFIX for kind in ALL]
    assert len(set(prefixes)) == len(prefixes) > 20
    assert all(prefix and "|" not in prefix for prefix in prefixes)


PARTS = st.one_of(
    st.sampled_from(["", "0", "1", "-1", "+7", "1_0", "٧", "²", "true", "school", "understood", str(2**31), "9" * 40]),
    st.integers(-(2**70), 2**70).map(str),
    st.text(max_size=12),
)
NEARLY = st.builds(
    lambda prefix, parts: "|".join([prefix, *parts]),
    st.sampled_from([kind.PREFIX for kind in ALL]),
    st.lists(PARTS, max_size=6),
)


@given(st.one_of(NEARLY, st.text(max_size=64)))
def test_made_up_data_is_a_bad_tap_or_something_that_could_be_meant(data: str) -> None:
    for kind in ALL:
        try:
            tap = kind.unpack(data)
        except BadTap:
            continue
        numbers = [value for field in fields(tap) if isinstance(value := getattr(tap, field.name), int)]
        assert all(abs(number) <= LARGEST_ID for number in numbers)
        assert kind.unpack("|".join([kind.PREFIX, *data.split("|")[1:]])) == tap


@pytest.mark.parametrize(
    "data",
    [
        "na|1|understood",
        "na|1|understood|1|1",
        "na|1|ignored|1",
        f"na|{2**31}|understood|1",
        f"na|-{2**31}|understood|1",
        "na||understood|1",
        "go|menu|2",
        "go|nowhere|0",
        "NA|1|understood|1",
        "",
        "|",
    ],
)
def test_numbers_beyond_every_id_and_unknown_words_are_refused(data: str) -> None:
    for kind in (AnswerNotice, OpenPage):
        with pytest.raises(BadTap):
            kind.unpack(data)


def test_a_value_with_the_separator_or_too_long_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="separator"):
        SetField(1, 1, "place", "a|b").pack()
    with pytest.raises(ValueError, match="64 are allowed"):
        SetField(1, 1, "place", "å" * 40).pack()


def test_how_a_tap_is_written_does_not_change_while_messages_with_it_lie_in_chats() -> None:
    assert AnswerNotice.unpack("na|7|call_me|2").pack() == "na|7|call_me|2"
    assert DraftAct(3, 4, DraftStep.SEND).pack() == "nd|3|4|send"
    assert PickAudience(3, 4, AudienceKind.PUPIL, 12).pack() == "nt|3|4|pupil|12"
    assert OpenPage(Page.MENU).pack() == "go|menu|0"
