"""How dates of the year wheel read: when, for whom, what has changed."""

from __future__ import annotations

from collections.abc import Mapping

from bot.actions.events.render import days_text, event_title
from bot.domain.notices import AudienceKind
from bot.domain.school import School
from bot.domain.year_file import Audience
from bot.domain.year_plan import Facts
from bot.i18n import Html, Texts


def facts_when(tr: Texts, facts: Facts, school: School) -> Html:
    """Return when a date is: a day, a day with its times, or its first and last day."""
    return days_text(tr, facts.day, facts.last_day(school), facts.starts, facts.end_time(school))


def audience_text(tr: Texts, audience: Audience, names: Mapping[int, str]) -> Html:
    """Return whom a date is for; `names` are the classes' by id."""
    if audience.kind is AudienceKind.SCHOOL:
        return tr.gettext("the whole school")
    if audience.kind is AudienceKind.GRADE:
        # Translators: whom a date is for: years of school (trinn), such as "year 5"
        return tr.gettext("year {years}", years=tr.list(audience.ids))
    return tr.list([names.get(one, "?") for one in audience.ids])


def changed_text(tr: Texts, old: Facts, new: Facts, school: School, *, reopened: bool) -> Html:
    """Tell somebody who knew of a date what is different now."""
    lines = [f"<b>{event_title(tr, new.kind, new.title)}</b>"]
    lines.append(tr.gettext("✅ It takes place after all.") if reopened else tr.gettext("🔄 This has changed."))
    if old.title != new.title:
        # Translators: what a date was called, or when or where it was, before it changed
        lines.append(tr.gettext("Before: {what}", what=old.title))
    before, now = facts_when(tr, old, school), facts_when(tr, new, school)
    if before != now:
        lines.append(tr.gettext("Before: {what}", what=before))
    lines.append(f"📅 <b>{now}</b>")
    if new.place:
        lines.append(f"📍 {tr.value(new.place)}")
    if old.place and old.place != new.place:
        lines.append(tr.gettext("Before: {what}", what=old.place))
    return Html("\n".join(lines))


def cancelled_text(tr: Texts, old: Facts, school: School) -> Html:
    """Tell somebody who knew of a date that it does not take place."""
    return Html(
        f"<b>{event_title(tr, old.kind, old.title)}</b>\n📅 {facts_when(tr, old, school)}\n"
        + tr.gettext("❌ <b>Cancelled.</b>")
    )


def lost_text(tr: Texts, old: Facts, school: School) -> Html:
    """Tell somebody who knew of a date that it is for others now."""
    return Html(
        f"<b>{event_title(tr, old.kind, old.title)}</b>\n📅 {facts_when(tr, old, school)}\n"
        + tr.gettext("This is for other classes now. You need not think of it any more.")
    )
