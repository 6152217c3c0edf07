"""Leave: planned absence that the school grants or refuses (A3)."""

from __future__ import annotations

from enum import StrEnum


class LeaveState(StrEnum):
    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    """The home took it back, before or after the decision."""


WHY_LIMIT = 300
"""Characters of the home's reason and of the school's sentence: a line, not a letter."""
