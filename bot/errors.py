"""The kinds of DomainError, importable from every room above the domain."""

from bot.domain.errors import DomainError, InvalidInput, NotPermitted, Stale, TooFast

__all__ = ["DomainError", "InvalidInput", "NotPermitted", "Stale", "TooFast"]
