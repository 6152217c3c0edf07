"""Milliseconds to understand a sentence, by language, over the corpora of the tests; ten children in the home."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from statistics import median, quantiles

import yaml

from benchmarks.report import Report, Target
from bot.understanding import ChildName
from handlers.languages import understand, warm

CORPORA = Path(__file__).parents[1] / "tests" / "languages"
LIMIT = 5.0
"""Milliseconds for one sentence."""
NOW = datetime(2026, 11, 24, 7, 15)  # noqa: DTZ001  (the school's wall clock)
CHILDREN = 10


async def measure(*, quick: bool) -> Report:
    """Understand every sentence of every language, several times over."""
    warm()
    report = Report(
        "Understanding a sentence, ten children at home", ("language", "sentences", "median ms", "99 % within ms")
    )
    for folder in sorted(path for path in CORPORA.iterdir() if (path / "sentences.yaml").exists()):
        names, sentences = _read(folder)
        took = list(_times(folder.name, names, sentences, 2 if quick else 10))
        worst = quantiles(took, n=100)[98]
        report.rows.append((folder.name, len(sentences), median(took), worst))
        report.figures[folder.name] = {"median_ms": median(took), "p99_ms": worst, "max_ms": max(took)}
        report.targets.append(Target(f"{folder.name}, 99 % of sentences", worst, LIMIT, "ms", at_least=False))
    return report


def _read(folder: Path) -> tuple[list[str], list[str]]:
    corpus = yaml.safe_load((folder / "sentences.yaml").read_text(encoding="utf-8"))
    names = list(dict.fromkeys(name for home in corpus["homes"].values() for name in home))
    sentences = [entry["say"] for part in ("right", "not") for entry in corpus[part]]
    return names, sentences


def _times(language: str, names: list[str], sentences: list[str], rounds: int) -> Iterator[float]:
    """Yield milliseconds; the homes differ from sentence to sentence, as they do at a school."""
    for number in range(rounds):
        for place, sentence in enumerate(sentences):
            family = [*names, *(f"Elev{number}{place}{i} Etternavn{place}" for i in range(CHILDREN - len(names)))]
            children = [ChildName(i, name) for i, name in enumerate(family[:CHILDREN], start=1)]
            started = time.perf_counter()
            understand(sentence, language, children, NOW, fallback=("nb",))
            yield (time.perf_counter() - started) * 1000
