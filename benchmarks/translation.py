"""A notice in own words to homes with four languages: what engines are asked, and what one that hangs costs."""

from __future__ import annotations

import codecs
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.children import child
from benchmarks.homes import simulated_homes, until
from benchmarks.report import Report, Target, middle_and_range
from benchmarks.school import ADDRESS, LANGUAGES, TEACHER, Size, make_school, schedule_notice
from benchmarks.wire import TOKEN
from bot.domain.translation import Trouble
from bot.simulator import Limits, Simulator
from bot.simulator.engine import EngineSimulator
from bot.translation.chain import Engines
from bot.translation.phrasebook import phrasebook
from bot.translation.pipeline import Translator

SENTENCES = (
    "Tomorrow we go to the lake.",
    "We meet at 08:30 in front of the school.",
    "Bring warm clothes and a packed lunch.",
    "The bus leaves at 09:00.",
    "Tell Kari Nordmann if your child eats something special.",
    "Bring warm clothes and a packed lunch.",
)
"""Five different ones; one comes twice."""
OWN = "nb"
OTHERS = tuple(code for code in LANGUAGES if code != OWN)
HOLD = 3.0
"""Seconds that a message waits for its translation at most."""
PATIENCE = 120.0
BEYOND = 1.0
"""Seconds that a hanging engine may cost beyond the hold, over a bot that has no engine."""


@dataclass(frozen=True, slots=True)
class Run:
    """One notice: when the homes had it, counted from the moment at which the first one could."""

    name: str
    slowest: float
    own: float
    """The slowest of those who read the language that it was written in."""
    reached: int
    requests: int
    asked: Counter[tuple[str, str]]


async def measure(*, quick: bool) -> Report:
    """Send the notice without an engine, with one, and with one that never answers, in turn."""
    homes, rounds = (120, 1) if quick else (600, 3)
    runs = [run for _ in range(rounds) for run in [await _without(homes), await _works(homes), await _hangs(homes)]]
    return _report(homes, runs, await _pipeline())


async def _without(homes: int) -> Run:
    async with EngineSimulator() as engine:
        return await _send("no engine", homes, engine, {})


async def _works(homes: int) -> Run:
    async with EngineSimulator(otherwise=lambda _, __, text: codecs.encode(text, "rot13")) as engine:
        return await _send("an engine", homes, engine, _settings(engine))


async def _hangs(homes: int) -> Run:
    async with EngineSimulator() as engine:
        engine.hang()
        return await _send("one that never answers", homes, engine, _settings(engine))


def _settings(engine: EngineSimulator) -> dict[str, str]:
    return {"SKOLEBUD_TRANSLATION_ENGINES": "libretranslate", "SKOLEBUD_LIBRETRANSLATE_URL": engine.url}


async def _send(name: str, homes: int, engine: EngineSimulator, settings: dict[str, str]) -> Run:
    with TemporaryDirectory(prefix="skolebud-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'school.db'}"
        await make_school(url, Size(homes))
        async with simulated_homes(homes, Limits.off()) as sim:
            env = {
                "SKOLEBUD_TOKEN": TOKEN,
                "SKOLEBUD_DATABASE": url,
                "SKOLEBUD_LISTEN_PORT": "0",
                "SKOLEBUD_LOG_LEVEL": "ERROR",
                "SKOLEBUD_MESSAGES_PER_SECOND": "0",
                "SKOLEBUD_MESSAGES_PER_CHAT_SECOND": "0",
                "SKOLEBUD_TRANSLATION_SECONDS": f"{HOLD:g}",
                "SKOLEBUD_API": sim.base_url,
                **settings,
            }
            async with child("Skolebud", "bot", "run", env=env) as process:
                await until(lambda: sim.counters["setMyShortDescription", 200] > 0, process, patience=PATIENCE)
                sim.clear_log()
                await schedule_notice(url, " ".join(SENTENCES))
                begun = time.monotonic()
                await until(lambda: len(_arrivals(sim, homes)) >= homes, process, patience=PATIENCE)
            found = _arrivals(sim, homes)
    own = [at for person, at in found.items() if LANGUAGES[person % len(LANGUAGES)] == OWN]
    asked = Counter((one.target, one.text) for one in engine.asked)
    return Run(name, max(found.values()) - begun, max(own) - begun, len(found), engine.requests, asked)


def _arrivals(sim: Simulator, homes: int) -> dict[int, float]:
    """Return when each home got its first message, by person."""
    found: dict[int, float] = {}
    for call in sim.log:
        if call.method == "sendMessage" and call.status == 200 and call.chat_id is not None:
            person = call.chat_id - ADDRESS
            if TEACHER < person <= TEACHER + homes:
                found.setdefault(person, call.at)
    return found


async def _pipeline() -> tuple[float, float]:
    """Return milliseconds of CPU for a text that no engine knows, and for one from the phrasebook."""
    translator = Translator(Engines([], order={}, timeout=1, outside_allowed=False), phrasebook())
    today = date(2026, 11, 23)
    names = [f"Ola Nordmann{number}" for number in range(25)]

    async def once(text: str) -> bool:
        outcome = await translator.translate(text, OWN, "pl", names=names, memory={}, today=today)
        return outcome.trouble is Trouble.NO_ENGINE

    ready = next(phrase.id for phrase in phrasebook().phrases(OWN) if not phrase.slots)
    ready = phrasebook().render(ready, OWN, {})
    assert await once(" ".join(SENTENCES))
    return await _milliseconds(lambda: once(" ".join(SENTENCES))), await _milliseconds(lambda: once(ready))


async def _milliseconds(work: Callable[[], Awaitable[object]], times: int = 200) -> float:
    started = time.process_time()
    for _ in range(times):
        await work()
    return (time.process_time() - started) / times * 1000


def _report(homes: int, runs: list[Run], pipeline: tuple[float, float]) -> Report:
    report = Report(
        f"A notice of {len(SENTENCES)} sentences to {homes} homes in {len(LANGUAGES)} languages, no pace",
        ("engine", "slowest home, s", "slowest in own language, s", "reached", "requests", "sentences asked"),
    )
    names = list(dict.fromkeys(run.name for run in runs))
    of = {name: [run for run in runs if run.name == name] for name in names}
    for name, found in of.items():
        report.rows.append(
            (
                name,
                middle_and_range([run.slowest for run in found]),
                middle_and_range([run.own for run in found]),
                min(run.reached for run in found),
                max(run.requests for run in found),
                max(sum(run.asked.values()) for run in found),
            )
        )
        report.figures[name] = {
            "slowest_s": [run.slowest for run in found],
            "own_language_s": [run.own for run in found],
            "requests": [run.requests for run in found],
            "sentences": [sum(run.asked.values()) for run in found],
        }
    without, works, hangs = (of[name] for name in names)
    baseline = min(run.slowest for run in without)
    beyond = max(run.slowest for run in hangs) - HOLD - baseline
    report.figures["beyond_the_hold_s"] = beyond
    report.figures["pipeline_ms"] = {"no engine": pipeline[0], "phrasebook": pipeline[1]}
    report.notes += [
        f"our own CPU: {pipeline[0]:.2f} ms for {len(SENTENCES)} sentences, {pipeline[1]:.2f} ms for a ready one",
        f"messages wait at most {HOLD:g} s; the engine that answers takes no time here",
    ]
    report.targets = [
        Target("requests to the engine, one a language", max(r.requests for r in works), len(OTHERS), "requests",
               at_least=False),
        Target("times that a sentence was asked for in a language", max(max(r.asked.values()) for r in works), 1,
               "times", at_least=False),
        Target("sentences asked for", min(sum(r.asked.values()) for r in works),
               len(set(SENTENCES)) * len(OTHERS), "sentences"),
        Target("homes reached in every run", min(run.reached for run in runs), homes, "homes"),
        Target("seconds beyond the hold, engine that hangs over no engine", beyond, BEYOND, "s", at_least=False),
    ]  # fmt: skip
    return report
