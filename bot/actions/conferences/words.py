"""Conferences in words and buttons, the same in a message and on a screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from bot.actions.events.render import event_title, when_text
from bot.domain.conference_taps import BookDay, OpenBooking, TalkStep, TalkTap, WaitStep, WaitTap, Wish
from bot.domain.conferences import TAKES_PART_FROM, TalkPlace
from bot.domain.events import EventKind, GenderWish, InterpreterWish
from bot.domain.messages import Button, Rows, rows
from bot.domain.school import School
from bot.i18n import Html, Texts
from bot.i18n.event_words import EVENT_WHYS, GENDER_NAMES, PLACE_NAMES, PLACE_SIGNS
from bot.i18n.words import language_name
from storage.models import Talk

DAYS_IN_INVITATION = 4


def years_old(born: date, on: date) -> int:
    """Return somebody's age on a day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def takes_part(born: date, on: date) -> bool:
    """Tell whether a pupil has the right to take part in the talk."""
    return years_old(born, on) >= TAKES_PART_FROM


def place_text(tr: Texts, place: TalkPlace) -> Html:
    """Return where a talk takes place, with its sign."""
    return Html(f"{PLACE_SIGNS[place]} {tr.gettext(PLACE_NAMES[place])}")


def pupil_text(tr: Texts, child: str, *, with_pupil: bool) -> Html:
    """Return whether the pupil takes part."""
    if with_pupil:
        return tr.gettext("🧒 {child} takes part", child=child)
    return tr.gettext("👤 without {child}", child=child)


def interpreter_text(tr: Texts, talk: Talk) -> Html | None:
    """Return what is wished of an interpreter; None when nobody has said anything."""
    if talk.interpreter is InterpreterWish.NO_THANKS:
        return tr.gettext("🗣 No interpreter")
    if talk.interpreter is not InterpreterWish.WANTED:
        return None
    parts: list[object] = [language_name(talk.interpreter_language, tr)]
    if talk.dialect:
        parts.append(talk.dialect)
    if talk.gender not in {None, GenderWish.ANY}:
        assert talk.gender is not None  # noqa: S101
        parts.append(tr.gettext(GENDER_NAMES[talk.gender]))
    # Translators: {details} is a language, then perhaps a dialect and "a woman" or "a man"
    return tr.gettext("🗣 Interpreter: {details}", details=tr.list(parts))


def time_text(tr: Texts, school: School, starts_at: datetime, ends_at: datetime) -> Html:
    """Return when a talk is, on the school's wall clock."""
    begin, end = school.local(starts_at), school.local(ends_at)
    return when_text(tr, begin.date(), begin.time(), end.time())


def talk_head(tr: Texts, child: str) -> Html:
    """Return the heading of everything about one pupil's talk."""
    return tr.gettext("🗣 <b>Conference about {child}</b>", child=child)


def talk_lines(
    tr: Texts, school: School, talk: Talk, child: str, video_url: str, *, reader_id: int | None
) -> list[Html]:
    """Return a booked talk; the wish for an interpreter for whose it is and the school (None) only (P9)."""
    place = TalkPlace(talk.place)
    lines = [
        Html(f"📅 <b>{time_text(tr, school, talk.starts_at, talk.ends_at)}</b>"),
        place_text(tr, place),
        pupil_text(tr, child, with_pupil=talk.with_pupil),
    ]
    wish = interpreter_text(tr, talk) if reader_id in {None, talk.booked_by} else None
    if wish is not None:
        lines.append(wish)
    if place is TalkPlace.VIDEO and video_url:
        lines.append(Html(f"🔗 {tr.value(video_url)}"))
    return lines


def talk_buttons(tr: Texts, talk: Talk) -> Rows:
    """Return the way from a message to the talk that it is about."""
    assert talk.id is not None  # noqa: S101  (stored)
    return rows([Button("🗣 " + tr.plain.gettext("Look at the talk"), TalkTap(talk.id, 0, TalkStep.SHOW).pack())])


def invitation_text(
    tr: Texts, *, teacher: str, children: Sequence[str], days: Sequence[tuple[date, time, time]], rights: Sequence[str]
) -> Html:
    """Return the invitation to a round; `rights` are the children who have the right to take part."""
    parts = [
        f"<b>{event_title(tr, EventKind.CONFERENCE, '')}</b>\n"
        + tr.gettext("From {author}, about {children}", author=teacher, children=tr.list(children)),
        tr.gettext(EVENT_WHYS[EventKind.CONFERENCE]),
        "\n".join(f"📅 {when_text(tr, *day)}" for day in days),
    ]
    if rights:
        parts.append(right_text(tr, rights))
    parts.append(
        tr.gettext(
            "Choose a time that suits you. You can change it later. An interpreter is free, and your child does not "
            "have to translate."
        )
    )
    return Html("\n\n".join(parts))


def right_text(tr: Texts, children: Sequence[str]) -> Html:
    """Return the right to take part, from twelve years on."""
    return tr.gettext(
        "From {n} years on pupils have the right to take part: {children}.",
        n=TAKES_PART_FROM,
        children=tr.list(children),
    )


def invitation_buttons(tr: Texts, event_id: int, children: Sequence[tuple[int, str]], days: Sequence[date]) -> Rows:
    """Return the ways into booking: a day for an only child, else the child first."""
    if len(children) > 1:
        return rows(*[[Button(f"🗣 {name}", OpenBooking(event_id, pupil).pack())] for pupil, name in children])
    pupil = children[0][0]
    if len(days) > DAYS_IN_INVITATION:
        return rows([Button("📅 " + tr.plain.gettext("Choose a time"), OpenBooking(event_id, pupil).pack())])
    return rows(
        *[
            [Button(f"📅 {tr.short_day(day)}", BookDay(event_id, pupil, day.isoformat(), Wish()).pack())]
            for day in days
        ],
        [none_suits_button(tr, event_id, pupil)],
    )


def none_suits_button(tr: Texts, event_id: int, pupil: int) -> Button:
    """Return the way for a home that finds no time."""
    return Button(
        "🤷 " + tr.plain.gettext("None of these times suits me"), WaitTap(event_id, pupil, WaitStep.JOIN).pack()
    )


def choose_button(tr: Texts, event_id: int, pupil: int) -> Button:
    """Return the way to (another) time."""
    return Button("📅 " + tr.plain.gettext("Choose a time"), OpenBooking(event_id, pupil).pack())
