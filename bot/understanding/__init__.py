"""Understanding: a guardian's sentence and the own children become a draft, or nothing (A2).

Only the engine is here. What people say stands in `locales/<lang>/phrases.yaml`; what a language needs beyond data
stands in `handlers/languages/`, which hands it in as `LanguageRules`.
"""

from bot.understanding.engine import Understanding, check_phrases
from bot.understanding.folding import MAX_CHARACTERS
from bot.understanding.model import ChildName, DefaultRules, Intent, LanguageRules, Understood
from bot.understanding.phrases import BadPhrases

__all__ = [
    "MAX_CHARACTERS",
    "BadPhrases",
    "ChildName",
    "DefaultRules",
    "Intent",
    "LanguageRules",
    "Understanding",
    "Understood",
    "check_phrases",
]
