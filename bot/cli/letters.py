"""`skolebud letters`: printed letters with a one-time code for everybody who has not joined."""

from __future__ import annotations

import html
import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import segno
import typer

from bot.actions.letters import Letter, LetterFilter, make_letters
from bot.app import ask_username
from bot.cli.common import Operator, run, stop, write_private
from bot.domain.marking import N_
from bot.i18n import Texts

RULE = "\n\n" + "-" * 72 + "\n\n"

STYLE = """
@page { size: A4; margin: 22mm }
body { font: 12pt/1.5 "Noto Sans", "Noto Naskh Arabic", "Segoe UI", Tahoma, sans-serif; color: #111; margin: 0 auto;
  max-width: 42rem; padding: 1rem }
article { break-after: page; padding: 1rem 0 }
article:last-child { break-after: auto }
li { margin: .35rem 0; overflow-wrap: anywhere }
.code { font: 700 16pt/1.4 ui-monospace, "DejaVu Sans Mono", monospace; letter-spacing: .04em; white-space: nowrap }
.link { white-space: nowrap }
figure { float: inline-end; margin: 0 0 1rem; margin-inline-start: 1.5rem; text-align: center; font-size: 9pt }
figure svg { display: block; width: 42mm; height: 42mm; margin: 0 auto .3rem }
@media screen { article { border-bottom: 1px dashed #999 } }
"""


class LetterFormat(StrEnum):
    """How letters are written down."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"


NAMES = {LetterFormat.TEXT: "letters.txt", LetterFormat.JSON: "letters.json", LetterFormat.HTML: "letters.html"}
STAFF_CODES = "staff-codes.txt"


def letters(
    out: Annotated[Path, typer.Option(help="A folder for the letters; they hold secrets until they are used.")],
    bot_username: Annotated[str, typer.Option(help="The bot's name; without it Telegram is asked.")] = "",
    class_name: Annotated[str | None, typer.Option("--class", help="Only the homes of this class, such as 5A.")] = None,
    person: Annotated[
        str | None, typer.Option(help="Only this person, by name or number: a new code, and the earlier one ends.")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Also those whose last letter still works; its code ends.")
    ] = False,
    formats: Annotated[
        list[LetterFormat] | None, typer.Option("--format", help="How to write them; all three without it.")
    ] = None,
) -> None:
    """Make a letter for everybody who may join and has not."""

    async def work(operator: Operator) -> None:
        wanted = tuple(dict.fromkeys(formats)) if formats else tuple(LetterFormat)
        _prepare(operator, out, wanted)
        name = bot_username or await _ask_name(operator)
        who = LetterFilter(class_name=class_name, person=person, again=again)
        async with operator.database.unit_of_work() as uow:
            made = await make_letters(uow, who, bot_username=name, days=operator.settings.letters_days)
        if not made:
            operator.say(N_("Nobody needs a letter: all have joined, or have one that still works."))
            return
        for kind in wanted:
            write_private(out / NAMES[kind], render(kind, made, operator.tr))
        if any(letter.second_code for letter in made):
            write_private(out / STAFF_CODES, staff_codes(made, operator.tr))
            operator.say(
                N_("The second codes of the staff are in {file}. Give them to each person apart from the letter."),
                file=STAFF_CODES,
            )
        typer.echo(
            operator.tr.ngettext(
                "{n} letter is in {folder}. Delete the files when it is handed out.",
                "{n} letters are in {folder}. Delete the files when they are handed out.",
                len(made),
                folder=str(out),
            )
        )

    run(work)


def _prepare(operator: Operator, out: Path, wanted: tuple[LetterFormat, ...]) -> None:
    """Make sure, before codes are made, that the letters can be written and no earlier ones are lost."""
    try:
        out.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        stop(operator.tr.gettext(N_("The folder {folder} cannot be made. Choose another one."), folder=str(out)))
    for name in (*(NAMES[kind] for kind in wanted), STAFF_CODES):
        if (out / name).exists():
            stop(
                operator.tr.gettext(
                    N_("{file} is there already, with codes that may still be needed. Choose another folder."),
                    file=str(out / name),
                )
            )


async def _ask_name(operator: Operator) -> str:
    name = await ask_username(operator.settings)
    if name is None:
        stop(
            operator.tr.gettext(
                N_("Telegram did not tell the bot's name. Add it: {option}"), option="--bot-username skolebud_bot"
            )
        )
    return name


def render(kind: LetterFormat, made: list[Letter], tr: Texts) -> str:
    """Return all letters in one file."""
    if kind is LetterFormat.TEXT:
        return RULE.join(letter.text for letter in made) + "\n"
    if kind is LetterFormat.JSON:
        return json.dumps([_plain(letter) for letter in made], ensure_ascii=False, indent=2) + "\n"
    return _page(made, tr)


def _plain(letter: Letter) -> dict[str, Any]:
    """Return what a letter holds; the second code does not belong to it."""
    return {
        "person_id": letter.person_id,
        "name": letter.name,
        "language": letter.language,
        "children": [{"name": name, "class": class_name} for name, class_name in letter.children],
        "roles": [role.value for role in letter.roles],
        "code": letter.code,
        "link": letter.link,
        "works_until": letter.works_until.isoformat(),
        "text": letter.text,
    }


def staff_codes(made: list[Letter], tr: Texts) -> str:
    """Return the second codes of the staff, a line each."""
    rows = [f"{letter.name}\t{letter.second_code}" for letter in made if letter.second_code]
    return "\n".join((tr.gettext("Second codes: tell each person their own, not with the letter."), "", *rows, ""))


def _page(made: list[Letter], tr: Texts) -> str:
    title = html.escape(tr.gettext("Letters"))
    articles = "\n".join(_article(letter) for letter in made)
    return (
        f'<!doctype html>\n<html lang="{tr.code}" dir="{"rtl" if tr.rtl else "ltr"}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="robots" content="noindex">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n'
        f"<body>\n{articles}\n</body>\n</html>\n"
    )


def _article(letter: Letter) -> str:
    picture = segno.make(letter.link, error="m", micro=False).svg_inline(scale=4, border=2)
    figure = f"<figure>{picture}<figcaption>{html.escape(letter.scan)}</figcaption></figure>"
    before = "\n".join(f"<p>{html.escape(line)}</p>" for line in letter.before)
    steps = "\n".join(f"<li>{_marked(line, letter)}</li>" for line in letter.steps)
    after = "\n".join(f"<p>{html.escape(line)}</p>" for line in letter.after)
    head = f'<article lang="{letter.language}" dir="{"rtl" if letter.rtl else "ltr"}">'
    return "\n".join((head, figure, before, "<ol>", steps, "</ol>", after, "</article>"))


def _marked(line: str, letter: Letter) -> str:
    """Return a step as HTML, its code large and its link left to right whatever the language."""
    marked = html.escape(line)
    marked = marked.replace(letter.code, f'<bdi dir="ltr" class="code">{letter.code}</bdi>')
    link = html.escape(letter.link)
    return marked.replace(link, f'<bdi dir="ltr" class="link">{link}</bdi>')
