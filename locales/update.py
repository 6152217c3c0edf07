"""`make i18n`: brings messages.pot and every language's catalogue up to date with the code."""

from __future__ import annotations

import io
import sys
from copy import deepcopy
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from bot.i18n.registry import SOURCE_LANGUAGE, languages, locales_folder
from locales.catalogues import catalogue_path, extract, forms_of, read, sentences

WIDTH = 110
STAMPS = ("POT-Creation-Date", "Generated-By", "Report-Msgid-Bugs-To")
"""Headers that would change with every run."""


def main() -> int:
    """Write the template and merge it into each language; the English one is filled by itself."""
    source = extract()
    _write(locales_folder() / "messages.pot", source)
    for code in languages():
        path = catalogue_path(code)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalog = read(code) if path.exists() else _new_catalog(code)
        # a copy: Babel puts the template's own message objects into the catalogue
        catalog.update(deepcopy(source), no_fuzzy_matching=True, keep_user_comments=True)
        catalog.obsolete.clear()
        catalog.project, catalog.last_translator = "Skolebud", "The Skolebud translators"
        if code == SOURCE_LANGUAGE:
            _fill_source(catalog)
        _write(path, catalog, review="draft" if languages()[code].draft else "native")
        left = sum(not all(forms_of(message)) for message in sentences(catalog).values())
        sys.stdout.write(f"{code}: {len(sentences(catalog))} sentences, {left} to translate\n")
    return 0


def _new_catalog(code: str) -> Catalog:
    return Catalog(
        locale=languages()[code].locale.split("_")[0],
        project="Skolebud",
        header_comment=f"# Skolebud: {languages()[code].name}",
        language_team=languages()[code].name,
        revision_date="2026-11-21 12:00+0100",
        fuzzy=False,
    )


def _fill_source(catalog: Catalog) -> None:
    for message in catalog:
        if message.id:
            message.string = message.id


def _write(path: Path, catalog: Catalog, review: str | None = None) -> None:
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=WIDTH, sort_output=True, include_previous=False, ignore_obsolete=True)
    lines = buffer.getvalue().decode().splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(tuple(f'"{stamp}:' for stamp in STAMPS))]
    text = "".join(kept)
    if review is not None and "X-Review:" not in text:
        text = text.replace('"MIME-Version:', f'"X-Review: {review}\\n"\n"MIME-Version:', 1)
    read_po(io.BytesIO(text.encode()))  # what is written must be readable
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
