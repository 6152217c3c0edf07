"""What is written in the conversation between two languages, and the marks under what is translated."""

from __future__ import annotations

from bot.i18n import Texts
from bot.i18n.words import language_name

FORGOTTEN = "علي نسي كتاب الرياضيات في المدرسة. كيف يمكنه أن يقوم بالواجب؟"
FORGOTTEN_NB = ("har glemt matteboka på skolen.", "Hvordan kan han gjøre leksene?")
CALM_DOWN = "Bare ta det med ro! Ali får en kopi av siden med seg hjem."
CLUMSY = "خذي الأمر مع الهدوء!"
"""Word for word, which nobody says."""
RIGHT = "اطمئني! سيأخذ علي نسخة من الصفحة معه إلى المنزل."
GLAD = "هذا مطمئن. سأراجع الواجب معه في البيت."
GLAD_NB = "Det er godt å høre. Jeg går gjennom leksene med ham hjemme."
MORE_HELP = "Så bra! Si fra hvis dere trenger mer hjelp."
ALI = "Ali Haddad"
DAYS = 30
MACHINE = "🤖 <i>Machine translation from {language}. It may contain mistakes.</i>"
CORRECTED = "✏️ <i>Corrected by an interpreter. Written in {language}.</i>"
TRANSLATED = "✅ <i>Translated by an interpreter. Written in {language}.</i>"
ON_ITS_WAY = "🌐 <i>Written in {language}. A translation is on its way.</i>"


def mark(reader: Texts, sentence: str, language: str) -> str:
    """Return the mark of a text from another language as its reader sees it."""
    return shorn(str(reader.plain.gettext(sentence, language=language_name(language, reader.plain))))


def shorn(html: str) -> str:
    """Return a sentence without its tags, as a phone shows it."""
    for tag in ("<i>", "</i>", "<b>", "</b>"):
        html = html.replace(tag, "")
    return html
