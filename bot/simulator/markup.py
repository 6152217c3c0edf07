"""Keyboards: what Telegram accepts as a reply_markup, and with which words it refuses the rest."""

from __future__ import annotations

from typing import Any

from bot.simulator.errors import bad_request
from bot.simulator.html_text import checked_link

Rows = list[list[dict[str, Any]]]

_ACTIONS = frozenset(
    {
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
    }
)
_MAX_BUTTONS = 100


def inline_rows(markup: Any) -> Rows:
    """Return the rows of an inline keyboard; none for an empty one.

    Raises ApiError 400: no inline keyboard, a button without words or action, callback data outside 1-64 bytes,
    a link that is none, more than 100 buttons.
    """
    if markup is None:
        return []
    if not isinstance(markup, dict) or "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    rows = [[_inline_button(button) for button in row] for row in _rows(markup["inline_keyboard"])]
    if sum(map(len, rows)) > _MAX_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return [row for row in rows if row]


def reply_rows(markup: dict[str, Any]) -> Rows:
    """Return the rows of a reply keyboard, each button as an object. Raises ApiError 400 for an empty one."""
    rows: Rows = []
    for row in _rows(markup["keyboard"]):
        buttons = [{"text": button} if isinstance(button, str) else button for button in row]
        for button in buttons:
            if not isinstance(button, dict) or not str(button.get("text", "")).strip():
                raise bad_request("keyboard button text must be non-empty")
        if buttons:
            rows.append(buttons)
    if not rows:
        raise bad_request("object expected as reply markup")
    return rows


def _rows(value: Any) -> list[list[Any]]:
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        raise bad_request("can't parse reply keyboard markup JSON object")
    return value


def _inline_button(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be of type String')
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    given = {name: value for name, value in button.items() if value is not None}
    actions = [name for name in given if name in _ACTIONS]
    if len(actions) != 1:
        raise bad_request("text buttons are unallowed in the inline keyboard")
    if "callback_data" in given and not 1 <= len(str(given["callback_data"]).encode()) <= 64:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in given:
        url = checked_link(str(given["url"]))
        if url is None:
            raise bad_request(f"inline keyboard button URL '{given['url']}' is invalid: Wrong HTTP URL")
        given["url"] = url
    return given
