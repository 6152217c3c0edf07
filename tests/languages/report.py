"""`python -m tests.languages.report`: how many sentences of the corpora are understood, as a table."""

from __future__ import annotations

import sys
from time import perf_counter

from handlers.languages import warm
from tests.languages.corpora import LANGUAGES, judge


def main() -> None:
    """Print the table."""
    warm()
    write = sys.stdout.write
    write("| Language | Sentences | Right draft | Rightly none | False absences | ms a sentence |\n")
    write("|---|---|---|---|---|---|\n")
    for language in LANGUAGES:
        for file in ("sentences", "held_out"):
            began = perf_counter()
            verdicts = judge(language, file)
            each = (perf_counter() - began) / len(verdicts) * 1000
            drafts = [v for v in verdicts if v.kind == "right"]
            others = [v for v in verdicts if v.kind == "not"]
            write(
                f"| {language} | {file} | {sum(v.right for v in drafts)}/{len(drafts)} "
                f"| {sum(v.right for v in others)}/{len(others)} "
                f"| {sum(v.false_absence for v in verdicts)} | {each:.2f} |\n"
            )


if __name__ == "__main__":
    main()
