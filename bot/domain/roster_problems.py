"""What can be wrong in a school's files, each with a sentence that says what to do.

Sentences never repeat a cell that may hold a national identity number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain.errors import InvalidInput
from bot.domain.marking import N_

SHOWN = 60
"""Characters of a cell that a sentence repeats at most."""

# Translators: in all sentences about a file, {column} and {columns} are column names and stay English.
NOT_TEXT = N_(
    'Line {line}: this is not readable as text. Save the file as CSV again: in Excel choose "Save as" and "CSV UTF-8".'
)
EMPTY_FILE = N_("Line {line}: the file is empty. The first line must hold the column names: {columns}.")
NO_HEADER = N_("Line {line}: no column name was recognised. Write these names in the first line: {columns}.")
MISSING_COLUMNS = N_("Line {line}: these columns are missing: {columns}. Add them to this line.")
UNKNOWN_COLUMN = N_("Line {line}: the column {column} is not known. Delete it.")
UNKNOWN_COLUMN_NEAR = N_("Line {line}: the column {column} is not known. Did you mean {nearest}? Rename or delete it.")
REPEATED_COLUMN = N_("Line {line}: the column {column} is there twice. Keep one of them.")
BROKEN_QUOTES = N_(
    "Line {line}: from here on the file cannot be read, because a quotation mark does not close or a cell is "
    "far too long. Correct this line; the lines after it were not checked."
)
EXTRA_CELLS = N_(
    "Line {line}: there are more cells than columns. If a cell holds the separator, put the cell in quotation marks."
)
UNREADABLE = N_("Line {line}: the cell {column} holds a character that cannot be shown. Type the cell again.")
NATIONAL_ID = N_(
    "Line {line}: a cell looks like a national identity number. It is not needed here and is not kept: "
    "delete it from the file."
)
EMPTY_CELL = N_("Line {line}: the cell {column} is empty. Fill it in.")
TOO_LONG = N_("Line {line}: the cell {column} is too long. Use at most {limit} characters.")
BAD_NAME = N_("Line {line}: {value} is not a name. Write the first name and the family name in letters.")
BAD_DATE = N_("Line {line}: the date {value} is not a date. Write it like 2016-05-31.")
FUTURE_DATE = N_("Line {line}: the birth date {value} is in the future. Check the year.")
TOO_OLD = N_("Line {line}: somebody born on {value} is more than {years} years old. Check the year.")
BAD_CLASS = N_("Line {line}: {value} is not a class. Start with the grade, like 5A, 10C or Vg1A.")
BAD_RELATION = N_("Line {line}: {value} is not a known relation. Write one of: {allowed}.")
BAD_ROLE = N_("Line {line}: {value} is not a known role. Write one of: {allowed}.")
BAD_LANGUAGE = N_("Line {line}: {value} is not a language code. Write two or three letters, like nb, pl or ar.")
BAD_PHONE = N_(
    "Line {line}: {value} is not a telephone number. Write it like +47 and eight digits; a foreign number "
    "starts with + and its country code."
)
BAD_EMAIL = N_("Line {line}: {value} is not an e-mail address. Write it like name@school.example.")
BAD_BLOCKED = N_("Line {line}: {value} in the column blocked is neither yes nor no. Write yes, no, or nothing.")
TWO_CLASSES = N_(
    "Line {line}: {name} is in class {value} here and in class {other_value} on line {other}. "
    "Write the same class on both lines."
)
PHONE_OTHER_NAME = N_(
    "Line {line}: the telephone number of {name} belongs to {other_name} on line {other}. Write each "
    "person's own number, or the same name on both lines."
)
EMAIL_OTHER_NAME = N_(
    "Line {line}: the e-mail address of {name} belongs to {other_name} on line {other}. Write each "
    "person's own address, or the same name on both lines."
)
OTHER_EMAIL = N_(
    "Line {line}: {name} has another e-mail address on line {other}. Write the same address on both lines."
)
OTHER_LANGUAGE = N_("Line {line}: {name} has another language on line {other}. Write the same language on both lines.")
REPEATED_ROW = N_(
    "Line {line}: {name} and {other_name} are already together on line {other}. Delete one line. If they are "
    "two people, write both telephone numbers."
)
REPEATED_STAFF = N_(
    "Line {line}: {name} already has the role {value} on line {other}. Delete one line. If they are two "
    "people, write both telephone numbers."
)
NO_CLASS = N_("Line {line}: the contact teacher {name} has no class. Write the class in the column classes.")
NO_LANGUAGE = N_("Line {line}: the interpreter {name} has no language. Write the codes in the column languages.")


@dataclass(frozen=True, slots=True)
class RosterProblem:
    """One thing to correct.

    Attributes:
        line: the line as an editor numbers it, the header being line 1.
        sentence: English msgid with named fields.
        fields: every value of the sentence, `line` among them; they may be personal and are never logged.
    """

    line: int
    sentence: str
    fields: Mapping[str, object] = field(hash=False)


class RosterInvalid(InvalidInput):
    """A file has something to correct; nothing of it may be applied. `problems` are in the order of lines."""

    code = "roster_invalid"
    sentence = N_("Nothing was changed, because the file needs correcting ({count}). Import it again afterwards.")

    def __init__(self, problems: Iterable[RosterProblem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        super().__init__(count=len(self.problems))


def problem(line: int, sentence: str, **fields: object) -> RosterProblem:
    """Return the problem with its fields completed and long cells cut."""
    shown = {name: shorten(value) if isinstance(value, str) else value for name, value in fields.items()}
    return RosterProblem(line, sentence, {"line": line, **shown, **_whole(fields)})


def shorten(value: str) -> str:
    """Return at most `SHOWN` characters of a cell."""
    return value if len(value) <= SHOWN else f"{value[: SHOWN - 1]}…"


def _whole(fields: Mapping[str, object]) -> dict[str, object]:
    """Return the lists, which come from us and not from the file, uncut."""
    return {name: fields[name] for name in ("columns", "allowed") if name in fields}
