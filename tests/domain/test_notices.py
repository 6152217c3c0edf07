"""The kinds of notices: what each asks for, in which order, and when it is whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.notices import (
    KINDS,
    OUTSTANDING,
    FieldType,
    HomeStatus,
    Item,
    NoticeKind,
    field_named,
    missing_text,
    next_field,
)
from bot.i18n.words import FIELD_NAMES, FIELD_SIGNS, ITEM_NAMES, KIND_NAMES, KIND_SIGNS, STATUS_SIGNS

KIND = st.sampled_from(NoticeKind)


def test_every_kind_field_item_and_status_has_its_rule_its_words_and_its_sign() -> None:
    assert set(KINDS) == set(KIND_NAMES) == set(KIND_SIGNS) == set(NoticeKind)
    names = {field.name for rule in KINDS.values() for field in rule.fields}
    assert names == set(FIELD_NAMES) == set(FIELD_SIGNS)
    assert set(ITEM_NAMES) == set(Item)
    assert set(STATUS_SIGNS) == set(HomeStatus)


def test_kinds_are_told_apart_by_their_signs() -> None:
    assert len(set(KIND_SIGNS.values())) == len(KIND_SIGNS)
    assert len(set(STATUS_SIGNS.values())) == len(STATUS_SIGNS)


def test_only_what_is_about_one_child_goes_to_one_home_and_only_urgent_overrides_quiet_hours() -> None:
    assert {kind for kind, rule in KINDS.items() if rule.one_home} == {NoticeKind.PRAISE, NoticeKind.INCIDENT}
    assert {kind for kind, rule in KINDS.items() if rule.urgent} == {NoticeKind.URGENT}


@given(KIND, st.data())
def test_fields_are_asked_one_after_the_other_until_each_is_answered_or_skipped(
    kind: NoticeKind, data: st.DataObject
) -> None:
    values: dict[str, object] = {}
    asked = []
    while (field := next_field(kind, values)) is not None:
        asked.append(field)
        values[field.name] = None if not field.required and data.draw(st.booleans()) else "x"
    assert asked == list(KINDS[kind].fields)


@given(KIND, st.sets(st.sampled_from(["date", "meet", "back", "time", "bring", "week", "place", "opens", "other"])))
def test_the_next_field_is_the_first_one_open_whatever_else_is_known(kind: NoticeKind, known: set[str]) -> None:
    values: dict[str, object] = dict.fromkeys(known)
    expected = next((field for field in KINDS[kind].fields if field.name not in known), None)
    assert next_field(kind, values) == expected


@given(KIND)
def test_a_field_is_found_by_its_name_within_its_kind(kind: NoticeKind) -> None:
    for field in KINDS[kind].fields:
        assert field_named(kind, field.name) is field
    assert field_named(kind, "bring_open") is None


@pytest.mark.parametrize("kind", NoticeKind)
def test_words_are_missing_only_where_nothing_else_says_it(kind: NoticeKind) -> None:
    needs_words = {NoticeKind.GENERAL, NoticeKind.LETTER, NoticeKind.URGENT, NoticeKind.INCIDENT}
    assert missing_text(kind, "", has_file=True) is (kind in needs_words)
    assert missing_text(kind, "", has_file=False) is (kind in needs_words | {NoticeKind.WEEKPLAN})
    assert not missing_text(kind, "ord", has_file=False)


def test_a_list_of_things_is_never_called_place_and_times_are_times() -> None:
    types = {field.name: field.type for rule in KINDS.values() for field in rule.fields}
    assert types["bring"] is FieldType.ITEMS
    assert {name for name, kind in types.items() if kind is FieldType.TIME} == {"meet", "back", "time", "opens"}


def test_reminders_go_to_those_who_were_reached_and_have_not_answered_what_it_says_now() -> None:
    assert {HomeStatus.WAITING, HomeStatus.UNDERSTOOD_BEFORE} == OUTSTANDING
