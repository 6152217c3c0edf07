"""A summary of absences and remarks in words, the same in the overview and in the monthly report (A6, A8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from bot.actions.absence.words import absence_text, reason_text
from bot.actions.overview import Overview, Summary
from bot.domain.absence import AbsenceKind, AbsenceSource
from bot.domain.followup import GOOD_REMARKS, REMARK_ORDER
from bot.i18n import Html, Texts
from bot.i18n.absence_words import KIND_SIGNS
from bot.i18n.followup_words import REMARK_NAMES, REMARK_SIGNS
from storage.queries.absence import AbsenceRow
from storage.queries.followup import RemarkRow

DATES_SHOWN = 8
"""Days that a line names; of more it gives the number, or a tired reader stops reading."""
AHEAD_SHOWN = 10
"""Lines of granted leave, and lines of days that were reported beforehand."""


def summary_lines(summary: Summary, tr: Texts, *, days: bool) -> Iterator[Html]:
    """Yield the lines of a summary, the good remarks first.

    Args:
        days: also name the days, as the monthly report does.
    """
    for kind in REMARK_ORDER:
        if kind in summary.remarks and kind in GOOD_REMARKS:
            yield _counted(tr, REMARK_SIGNS[kind], tr.gettext(REMARK_NAMES[kind]), summary.remarks[kind], days=days)
    yield from _absence_lines(summary, tr, days=days)
    for kind in REMARK_ORDER:
        if kind in summary.remarks and kind not in GOOD_REMARKS:
            yield _counted(tr, REMARK_SIGNS[kind], tr.gettext(REMARK_NAMES[kind]), summary.remarks[kind], days=days)


def _absence_lines(summary: Summary, tr: Texts, *, days: bool) -> Iterator[Html]:
    if summary.absent:
        total = tr.ngettext("Absent: {n} day", "Absent: {n} days", summary.days_absent)
        yield Html(f"{KIND_SIGNS[AbsenceKind.ABSENT]} {total}")
        for reason, dates in summary.absent.items():
            yield _counted(tr, "  •", reason_text(tr, reason), dates, days=days)
    if summary.late:
        late = tr.ngettext("Late: {n} time", "Late: {n} times", len(summary.late))
        yield _line(tr, KIND_SIGNS[AbsenceKind.LATE], late, _days_of(summary.late) if days else ())
    if summary.part:
        part = tr.ngettext("Away for a part of the day: {n} time", "Away for a part of the day: {n} times",
                           len(summary.part))  # fmt: skip
        yield _line(tr, KIND_SIGNS[AbsenceKind.PART], part, _days_of(summary.part) if days else ())


def _days_of(rows: Sequence[AbsenceRow]) -> list[date]:
    return [row.day for row in rows]


def _counted(tr: Texts, mark: str, what: Html, dates: Sequence[date], *, days: bool) -> Html:
    # Translators: {what} is a reason or a remark ("illness", "homework was missing"), {n} how often
    text = tr.ngettext("{what}: {n} time", "{what}: {n} times", len(dates), what=what)
    return _line(tr, mark, text, dates if days else ())


def _line(tr: Texts, mark: str, text: Html, dates: Sequence[date]) -> Html:
    if not 0 < len(dates) <= DATES_SHOWN:
        return Html(f"{mark} {text}")
    comma = "، " if tr.rtl else ", "
    return Html(f"{mark} {text} ({comma.join(tr.value(tr.short_day(day)) for day in dates)})")


def entry_line(entry: AbsenceRow | RemarkRow, tr: Texts) -> Html:
    """Return one day's absence or remark with its weekday. Who told it is left out (P9)."""
    day = tr.value(entry.day)
    if isinstance(entry, RemarkRow):
        return Html(f"{REMARK_SIGNS[entry.kind]} {day}: {tr.gettext(REMARK_NAMES[entry.kind])}")
    what = absence_text(tr, entry.kind, entry.reason, entry.starts, entry.ends)
    noticed = " · " + tr.gettext("noticed at school") if entry.source is AbsenceSource.SCHOOL else ""
    return Html(f"{KIND_SIGNS[entry.kind]} {day}: {what}{noticed}")


def overview_text(view: Overview, tr: Texts) -> Html:
    """Return the overview as a guardian reads it."""
    head = tr.gettext("📋 <b>{child}, {school_class}</b>", child=view.child.name, school_class=view.child.class_name)
    since = tr.gettext("This school year, since {day}:", day=view.since)
    if view.is_empty:
        kind = tr.gettext("Nothing so far: {child} has been there every day.", child=view.child.name)
        return Html(f"{head}\n\n{kind} 🌞")
    lines: list[str] = [head, ""]
    if view.summary.is_empty:
        lines.append(tr.gettext("Nothing so far: {child} has been there every day.", child=view.child.name))
    else:
        lines += [since, *summary_lines(view.summary, tr, days=False)]
    if view.leave or view.ahead:
        lines += ["", tr.gettext("<b>To come</b>"), *_ahead(view, tr)]
    if view.newest:
        lines += ["", tr.gettext("<b>The newest days</b>"), *(entry_line(entry, tr) for entry in view.newest)]
    return Html("\n".join(lines))


def _ahead(view: Overview, tr: Texts) -> Iterator[Html]:
    for first, last in view.leave[:AHEAD_SHOWN]:
        # Translators: leave that the school has granted, with its days
        days = tr.value(first) if first == last else tr.gettext("{first} to {last}", first=first, last=last)
        yield Html("🧳 " + tr.gettext("Granted leave: {days}", days=days))
    for row in view.ahead[:AHEAD_SHOWN]:
        yield entry_line(row, tr)
