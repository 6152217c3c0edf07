"""A school of any size in a database, as it stands after notices have gone out, and taps on those notices."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from time import time
from typing import Any

import sqlalchemy as sa

from bot.actions.notices.render import answer_buttons
from bot.domain.messages import Rows
from bot.domain.notices import Answer, AudienceKind, NoticeKind, NoticeState
from bot.domain.outgoing import Lane, OutgoingKind, OutgoingState
from bot.domain.people import Relation, Role
from bot.domain.school import School
from bot.domain.taps import AnswerNotice
from bot.i18n import texts
from storage import migrate
from storage.models import (
    Account,
    ClassStaff,
    Delivery,
    Guardianship,
    Notice,
    Outgoing,
    Person,
    Pupil,
    SchoolClass,
    StaffRole,
)
from storage.session import Database, UnitOfWork
from storage.sql import insert_many, table

TEACHER = 1
"""The person who sends the notices; everybody after her is a guardian."""
ADDRESS = 1_000_000
"""A person's Telegram id is this plus the person's id."""
CLASS_SIZE = 25
LANGUAGES = ("nb", "pl", "ar", "en")


@dataclass(frozen=True, slots=True)
class Size:
    """How many homes there are, and how many notices each of them has got and not answered."""

    homes: int
    notices: int = 0


async def make_school(url: str, size: Size) -> None:
    """Migrate the database and fill it."""
    await migrate.run(url)
    database = Database(url, now=_now, school=School(name="Solbakken skole"))
    try:
        async with database.unit_of_work() as uow:
            await _people(uow, size)
            for number in range(1, size.notices + 1):
                await _notice(uow, size, number)
            await _count_on(uow)
            await uow.commit()
    finally:
        await database.close()


async def schedule_notice(url: str, text: str = "Tomorrow we go out. Bring warm clothes.") -> None:
    """Let one notice to the whole school become due now, as when its time of grace has passed."""
    database = Database(url, now=_now, school=School(name="Solbakken skole"))
    try:
        async with database.unit_of_work() as uow:
            await insert_many(
                uow, Notice, [{**_written(uow), "text": text, "state": NoticeState.SCHEDULED, "send_at": uow.now}]
            )
            await uow.commit()
    finally:
        await database.close()


def taps(size: Size, notice: int, first_update: int) -> Iterator[bytes]:
    """Return the updates of every home tapping "Understood" under a notice, as Telegram posts them."""
    tr = texts("nb")
    for home in range(size.homes):
        person = TEACHER + 1 + home
        delivery = (notice - 1) * size.homes + home + 1
        user = {"id": ADDRESS + person, "is_bot": False, "first_name": f"Guardian {home}", "language_code": "nb"}
        yield json.dumps(
            {
                "update_id": first_update + home,
                "callback_query": {
                    "id": str(10**15 + first_update + home),
                    "from": user,
                    "chat_instance": "1",
                    "data": AnswerNotice(delivery, Answer.UNDERSTOOD, 1).pack(),
                    "message": {
                        "message_id": delivery,
                        "from": {"id": 123456, "is_bot": True, "first_name": "Bench", "username": "bench_bot"},
                        "chat": {"id": ADDRESS + person, "type": "private", "first_name": f"Guardian {home}"},
                        "date": int(time()) - 60,
                        "text": "📣 General information · 1A\nFrom Kari Nordmann, about Ola\n\nTomorrow we go out.",
                        "entities": [{"type": "bold", "offset": 0, "length": 22}],
                        "reply_markup": {"inline_keyboard": _as_telegram(answer_buttons(tr, delivery, 1, answer=None))},
                    },
                },
            },
            ensure_ascii=False,
        ).encode()


def messages(count: int, first_update: int) -> Iterator[bytes]:
    """Return as many short text messages of different people, for the bots that echo."""
    for number in range(count):
        user = {"id": ADDRESS + number, "is_bot": False, "first_name": f"Guardian {number}", "language_code": "nb"}
        yield json.dumps(
            {
                "update_id": first_update + number,
                "message": {
                    "message_id": first_update + number,
                    "from": user,
                    "chat": {"id": ADDRESS + number, "type": "private", "first_name": f"Guardian {number}"},
                    "date": int(time()),
                    "text": "Understood",
                },
            }
        ).encode()


def _as_telegram(buttons: Rows) -> list[list[dict[str, str]]]:
    return [[{"text": button.label, "callback_data": button.tap} for button in row] for row in buttons]


def _now() -> datetime:
    return datetime.fromtimestamp(time(), UTC)


async def _count_on(uow: UnitOfWork) -> None:
    """Let PostgreSQL number new rows after those that were given numbers here."""
    if uow.sqlite:
        return
    for model in (Notice, Outgoing, Delivery):
        name = table(model).name
        await uow.execute(
            sa.text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), coalesce(max(id), 0) + 1) FROM {name}")
        )


async def _people(uow: UnitOfWork, size: Size) -> None:
    homes = range(TEACHER + 1, TEACHER + 1 + size.homes)
    classes = range(1, size.homes // CLASS_SIZE + 2)
    everybody = [TEACHER, *homes]
    await insert_many(uow, Person, [_person(uow, person) for person in everybody])
    await insert_many(
        uow,
        Account,
        [{"id": p, "person_id": p, "address": ADDRESS + p, "reachable": True, "linked_at": uow.now} for p in everybody],
    )
    await insert_many(uow, StaffRole, [{"person_id": TEACHER, "role": role} for role in (Role.PRINCIPAL,)])
    await insert_many(uow, SchoolClass, [{"id": c, "name": f"{c}A", "grade": 1 + c % 10} for c in classes])
    await insert_many(uow, ClassStaff, [{"class_id": c, "person_id": TEACHER, "is_contact": True} for c in classes])
    born = date(uow.today.year - 10, 1, 1)
    await insert_many(
        uow,
        Pupil,
        [
            {
                "id": home,
                "name": f"Ola Nordmann {home}",
                "birth_date": born + timedelta(days=home % 300),
                "class_id": 1 + (home - TEACHER - 1) // CLASS_SIZE,
            }
            for home in homes
        ],
    )
    await insert_many(
        uow,
        Guardianship,
        [{"pupil_id": h, "person_id": h, "relation": Relation.MOTHER, "blocked": False} for h in homes],
    )


def _person(uow: UnitOfWork, person: int) -> dict[str, Any]:
    return {
        "id": person,
        "roster_key": f"bench:{person}",
        "name": "Kari Nordmann" if person == TEACHER else f"Guardian {person}",
        "language": LANGUAGES[person % len(LANGUAGES)],
        "spoken_languages": "",
        "welcomed_at": uow.now,
        "created_at": uow.now,
    }


def _written(uow: UnitOfWork) -> dict[str, Any]:
    return {
        "author_id": TEACHER,
        "kind": NoticeKind.URGENT,  # no quiet hours: the benchmark runs at any time of day
        "values": {},
        "text": "Tomorrow we go out. Bring warm clothes.",
        "text_language": "nb",
        "audience": AudienceKind.SCHOOL,
        "audience_ids": [],
        "version": 1,
        "revision": 1,
        "reminders": 0,
        "created_at": uow.now,
    }


async def _notice(uow: UnitOfWork, size: Size, number: int) -> None:
    """A notice that has reached everybody, with the author's status screen."""
    first = (number - 1) * (size.homes + 1)
    board = first + 1
    sent = {
        "lane": int(Lane.BULK),
        "payload": {"text": "."},
        "state": OutgoingState.SENT,
        "attempts": 1,
        "about": "notice",
        "about_id": number,
        "created_at": uow.now,
        "due_at": uow.now,
        "settled_at": uow.now,
    }
    deliveries = [((number - 1) * size.homes + home + 1, TEACHER + 1 + home) for home in range(size.homes)]
    rows = [{**sent, "id": board, "recipient_id": TEACHER, "kind": OutgoingKind.REPORT, "message_id": board}]
    rows += [
        {**sent, "id": board + i, "recipient_id": person, "kind": OutgoingKind.NOTICE, "message_id": delivery}
        for i, (delivery, person) in enumerate(deliveries, start=1)
    ]
    await insert_many(uow, Outgoing, rows)
    await insert_many(
        uow,
        Notice,
        [{**_written(uow), "id": number, "state": NoticeState.SENT, "sent_at": uow.now, "board_id": board}],
    )
    await insert_many(
        uow,
        Delivery,
        [
            {
                "id": delivery,
                "notice_id": number,
                "person_id": person,
                "pupil_ids": [person],
                "language": LANGUAGES[person % len(LANGUAGES)],
                "outgoing_id": board + i,
                "answered_revision": 0,
            }
            for i, (delivery, person) in enumerate(deliveries, start=1)
        ],
    )
