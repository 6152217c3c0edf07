"""The gettext facade: sentences, plurals, dates and lists in one language, safe to put into HTML.

Fields are data. In the HTML view they are escaped; in right-to-left sentences they are wrapped in first-strong
isolates (U+2068 … U+2069), so that a Norwegian name or a date does not turn the sentence around.
"""

from __future__ import annotations

import html
import io
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time
from functools import cache, cached_property
from gettext import GNUTranslations, NullTranslations

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.i18n.registry import Language, find_language, languages, locales_folder

FSI, PDI = "\u2068", "\u2069"
_RTL_CLASSES = frozenset({"R", "AL"})


class Html(str):
    """Text that is HTML already and goes into a sentence as it is."""

    __slots__ = ()


@cache
def _catalogue(code: str) -> NullTranslations:
    path = locales_folder() / code / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=languages()[code].locale.split("_")[0])
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


class Texts:
    """Sentences in one language. `texts("pl")` returns the shared one."""

    def __init__(self, language: Language, *, escape: bool = True) -> None:
        self.language = language
        self.code = language.code
        self.rtl = language.rtl
        self.locale = Locale.parse(language.locale)
        self._escape = escape
        self._catalogue = _catalogue(language.code)

    @cached_property
    def plain(self) -> Texts:
        """The same language without HTML: for button labels, toasts, letters."""
        return Texts(self.language, escape=False) if self._escape else self

    def gettext(self, message: str, **fields: object) -> Html:
        """Translate `message` and fill its `{fields}`."""
        return self._fill(self._catalogue.gettext(message), fields)

    def ngettext(self, one: str, many: str, n: int, **fields: object) -> Html:
        """Translate with the plural form of `n`, which is also the field `{n}`."""
        return self._fill(self._catalogue.ngettext(one, many, n), {"n": n, **fields})

    def pgettext(self, context: str, message: str, **fields: object) -> Html:
        """Translate `message` as it is meant in `context`."""
        return self._fill(self._catalogue.pgettext(context, message), fields)

    def value(self, value: object) -> Html:
        """Return a datum as it stands in a sentence: escaped, isolated, in the language's own format."""
        if isinstance(value, Html):
            return value
        if isinstance(value, datetime):
            text = self.moment(value)
        elif isinstance(value, date):
            text = self.day(value)
        elif isinstance(value, time):
            text = self.clock(value)
        else:
            text = str(value)
            if isinstance(value, int):
                return Html(text)
        escaped = html.escape(text, quote=False) if self._escape else text
        return Html(self._isolate(escaped))

    def day(self, day: date) -> str:
        """Weekday, day and month: "Tuesday 24 November"."""
        return str(format_date(day, self._day_pattern, locale=self.locale))

    @cached_property
    def _day_pattern(self) -> str:
        """CLDR's full date without its year (and a word that belongs to the year, as in Ukrainian)."""
        full = str(self.locale.date_formats["full"].pattern)
        return re.sub(r"[\s,]*\by+\b\s*('[^']*'\.?)?,?\s*", " ", full).strip(" ,")

    def short_day(self, day: date) -> str:
        """Short weekday, day and month for a button: "Tue 24 Nov"."""
        return str(format_skeleton("MMMEd", day, locale=self.locale))

    def clock(self, moment: time) -> str:
        """The 24-hour clock that Norwegian schools use, in every language: "08:30"."""
        return str(format_time(moment, "HH:mm", locale=self.locale))

    def moment(self, moment: datetime) -> str:
        """Weekday, date and time of a wall-clock datetime."""
        comma = "،" if self.rtl else ","
        return f"{self.day(moment.date())}{comma} {self.clock(moment.time())}"

    def list(self, items: Iterable[object]) -> Html:
        """Join with commas and the language's "and"."""
        parts = [self.value(item) for item in items]
        return Html(format_list(parts, locale=self.locale)) if parts else Html("")

    def _isolate(self, text: str) -> str:
        if not text or text.startswith(FSI):
            return text
        if self.rtl or any(unicodedata.bidirectional(c) in _RTL_CLASSES for c in text):
            return f"{FSI}{text}{PDI}"
        return text

    def _fill(self, sentence: str, fields: dict[str, object]) -> Html:
        if not fields:
            return Html(sentence)
        return Html(sentence.format_map({name: self.value(value) for name, value in fields.items()}))


@cache
def texts(code: str) -> Texts:
    """Return the sentences of a live language; an unknown code falls back to English."""
    known = find_language(code) or "en"
    return Texts(languages()[known])
