"""What a benchmark brings back: tables for people, figures for machines, and targets beside their results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Target:
    """A figure to reach. `at_least` tells on which side of `limit` the measured value has to lie."""

    name: str
    measured: float
    limit: float
    unit: str
    at_least: bool = True

    @property
    def ok(self) -> bool:
        """Whether it was reached."""
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    def line(self) -> str:
        """Return it as a sentence."""
        sign = "≥" if self.at_least else "≤"
        verdict = "ok" if self.ok else "NOT OK"
        return f"{verdict:>6}  {self.name}: {_number(self.measured)} {self.unit} (to reach: {sign} {self.limit:g})"

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "name": self.name,
            "measured": self.measured,
            "limit": self.limit,
            "unit": self.unit,
            "at_least": self.at_least,
            "ok": self.ok,
        }


@dataclass(slots=True)
class Report:
    """One benchmark's outcome. `figures` holds what the table shows, unrounded, and every single repetition."""

    title: str
    columns: Sequence[str]
    rows: list[Sequence[object]] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def text(self) -> str:
        """Return it for reading."""
        lines = ["", self.title, "=" * len(self.title), *_table(self.columns, self.rows), ""]
        lines += [target.line() for target in self.targets]
        lines += [f"  note  {note}" for note in self.notes]
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "title": self.title,
            "figures": self.figures,
            "targets": [target.as_json() for target in self.targets],
            "notes": self.notes,
        }


def middle_and_range(values: Sequence[float], unit: str = "") -> str:
    """Return the median with the smallest and the largest value: "412 (398 to 420)"."""
    found = f"{_number(median(values))}{unit}"
    if len(values) < 2:
        return found
    return f"{found} ({_number(min(values))} to {_number(max(values))})"


def _table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    cells = [list(columns), *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(columns))]
    lines = [
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]
    return [lines[0], "  ".join("-" * width for width in widths), *lines[1:]]


def _cell(value: object) -> str:
    return _number(value) if isinstance(value, float) else str(value)


def _number(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
