"""The routers in their order. A handler parses, calls one action, returns one screen."""

from __future__ import annotations

from aiogram import Router

from handlers import (
    absence,
    absence_spoken,
    boards,
    bookings,
    calendar,
    calm,
    care,
    checkins,
    compose,
    conferences,
    consents,
    conversations,
    entry,
    event_boards,
    events,
    fallback,
    followup,
    inquiries,
    interpreters,
    invitations,
    leave,
    meetings,
    menu,
    monthly,
    notices,
    overview,
    patterns,
    phrases,
    points,
    polls,
    praise,
    remarks,
    safety,
    talks,
    threads,
    today,
    translations,
)
from handlers.routing import narrow


def routers() -> list[Router]:
    """Return one router anew with every handler in its order; the first that matches wins.

    One, because aiogram asks each router it knows about each update, and asking costs more than most handlers; and
    asked are only those that it can be for (`handlers.routing`).
    Anew, because a router has one parent for life, and two apps may run in one process; the handlers themselves
    hold no state and are shared.

    Strangers come first, so that nothing after them has to think of them. Commands and words leave any open
    question, so the menu stands before what takes free text; texts that nothing asked for come last.
    """
    every = Router(name="every")
    for router in _ORDER:
        for event, observer in router.observers.items():
            every.observers[event].handlers.extend(observer.handlers)
    narrow(every)
    return [every]


_ORDER = (
    entry.router,
    entry.stranger,
    interpreters.gate,
    notices.router,
    menu.router,
    absence.router,
    overview.router,
    followup.router,
    calm.router,
    safety.router,
    praise.router,
    remarks.router,
    patterns.router,
    monthly.router,
    leave.router,
    conferences.router,
    bookings.router,
    meetings.router,
    calendar.router,
    invitations.router,
    events.router,
    event_boards.router,
    checkins.router,
    polls.router,
    talks.router,
    points.router,
    today.router,
    translations.router,
    inquiries.router,
    boards.router,
    conversations.router,
    consents.router,
    interpreters.router,
    threads.router,
    phrases.router,
    compose.router,
    care.router,
    absence_spoken.router,
    threads.unasked,
    fallback.router,
)
