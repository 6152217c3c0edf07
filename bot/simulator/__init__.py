"""A Telegram Bot API server for tests and for the demo.

It pretends to be Telegram for one bot and many people: it holds what the bot sends against Telegram's rules and
refuses in Telegram's words, it makes the updates a real app would cause, and it shows the chats on a page.
`Simulator` is the server, `Phone` drives one person from Python.
"""

from bot.simulator.api import Call
from bot.simulator.engine import EngineSimulator
from bot.simulator.faults import Faults
from bot.simulator.gestures import GestureError
from bot.simulator.guide import GuideStep
from bot.simulator.limits import Limits
from bot.simulator.phone import Phone, PhoneError
from bot.simulator.server import Simulator, real_now
from bot.simulator.state import Person, SimButton, SimMessage
from bot.simulator.switches import Option, Switch
from bot.simulator.world import TapResult

__all__ = [
    "Call",
    "EngineSimulator",
    "Faults",
    "GestureError",
    "GuideStep",
    "Limits",
    "Option",
    "Person",
    "Phone",
    "PhoneError",
    "SimButton",
    "SimMessage",
    "Simulator",
    "Switch",
    "TapResult",
    "real_now",
]
