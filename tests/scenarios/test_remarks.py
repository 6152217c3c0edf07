"""A teacher notes small things by taps; a second tap takes them away (A6)."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.followup import RemarkDayOver, RemarkKind
from bot.domain.followup_taps import RemarkClass, RemarkStep, RemarkTap
from bot.i18n.followup_words import REMARK_NAMES
from tests.scenarios.followup_steps import class_id, close_school, noted, pupil_id
from tests.scenarios.interpreter_steps import promised
from tests.scenarios.notices_steps import NOT_HERE, forge, labels, tap, write
from tests.scenarios.world import Actor, World, _bare

MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 20)
TAP_PUPILS = "Tap the pupils. A second tap takes it away."


async def remarks(world: World) -> list[tuple[str, str, str]]:
    """Return (pupil, day, kind) of what is stored."""
    found = await world.rows(
        "SELECT p.name, CAST(r.day AS TEXT), r.kind FROM remark r JOIN pupil p ON p.id = r.pupil_id ORDER BY r.id"
    )
    return [(row[0], row[1], row[2]) for row in found]


async def open_kind(teacher: Actor, kind: RemarkKind) -> None:
    """Open the remarks of the one class and choose a kind."""
    await write(teacher, "/remarks")
    await tap(teacher, teacher.say(REMARK_NAMES[kind]))


async def test_two_taps_note_two_pupils_and_a_second_tap_takes_one_away(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await open_kind(kari, RemarkKind.GYM_KIT)
    await kari.sees(kari.say(TAP_PUPILS))
    for pupil in ("Ali Haddad", "Noah Berg"):
        await tap(kari, pupil)
    day = MONDAY.isoformat()
    assert await remarks(world) == [("Ali Haddad", day, "gym_kit"), ("Noah Berg", day, "gym_kit")]
    shown = labels(kari.phone.last)
    assert {"✅ Ali Haddad", "✅ Noah Berg"} <= set(shown)
    assert "Emma Larsen" in shown
    await tap(kari, "✅ Ali Haddad")
    assert await remarks(world) == [("Noah Berg", day, "gym_kit")]
    assert "Ali Haddad" in labels(kari.phone.last)
    acts = await world.rows("SELECT act, actor_id FROM audit_entry WHERE act LIKE 'remark.%' ORDER BY id")
    assert [act for act, _ in acts] == ["remark.note", "remark.note", "remark.take_away"]
    assert {actor for _, actor in acts} == {kari.known.person_id}


async def test_good_things_are_noted_too_and_stand_first(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await write(kari, "/remarks")
    assert kari.say(REMARK_NAMES[RemarkKind.GOOD_WORK]) in labels(kari.phone.last)[0]
    await tap(kari, kari.say(REMARK_NAMES[RemarkKind.GOOD_FRIEND]))
    await tap(kari, "▶️")
    await tap(kari, "Sara Miller")
    await tap(kari, kari.say("Back"))
    assert any("(1)" in label and "💛" in label for label in labels(kari.phone.last)), "what stands there is counted"
    await write(world.actor("James Miller"), "/overview")
    james = world.actor("James Miller")
    assert james.say(REMARK_NAMES[RemarkKind.GOOD_FRIEND]) in _bare(james.phone.last.text or "")


async def test_yesterday_is_the_school_day_before(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await write(kari, "/remarks")
    await tap(kari, kari.tr.short_day(FRIDAY))
    await tap(kari, kari.say(REMARK_NAMES[RemarkKind.HOMEWORK]))
    await tap(kari, "Noah Berg")
    assert await remarks(world) == [("Noah Berg", FRIDAY.isoformat(), "homework")]


async def test_on_a_free_day_the_last_school_day_comes_first(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await close_school(world, MONDAY, MONDAY, "Planleggingsdag")
    await open_kind(kari, RemarkKind.BOOKS)
    await tap(kari, "Noah Berg")
    assert await remarks(world) == [("Noah Berg", FRIDAY.isoformat(), "books")]


async def test_a_double_tap_on_one_button_is_one_tap(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await open_kind(kari, RemarkKind.LUNCH)
    screen = kari.phone.last
    data = next(b.data for row in screen.buttons for b in row if b.text == "Noah Berg")
    assert data is not None
    for _ in range(2):
        await kari.phone.tap_data(data, screen)
    await world.idle()
    assert len(await remarks(world)) == 1


async def test_two_teachers_of_a_class_share_what_is_noted(world: World) -> None:
    kari, nina = world.actor("Kari Nordmann"), world.actor("Nina Sørli")
    await open_kind(kari, RemarkKind.BOOKS)
    await write(nina, "/remarks")
    await nina.sees(nina.say("In which class?"))
    await tap(nina, "5A")
    await tap(nina, nina.say(REMARK_NAMES[RemarkKind.BOOKS]))
    await tap(nina, "Noah Berg")
    await tap(kari, "Noah Berg")
    assert len(await remarks(world)) == 1
    assert "✅ Noah Berg" in labels(kari.phone.last)


async def test_a_large_class_is_paged(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    [(count,)] = await world.rows(
        "SELECT count(*) FROM pupil p JOIN school_class c ON c.id = p.class_id WHERE c.name = '5A' AND left_at IS NULL"
    )
    assert count > 16
    await open_kind(kari, RemarkKind.CLOTHES)
    first = {label for label in labels(kari.phone.last) if " " in label and not label.startswith(("◀", "☰", "▶"))}
    assert len(first) == 16
    await tap(kari, "▶️")
    second = {label for label in labels(kari.phone.last) if not label.startswith(("◀", "☰", "▶"))}
    assert len(second) == min(16, count - 16)
    assert not first & second
    chosen = min(second)
    await tap(kari, chosen)
    assert f"✅ {chosen}" in labels(kari.phone.last), "the page stays open"


async def test_only_today_and_the_school_day_before_can_be_noted(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    class_5a, noah = await class_id(world, "5A"), await pupil_id(world, "Noah Berg")
    await write(kari, "/remarks")
    for day in (date(2026, 11, 19), date(2026, 11, 24), date(2026, 11, 22)):
        stale = RemarkTap(RemarkStep.NOTE, class_5a, day.toordinal(), RemarkKind.LUNCH, noah)
        result = await forge(kari, stale.pack())
        assert _bare(kari.say(RemarkDayOver.sentence)) in _bare(f"{result.text or ''}{kari.screen()}")
    assert await remarks(world) == []


@pytest.mark.parametrize("name", ["Tom Eide", "Ingrid Berg", "Yusuf Rahman"])
async def test_others_than_the_class_teachers_note_and_see_nothing(world: World, name: str) -> None:
    other = world.actor(name)
    await promised(world)
    class_5a, noah = await class_id(world, "5A"), await pupil_id(world, "Noah Berg")
    await noted(world, "Ali Haddad", MONDAY, RemarkKind.LUNCH)
    await write(other, "/menu")
    for data in (
        RemarkTap(RemarkStep.NOTE, class_5a, MONDAY.toordinal(), RemarkKind.LUNCH, noah).pack(),
        RemarkClass(class_5a).pack(),
        RemarkTap(RemarkStep.SHOW, class_5a, MONDAY.toordinal(), RemarkKind.LUNCH).pack(),
    ):
        result = await forge(other, data)
        assert _bare(other.say(NOT_HERE)) in _bare(f"{result.text or ''}{other.screen()}")
    other.sees_not("Ali Haddad")
    assert [pupil for pupil, _, _ in await remarks(world)] == ["Ali Haddad"]


async def test_a_pupil_of_another_class_is_not_noted_through_ones_own(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    class_5a, jan = await class_id(world, "5A"), await pupil_id(world, "Jan Kowalski")
    await write(kari, "/remarks")
    await forge(kari, RemarkTap(RemarkStep.NOTE, class_5a, MONDAY.toordinal(), RemarkKind.LUNCH, jan).pack())
    assert await remarks(world) == []
