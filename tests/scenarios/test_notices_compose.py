"""Writing a notice by taps and short texts: every kind, in every language, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date

import pytest

from bot.domain.notices import FieldType, Item, NoticeKind, field_named
from bot.i18n import Texts, languages, texts
from bot.i18n.words import FIELD_NAMES, FIELD_SIGNS, ITEM_NAMES, KIND_NAMES, KIND_SIGNS, language_name
from tests.scenarios.notices_steps import begin, draft, holding, labels, pick_kind, send_now, speak, stored, tap, write
from tests.scenarios.world import Actor, World

NOT_TRANSLATED = "🌐 <i>Written in {language}, not translated yet.</i>"
LANGUAGES = ["nb", "en", "pl", "ar"]
TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)
EASY = "Vi drar på tur i morgen. Ta med mat. Ta på gode sko. Vi er ute hele dagen. Ha det fint."
NEWSPAPER = (
    "I morgen drar hele klassen på en lang tur til skogen, og vi kommer hjem igjen etter at den vanlige skoledagen er "
    "ferdig. Husk derfor å gi beskjed til besteforeldre eller andre som henter barnet ditt etterpå."
)
OFFICIAL = (
    "Foresatte oppfordres herved til å gjøre seg kjent med kommunens reviderte retningslinjer vedrørende "
    "skolemiljøet, herunder dokumentasjonsplikten, aktivitetsplikten og klageadgangen."
)
Step = str | Callable[[Actor], str]
"""A button's English label, or how the person's own label is made; a text to write begins with "> "."""


def day(value: date) -> Step:
    return lambda actor: actor.tr.short_day(value)


STORIES: dict[NoticeKind, tuple[list[Step], dict[str, object]]] = {
    NoticeKind.GENERAL: (["> Ordet er fritt."], {}),
    NoticeKind.OUTDOOR: (
        [day(TUESDAY), "08:30", "14:00", "> Øvresetertjern", "packed lunch", "rain clothes", "Done", "> Kle deg godt."],
        {
            "date": "2026-11-24",
            "meet": "08:30",
            "back": "14:00",
            "place": "Øvresetertjern",
            "bring": ["lunch", "rain_clothes"],
        },
    ),
    NoticeKind.EQUIPMENT: (
        ["More", "skis", "More", "More", "water bottle", "Done", "> 25.11", "Without text"],
        {"bring": ["water", "skis"], "date": "2026-11-25"},
    ),
    NoticeKind.MEETING: (
        [day(WEDNESDAY), "> kl. 18", "Skip", "Without text"],
        {"date": "2026-11-25", "time": "18:00", "place": None},
    ),
    NoticeKind.WEEKPLAN: (["49", "> Matte og svømming."], {"week": "2026-W49"}),
    NoticeKind.LETTER: (
        [day(TUESDAY), "> 2026-11-30", "> Skjemaet ligger i sekken."],
        {"date": "2026-11-24", "return_by": "2026-11-30"},
    ),
    NoticeKind.CLOSED: ([day(TUESDAY), "10:00", "Without text"], {"date": "2026-11-24", "opens": "10:00"}),
    NoticeKind.URGENT: (["> Bussen er forsinket."], {}),
}
TO_ONE_HOME: dict[NoticeKind, tuple[list[Step], dict[str, object]]] = {
    NoticeKind.PRAISE: (["Without text"], {}),
    NoticeKind.INCIDENT: (
        [day(date(2026, 11, 23)), "> 11.45", "> Et skrubbsår på kneet."],
        {"date": "2026-11-23", "time": "11:45"},
    ),
}


async def follow(teacher: Actor, steps: Iterable[Step]) -> None:
    for step in steps:
        if callable(step):
            await tap(teacher, step(teacher))
        elif step.startswith("> "):
            await write(teacher, step[2:])
        else:
            await tap(teacher, teacher.say(step))


def lines(kind: NoticeKind, values: dict[str, object], tr: Texts) -> list[str]:
    """What must stand in the message of a reader of `tr`."""
    found = [f"{KIND_SIGNS[kind]} {tr.gettext(KIND_NAMES[kind])}"]
    for name, value in values.items():
        rule = field_named(kind, name)
        assert rule is not None
        if isinstance(value, list):
            shown = str(tr.list(tr.gettext(ITEM_NAMES[Item(item)]) for item in value))
        elif rule.type is FieldType.DATE:
            shown = tr.day(date.fromisoformat(str(value)))
        elif rule.type is FieldType.WEEK:
            shown = str(tr.gettext("{number}, from {monday}", number=49, monday=date(2026, 11, 30)))
        else:
            shown = str(value)
        if value is not None:
            found.append(f"{FIELD_SIGNS[name]} {tr.gettext(FIELD_NAMES[name])}: {shown}")
    return found


def sees_all(reader: Actor, kind: NoticeKind, wanted: list[str]) -> None:
    [message] = [m for m in holding(reader, wanted[0]) if not any("👥" in label for label in labels(m))][-1:]
    for line in wanted:
        assert message in holding(reader, line), f"{reader.known.name} misses {line!r}\n{reader.screen()}"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_kind_is_written_step_by_step_in_the_teachers_own_language(world: World, language: str) -> None:
    kari = await speak(world.actor("Kari Nordmann"), language)
    for kind, (steps, values) in STORIES.items():
        await begin(kari, "5A", kind)
        await follow(kari, steps)
        sees_all(kari, kind, lines(kind, values, kari.tr))
        await tap(kari, kari.say("Discard"))


async def test_every_kind_is_read_exactly_in_each_homes_language(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    homes = [world.actor(name) for name in ("Ingrid Berg", "James Miller", "Piotr Kowalski", "Amina Haddad")]
    assert [home.language for home in homes] == LANGUAGES
    for kind, (steps, _) in STORIES.items():
        await begin(kari, "5A", kind)
        await follow(kari, steps)
        await tap(kari, kari.say("Send now"))
    await world.forward(seconds=21)
    for home in homes:
        for kind, (steps, values) in STORIES.items():
            wanted = lines(kind, values, home.tr)
            if str(steps[-1]).startswith("> "):
                wanted.append(str(steps[-1])[2:])
                if home.language != "nb":
                    mark = home.say(NOT_TRANSLATED, language=language_name("nb", home.tr))
                    wanted.append(re.sub("</?i>", "", mark))
            sees_all(home, kind, wanted)
    kinds = await stored(world, "kind FROM notice WHERE state = 'sent' ORDER BY id")
    assert [NoticeKind(str(row[0])) for row in kinds] == list(STORIES)


@pytest.mark.parametrize(
    ("language", "pupil", "home"),
    [
        ("nb", "Ali Haddad", "Amina Haddad"),
        ("en", "Zofia Kowalska", "Anna Kowalska"),
        ("pl", "Sara Miller", "James Miller"),
        ("ar", "Noah Berg", "Lars Berg"),
    ],
)
async def test_praise_and_an_incident_go_to_one_home_in_its_language(
    world: World, language: str, pupil: str, home: str
) -> None:
    kari, reader = await speak(world.actor("Kari Nordmann"), language), world.actor(home)
    for kind, (steps, values) in TO_ONE_HOME.items():
        await begin(kari, f"5A, {pupil}", kind)
        await follow(kari, steps)
        await send_now(kari)
        sees_all(reader, kind, lines(kind, values, reader.tr))
    assert holding(reader, reader.say("{author} wants you to know that it goes well.", author="Kari Nordmann"))
    assert holding(
        reader, reader.say("From {author}, about {children}", author="Kari Nordmann", children=pupil.partition(" ")[0])
    )


async def test_a_day_without_an_opening_time_is_said_to_be_closed(world: World) -> None:
    kari, piotr = world.actor("Kari Nordmann"), world.actor("Piotr Kowalski")
    await begin(kari, "5A", NoticeKind.CLOSED)
    await follow(kari, [day(TUESDAY), "Skip", "Without text"])
    await send_now(kari)
    closed = piotr.say("The school is <b>closed</b> that day.").replace("<b>", "").replace("</b>", "")
    await piotr.sees(closed)
    piotr.sees_not(piotr.say(FIELD_NAMES["opens"]))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_preview_shows_what_a_home_of_each_language_will_read(world: World, language: str) -> None:
    kari = await speak(world.actor("Kari Nordmann"), language)
    await begin(kari, "5A", NoticeKind.OUTDOOR)
    await follow(kari, STORIES[NoticeKind.OUTDOOR][0])
    values = STORIES[NoticeKind.OUTDOOR][1]
    for other in sorted(set(LANGUAGES) - {language}):
        name = languages()[other].name
        await tap(kari, f"👁 {name}")
        shown = kari.phone.last
        head = kari.say("👁 <b>This is how it reads in {language}</b>", language=name)
        assert shown in holding(kari, head.replace("<b>", "").replace("</b>", ""))
        for line in [*lines(NoticeKind.OUTDOOR, values, texts(other).plain), "Kle deg godt."]:
            assert shown in holding(kari, line), kari.screen()
        await tap(kari, kari.say("Back"))
    await kari.sees_button(kari.say("Send now"))
    assert not any(languages()[language].name in label for label in labels(kari.phone.last)), (
        "the own one is no preview"
    )


async def test_the_overview_says_how_hard_the_text_reads(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await begin(kari)
    for text, sign in ((EASY, "🟢"), (NEWSPAPER, "🟡"), (OFFICIAL, "🔴"), ("Husk mat.", "")):
        await write(kari, text)
        assert [s for s in "🟢🟡🔴" if s in kari.phone.last.text] == list(sign), kari.screen()


async def test_a_text_that_is_too_long_is_refused_with_its_length_and_the_next_one_is_taken(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await begin(kari)
    await write(kari, "x" * 2001)
    too_long = "That is {length} characters; {limit} fit. Make it shorter and send it again."
    await kari.sees(kari.say(too_long, length=2001, limit=2000))
    assert await stored(world, "text FROM notice") == [("",)]
    await write(kari, "y" * 2000)
    assert await stored(world, "text FROM notice") == [("y" * 2000,)]
    await send_now(kari)
    await world.actor("Amina Haddad").sees("y" * 2000)


REFUSED: list[tuple[NoticeKind, list[Step], str, str, dict[str, object]]] = [
    (
        NoticeKind.EQUIPMENT,
        [],
        "skis",
        "Tap the things to bring. Something else can stand in the text that comes next.",
        {},
    ),
    (
        NoticeKind.EQUIPMENT,
        ["packed lunch", "Done"],
        "next Friday",
        "I could not read that as a date. Write it in numbers, for example {example}.",
        {"example": "30.11"},
    ),
    (
        NoticeKind.LETTER,
        [],
        "20.11",
        "{day} is over. Choose a day from today on.",
        {"day": date(2026, 11, 20)},
    ),
    (
        NoticeKind.MEETING,
        [day(TUESDAY)],
        "25:00",
        "I could not read that as a time. Write it like 08:30.",
        {},
    ),
    (
        NoticeKind.MEETING,
        ["> 18"],
        "s" * 121,
        "That is {length} characters; {limit} fit. Make it shorter and send it again.",
        {"length": 121, "limit": 120},
    ),
    (
        NoticeKind.WEEKPLAN,
        [],
        "54",
        "I could not read that as a week. Write its number, for example {example}.",
        {"example": "48"},
    ),
]


async def test_what_does_not_fit_the_question_is_refused_with_how_it_should_look(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await begin(kari, "5A", NoticeKind.GENERAL)
    for kind, before, typed, sentence, fields in REFUSED:
        await write(kari, "/new")
        if not before or kind is not NoticeKind.MEETING or callable(before[0]):
            await tap(kari, kari.say("Discard"))
            await begin(kari, "5A", kind)
        await follow(kari, before)
        known = await stored(world, '"values", version FROM notice ORDER BY id DESC LIMIT 1')
        await write(kari, typed)
        assert kari.phone.last in holding(kari, kari.say(sentence, **fields)), kari.screen()
        assert await stored(world, '"values", version FROM notice ORDER BY id DESC LIMIT 1') == known


async def test_an_incident_tells_of_a_day_that_is_over_and_not_of_one_to_come(world: World) -> None:
    kari, ingrid = world.actor("Kari Nordmann"), world.actor("Ingrid Berg")
    await begin(kari, "5A, Noah Berg", NoticeKind.INCIDENT)
    await write(kari, "24.11")
    await kari.sees(kari.say("{day} has not come yet. Choose the day on which it happened.", day=TUESDAY))
    await write(kari, "20.11")
    await follow(kari, ["Skip", "> Et skrubbsår."])
    await send_now(kari)
    await ingrid.sees(ingrid.tr.day(date(2026, 11, 20)))


async def test_a_kind_that_needs_words_offers_no_way_around_them(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await begin(kari, "5A", NoticeKind.URGENT)
    assert labels(kari.phone.last) == [f"📖 {kari.say('Ready sentences')}", f"🗑 {kari.say('Discard')}"]


async def test_nothing_ticked_is_no_answer_to_what_to_bring(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await begin(kari, "5A", NoticeKind.EQUIPMENT)
    await tap(kari, kari.say("packed lunch"))
    await tap(kari, kari.say("packed lunch"))
    result = await tap(kari, kari.say("Done"))
    assert result.text == kari.say("Tap the things to bring. Something else can stand in the text that comes next.")
    await kari.sees_button(kari.say("packed lunch"))


async def test_each_part_can_be_changed_and_the_rest_stays(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await begin(kari, "5A", NoticeKind.MEETING)
    await follow(kari, [day(TUESDAY), "18:00", "Skip", "> Velkommen!"])
    await follow(kari, ["Change", FIELD_NAMES["place"], "> Gymsalen"])
    sees_all(kari, NoticeKind.MEETING, [*lines(NoticeKind.MEETING, {"place": "Gymsalen"}, kari.tr), "Velkommen!"])
    await follow(kari, ["Change", "Text", "> Hjertelig velkommen!"])
    await follow(kari, ["Change", "Kind"])
    await pick_kind(kari, NoticeKind.CLOSED)
    await follow(kari, ["10:00"])
    values: dict[str, object] = {"date": "2026-11-24", "opens": "10:00"}
    sees_all(kari, NoticeKind.CLOSED, [*lines(NoticeKind.CLOSED, values, kari.tr), "Hjertelig velkommen!"])
    assert not holding(kari, "Gymsalen")


async def test_while_the_overview_is_open_a_new_text_replaces_the_old_one(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await draft(kari, "Husk mat.")
    await write(kari, "Husk mat og drikke.")
    assert await stored(world, "text, state FROM notice") == [("Husk mat og drikke.", "draft")]
    assert kari.phone.last in holding(kari, "Husk mat og drikke.")


async def test_a_discarded_draft_sends_nothing_and_the_next_message_begins_empty(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await draft(kari, "Husk mat.")
    await tap(kari, kari.say("Discard"))
    await kari.sees(kari.say("🗑 Discarded. Nothing was sent."))
    await write(kari, "/new")
    await kari.sees(kari.say("Who is the message for?"))
    await world.forward(hours=1)
    assert await stored(world, "count(*) FROM outgoing") == [(0,)]


async def test_a_draft_that_was_left_goes_on_where_it_was(world: World) -> None:
    kari = world.actor("Kari Nordmann")
    await begin(kari, "5A", NoticeKind.OUTDOOR)
    await tap(kari, kari.tr.short_day(TUESDAY))
    await write(kari, "/menu")
    await write(kari, "/new")
    await tap(kari, "08:30")
    [(values,)] = await stored(world, '"values" FROM notice')
    assert "08:30" in str(values)
    assert "2026-11-24" in str(values)
