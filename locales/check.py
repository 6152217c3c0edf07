"""`python -m locales.check`: every language complete, fields and tags right, `msgfmt -c` content."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from bot.i18n import commands, languages
from bot.i18n.commands import COMMAND_NAME
from bot.i18n.registry import SOURCE_LANGUAGE, locales_folder
from bot.translation.phrasebook import check_phrasebook, phrasebook_path
from bot.translation.words import check_guard_words, guard_words_path
from bot.understanding import check_phrases
from bot.understanding.engine import phrases_path
from locales.catalogues import Problem, catalogue_path, extract, hidden_in_f_strings, problems


def command_problems(code: str) -> list[Problem]:
    """Hold a language's command file against the English one and Telegram's rules for names."""
    wanted, there = commands(SOURCE_LANGUAGE), commands(code)
    found = [Problem(code, name, "has no entry in commands.yaml") for name in wanted.keys() - there.keys()]
    for name, command in there.items():
        if name not in wanted:
            found.append(Problem(code, name, "is no command"))
        bad = [alias for alias in (name, *command.aliases) if not COMMAND_NAME.fullmatch(alias)]
        found += [Problem(code, alias, "is not a command name: a-z 0-9 _ up to 32") for alias in bad]
        if not 1 <= len(command.description) <= 256:
            found.append(Problem(code, name, "needs a description of 1 to 256 characters"))
    return found


def main() -> int:
    """Print what is wrong; exit 1 if anything is."""
    source = extract()
    found = [Problem("code", place, "hides a sentence in an f-string") for place in hidden_in_f_strings()]
    for code in languages():
        found += [*problems(code, source), *command_problems(code)]
        if phrases_path(code).exists():
            found += [Problem(code, what, "in its phrases") for what in check_phrases(code)]
        if phrasebook_path(code).exists():
            found += [Problem(code, what, "in its phrasebook") for what in check_phrasebook(code)]
        if guard_words_path(code).exists():
            found += [Problem(code, what, "in the guard's words") for what in check_guard_words(code)]
        if not (locales_folder() / code / "STYLE.md").exists():
            found.append(Problem(code, "STYLE.md", "is missing"))
    for problem in found:
        sys.stderr.write(f"{problem}\n")
    return 1 if found or _msgfmt_fails() else 0


def _msgfmt_fails() -> bool:
    msgfmt = shutil.which("msgfmt")
    if msgfmt is None:
        required = os.environ.get("SKOLEBUD_TEST_REQUIRE") == "all"
        sys.stderr.write("msgfmt is not installed (Debian: gettext); its check was left out\n")
        return required
    results = [
        subprocess.run([msgfmt, "-c", "-o", os.devnull, str(catalogue_path(code))], check=False).returncode  # noqa: S603
        for code in languages()
    ]
    return any(results)


if __name__ == "__main__":
    sys.exit(main())
