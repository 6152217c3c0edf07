"""Use cases: a module per feature, a verb per function. Each owns its transaction and knows no Telegram."""

from storage.session import UnitOfWork

__all__ = ["UnitOfWork"]
