"""What one cell of a school's file may hold. Each function returns the value, or raises `CellError`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import TypeVar

from bot.domain.people import Relation, Role
from bot.domain.roster_problems import (
    BAD_BLOCKED,
    BAD_CLASS,
    BAD_DATE,
    BAD_EMAIL,
    BAD_LANGUAGE,
    BAD_NAME,
    BAD_PHONE,
    BAD_RELATION,
    BAD_ROLE,
    EMPTY_CELL,
    FUTURE_DATE,
    TOO_LONG,
    TOO_OLD,
    RosterProblem,
    problem,
)
from bot.domain.roster_table import Row

NAME_LENGTH = 80
EMAIL_LENGTH = 120
LIST_LENGTH = 100
OLDEST = 25
"""Years; nobody older is a pupil."""

UPPER_SECONDARY = 10
"""Vg1 is grade 11."""

LANGUAGE_NAMES = {
    "no": "nb",
    **dict.fromkeys(("norwegian", "norsk", "bokmål", "bokmal"), "nb"),
    **dict.fromkeys(("nynorsk",), "nn"),
    **dict.fromkeys(("sami", "sámi", "samisk", "davvisámegiella"), "se"),
    **dict.fromkeys(("english", "engelsk"), "en"),
    **dict.fromkeys(("polish", "polsk", "polski"), "pl"),
    **dict.fromkeys(("lithuanian", "litauisk", "lietuvių"), "lt"),
    **dict.fromkeys(("ukrainian", "ukrainsk", "українська"), "uk"),
    **dict.fromkeys(("russian", "russisk", "русский"), "ru"),
    **dict.fromkeys(("arabic", "arabisk", "العربية"), "ar"),
    **dict.fromkeys(("somali", "somalisk", "soomaali"), "so"),
    **dict.fromkeys(("tigrinya", "tigrinja", "ትግርኛ"), "ti"),
    **dict.fromkeys(("urdu", "اردو"), "ur"),
    **dict.fromkeys(("persian", "persisk", "farsi", "dari", "فارسی"), "fa"),
    **dict.fromkeys(("turkish", "tyrkisk", "türkçe"), "tr"),
    **dict.fromkeys(("kurmanji", "kurdish", "kurdisk", "kurmancî"), "ku"),
    **dict.fromkeys(("vietnamese", "vietnamesisk"), "vi"),
}
"""Names that a school may write instead of a code: in English, Norwegian and the language itself."""

_BLOCKED = dict.fromkeys(("yes", "ja", "true", "sann", "1", "x"), True) | dict.fromkeys(
    ("no", "nei", "false", "usann", "0"), False
)
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DOTTED_DATE = re.compile(r"([0-9]{1,2})\. ?([0-9]{1,2})\. ?([0-9]{4})")
_CLASS = re.compile(r"(?:(VG) ?([1-3])|(10|[1-9]))[ .-]?([A-ZÆØÅÄÖ][A-ZÆØÅÄÖ0-9]{0,5})?")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_PHONE_SIGNS = re.compile(r"[\s().\-–/]")
_NORWEGIAN = re.compile(r"(?:\+?47)?([2-9][0-9]{7})")
_FOREIGN = re.compile(r"\+(?!47)[1-9][0-9]{6,14}")
_EMAIL = re.compile(r"[^\s@,;:<>()\[\]\"\\]+@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}")

T = TypeVar("T")
Member = TypeVar("Member", bound=StrEnum)


class CellError(Exception):
    """The cell does not hold what its column is for."""

    def __init__(self, sentence: str, **fields: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.fields = fields


class RowReader:
    """Reads the cells of a row, adding what is wrong to `problems`.

    `refused` names the columns that gave no value although they should; a row with any must not be trusted.
    """

    def __init__(self, row: Row, problems: list[RosterProblem]) -> None:
        self.line = row.line
        self.refused: set[str] = set()
        self._cells = row.cells
        self._problems = problems

    def required(self, column: str, read: Callable[[str], T]) -> T | None:
        """Return the value of a cell that must be filled in; None when it is refused."""
        if self._cells.get(column) == "":
            self._refuse(column, EMPTY_CELL)
            return None
        return self.optional(column, read)

    def optional(self, column: str, read: Callable[[str], T]) -> T | None:
        """Return the value of a cell; None when it is empty or refused."""
        cell = self._cells.get(column)
        if cell is None:  # refused before, or the column is missing: reported there
            self.refused.add(column)
            return None
        if not cell:
            return None
        try:
            return read(cell)
        except CellError as error:
            self._refuse(column, error.sentence, **error.fields)
            return None

    def _refuse(self, column: str, sentence: str, **fields: object) -> None:
        self.refused.add(column)
        self._problems.append(problem(self.line, sentence, column=column, **fields))


def fold(name: str) -> str:
    """Return what two spellings of one name share: no capitals, single spaces."""
    return " ".join(name.casefold().split())


def read_name(cell: str) -> str:
    """Return a person's name; letters are all that is asked of it."""
    if not any(sign.isalpha() for sign in cell) or "@" in cell:
        raise CellError(BAD_NAME, value=cell)
    _check_length(fold(cell), NAME_LENGTH)
    return cell


def read_birth_date(today: date) -> Callable[[str], date]:
    """Return a reader of birth dates that are plausible for a pupil on `today`."""

    def read(cell: str) -> date:
        born = _read_date(cell)
        if born > today:
            raise CellError(FUTURE_DATE, value=cell)
        if today.year - born.year - ((today.month, today.day) < (born.month, born.day)) > OLDEST:
            raise CellError(TOO_OLD, value=cell, years=OLDEST)
        return born

    return read


def _read_date(cell: str) -> date:
    if iso := _ISO_DATE.fullmatch(cell):
        year, month, day = iso.groups()
    elif dotted := _DOTTED_DATE.fullmatch(cell):
        day, month, year = dotted.groups()
    else:
        raise CellError(BAD_DATE, value=cell)
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise CellError(BAD_DATE, value=cell) from error


def read_class(cell: str) -> str:
    """Return the class as it is always written here: 5A, 10C, Vg1A."""
    if not (found := _CLASS.fullmatch(cell.upper())):
        raise CellError(BAD_CLASS, value=cell)
    upper_secondary, year, grade, rest = found.groups(default="")
    return f"Vg{year}{rest}" if upper_secondary else f"{grade}{rest}"


def grade_of(class_name: str) -> int:
    """Return the year (trinn) of a class that `read_class` returned: 1 to 13."""
    found = _CLASS.fullmatch(class_name.upper())
    if not found:
        raise ValueError(class_name)
    upper_secondary, year, grade, _ = found.groups()
    return UPPER_SECONDARY + int(year) if upper_secondary else int(grade)


def read_classes(cell: str) -> tuple[str, ...]:
    """Return the classes of a cell, each once."""
    _check_length(cell, LIST_LENGTH)
    return tuple(dict.fromkeys(read_class(part) for part in _parts(cell)))


def read_relation(cell: str) -> Relation:
    """Return what the guardian is to the pupil."""
    return _read_member(cell, Relation, BAD_RELATION)


def read_role(cell: str) -> Role:
    """Return what a member of staff does."""
    return _read_member(cell, Role, BAD_ROLE)


def _read_member(cell: str, kind: type[Member], sentence: str) -> Member:
    try:
        return kind(re.sub(r"[\s_-]+", "_", cell.casefold()))
    except ValueError as error:
        raise CellError(sentence, value=cell, allowed=", ".join(kind)) from error


def read_language(cell: str) -> str:
    """Return a language code; that a school knows more languages than the bot is not a mistake."""
    code = LANGUAGE_NAMES.get(cell.casefold(), cell.casefold())
    if not _LANGUAGE.fullmatch(code):
        raise CellError(BAD_LANGUAGE, value=cell)
    return code


def read_languages(cell: str) -> tuple[str, ...]:
    """Return the language codes of a cell, each once."""
    _check_length(cell, LIST_LENGTH)
    return tuple(dict.fromkeys(read_language(part) for part in _parts(cell)))


def read_phone(cell: str) -> str:
    """Return the number as E.164; eight digits are Norwegian, and spreadsheets may have eaten the plus."""
    digits = _PHONE_SIGNS.sub("", cell)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if norwegian := _NORWEGIAN.fullmatch(digits):
        return f"+47{norwegian[1]}"
    if not _FOREIGN.fullmatch(digits):
        raise CellError(BAD_PHONE, value=cell)
    return digits


def read_email(cell: str) -> str:
    """Return the address in small letters."""
    _check_length(cell.lower(), EMAIL_LENGTH)
    if not _EMAIL.fullmatch(cell.lower()):
        raise CellError(BAD_EMAIL, value=cell)
    return cell.lower()


def read_blocked(cell: str) -> bool:
    """Return whether the school shut this guardian out; anything but a clear yes or no is refused."""
    try:
        return _BLOCKED[cell.casefold()]
    except KeyError:
        raise CellError(BAD_BLOCKED, value=cell) from None


def _parts(cell: str) -> list[str]:
    return re.split(r"[\s,;]+", cell.strip(" ,;"))


def _check_length(cell: str, limit: int) -> None:
    if len(cell) > limit:
        raise CellError(TOO_LONG, limit=limit)
