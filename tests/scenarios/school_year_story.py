"""What the people of 5A do in their school year, each on its day; what others get stands in the expectation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime

from bot.actions.calendar_import import apply_calendar, plan_calendar
from bot.actions.year.imports import apply_dates, plan_dates, read_dates
from bot.domain.calendar_file import read_calendar
from bot.domain.conferences import PointOwner
from bot.domain.event_taps import EventView
from bot.domain.events import EventAnswer, EventKind
from bot.domain.year_plan import DEFAULT_SOURCE
from bot.i18n.event_words import EVENT_NAMES
from tests.conftest import EXAMPLE
from tests.scenarios.conference_steps import INVITE, begin_round, book_label
from tests.scenarios.events_steps import call_meeting, look
from tests.scenarios.notices_steps import holding, tap, write
from tests.scenarios.polls_steps import answer as vote
from tests.scenarios.polls_steps import ask
from tests.scenarios.slip_steps import answer_label
from tests.scenarios.talks_steps import agree, begin_summary, send_it
from tests.scenarios.world import OSLO, Actor, World

POLL = "Skal vi ha juleverksted?"
AGREED = "Leser ti minutter hver kveld"

Act = Callable[["Story"], Awaitable[tuple[str, ...]]]
"""Something that people do; it returns the names of those who did it, whose own screens are no news to them."""


class Story:
    """The year's people and what they have begun."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.kari = world.actor("Kari Nordmann")
        self.amina, self.piotr, self.ingrid = (
            world.actor(name) for name in ("Amina Haddad", "Piotr Kowalski", "Ingrid Berg")
        )
        self.meeting = self.evening = 0


async def office_imports(story: Story) -> tuple[str, ...]:
    """The office brings in the days off and the year wheel, as `skolebud calendar` and `skolebud year` do."""
    world = story.world
    async with world.unit_of_work() as uow:
        wanted = read_calendar((EXAMPLE / "calendar.csv").read_bytes())
        await apply_calendar(uow, None, wanted, await plan_calendar(uow, wanted))
    async with world.unit_of_work() as uow:
        found = await read_dates(uow, (EXAMPLE / "year.csv").read_bytes(), ics=False)
        plan = await plan_dates(uow, DEFAULT_SOURCE, found.dates)
    async with world.unit_of_work() as uow:
        await apply_dates(uow, None, DEFAULT_SOURCE, found.dates, plan)
    await world.idle()
    return ()


async def call_parents_meeting(story: Story) -> tuple[str, ...]:
    """Kari calls the parents' meeting for 3 September."""
    story.meeting = await call_meeting(story.kari, day="3.9", place="Rom 12", answer_by="31.8")
    return (story.kari.known.name,)


async def answer_invitation(story: Story) -> tuple[str, ...]:
    """Three homes answer; Piotr cannot come and would like the summary."""
    for home, what in (
        (story.amina, EventAnswer.COMING),
        (story.piotr, EventAnswer.NOT_COMING),
        (story.ingrid, EventAnswer.COMING),
    ):
        [invited] = holding(home, "Rom 12")
        await tap(home, answer_label(home, what), invited)
    await tap(story.piotr, story.piotr.say("Send me the summary"))
    return story.amina.known.name, story.piotr.known.name, story.ingrid.known.name


async def move_parents_meeting(story: Story) -> tuple[str, ...]:
    """The room is taken on the third: it becomes the second."""
    await _change(story.kari, story.meeting, "Day", "2.9")
    return (story.kari.known.name,)


async def confirm_answers(story: Story) -> tuple[str, ...]:
    """The three say that their answers still hold."""
    for home in (story.amina, story.piotr, story.ingrid):
        [told] = holding(home, home.say("Something has changed."))
        await tap(home, home.say("Still the same"), told)
    return story.amina.known.name, story.piotr.known.name, story.ingrid.known.name


async def _change(organiser: Actor, event_id: int, field: str, value: str) -> None:
    await look(organiser, event_id, EventView.CHANGE)
    await tap(organiser, organiser.say(field))
    await write(organiser, value)
    await tap(organiser, organiser.say("Change it and tell everyone"))


async def sum_up_parents_meeting(story: Story) -> tuple[str, ...]:
    """Kari sends the summary to who asked for it."""
    await look(story.kari, story.meeting, EventView.SUMMARY)
    await write(story.kari, "Vi snakket om skolemiljøet og valgte foreldrekontakt.")
    await tap(story.kari, story.kari.tr.ngettext("Send to {n} who asked for it", "Send to {n} who asked for it", 1))
    return (story.kari.known.name,)


def lay_out_conferences(day: date) -> Act:
    """Kari offers times on one day, 13:00 to 15:00, and invites."""

    async def act(story: Story) -> tuple[str, ...]:
        kari = story.kari
        await begin_round(kari)
        await tap(kari, kari.say("Choose a day"))
        while not kari.has_button(kari.tr.short_day(day), last=1):
            await tap(kari, "▶️")
        for label in (kari.tr.short_day(day), "13:00", "15:00", INVITE, kari.say("Send the invitation")):
            await tap(kari, label)
        return (kari.known.name,)

    return act


def book_talks(day: date) -> Act:
    """Amina books with an interpreter, Piotr and Ingrid without."""

    async def act(story: Story) -> tuple[str, ...]:
        homes = ((story.amina, "13:00", True), (story.piotr, "13:50", False), (story.ingrid, "14:15", False))
        for home, clock, interpreter in homes:
            invited = holding(home, home.say(EVENT_NAMES[EventKind.CONFERENCE]))[-1]
            await tap(home, home.tr.short_day(day), invited)
            if home is story.piotr:
                await tap(home, home.say("Without an interpreter"))
            for label in (clock, book_label(home, interpreter=interpreter)):
                await tap(home, label)
        return tuple(home.known.name for home, _, _ in homes)

    return act


async def write_up_talk(story: Story) -> tuple[str, ...]:
    """Kari writes up the talk about Ali, with one thing that the home does within some weeks; Amina confirms."""
    kari, amina = story.kari, story.amina
    await begin_summary(kari, "Ali Haddad")
    await write(kari, "Ali trives og vil lese mer.")
    await agree(kari, PointOwner.HOME, AGREED, 1)
    await send_it(kari)
    await tap(amina, amina.say("Yes, that is what we agreed"), holding(amina, AGREED)[-1])
    return (kari.known.name,)


async def finish_point(story: Story) -> tuple[str, ...]:
    """Amina taps that it is done."""
    label = story.amina.say("Done: {what}", what="")
    await tap(story.amina, label.strip(), holding(story.amina, AGREED)[-1])
    return (story.amina.known.name,)


async def ask_homes(story: Story) -> tuple[str, ...]:
    """Kari asks an anonymous question; Ingrid and Amina answer."""
    await ask(story.kari, POLL, day="4.12")
    for home in (story.ingrid, story.amina):
        await vote(home, POLL, home.say("Yes"))
    return story.kari.known.name, story.ingrid.known.name, story.amina.known.name


async def call_social_evening(story: Story) -> tuple[str, ...]:
    """Kari calls a social evening for 21 January."""
    story.evening = await call_meeting(
        story.kari, kind=EventKind.SOCIAL, title="Spillkveld", day="21.1", place="Kantina", agenda="", childcare=None
    )
    return (story.kari.known.name,)


async def cancel_social_evening(story: Story) -> tuple[str, ...]:
    """It falls through: nobody is reminded of it."""
    await look(story.kari, story.evening, EventView.CANCEL)
    await tap(story.kari, story.kari.say("Yes, cancel it"))
    return (story.kari.known.name,)


AUTUMN, SPRING = date(2026, 11, 3), date(2027, 3, 16)

ACTS: tuple[tuple[datetime, Act], ...] = tuple(
    (datetime(*when, tzinfo=OSLO), act)
    for when, act in (
        ((2026, 8, 12, 10, 0), office_imports),
        ((2026, 8, 24, 10, 0), call_parents_meeting),
        ((2026, 8, 24, 10, 5), answer_invitation),
        ((2026, 8, 27, 10, 0), move_parents_meeting),
        ((2026, 8, 27, 10, 5), confirm_answers),
        ((2026, 9, 3, 9, 0), sum_up_parents_meeting),
        ((2026, 10, 19, 10, 0), lay_out_conferences(AUTUMN)),
        ((2026, 10, 19, 10, 5), book_talks(AUTUMN)),
        ((2026, 11, 4, 8, 0), write_up_talk),
        ((2026, 11, 16, 10, 0), finish_point),
        ((2026, 11, 30, 10, 0), ask_homes),
        ((2027, 1, 11, 10, 0), call_social_evening),
        ((2027, 1, 18, 10, 0), cancel_social_evening),
        ((2027, 3, 1, 10, 0), lay_out_conferences(SPRING)),
        ((2027, 3, 1, 10, 5), book_talks(SPRING)),
    )
)
