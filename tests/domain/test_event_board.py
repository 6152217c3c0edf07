"""An event in figures: no home can be told from them, nor by subtraction (M7); the composer's order of questions."""

from __future__ import annotations

from dataclasses import fields
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import event_taps
from bot.domain.event_board import LanguageGroups, count_homes, group_languages
from bot.domain.event_draft import KINDS, NOT_COMPOSED, EventField, asked_fields, kinds_for, may_skip, next_question
from bot.domain.event_taps import OpenEvent, PickEventAudience, SetChange, SetEventField
from bot.domain.events import EVENT_RULES, SMALL_GROUP, EventKind
from bot.domain.notices import AudienceKind
from bot.domain.people import Actor, Role
from bot.domain.taps import LIMIT, Tap

CODES = st.sampled_from(["nb", "en", "ar", "pl", "so", "ti", "uk", "ur", "lt"])
HOMES = st.dictionaries(CODES, st.integers(0, 12))
INVITED = st.lists(
    st.tuples(CODES, st.integers(1, 30), st.lists(st.integers(1, 8), max_size=3, unique=True).map(tuple)),
    max_size=30,
    unique_by=lambda one: one[1],
)
LARGEST = 2**31 - 1


@given(HOMES)
def test_every_figure_stands_for_enough_homes_also_by_subtraction(homes: dict[str, int]) -> None:
    groups = group_languages(homes)
    total = sum(homes.values())
    named = sum(n for _, n in groups.shown)
    assert all(n >= SMALL_GROUP for _, n in groups.shown)
    if groups == LanguageGroups():
        return
    assert named + groups.others == total, "nobody is left out, so nothing is told by what is missing"
    assert groups.others == 0 or groups.others >= SMALL_GROUP
    assert all(homes[code] == n for code, n in groups.shown)
    assert [n for _, n in groups.shown] == sorted((n for _, n in groups.shown), reverse=True)


@given(HOMES)
def test_large_groups_alone_are_all_named(homes: dict[str, int]) -> None:
    large = {code: n + SMALL_GROUP for code, n in homes.items()}
    assert dict(group_languages(large).shown) == large


@pytest.mark.parametrize(
    ("homes", "shown", "others"),
    [
        ({"nb": 8, "so": 1}, (), 0),
        ({"nb": 8, "ar": 4, "so": 1}, (("nb", 8),), 5),
        ({"nb": 8, "so": 1, "ti": 2}, (("nb", 8),), 3),
        ({"nb": 8, "ar": 3}, (("nb", 8), ("ar", 3)), 0),
        ({"so": 1, "ti": 1}, (), 0),
    ],
)
def test_small_groups(homes: dict[str, int], shown: tuple[tuple[str, int], ...], others: int) -> None:
    assert group_languages(homes) == LanguageGroups(shown, others)


def test_parents_of_one_child_are_one_home_and_siblings_join_them() -> None:
    one_family = [("ar", 1, (10,)), ("ar", 2, (10, 11)), ("ar", 3, (11,))]
    assert count_homes(one_family) == {"ar": 1}
    assert count_homes([*one_family, ("ar", 4, (12,)), ("nb", 5, (10,))]) == {"ar": 2, "nb": 1}
    assert count_homes([("nb", 1, ()), ("nb", 2, ())]) == {"nb": 2}, "each who is invited by role"


@given(INVITED)
def test_counting_homes_does_not_depend_on_the_order(invited: list[tuple[str, int, tuple[int, ...]]]) -> None:
    assert count_homes(invited) == count_homes(invited[::-1])
    for language, n in count_homes(invited).items():
        assert 1 <= n <= sum(one[0] == language for one in invited)


@given(st.sampled_from(KINDS), st.booleans(), st.permutations(list(EventField)))
def test_whatever_is_answered_in_whatever_order_the_questions_come_to_an_end(
    kind: EventKind, whole_day: bool, answered: list[EventField]
) -> None:
    asked: list[str] = []
    for field in answered:
        coming = next_question(kind, asked, whole_day=whole_day)
        assert coming is None or coming.value not in asked
        asked.append(field.value)
    assert next_question(kind, asked, whole_day=whole_day) is None
    one_by_one: list[str] = []
    while (following := next_question(kind, one_by_one, whole_day=whole_day)) is not None:
        one_by_one.append(following.value)
    assert tuple(one_by_one) == tuple(field.value for field in asked_fields(kind, whole_day=whole_day))


def test_what_is_composed_is_every_kind_but_rounds_and_dates() -> None:
    assert set(KINDS) == set(EventKind) - NOT_COMPOSED
    assert all(not may_skip(kind, EventField.DAY) for kind in KINDS)


@pytest.mark.parametrize("roles", [set(), *({role} for role in Role), {Role.REPRESENTATIVE, Role.CONTACT_TEACHER}])
def test_each_role_is_offered_the_kinds_whose_rule_lists_it(roles: set[Role]) -> None:
    actor = Actor(1, 1, "A", "nb", frozenset(roles), frozenset())
    assert set(kinds_for(actor)) == {kind for kind in KINDS if EVENT_RULES[kind].organisers & roles}


def test_the_longest_buttons_fit() -> None:
    longest = [
        SetEventField(LARGEST, LARGEST, EventField.REMIND_HOURS, "2026-12-24"),
        SetChange(LARGEST, LARGEST, EventField.DAY, "2026-12-24"),
        PickEventAudience(LARGEST, LARGEST, AudienceKind.CLASSES, LARGEST),
        OpenEvent(LARGEST, event_taps.EventView.NAMES, LARGEST),
    ]
    for tap in longest:
        assert len(tap.pack().encode()) <= LIMIT
        assert type(tap).unpack(tap.pack()) == tap


def test_no_two_buttons_of_events_begin_alike() -> None:
    ours = [
        kind for kind in vars(event_taps).values() if isinstance(kind, type) and issubclass(kind, Tap) and fields(kind)
    ]
    assert all(one.PREFIX != other.PREFIX for one, other in permutations(ours, 2))
