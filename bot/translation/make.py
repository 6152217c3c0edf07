"""From what the school decided to its engines; the only place where engines, figures and settings meet."""

from __future__ import annotations

import logging

from bot.metrics import TRANSLATION_CHARACTERS, TRANSLATION_SECONDS, TRANSLATIONS
from bot.translation.apertium import Apertium
from bot.translation.chain import Engines
from bot.translation.config import APERTIUM, DEEPL, LIBRETRANSLATE, TranslationConfig, is_outside
from bot.translation.deepl import DeepL
from bot.translation.engine import Engine, Pair
from bot.translation.libretranslate import LibreTranslate
from bot.translation.place import Limits

log = logging.getLogger(__name__)

__all__ = ["TranslationConfig", "make_engines"]


def make_engines(config: TranslationConfig) -> Engines:
    """Return the school's engines; nothing is asked of them yet."""
    engines = [_make(name, config) for name in config.named]
    for engine in engines:
        if engine.outside and not config.outside_allowed:
            log.warning("translation.left_out", extra={"engine": engine.name, "reason": "outside"})
    order: dict[Pair | None, tuple[str, ...]] = {None: config.engines}
    order.update((pair, names) for pair, names in config.pairs.items())
    return Engines(
        engines,
        order=order,
        timeout=config.seconds,
        outside_allowed=config.outside_allowed,
        limits=Limits(daily_characters=config.daily_characters, watch=_count),
    )


def _make(name: str, config: TranslationConfig) -> Engine:
    if name == APERTIUM:
        return Apertium(config.apertium_url, outside=is_outside(config.apertium_url, config.own_hosts))
    if name == LIBRETRANSLATE:
        url = config.libretranslate_url
        return LibreTranslate(url, outside=is_outside(url, config.own_hosts), key=config.libretranslate_key)
    if name == DEEPL:
        return DeepL(config.deepl_key, url=config.deepl_url)
    raise ValueError(name)


def _count(engine: str, outcome: str, seconds: float, characters: int) -> None:
    TRANSLATIONS.labels(engine, outcome).inc()
    TRANSLATION_SECONDS.labels(engine).observe(seconds)
    TRANSLATION_CHARACTERS.labels(engine).inc(characters)
