"""The Bot API methods the simulator knows; importing this package fills the table."""

from __future__ import annotations

from bot.simulator.methods import about, changing, chats, receiving, sending
from bot.simulator.methods.registry import METHODS, Method

__all__ = ["METHODS", "Method", "about", "changing", "chats", "receiving", "sending"]
