"""Use cases: a module per feature, a verb per function. Each owns its transaction and knows no Telegram."""

from dataclasses import dataclass

from storage.session import UnitOfWork

__all__ = ["Progress", "UnitOfWork"]


@dataclass(frozen=True, slots=True)
class Progress:
    """What a job of the clock has done; with `more` it is to be run again at once."""

    done: int
    more: bool
