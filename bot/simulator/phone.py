"""A person's phone for tests: sends, taps, and looks at the screen."""

from __future__ import annotations

import asyncio
import textwrap
from collections.abc import Callable
from typing import Any, TypeVar

from bot.simulator import gestures
from bot.simulator.entities import readable
from bot.simulator.files import Upload
from bot.simulator.gestures import GestureError
from bot.simulator.state import Chat, Person, SimButton, SimMessage
from bot.simulator.world import TapResult, World

T = TypeVar("T")
Predicate = Callable[[SimMessage], bool]

_ISOLATES = dict.fromkeys(range(0x2066, 0x206A))
_WIDTH = 100


class PhoneError(AssertionError):
    """The phone does not show what was looked for; the message holds the screen."""


class Phone:
    """Drives one person like a real client. What it shows is the live state of the chat.

    Gestures a real app would not allow raise PhoneError; so do buttons and messages that are not there.
    """

    def __init__(self, world: World, chat: Chat) -> None:
        self._world = world
        self._chat = chat
        self.alerts: list[TapResult] = []

    @property
    def person(self) -> Person:
        """The owner."""
        return self._chat.person

    @property
    def messages(self) -> list[SimMessage]:
        """Every message in the chat, oldest first."""
        return list(self._chat.messages.values())

    @property
    def last(self) -> SimMessage:
        """The newest message from the bot. Raises PhoneError when there is none."""
        for message in reversed(self._chat.messages.values()):
            if message.from_bot:
                return message
        raise PhoneError(f"{self.person.name} has no message from the bot")

    @property
    def keyboard(self) -> list[str] | None:
        """The labels of the reply keyboard in reading order, None without one."""
        rows = self.keyboard_rows
        return None if rows is None else [label for row in rows for label in row]

    @property
    def keyboard_rows(self) -> list[list[str]] | None:
        """The labels of the reply keyboard row by row, None without one."""
        return self._chat.keyboard.labels if self._chat.keyboard else None

    @property
    def commands(self) -> list[tuple[str, str]]:
        """(command, description) as the menu of this person's app shows them."""
        found = self._world.commands.resolve(self._chat.id, self.person.language_code)
        return [(command["command"], command["description"]) for command in found]

    @property
    def unread(self) -> int:
        """How many messages of the bot came since the chat was last read."""
        return self._chat.unread

    @property
    def started(self) -> bool:
        """Whether the person has ever written to the bot."""
        return self._chat.started

    @property
    def blocked(self) -> bool:
        """Whether the person has blocked the bot."""
        return self._chat.blocked

    def mark_started(self) -> None:
        """Let the bot write here from now on, as if Start had been pressed before the bot's updates began."""
        self._chat.started = True

    async def start(self, payload: str | None = None) -> SimMessage:
        """Press Start, or open the link with this payload."""
        return self._do(gestures.start, payload)

    async def send(self, text: str, reply_to: int | SimMessage | None = None) -> SimMessage:
        """Send text, as a reply when asked to."""
        return self._do(gestures.send_text, text, _id(reply_to))

    async def send_photo(
        self,
        data: bytes,
        filename: str = "photo.jpg",
        caption: str | None = None,
        reply_to: int | SimMessage | None = None,
        album: str | None = None,
    ) -> SimMessage:
        """Send a picture, as a reply or as part of an album when asked to."""
        upload = Upload(data, filename, "")
        return self._do(gestures.send_file, upload, "photo", caption, _id(reply_to), album)

    async def send_document(
        self,
        data: bytes,
        filename: str,
        mime: str = "",
        caption: str | None = None,
        reply_to: int | SimMessage | None = None,
        album: str | None = None,
    ) -> SimMessage:
        """Send a file, as a reply or as part of an album when asked to."""
        upload = Upload(data, filename, mime)
        return self._do(gestures.send_file, upload, "document", caption, _id(reply_to), album)

    async def send_sticker(self) -> SimMessage:
        """Send a sticker."""
        return self._do(gestures.send_sticker)

    async def send_voice(self) -> SimMessage:
        """Send a voice message."""
        return self._do(gestures.send_voice)

    async def send_location(self) -> SimMessage:
        """Send a place."""
        return self._do(gestures.send_location)

    async def press(self, label: str) -> SimMessage:
        """Press a key of the reply keyboard, found as `tap` finds a button."""
        labels = self.keyboard or []
        return self._do(gestures.press_key, labels[self._match(label, labels, "the keyboard")])

    async def edit(self, message: int | SimMessage, text: str) -> SimMessage:
        """Change a text message of one's own."""
        return self._do(gestures.edit_text, _id(message), text)

    async def block(self) -> None:
        """Block the bot."""
        gestures.block(self._world, self._chat)

    async def unblock(self) -> None:
        """Unblock the bot."""
        gestures.unblock(self._world, self._chat)

    async def read(self) -> None:
        """Look at the chat: `unread` is 0 afterwards."""
        gestures.read(self._world, self._chat)

    async def tap(
        self,
        button: str | int,
        message: int | SimMessage | None = None,
        timeout: float = 10.0,  # noqa: ASYNC109 (the wait ends in a result, not in an error)
    ) -> TapResult:
        """Tap an inline button and wait up to `timeout` seconds for the bot's answer.

        The button is named by its label (exact, else a part that only one button has; the isolates U+2066-2069
        do not count) on the newest message that has it, or by its number, counted over the rows from 0, on the
        newest message with buttons; `message` names the message instead. A link button gives its `url` at once.
        """
        target, found = self._find(button, message)
        if found.url is not None:
            return TapResult(url=found.url)
        if found.data is None:
            raise self._missing(f"“{found.text}” is a button that nothing answers")
        return await self.tap_data(found.data, target, timeout)

    async def tap_data(
        self,
        data: str,
        message: int | SimMessage,
        timeout: float = 10.0,  # noqa: ASYNC109
    ) -> TapResult:
        """Send any callback data on any message, as a forged client could, and wait for the answer."""
        answer = self._do(gestures.tap, _id(message), data)
        try:
            async with asyncio.timeout(timeout):
                result = await answer
        except TimeoutError:
            return TapResult()
        if result.text:
            self.alerts.append(result)
        return result

    async def wait_for(
        self,
        wanted: str | Predicate,
        timeout: float = 5.0,  # noqa: ASYNC109 (the wait ends in a PhoneError with the screen)
    ) -> SimMessage:
        """Return the newest bot message whose words contain a string or that fits a predicate.

        Waits up to `timeout` seconds for one to come, or to become so by an edit; then PhoneError with the screen.
        """
        changed = asyncio.Event()

        def listen(kind: str, chat: Chat, _: Any) -> None:
            if chat is self._chat and kind in {"message", "edit"}:
                changed.set()

        self._world.listeners.append(listen)
        try:
            async with asyncio.timeout(timeout):
                while (found := self._newest(wanted)) is None:
                    changed.clear()
                    await changed.wait()
                return found
        except TimeoutError:
            sought = f"“{wanted}”" if isinstance(wanted, str) else "what was looked for"
            raise self._missing(f"no message with {sought} within {timeout} s") from None
        finally:
            self._world.listeners.remove(listen)

    async def wait_quiet(self, ms: int = 150) -> None:
        """Wait until the chat has not changed for `ms` milliseconds."""
        loop = asyncio.get_running_loop()
        changed = loop.time()

        def listen(kind: str, chat: Chat, _: Any) -> None:
            nonlocal changed
            if chat is self._chat and kind in {"message", "edit", "delete"}:
                changed = loop.time()

        self._world.listeners.append(listen)
        try:
            while (rest := changed + ms / 1000 - loop.time()) > 0:  # noqa: ASYNC110 (silence makes no event)
                await asyncio.sleep(rest)
        finally:
            self._world.listeners.remove(listen)

    def screen(self, lines: int | None = None) -> str:
        """Write the chat as text: "<- " what the bot said, "-> " what the person said, buttons in [brackets].

        `lines` keeps only the last so many lines.
        """
        rows = [line for message in self._chat.messages.values() for line in _render(message)]
        if self._chat.keyboard:
            rows += [" ".join(f"({label})" for label in row) for row in self._chat.keyboard.labels]
        return "\n".join(rows[-lines:] if lines else rows)

    def _do(self, gesture: Callable[..., T], *args: Any) -> T:
        try:
            return gesture(self._world, self._chat, *args)
        except GestureError as error:
            raise self._missing(str(error)) from None

    def _newest(self, wanted: str | Predicate) -> SimMessage | None:
        for message in reversed(self._chat.messages.values()):
            if message.from_bot and (wanted in message.content if isinstance(wanted, str) else wanted(message)):
                return message
        return None

    def _find(self, button: str | int, message: int | SimMessage | None) -> tuple[SimMessage, SimButton]:
        shown = [m for m in reversed(self._chat.messages.values()) if m.inline]
        if message is not None:
            shown = [m for m in shown if m.id == _id(message)]
        for candidate in shown:
            buttons = [b for row in candidate.buttons for b in row]
            if isinstance(button, int):
                if -len(buttons) <= button < len(buttons):
                    return candidate, buttons[button]
                break
            labels = [b.text for b in buttons]
            if any(_plain(button) in _plain(label) for label in labels):
                return candidate, buttons[self._match(button, labels, "the message")]
        raise self._missing(f"no button “{button}”")

    def _match(self, wanted: str, labels: list[str], where: str) -> int:
        plain = [_plain(label) for label in labels]
        exact = [i for i, label in enumerate(plain) if label == _plain(wanted)]
        found = exact or [i for i, label in enumerate(plain) if _plain(wanted) in label]
        if len(found) != 1:
            raise self._missing(f"{len(found)} buttons of {where} have “{wanted}”")
        return found[0]

    def _missing(self, what: str) -> PhoneError:
        return PhoneError(f"{self.person.name}: {what}\n{self.screen(60)}")


def _id(message: int | SimMessage | None) -> int | None:
    return message.id if isinstance(message, SimMessage) else message


def _plain(label: str) -> str:
    return label.translate(_ISOLATES).strip()


def _render(message: SimMessage) -> list[str]:
    arrow = "<- " if message.from_bot else "-> "
    words = readable(message.content, message.entities)
    if message.kind != "text":
        name = message.document.name if message.document else message.kind
        words = f"[{name}] {words}".rstrip()
    lines = [
        piece
        for line in words.split("\n")
        for piece in textwrap.wrap(line, _WIDTH, break_long_words=False, break_on_hyphens=False) or [""]
    ]
    rendered = [f"{arrow if i == 0 else '   '}{line}".rstrip() for i, line in enumerate(lines)]
    rendered += ["   " + " ".join(f"[{button.text}]" for button in row) for row in message.buttons]
    return rendered
