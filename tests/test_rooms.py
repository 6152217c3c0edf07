"""The rooms hold apart: what import-linter's contracts cannot say."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]


def imports(folder: str) -> Iterator[tuple[Path, str]]:
    """Yield every absolute import below a folder, wherever in its file it stands."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((path, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield path, node.module or ""


def test_the_domain_knows_itself_and_the_standard_library_only() -> None:
    strangers = {
        f"{path.relative_to(ROOT)}: {name}"
        for path, name in imports("bot/domain")
        if not (name == "bot.domain" or name.startswith("bot.domain."))
        and name.partition(".")[0] not in sys.stdlib_module_names
    }
    assert strangers == set()


def test_every_room_of_the_house_is_forbidden_to_the_domain_and_the_simulator() -> None:
    rooms = {f"bot.{path.stem}" for path in (ROOT / "bot").iterdir() if path.suffix in {"", ".py"}}
    rooms = {room for room in rooms if not room.startswith("bot.__")} | {"handlers", "locales", "storage"}
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    by_id = {contract["id"]: contract for contract in contracts}
    for own in ("domain", "simulator"):
        forbidden = set(by_id[own]["forbidden_modules"])
        assert rooms - {f"bot.{own}"} <= forbidden, f"a new room is missing in the contract {own!r} of pyproject.toml"


FETCHED = re.compile(r"""(?:src|href)=["']?(?:https?:)?//|url\(["']?https?:|(?:from|import\(?|fetch\() ?["'`]https?:""")


def test_the_page_of_phones_loads_nothing_from_elsewhere() -> None:
    texts = {path.name: path.read_text("utf-8") for path in (ROOT / "bot" / "simulator" / "page").iterdir()}
    assert "index.html" in texts
    assert {name: FETCHED.findall(text) for name, text in texts.items() if FETCHED.search(text)} == {}


def hidden_sentences(code: str) -> list[str]:
    """Return the calls of gettext that stand inside an f-string: the extraction passes them over without a word."""
    strings = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.JoinedStr)]
    calls = [node for string in strings for node in ast.walk(string) if isinstance(node, ast.Call)]
    return [
        ast.unparse(call)
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in {"gettext", "ngettext", "pgettext"}
        and any(isinstance(argument, ast.Constant) for argument in call.args)
    ]


def test_no_sentence_hides_from_the_translators_in_an_f_string() -> None:
    assert hidden_sentences("""f"{tr.gettext('Only you see this line.')}" """) != []
    found = {
        str(path.relative_to(ROOT)): hidden
        for folder in ("bot", "handlers")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if (hidden := hidden_sentences(path.read_text("utf-8")))
    }
    assert found == {}
