"""Reads the sentences out of the code and out of the catalogues."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.i18n.registry import languages, locales_folder

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("bot", "handlers")
METHODS = [("bot/simulator/**", "ignore"), ("**.py", "python")]
KEYWORDS = {"gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "N_": None}
TAG = re.compile(r"</?[a-z]+[^>]*>")


def extract() -> Catalog:
    """Return every marked sentence of the code, with its places and `Translators:` comments."""
    catalog = Catalog(project="Skolebud", header_comment="# Skolebud: the sentences of the code", fuzzy=False)
    for room in ROOMS:
        found = extract_from_dir(
            ROOT / room, METHODS, keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=False
        )
        for name, _line, message, comments, context in found:
            # file names without line numbers: a moved line must not touch sixteen catalogues
            catalog.add(message, None, [(f"{room}/{name}", None)], auto_comments=comments, context=context)  # type: ignore[list-item]
    return catalog


def catalogue_path(code: str) -> Path:
    """Return where a language's catalogue lies."""
    return locales_folder() / code / "LC_MESSAGES" / "messages.po"


def read(code: str) -> Catalog:
    """Return a language's catalogue."""
    with catalogue_path(code).open("rb") as file:
        return read_po(file, locale=languages()[code].locale.split("_")[0])


def sentences(catalog: Catalog) -> dict[tuple[str | None, str], Message]:
    """Return a catalogue's messages by (context, msgid)."""
    return {
        (message.context, message.id if isinstance(message.id, str) else message.id[0]): message
        for message in catalog
        if message.id
    }


def forms_of(message: Message) -> list[str]:
    """Return a message's translations, one for each plural form; [""] when there is none."""
    if message.string is None or isinstance(message.string, str):
        return [message.string or ""]
    return list(message.string) or [""]


def brace_fields(text: str) -> set[str]:
    """Return the names of the `{fields}` of a sentence.

    Raises:
        ValueError: a brace is not closed.
    """
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def hidden_in_f_strings() -> Iterator[str]:
    """Return the places of sentences that stand inside an f-string, where extraction does not see them."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            outer = (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr))
            for call in (inner for node in outer for inner in ast.walk(node) if isinstance(inner, ast.Call)):
                name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
                if name in KEYWORDS and call.args and isinstance(call.args[0], ast.Constant):
                    yield f"{path.relative_to(ROOT)}:{call.lineno}"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a sentence in a language."""

    language: str
    msgid: str
    what: str

    def __str__(self) -> str:
        return f"{self.language}: {self.what}: {self.msgid[:90]!r}"


def problems(code: str, source: Catalog) -> Iterator[Problem]:
    """Hold a language's catalogue against the code's sentences."""
    wanted, there = sentences(source), sentences(read(code))
    for key in wanted.keys() - there.keys():
        yield Problem(code, key[1], "is missing, run `make i18n` and translate it")
    for key in there.keys() - wanted.keys():
        yield Problem(code, key[1], "is no longer in the code, run `make i18n`")
    plural_forms = read(code).num_plurals
    for key in wanted.keys() & there.keys():
        yield from _message_problems(code, there[key], plural_forms)


def _message_problems(code: str, message: Message, plural_forms: int) -> Iterator[Problem]:
    msgid = message.id if isinstance(message.id, str) else message.id[0]
    forms = forms_of(message)
    if message.fuzzy:
        yield Problem(code, msgid, "is marked fuzzy")
    if not all(forms):
        yield Problem(code, msgid, "is not translated")
        return
    if not isinstance(message.id, str) and len(forms) != plural_forms:
        yield Problem(code, msgid, f"has {len(forms)} plural forms, {plural_forms} are needed")
    ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    allowed = set[str]().union(*(brace_fields(i) for i in ids))
    for form in forms:
        yield from _form_problems(code, msgid, form, allowed, plural=not isinstance(message.id, str))


def _form_problems(code: str, msgid: str, form: str, allowed: set[str], *, plural: bool) -> Iterator[Problem]:
    try:
        used = brace_fields(form)
    except ValueError:
        yield Problem(code, msgid, "has a brace that does not close")
        return
    # "one child" may be said without its number; anything else must be there
    if used - allowed or (allowed - used) - ({"n"} if plural else set()):
        yield Problem(code, msgid, f"has the fields {sorted(used)}, the code gives {sorted(allowed)}")
    if sorted(TAG.findall(form)) != sorted(TAG.findall(msgid)):
        yield Problem(code, msgid, "has other HTML tags than the English sentence")
