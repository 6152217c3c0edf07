"""Methods by which updates come in, and the answer to a button press."""

from __future__ import annotations

from typing import Any

from bot.simulator.errors import bad_request
from bot.simulator.methods.registry import method, waiting_method
from bot.simulator.params import Params
from bot.simulator.webhooks import Webhook, checked_webhook
from bot.simulator.world import TapResult, World

_MAX_POLL_SECONDS = 50
_MAX_ANSWER = 200


def _remember_allowed(world: World, params: Params) -> None:
    # A missing or broken list leaves the former setting alone, an empty one means the default.
    if "allowed_updates" not in params.raw:
        return
    wanted = params.obj("allowed_updates", "allowed updates")
    if isinstance(wanted, list):
        world.updates.allowed = [str(kind) for kind in wanted]


@waiting_method("getUpdates")
async def get_updates(world: World, params: Params) -> list[dict[str, Any]]:
    """Confirm what lies before `offset` and wait up to `timeout` seconds for the next updates."""
    if not world.updates.webhook_active:
        _remember_allowed(world, params)
    limit = params.integer("limit", 100)
    if not 1 <= limit <= 100:
        limit = 100
    timeout = min(max(params.integer("timeout"), 0), _MAX_POLL_SECONDS)
    return await world.updates.poll(params.integer("offset"), limit, timeout)


@waiting_method("setWebhook")
async def set_webhook(world: World, params: Params) -> bool:
    """Deliver updates to a URL from now on; an empty one goes back to getUpdates."""
    url = params.text("url").strip()
    if not url:
        await _take_down(world, params)
        return True
    connections = params.integer("max_connections", 40)
    hook = Webhook(
        url=checked_webhook(url, params.text("secret_token")),
        secret=params.text("secret_token"),
        connections=connections if 1 <= connections <= 100 else 40,
    )
    _remember_allowed(world, params)
    world.updates.stop_polling("terminated by setWebhook request")
    await _take_down(world, params)
    world.webhooks.start(hook)
    return True


@waiting_method("deleteWebhook")
async def delete_webhook(world: World, params: Params) -> bool:
    """Go back to getUpdates."""
    await _take_down(world, params)
    return True


async def _take_down(world: World, params: Params) -> None:
    await world.webhooks.stop()
    if params.flag("drop_pending_updates"):
        world.updates.clear()


@method("getWebhookInfo")
def get_webhook_info(world: World, params: Params) -> dict[str, Any]:  # noqa: ARG001 (every method has it)
    """Describe the webhook, with the last error of a delivery."""
    info: dict[str, Any] = {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": world.updates.pending,
    }
    info.update(world.webhooks.info())
    if world.updates.allowed:
        info["allowed_updates"] = world.updates.allowed
    return info


@method("answerCallbackQuery")
def answer_callback_query(world: World, params: Params) -> bool:
    """Answer a button press: nothing, a line at the top, or an alert."""
    text = params.text("text")
    if len(text) > _MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    result = TapResult(text or None, params.flag("show_alert"), answered=True, url=params.text("url") or None)
    world.answer_press(params.text("callback_query_id"), result)
    return True
