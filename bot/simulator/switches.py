"""What a visitor can change beside the chats: something of the world around the bot, by a menu on the page."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any


@dataclass(frozen=True, slots=True)
class Option:
    """One position of a switch."""

    value: str
    label: str


class Switch:
    """Something with a few positions.

    Args:
        name: what programs call it.
        label: what the page calls it, a few words.
        options: its positions, at least one.
        choose: called with the value of the position that was chosen; the switch stands there when it has returned.
        chosen: where it stands now; the first position unless said.
    """

    def __init__(
        self,
        name: str,
        label: str,
        options: tuple[Option, ...],
        choose: Callable[[str], Awaitable[None] | None],
        chosen: str = "",
    ) -> None:
        self.name = name
        self.label = label
        self.options = options
        self.chosen = chosen or options[0].value
        self._choose = choose
        self._turning = asyncio.Lock()

    async def turn(self, value: str) -> None:
        """Bring it to another position.

        Raises:
            ValueError: it has no such position.
        """
        if value not in {option.value for option in self.options}:
            raise ValueError(f"{self.label} cannot be {value!r}.")
        async with self._turning:
            done = self._choose(value)
            if isawaitable(done):
                await done
            self.chosen = value

    def view(self) -> dict[str, Any]:
        """Return the switch as the page reads it."""
        options = [{"value": option.value, "label": option.label} for option in self.options]
        return {"name": self.name, "label": self.label, "options": options, "chosen": self.chosen}
