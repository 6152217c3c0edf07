"""`python -m tests.translation.report`: what the guard stops and what it lets pass, as tables."""

from __future__ import annotations

import sys
from collections import Counter
from time import perf_counter

from tests.translation.corpora import (
    HELD_OUT,
    Verdict,
    judge_catalogues,
    judge_good,
    judge_planted,
    judge_written,
    open_pairs,
    pairs,
)


def main() -> None:
    """Print the tables; with `-v` also every wrong verdict."""
    write = sys.stdout.write
    verbose = "-v" in sys.argv
    began = perf_counter()
    groups = {
        "open": [*judge_good(open_pairs()), *judge_planted(open_pairs())],
        "held out": [*judge_good(pairs(HELD_OUT)), *judge_planted(pairs(HELD_OUT))],
        "as engines make them": judge_written(),
        "the bot's own sentences": judge_catalogues(),
    }
    each = (perf_counter() - began) / sum(map(len, groups.values())) * 1000
    write("| Corpus | Kind | Sentences | Rightly judged | Share |\n|---|---|---|---|---|\n")
    for group, verdicts in groups.items():
        for line in _lines(verdicts):
            write(f"| {group} | {line} |\n")
    write(f"\n{each:.2f} ms a sentence\n")
    for verdict in (v for verdicts in groups.values() for v in verdicts if verbose and not v.right):
        found = ", ".join(f"{finding.kind}: {finding.what}" for finding in verdict.findings)
        write(f"\n{verdict.kind}: {verdict.pair.said}\n  {verdict.translated}\n  {found}\n")


def _lines(verdicts: list[Verdict]) -> list[str]:
    those, right = Counter(v.kind for v in verdicts), Counter(v.kind for v in verdicts if v.right)
    faults, stopped = (sum(n for kind, n in counts.items() if kind != "good") for counts in (those, right))
    rows = [*((kind, right[kind], count) for kind, count in sorted(those.items())), ("all faults", stopped, faults)]
    return [f"{kind} | {count} | {good} | {good / count:.1%}" for kind, good, count in rows if count]


if __name__ == "__main__":
    main()
