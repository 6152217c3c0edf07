"""The office's lists as files: CSV and JSON for other systems, text and a printable page for people."""

from __future__ import annotations

import csv
import html
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.actions.absence.words import absence_text
from bot.actions.absence_report import ClassDay, DayReport
from bot.i18n import Texts
from storage.queries.exports import AbsenceLine, LeaveLine

Record = Mapping[str, str | int]

ABSENCE_COLUMNS = ("class", "pupil", "day", "kind", "reason", "from", "to", "source", "reported_at")
LEAVE_COLUMNS = ("class", "pupil", "first", "last", "school_days", "state", "asked_at", "decided_at")

BOM = "\ufeff"
EXCEL_SEPARATOR = ";"
"""What a Norwegian Excel takes for the next cell when a file is opened with a double click."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
"""Beginnings that a spreadsheet may run as a formula, full-width ones apart (OWASP: CSV injection)."""
_WIDE = str.maketrans("\uff1d\uff0b\uff0d\uff20", "=+-@")

STYLE = """
@page { size: A4; margin: 16mm }
body { font: 11pt/1.4 "Noto Sans", "Noto Naskh Arabic", "Segoe UI", Tahoma, sans-serif; color: #111; margin: 0 auto;
  max-width: 44rem; padding: 1rem }
h1 { font-size: 15pt; margin: 0 0 .2rem }
h2 { font-size: 12.5pt; margin: 1.2rem 0 .3rem; break-after: avoid }
section { break-inside: avoid }
table { border-collapse: collapse; width: 100% }
td { border-block-end: 1px solid #bbb; padding: .25rem .4rem; text-align: start; vertical-align: top }
td:first-child { width: 45% }
p { margin: .2rem 0 }
.box { width: 1.2rem; border: 1px solid #666 }
@media print { body { max-width: none; padding: 0 } }
"""


def absence_records(lines: Sequence[AbsenceLine], zone: ZoneInfo) -> list[Record]:
    """Return absences under the names of `ABSENCE_COLUMNS`; `reported_at` is the school's clock with its offset."""
    return [
        {
            "class": line.school_class,
            "pupil": line.pupil,
            "day": line.day.isoformat(),
            "kind": line.kind.value,
            "reason": line.reason.value,
            "from": _clock(line.starts),
            "to": _clock(line.ends),
            "source": line.source.value,
            "reported_at": _moment(line.reported_at, zone),
        }
        for line in lines
    ]


def leave_records(lines: Sequence[LeaveLine], zone: ZoneInfo) -> list[Record]:
    """Return requests for leave under the names of `LEAVE_COLUMNS`."""
    return [
        {
            "class": line.school_class,
            "pupil": line.pupil,
            "first": line.first.isoformat(),
            "last": line.last.isoformat(),
            "school_days": line.days,
            "state": line.state.value,
            "asked_at": _moment(line.asked_at, zone),
            "decided_at": _moment(line.decided_at, zone) if line.decided_at else "",
        }
        for line in lines
    ]


def _clock(moment: time | None) -> str:
    return f"{moment:%H:%M}" if moment else ""


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="seconds")


def to_csv(columns: Sequence[str], records: Sequence[Record], *, excel: bool = False) -> str:
    """Return records as CSV with a header, no cell of which a spreadsheet takes for a formula.

    Args:
        excel: begin with a byte order mark and separate by semicolons, as a Norwegian Excel expects.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=EXCEL_SEPARATOR if excel else ",", lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([safe_cell(record[name]) for name in columns] for record in records)
    return (BOM if excel else "") + out.getvalue()


def safe_cell(value: str | int) -> str | int:
    """Return a cell with an apostrophe before what would be a formula; a number stays one."""
    if isinstance(value, str):
        seen = value.translate(_WIDE)
        if seen.startswith(_FORMULA) or seen.lstrip().startswith(_FORMULA):
            return f"'{value}"
    return value


def to_json(records: Sequence[Record]) -> str:
    """Return records as a JSON list."""
    return json.dumps([dict(record) for record in records], ensure_ascii=False, indent=2) + "\n"


def day_text(report: DayReport, tr: Texts) -> str:
    """Return the classes of a day as plain text."""
    lines = [str(_title(report.day, tr)), ""]
    for one in report.classes:
        lines += [f"{one.school_class.name}: {_there(one, tr)}"]
        lines += [f"  {pupil}: {what}" for pupil, what in _lines(one, tr)]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def day_html(report: DayReport, tr: Texts, school: str) -> str:
    """Return the classes of a day as a page of its own that prints on A4; names stand in their own direction."""
    title = html.escape(str(_title(report.day, tr)))
    sections = "\n".join(_section(one, tr) for one in report.classes)
    return (
        f'<!doctype html>\n<html lang="{tr.code}" dir="{"rtl" if tr.rtl else "ltr"}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="robots" content="noindex">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n'
        f"<body>\n<h1>{title}</h1>\n<p><bdi>{html.escape(school)}</bdi></p>\n{sections}\n</body>\n</html>\n"
    )


def _section(one: ClassDay, tr: Texts) -> str:
    rows = "\n".join(
        f'<tr><td><bdi>{html.escape(pupil)}</bdi></td><td>{html.escape(what)}</td><td class="box"></td></tr>'
        for pupil, what in _lines(one, tr)
    )
    table = f"\n<table>\n{rows}\n</table>" if rows else ""
    there = html.escape(_there(one, tr))
    return f"<section>\n<h2><bdi>{html.escape(one.school_class.name)}</bdi></h2>\n<p>{there}</p>{table}\n</section>"


def _title(day: date, tr: Texts) -> str:
    return str(tr.plain.gettext("Who is away on {day}", day=day))


def _there(one: ClassDay, tr: Texts) -> str:
    if not one.absent:
        return str(tr.plain.ngettext("{n} pupil, nobody is away.", "{n} pupils, nobody is away.", one.pupils))
    return str(
        tr.plain.ngettext(
            "{away} of {n} pupil away, late, or gone for a part of the day.",
            "{away} of {n} pupils away, late, or gone for a part of the day.",
            one.pupils,
            away=len(one.absent),
        )
    )


def _lines(one: ClassDay, tr: Texts) -> Iterator[tuple[str, str]]:
    for pupil, row in one.absent:
        yield pupil.name, str(absence_text(tr.plain, row.kind, row.reason, row.starts, row.ends))
