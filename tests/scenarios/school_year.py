"""A class's school year on a moved clock: who received what, beside a written expectation.

The expectation is a text file, a line for each message:

    2026-08-15 08:30 | 5A | 🔔 … {<b>In {n} days</b>|2} … Første skoledag

`5A` is every guardian of the class who has joined; other people stand by name, separated by commas, those left out
after a "-". What the message holds stands in pieces between "…"; a piece in braces is a sentence of the catalogue in
the reader's own language, after "|" the number of its plural form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.scenarios.world import OSLO, Actor, World, _bare

_TAG = re.compile(r"</?\w+>")
_PLURAL = {"<b>In {n} days</b>": "<b>In {n} day</b>"}
"""Singulars of the plural sentences that the expectation names."""


@dataclass(frozen=True)
class Line:
    """One expected message: when, to whom, and the pieces that it holds."""

    when: datetime
    whom: tuple[str, ...]
    pieces: tuple[str, ...]
    text: str

    def fits(self, actor: Actor, content: str) -> bool:
        """Tell whether a message that `actor` got is this one."""
        bare = _bare(content)
        return all(_bare(said(actor, piece)) in bare for piece in self.pieces)


def said(actor: Actor, piece: str) -> str:
    """Return a piece as this person reads it."""
    if not piece.startswith("{"):
        return piece
    msgid, _, number = piece[1:-1].partition("|")
    text = str(actor.tr.ngettext(_PLURAL[msgid], msgid, int(number))) if number else actor.say(msgid)
    return _TAG.sub("", text)


def read_lines(path: Path, groups: dict[str, Sequence[str]]) -> list[Line]:
    """Return the expectation, by time; "#" begins a remark."""
    lines = []
    for row in path.read_text(encoding="utf-8").splitlines():
        if not row.strip() or row.startswith("#"):
            continue
        when, whom, what = (part.strip() for part in row.split(" | ", 2))
        names = [name.strip() for name in whom.split(",")]
        without = {name.removeprefix("-") for name in names if name.startswith("-")}
        named = [one for name in names if not name.startswith("-") for one in groups.get(name, (name,))]
        people = tuple(one for one in named if one not in without)
        moment = datetime.strptime(when, "%Y-%m-%d %H:%M").replace(tzinfo=OSLO)
        lines.append(Line(moment, people, tuple(piece.strip() for piece in what.split("…")), row))
    return sorted(lines, key=lambda line: line.when)


class Diary:
    """What each person has received since the diary was opened."""

    def __init__(self, world: World, names: Iterable[str]) -> None:
        self.world = world
        self.actors = {name: world.actor(name) for name in names}
        self._seen = {name: self._last(actor) for name, actor in self.actors.items()}
        self.got: list[tuple[datetime, str, str]] = []

    @staticmethod
    def _last(actor: Actor) -> int:
        return max((message.id for message in actor.phone.messages), default=0)

    def skip(self, *names: str) -> None:
        """Leave out what these people have seen by now as an answer to what they did themselves."""
        for name in names:
            self._seen[name] = self._last(self.actors[name])

    def write(self) -> None:
        """Write down what is new, with the time that the school's clock shows."""
        now = self.world.clock.now().astimezone(OSLO).replace(second=0, microsecond=0)
        for name, actor in self.actors.items():
            for message in actor.phone.messages:
                if message.from_bot and message.id > self._seen[name]:
                    self.got.append((now, name, message.content))
            self._seen[name] = self._last(actor)

    def differences(self, expected: Sequence[Line]) -> list[str]:
        """Return what was expected and did not come, and what came and was not expected; nothing when all is well."""
        open_lines = [(line, set(line.whom)) for line in expected]
        wrong = []
        for when, name, content in self.got:
            for line, waiting in open_lines:
                if line.when == when and name in waiting and line.fits(self.actors[name], content):
                    waiting.remove(name)
                    break
            else:
                wrong.append(f"+ {when:%Y-%m-%d %H:%M} | {name} | {' … '.join(content.splitlines())}")
        wrong += [f"- {line.text}   ({', '.join(sorted(waiting))})" for line, waiting in open_lines if waiting]
        return sorted(wrong, key=lambda one: one[2:])
