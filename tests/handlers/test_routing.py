"""Handlers that are not asked would not have wanted it, whatever the update."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from aiogram.types import CallbackQuery, Chat, Message, User
from hypothesis import given
from hypothesis import strategies as st

from handlers import routers
from handlers.callbacks import Tapped, TappedPage
from handlers.filters import Expects, Said
from handlers.routing import MOST_KEYS, NarrowObserver
from storage.queries.dialogue import OpenQuestion

[ROUTER] = routers()
NOW = datetime(2026, 11, 23, tzinfo=UTC)
USER = User(id=1, is_bot=False, first_name="Ola")


def observer(name: str) -> NarrowObserver:
    """Return the narrowed observer of a kind of updates."""
    found = ROUTER.observers[name]
    assert isinstance(found, NarrowObserver)
    return found


TAPS, WORDS = observer("callback_query"), observer("message")
FILTERS = [one.callback for handler in [*TAPS.handlers, *WORDS.handlers] for one in handler.filters or ()]
PREFIXES = sorted({one.prefix for one in FILTERS if isinstance(one, Tapped | TappedPage)})
COMMANDS = sorted({name for one in FILTERS if isinstance(one, Said) for name in one.names})
QUESTIONS = sorted({name for one in FILTERS if isinstance(one, Expects) for name in one.names})


async def narrowing(handler: Any, event: Any, **known: Any) -> bool:
    """Tell whether the filters that narrow let a handler have an update."""
    for one in handler.filters or ():
        if isinstance(one.callback, Tapped | TappedPage) and not await one.callback(event):
            return False
        if isinstance(one.callback, Said) and not await one.callback(event, command=known["command"]):
            return False
        if isinstance(one.callback, Expects) and not await one.callback(event, question=known["question"]):
            return False
    return True


@given(data=st.one_of(st.text(max_size=20), st.builds("{}|{}".format, st.sampled_from(PREFIXES), st.text(max_size=12))))
async def test_no_tap_misses_a_handler(data: str) -> None:
    tap = CallbackQuery(id="1", from_user=USER, chat_instance="1", data=data)
    asked = TAPS.group((data.split("|", 1)[0],)).handlers
    wanted = [one for one in TAPS.handlers if await narrowing(one, tap)]
    assert [one for one in asked if one in wanted] == wanted


@given(
    command=st.one_of(st.none(), st.sampled_from(COMMANDS), st.text(max_size=5)),
    expects=st.one_of(st.none(), st.sampled_from(QUESTIONS), st.text(max_size=5)),
    text=st.text(max_size=8),
)
async def test_no_message_misses_a_handler(command: str | None, expects: str | None, text: str) -> None:
    message = Message(message_id=1, date=NOW, chat=Chat(id=1, type="private"), from_user=USER, text=text)
    question = OpenQuestion(expects, 0, {}) if expects is not None else None
    asked = WORDS.group((command, expects)).handlers
    wanted = [one for one in WORDS.handlers if await narrowing(one, message, command=command, question=question)]
    assert [one for one in asked if one in wanted] == wanted


def test_few_are_asked_and_made_up_taps_fill_no_memory() -> None:
    assert PREFIXES
    assert max(len(TAPS.group((prefix,)).handlers) for prefix in PREFIXES if prefix != "go") < 12
    for number in range(MOST_KEYS + 100):
        assert TAPS.group((f"made-up-{number}",)) is TAPS.group(("another",))
    assert len(TAPS._known) == MOST_KEYS
