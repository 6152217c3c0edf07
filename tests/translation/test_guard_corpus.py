"""The guard on whole corpora: good translations pass, faulty ones do not (`python -m tests.translation.report`).

Good ones were written by people; the faults are planted, or written down as engines make them.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tests.translation.corpora import (
    HELD_OUT,
    PAIRS,
    Verdict,
    judge_catalogues,
    judge_good,
    judge_planted,
    judge_written,
    open_pairs,
    pairs,
)

OBVIOUS = {"empty", "untranslated", "babble"}
"""Kinds that every sentence can have: they would hide how the others do."""


def share(verdicts: list[Verdict]) -> float:
    return sum(verdict.right for verdict in verdicts) / len(verdicts)


def wrong(verdicts: list[Verdict]) -> str:
    return "\n".join(f"{v.kind}: {v.pair.said} | {v.translated} | {v.findings}" for v in verdicts if not v.right)


def test_corpus_is_large_enough_and_has_every_kind_of_fault() -> None:
    everything = [*open_pairs(), *pairs(HELD_OUT)]
    assert len({(pair.said, pair.target) for pair in everything}) == len(everything) >= 300
    assert 4 * len(pairs(HELD_OUT)) >= len(everything)
    assert {(pair.source, pair.target) for pair in everything} == {tuple(name.split("_")) for name in PAIRS}
    planted = Counter(verdict.kind for verdict in judge_planted(open_pairs()))
    assert min(planted.values()) >= 8, planted
    assert len(judge_written()) >= 60


@pytest.mark.parametrize("held_out", [False, True], ids=["open", "held out"])
def test_good_translations_pass(held_out: bool) -> None:
    verdicts = judge_good(pairs(HELD_OUT) if held_out else open_pairs())
    assert share(verdicts) >= 0.97, wrong(verdicts)


@pytest.mark.parametrize("held_out", [False, True], ids=["open", "held out"])
def test_planted_faults_are_stopped(held_out: bool) -> None:
    verdicts = judge_planted(pairs(HELD_OUT) if held_out else open_pairs())
    assert share(verdicts) >= 0.98, wrong(verdicts)
    subtle = [verdict for verdict in verdicts if verdict.kind not in OBVIOUS]
    assert share(subtle) >= 0.98, wrong(subtle)


def test_faults_as_engines_make_them_are_stopped() -> None:
    assert share(judge_written()) >= 0.98, wrong(judge_written())


def test_few_of_the_bots_own_sentences_are_taken_for_faulty() -> None:
    """They are translated freely ("nobody else sees it", "only you see it"), so more is stopped than of plain ones."""
    verdicts = judge_catalogues()
    assert len(verdicts) > 5000
    assert share(verdicts) >= 0.95, wrong(verdicts)


def test_same_faults_are_planted_each_time() -> None:
    assert judge_planted(open_pairs()[:40]) == judge_planted(open_pairs()[:40])
