"""From a file's bytes to rows of cleaned cells that know their line and their column."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

from bot.domain.roster_problems import (
    BROKEN_QUOTES,
    EMPTY_FILE,
    EXTRA_CELLS,
    MISSING_COLUMNS,
    NATIONAL_ID,
    NO_HEADER,
    NOT_TEXT,
    REPEATED_COLUMN,
    UNKNOWN_COLUMN,
    UNKNOWN_COLUMN_NEAR,
    UNREADABLE,
    RosterInvalid,
    RosterProblem,
    problem,
)

DELIMITERS = (",", ";", "\t")
JOINERS = "\u200c\u200d"
"""Invisible, but part of how Persian and Urdu names are spelled."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN_SIGNS = frozenset("–—‘’‚“”„…·´°§«»€ªº©®\u00a0")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_GARBLED = re.compile(r"[^\W\d_a-zA-Z]{3}")
"""Three accented letters in a row: what another alphabet's bytes become when read as Western European."""

_GAP = r"[\s./–-]{0,2}"
_NATIONAL_ID = re.compile(rf"(?<!\d)\d\d{_GAP}\d\d{_GAP}\d\d{_GAP}\d{{3}}{_GAP}\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Row:
    """A line with something in it, without the cells that are refused already or whose column is missing."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Header:
    """Which column each position holds; `width` positions have a name, known or not."""

    columns: Mapping[int, str]
    named: frozenset[int]


def decode_csv(data: bytes) -> str:
    """Return the text of a file as spreadsheets save it: UTF-8, UTF-16 with a mark, or Western European.

    Raises:
        RosterInvalid: it is not text, or text in an encoding that can only be guessed.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decode(data, encoding)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        text = _decode(data, "cp1252")
        if not _is_western(text):
            raise _not_text(_line_of(data, error.start)) from error
        return text
    return _decode(data, "utf-8")


def _decode(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _not_text(_line_of(data, error.start)) from error
    if found := _CONTROL.search(text):
        raise _not_text(text.count("\n", 0, found.start()) + 1)
    return text


def _is_western(text: str) -> bool:
    foreign = {sign for sign in text if not sign.isascii()}
    return all(sign.isalpha() or sign in _WESTERN_SIGNS for sign in foreign) and not _GARBLED.search(text)


def _line_of(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


def _not_text(line: int) -> RosterInvalid:
    return RosterInvalid([problem(line, NOT_TEXT)])


def clean(cell: str) -> str:
    """Return the cell composed (NFC), trimmed, without invisible marks and with single spaces."""
    visible = "".join(sign for sign in cell if sign in JOINERS or unicodedata.category(sign) != "Cf")
    return " ".join(unicodedata.normalize("NFC", visible).split())


def has_national_id(cell: str) -> bool:
    """Tell whether eleven digits stand in the cell as a national identity number is written."""
    return _NATIONAL_ID.search(cell) is not None


def read_table(
    text: str, columns: tuple[str, ...], problems: list[RosterProblem], *, optional: frozenset[str] = frozenset()
) -> list[Row]:
    """Return the rows under the header, adding to `problems` what is wrong with the file's form.

    A column that is `optional` may be missing; its cells are then empty.
    """
    text = text.removeprefix("\ufeff")
    records = _records(text, _delimiter(text, columns), problems)
    first = next(records, None)
    if first is None:
        if not problems:
            problems.append(problem(1, EMPTY_FILE, columns=", ".join(columns)))
        return []
    header = _read_header(*first, columns, problems, optional)
    if header is None:
        return []
    absent = dict.fromkeys(optional - set(header.columns.values()), "")
    rows = [_read_row(line, cells, header, problems) for line, cells in records]
    return [replace(row, cells={**absent, **row.cells}) for row in rows] if absent else rows


def _records(text: str, delimiter: str, problems: list[RosterProblem]) -> Iterator[tuple[int, list[str]]]:
    """Yield the records that are not blank, each with the line it starts on."""
    # newline="" keeps line ends as they are and ends lines where editors do (not at U+2028 and its like).
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=delimiter != "\t")
    while True:
        line = reader.line_num + 1
        try:
            cells = [clean(cell) for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error:
            problems.append(problem(line, BROKEN_QUOTES))
            return
        if any(cells):
            yield line, cells


def _delimiter(text: str, columns: tuple[str, ...]) -> str:
    """Return the separator under which the first line with something in it holds the most known columns."""
    head = next((line for line in io.StringIO(text, newline="") if line.strip(' ,;\t\r\n"')), "")

    def known(delimiter: str) -> int:
        return sum(_column_name(part.replace('"', "")) in columns for part in head.split(delimiter))

    return max(DELIMITERS, key=known)


def _column_name(cell: str) -> str:
    return re.sub(r"[\s_-]+", "_", clean(cell).casefold()).strip("_")


def _read_header(
    line: int, cells: list[str], columns: tuple[str, ...], problems: list[RosterProblem], optional: frozenset[str]
) -> _Header | None:
    if any(has_national_id(cell) for cell in cells):
        problems.append(problem(line, NATIONAL_ID))
        return None
    found: dict[int, str] = {}
    faults: list[RosterProblem] = []
    for position, cell in enumerate(cells):
        name = _column_name(cell)
        if name in found.values():
            faults.append(problem(line, REPEATED_COLUMN, column=name))
        elif name in columns:
            found[position] = name
        elif cell:
            faults.append(_unknown_column(line, cell, columns))
    if not found:
        problems.append(problem(line, NO_HEADER, columns=", ".join(columns)))
        return None
    if missing := [name for name in columns if name not in found.values() and name not in optional]:
        faults.insert(0, problem(line, MISSING_COLUMNS, columns=", ".join(missing)))
    problems.extend(faults)
    return _Header(found, frozenset(position for position, cell in enumerate(cells) if cell))


def _unknown_column(line: int, cell: str, columns: tuple[str, ...]) -> RosterProblem:
    if near := get_close_matches(_column_name(cell), columns, n=1):
        return problem(line, UNKNOWN_COLUMN_NEAR, column=cell, nearest=near[0])
    return problem(line, UNKNOWN_COLUMN, column=cell)


def _read_row(line: int, cells: list[str], header: _Header, problems: list[RosterProblem]) -> Row:
    kept = dict.fromkeys(header.columns.values(), "")
    for position, cell in enumerate(cells):
        column = header.columns.get(position, "")
        fault = _cell_fault(line, cell, column)
        if fault is None:
            kept |= {column: cell} if column else {}
        else:
            problems.append(fault)
            kept.pop(column, None)
    if any(cell and position not in header.named for position, cell in enumerate(cells)):
        problems.append(problem(line, EXTRA_CELLS))
    return Row(line, kept)


def _cell_fault(line: int, cell: str, column: str) -> RosterProblem | None:
    # A telephone number with its country code may have eleven digits too: +48 and nine.
    abroad = column == "phone" and cell.startswith(("+", "00"))
    if has_national_id(cell) and not abroad:
        return problem(line, NATIONAL_ID)
    if column and any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in cell):
        return problem(line, UNREADABLE, column=column)
    return None
