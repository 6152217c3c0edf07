"""Every sentence a person sees, in that person's language."""

from bot.i18n.commands import CommandText, commands, find_command
from bot.i18n.registry import Language, find_language, languages
from bot.i18n.texts import Html, Texts, texts

__all__ = [
    "CommandText",
    "Html",
    "Language",
    "Texts",
    "commands",
    "find_command",
    "find_language",
    "languages",
    "texts",
]
