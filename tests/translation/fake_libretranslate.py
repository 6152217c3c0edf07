"""The LibreTranslate of the engines' tests is the one that the demo practises with."""

from bot.simulator.engine import LANGUAGES, Asked, marked
from bot.simulator.engine import EngineSimulator as FakeLibreTranslate

__all__ = ["LANGUAGES", "Asked", "FakeLibreTranslate", "marked"]
