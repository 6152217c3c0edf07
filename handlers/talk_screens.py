"""The screens of talks, for homes and for the school."""

from __future__ import annotations

from datetime import date, timedelta

from bot.actions.talks.page import TalksPage, TalkView
from bot.actions.talks.remind import unwritten_buttons
from bot.actions.talks.summary import Writing, open_draft
from bot.actions.talks.words import (
    agreed_text,
    answer_buttons,
    before_buttons,
    owner_name,
    points_lines,
    points_text,
    preparations_text,
    prepare_button,
    summary_text,
    talk_facts,
    talk_title,
    tick_buttons,
)
from bot.actions.threads import quoted
from bot.domain.conferences import POINT_LIMIT, PREPARATION_LIMIT, SUMMARY_LIMIT, PointOwner
from bot.domain.messages import Button, Rows, Screen, rows
from bot.domain.talk_summary import BY_WEEKS
from bot.domain.talk_taps import OpenTalk, OpenTalks, PickDay, PickOwner, SummaryAct, SummaryStep, TickPoint
from bot.domain.taps import Page
from bot.i18n import Html, Texts
from handlers.keyboards import menu_button, to_page

ROOM = 2200
"""Characters after which a list says no more in words; its buttons still lead to everything."""
OWNER_SIGNS = {
    PointOwner.SCHOOL: "🏫",
    PointOwner.HOME: "🏠",
    PointOwner.PUPIL: "🧒",
    PointOwner.TOGETHER: "🤝",
}


def talk_screen(view: TalkView, tr: Texts, person_id: int, *, over: bool, toast: str = "", new: bool = False) -> Screen:
    """Show a talk to the home or the school as it stands now; `over` once its time is past."""
    talk = view.talk
    parts = [talk_title(tr, talk), talk_facts(tr, talk, view.ends, reader_id=person_id if view.home else None)]
    if talk.cancelled:
        parts.append(tr.gettext("❌ <b>Cancelled.</b>"))
    if view.preparations and not talk.summary_version:  # both would not fit into one message
        parts.append(preparations_text(tr, view.preparations, own=view.home))
    if talk.summary_version:
        parts.append(summary_text(tr, talk, view.points, view.author, asks=view.home))
    buttons = _home_buttons(view, tr, over=over) if view.home else _school_buttons(view, tr)
    text = Html("\n\n".join(parts))
    return Screen(text, rows(*buttons, [talks_button(tr)]), toast=toast, alert=bool(toast), new=new)


def _home_buttons(view: TalkView, tr: Texts, *, over: bool) -> Rows:
    talk = view.talk
    if talk.cancelled:
        return ()
    if talk.summary_version:
        ticks = tick_buttons(tr, view.points) if talk.confirmed_at else ()
        return (*ticks, *answer_buttons(tr, talk))
    return () if over else before_buttons(tr, talk)


def _school_buttons(view: TalkView, tr: Texts) -> Rows:
    talk, plain = view.talk, tr.plain
    if talk.cancelled:
        return ()
    if open_draft(talk) is not None:
        label = "📝 " + plain.gettext("Go on with the summary")
    elif talk.summary_version:
        label = "✏️ " + plain.gettext("Correct the summary")
    else:
        label = "📝 " + plain.gettext("Write the summary")
    begin = Button(label, SummaryAct(talk.id, 0, SummaryStep.BEGIN).pack())
    ticks = tick_buttons(tr, view.points)
    return rows([begin], *ticks) if open_draft(talk) or not ticks else (*ticks, (begin,))


def talks_button(tr: Texts) -> Button:
    """Return the way to the list of the own talks."""
    return Button("◀️ " + tr.plain.gettext("All talks"), OpenTalks().pack())


def preparing_screen(view: TalkView, tr: Texts) -> Screen:
    """Ask for what the teacher should know before the talk, and say who reads it."""
    talk = view.talk
    lines: list[str] = [
        talk_title(tr, talk),
        tr.gettext("✍️ <b>What would you like to talk about?</b> Write it now, in your own language."),
        tr.gettext("What goes well, what worries you, what you want to ask: whatever is on your mind."),
        tr.gettext("Only {teacher} and the school's leadership read it.", teacher=talk.teacher_name),
        tr.gettext("<i>At most {n} characters. Nothing is sent yet.</i>", n=PREPARATION_LIMIT),
    ]
    if view.preparations:
        lines += ["", preparations_text(tr, view.preparations, own=True)]
        lines.append(tr.gettext("What you write now takes its place."))
    return Screen(Html("\n".join(lines)), rows([_back(tr, talk.id)]), new=True)  # the reminder stays to be read


def prepared_screen(view: TalkView, tr: Texts) -> Screen:
    """Say that it is kept for the talk."""
    lines = [
        tr.gettext("✅ Kept for the talk. {teacher} reads it before.", teacher=view.talk.teacher_name),
        preparations_text(tr, view.preparations, own=True),
    ]
    change = prepare_button(tr, view.talk.id)
    return Screen(Html("\n".join(lines)), rows([change], [_back(tr, view.talk.id)]))


def differ_screen(view: TalkView, tr: Texts) -> Screen:
    """Ask a guardian for the own view."""
    lines = [
        tr.gettext("💬 <b>How do you see it?</b> Write it now, in your own language."),
        tr.gettext("It is good that you say so. {teacher} gets it and answers you.", teacher=view.author),
    ]
    return Screen(Html("\n".join(lines)), rows([_back(tr, view.talk.id)]), new=True)


def _back(tr: Texts, talk_id: int) -> Button:
    return Button("◀️ " + tr.plain.gettext("Back"), OpenTalk(talk_id).pack())


# --- the teacher writes -----------------------------------------------------------------------------


def writing_screen(writing: Writing, tr: Texts, today: date, *, toast: str = "") -> Screen:
    """Show what is being written: the next question, or all of it as the home will read it."""
    if not writing.draft.text:
        return words_screen(writing, tr, toast=toast)
    if writing.draft.pending is not None:
        return day_screen(writing, tr, today, toast=toast)
    talk, draft = writing.talk, writing.draft
    lines = [
        tr.gettext("📝 <b>The talk about {child}: this is what the home reads</b>", child=talk.pupil_name),
        quoted(tr, draft.text, draft.language),
        agreed_text(tr, draft.points),
        "",
        tr.gettext("It goes to {names}. Nothing has been sent yet.", names=tr.list(writing.readers))
        if writing.readers
        else tr.gettext("Nobody of the home has opened the bot yet. It is kept, but you had better call them too."),
    ]
    plain = tr.plain
    buttons = [
        [_step("📨 " + plain.gettext("Send to the home"), writing, SummaryStep.SEND)],
        [_step("➕ " + plain.gettext("Add something you agreed"), writing, SummaryStep.POINT)]
        if draft.has_room
        else [],
        [_step("➖ " + plain.gettext("Take the last point away"), writing, SummaryStep.UNDO_POINT)]
        if draft.points
        else [],
        [_step("✏️ " + plain.gettext("Other words"), writing, SummaryStep.TEXT)],
        [_step("🗑 " + plain.gettext("Throw away"), writing, SummaryStep.DISCARD)],
        [_back(tr, talk.id)],
    ]
    return Screen(Html("\n".join(lines)), rows(*buttons), toast=toast, alert=bool(toast))


def _step(label: str, writing: Writing, step: SummaryStep) -> Button:
    return Button(label, SummaryAct(writing.talk.id, writing.draft.version, step).pack())


def words_screen(writing: Writing, tr: Texts, *, toast: str = "") -> Screen:
    """Ask for the summary's words, and say what does not belong into them."""
    lines = [
        talk_title(tr, writing.talk),
        tr.gettext("✍️ <b>What did you talk about?</b> Write it now, in a few sentences."),
        tr.gettext("What goes well first. Please no diagnoses and no identity numbers. What you agreed comes next."),
        tr.gettext("<i>At most {n} characters. Nothing is sent yet.</i>", n=SUMMARY_LIMIT),
    ]
    back = _step("◀️ " + tr.plain.gettext("Back"), writing, SummaryStep.SHOW) if writing.draft.text else None
    last = [back or _back(tr, writing.talk.id)]
    return Screen(Html("\n".join(lines)), rows(last), toast=toast, alert=bool(toast))


def owner_screen(writing: Writing, tr: Texts) -> Screen:
    """Ask who does what was agreed."""
    talk, draft = writing.talk, writing.draft
    buttons = [
        [Button(f"{OWNER_SIGNS[owner]} {owner_name(tr.plain, owner)}", PickOwner(talk.id, draft.version, owner).pack())]
        for owner in PointOwner
    ]
    back = _step("◀️ " + tr.plain.gettext("Back"), writing, SummaryStep.SHOW)
    return Screen(tr.gettext("<b>Who does what you agreed?</b>"), rows(*buttons, [back]))


def point_screen(writing: Writing, owner: PointOwner, tr: Texts) -> Screen:
    """Ask for the words of what was agreed."""
    lines = [
        tr.gettext("✍️ <b>What did you agree?</b> Write it in one sentence."),
        # Translators: {name} is "the school", "the home", "the pupil", "home and school together"
        tr.gettext("Who does it: {name}.", name=owner_name(tr, owner)),
        tr.gettext("<i>At most {n} characters. Nothing is sent yet.</i>", n=POINT_LIMIT),
    ]
    back = _step("◀️ " + tr.plain.gettext("Back"), writing, SummaryStep.SHOW)
    return Screen(Html("\n".join(lines)), rows([back]))


def day_screen(writing: Writing, tr: Texts, today: date, *, toast: str = "") -> Screen:
    """Ask by when; both sides are reminded a few days before."""
    talk, draft = writing.talk, writing.draft
    lines = [
        tr.gettext("📅 <b>By when?</b>"),
        points_lines(tr, [draft.pending] if draft.pending else []),
        tr.gettext("The home and you are reminded a few days before. Without a day: before the next talk."),
    ]
    days = [
        Button(tr.short_day(today + timedelta(weeks=weeks)), PickDay(talk.id, draft.version, weeks).pack())
        for weeks in BY_WEEKS
    ]
    none = Button(tr.plain.gettext("No day"), PickDay(talk.id, draft.version, 0).pack())
    away = _step("✖️ " + tr.plain.gettext("Take it away"), writing, SummaryStep.UNDO_POINT)
    buttons = rows(days[:2], days[2:], [none], [away])
    return Screen(Html("\n".join(lines)), buttons, toast=toast, alert=bool(toast))


def sent_screen(view: TalkView, names: tuple[str, ...], tr: Texts) -> Screen:
    """Say who reads the summary, and what happens next."""
    lines = [
        tr.gettext("✅ Sent to {names}.", names=tr.list(names))
        if names
        else tr.gettext("✅ Kept. Nobody of the home has opened the bot yet, so please call them too.")
    ]
    if names:
        lines.append(tr.gettext("You hear when the home confirms it or sees it differently."))
    if any(point.is_open and point.by_day for point in view.points):
        lines.append(tr.gettext("The home and you are reminded of what you agreed."))
    show = Button("🗣 " + tr.plain.gettext("Show the talk"), OpenTalk(view.talk.id).pack())
    return Screen(Html("\n".join(lines)), rows([show], [talks_button(tr)]))


# --- lists and points ---------------------------------------------------------------------------------


def talks_screen(page: TalksPage, tr: Texts) -> Screen:
    """Show a person's talks and what is still open of what was agreed."""
    parts = [tr.gettext("🗣 <b>Talks, and what was agreed</b>")]
    buttons: list[tuple[Button, ...]] = [
        (Button(f"🗣 {talk.pupil_name} · {tr.short_day(talk.day)}", OpenTalk(talk.id).pack()),) for talk in page.coming
    ]
    if page.coming:
        parts.append(tr.gettext("Your next talks stand below."))
    if page.unwritten:
        parts.append(tr.gettext("📝 These talks have no summary yet."))
        buttons += unwritten_buttons(tr, page.unwritten)
    for talk, points in page.open_home:
        head = tr.gettext("📌 <b>Agreed about {child}, and still open:</b>", child=talk.pupil_name)
        if sum(map(len, parts)) < ROOM:
            parts.append(Html(head + "\n" + points_lines(tr, points)))
        buttons.append((_points_button(talk.id, talk.pupil_name, len(points), tr),))
    if page.open_school:
        parts.append(tr.gettext("📌 Something agreed is still open with these homes."))
        buttons += [(_points_button(talk.id, talk.pupil_name, len(points), tr),) for talk, points in page.open_school]
    if not buttons:
        parts.append(tr.gettext("No talk is coming up, and nothing agreed is open."))
    turn = [
        Button(sign, OpenTalks(number).pack())
        for sign, number, there in (("◀️", page.page - 1, page.page > 0), ("▶️", page.page + 1, page.more))
        if there
    ]
    meetings = to_page("◀️ " + tr.plain.gettext("Back"), Page.MEETINGS)
    return Screen(Html("\n\n".join(parts)), rows(*buttons, turn, [meetings, menu_button(tr)]))


def _points_button(talk_id: int, child: str, n: int, tr: Texts) -> Button:
    # Translators: on a button; how much is open of what was agreed about a child
    label = tr.plain.ngettext("{child}: {n} point", "{child}: {n} points", n, child=child)
    return Button("📌 " + label, OpenTalk(talk_id).pack())


def ticked_screen(view: TalkView, point_id: int, tr: Texts) -> Screen:
    """Show what was agreed after a tap on "done", which can be taken back."""
    done = any(point.id == point_id and not point.is_open for point in view.points)
    undo = Button("↩️ " + tr.plain.gettext("Not done after all"), TickPoint(point_id, done=False).pack())
    text = points_text(tr, view.talk, view.points)
    return Screen(text, rows([undo] if done else [], *tick_buttons(tr, view.points), [talks_button(tr)]))
