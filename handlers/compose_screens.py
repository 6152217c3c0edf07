"""The sender's screens while a notice is being composed: one question each."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bot.actions.notices.board import audience_text
from bot.actions.notices.compose import DraftView
from bot.actions.notices.content import first_name
from bot.actions.notices.render import Reader, render_notice, title
from bot.actions.notices.send import Scheduled
from bot.domain.messages import Button, Rows, Screen, grid, rows
from bot.domain.notices import KINDS, AudienceKind, Field, FieldType, Item, NoticeKind, missing_text
from bot.domain.people import Actor, ClassInfo
from bot.domain.phrase_taps import PhraseUse
from bot.domain.readability import Readability, lix, rate
from bot.domain.school import School
from bot.domain.taps import (
    BrowseAudience,
    BrowsePupils,
    ChangeField,
    DraftAct,
    DraftStep,
    ItemsPage,
    MoreKinds,
    PickAudience,
    PickKind,
    PreviewNotice,
    ScheduleNotice,
    SetField,
    ToggleItem,
    UndoSend,
)
from bot.domain.translation_taps import PreviewAct, PreviewStep, SendUnread
from bot.i18n import Html, Texts, languages, texts
from bot.i18n.words import FIELD_NAMES, ITEM_NAMES
from handlers.keyboards import menu_button
from handlers.phrase_screens import phrases_buttons

PUPILS_PER_PAGE = 10
ITEMS_PER_PAGE = 8
KINDS_PER_PAGE = 5


def draft_screen(view: DraftView, actor: Actor, tr: Texts, today: date, *, toast: str = "") -> Screen:
    """Return the draft's next question, or its overview when all is there. The audience comes by itself."""
    if view.kind is None:
        text, buttons = kind_question(view, tr, 0)
    elif view.asks is not None and view.asks.type is FieldType.ITEMS:
        text, buttons = items_question(view, tr, 0)
    elif view.asks is not None:
        text, buttons = field_question(view, view.asks, tr, today)
    elif view.asks_text:
        text, buttons = text_question(view, tr)
    else:
        return overview(view, actor, tr, toast=toast)
    return Screen(Html(f"{heading(view, tr)}\n\n{text}"), buttons, toast=toast)


def heading(view: DraftView, tr: Texts) -> Html:
    """Return what is known so far, in one line."""
    new = tr.gettext("New message to homes")
    parts = [f"<b>{title(view.kind, tr)}</b>" if view.kind else f"<b>📣 {new}</b>"]
    if view.audience is not None:
        parts.append(audience_text(view.audience, view.audience_label, tr))
    return Html(" · ".join(parts))


def _act(view: DraftView, step: DraftStep) -> str:
    return DraftAct(view.id, view.version, step).pack()


def discard_button(view: DraftView, tr: Texts) -> Button:
    """Return the button that throws the draft away."""
    return Button("🗑 " + tr.plain.gettext("Discard"), _act(view, DraftStep.DISCARD))


def audience_question(view: DraftView, classes: list[ClassInfo], actor: Actor, tr: Texts) -> Screen:
    """Ask whom the message is for: own classes for a teacher, school and years for the leadership (N2)."""
    plain = tr.plain
    pick = [Button(c.name, PickAudience(view.id, view.version, AudienceKind.CLASSES, c.id).pack()) for c in classes]
    whole = []
    if actor.leads:
        school = PickAudience(view.id, view.version, AudienceKind.SCHOOL, 0).pack()
        whole = [
            Button("🏫 " + plain.gettext("The whole school"), school),
            Button("🔢 " + plain.gettext("A year"), BrowseAudience(view.id, view.version, "grades").pack()),
        ]
    elif len(classes) > 1:
        every = PickAudience(view.id, view.version, AudienceKind.CLASSES, 0).pack()
        whole = [Button(plain.gettext("All my classes"), every)]
    one = Button("👤 " + plain.gettext("One pupil's home"), BrowseAudience(view.id, view.version, "pupils").pack())
    if not classes:
        text = tr.gettext("You have no class at this school yet. Ask the office to add you to one.")
        return Screen(text, rows([menu_button(tr)]))
    text = tr.gettext("Who is the message for?")
    return Screen(
        Html(f"{heading(view, tr)}\n\n{text}"),
        rows(*grid(pick, 3), whole, [one], [discard_button(view, tr)]),
    )


def grade_question(view: DraftView, classes: list[ClassInfo], tr: Texts) -> Screen:
    """Ask for a school year."""
    grades = sorted({c.grade for c in classes})
    buttons = [
        Button(
            str(tr.plain.gettext("Year {grade}", grade=grade)),
            PickAudience(view.id, view.version, AudienceKind.GRADE, grade).pack(),
        )
        for grade in grades
    ]
    return Screen(tr.gettext("Which year?"), rows(*grid(buttons, 3), [discard_button(view, tr)]))


def class_question(view: DraftView, classes: list[ClassInfo], tr: Texts) -> Screen:
    """Ask in which class the pupil is."""
    buttons = [Button(c.name, BrowsePupils(view.id, view.version, c.id, 0).pack()) for c in classes]
    return Screen(tr.gettext("In which class?"), rows(*grid(buttons, 3), [discard_button(view, tr)]))


def pupil_question(view: DraftView, class_id: int, pupils: list[tuple[int, str]], page: int, tr: Texts) -> Screen:
    """Ask for a pupil, ten at a time."""
    last = max(0, (len(pupils) - 1) // PUPILS_PER_PAGE)
    page = min(max(page, 0), last)
    shown = pupils[page * PUPILS_PER_PAGE : (page + 1) * PUPILS_PER_PAGE]
    buttons = [
        Button(name, PickAudience(view.id, view.version, AudienceKind.PUPIL, pupil).pack()) for pupil, name in shown
    ]
    turn = [
        Button(sign, BrowsePupils(view.id, view.version, class_id, page + step).pack())
        for sign, step, there in (("◀️", -1, page > 0), ("▶️", 1, page < last))
        if there
    ]
    return Screen(tr.gettext("Whose home?"), rows(*grid(buttons, 2), turn, [discard_button(view, tr)]))


def kind_question(view: DraftView, tr: Texts, page: int) -> tuple[Html, Rows]:
    """Ask what kind of message it is; those that fit the audience."""
    to_one = view.audience is AudienceKind.PUPIL
    kinds = [kind for kind in NoticeKind if to_one or not KINDS[kind].one_home]
    if to_one:
        kinds.sort(key=lambda kind: not KINDS[kind].one_home)
    pages = -(-len(kinds) // KINDS_PER_PAGE)
    shown = kinds[(page % pages) * KINDS_PER_PAGE :][:KINDS_PER_PAGE]
    buttons = [Button(title(kind, tr.plain), PickKind(view.id, view.version, kind).pack()) for kind in shown]
    more = Button("➕ " + tr.plain.gettext("More"), MoreKinds(view.id, view.version, (page + 1) % pages).pack())
    return tr.gettext("What kind of message?"), rows(*([b] for b in buttons), [more, discard_button(view, tr)])


def field_question(view: DraftView, rule: Field, tr: Texts, today: date) -> tuple[Html, Rows]:
    """Ask for one structured field: the likely answers as buttons, anything else typed."""
    name = tr.gettext(FIELD_NAMES[rule.name])
    plain = tr.plain

    def button(label: str, value: str) -> Button:
        return Button(label, SetField(view.id, view.version, rule.name, value).pack())

    options: list[Button] = []
    if rule.type is FieldType.DATE:
        text = tr.gettext(
            "<b>{field}?</b> Tap a day, or write it like {example}.", field=name, example=f"{today:%d.%m}"
        )
        options = [button(tr.short_day(day), day.isoformat()) for day in _likely_days(view, today)]
    elif rule.type is FieldType.TIME:
        text = tr.gettext("<b>{field}?</b> Tap a time, or write it like 08:30.", field=name)
        options = [button(value, value) for value in _LIKELY_TIMES.get(rule.name, _LIKELY_TIMES["time"])]
    elif rule.type is FieldType.WEEK:
        text = tr.gettext("<b>{field}?</b> Tap the week, or write its number.", field=name)
        weeks = [(today + timedelta(days=7 * i)).isocalendar() for i in range(3)]
        options = [button(str(week), f"{year}-W{week:02d}") for year, week, _ in weeks]
    else:
        text = tr.gettext("<b>{field}?</b> Write it. It stands there as you write it, in every language.", field=name)
    skip = [] if rule.required else [button("⏭ " + plain.gettext("Skip"), "")]
    # "Tue 24 Nov" in any language needs half a phone's width.
    columns = 2 if rule.type is FieldType.DATE else 3
    return text, rows(*grid(options, columns), skip, [discard_button(view, tr)])


_LIKELY_TIMES = {
    "meet": ("08:15", "08:30", "09:00"),
    "back": ("13:30", "14:00", "15:00"),
    "opens": ("09:00", "10:00", "11:00"),
    "time": ("08:30", "12:00", "18:00"),
}


def _likely_days(view: DraftView, today: date) -> list[date]:
    if view.kind is NoticeKind.INCIDENT:
        return [today]
    days = [today + timedelta(days=i) for i in range(1, 9)]
    return [day for day in days if day.weekday() < 5][:6]


def items_question(view: DraftView, tr: Texts, page: int) -> tuple[Html, Rows]:
    """Tick the things to bring."""
    chosen = set(view.values.get("bring_open") or view.values.get("bring") or [])
    items = list(Item)
    pages = -(-len(items) // ITEMS_PER_PAGE)
    shown = items[(page % pages) * ITEMS_PER_PAGE :][:ITEMS_PER_PAGE]
    ticks = [
        Button(
            ("✅ " if item.value in chosen else "▫️ ") + tr.plain.gettext(ITEM_NAMES[item]),
            ToggleItem(view.id, view.version, item.value, page).pack(),
        )
        for item in shown
    ]
    more = Button("➕ " + tr.plain.gettext("More"), ItemsPage(view.id, view.version, (page + 1) % pages).pack())
    done = Button("✔️ " + tr.plain.gettext("Done"), SetField(view.id, view.version, "bring", "").pack())
    text = tr.gettext("<b>What should they bring?</b> Tap all that fit, then “Done”.")
    if chosen:
        names = tr.list(tr.gettext(ITEM_NAMES[item]) for item in items if item.value in chosen)
        text = Html(f"{text}\n\n🎒 {names}")
    return text, rows(*grid(ticks, 2), [more, done], [discard_button(view, tr)])


def text_question(view: DraftView, tr: Texts) -> tuple[Html, Rows]:
    """Ask for the free text."""
    assert view.kind is not None  # noqa: S101
    text = tr.gettext(
        "<b>Write the text.</b> Short sentences are read by more people. You can send a photo or a file too."
    )
    needed = missing_text(view.kind, "", bool(view.files))
    skip = [] if needed else [Button("⏭ " + tr.plain.gettext("Without text"), _act(view, DraftStep.SKIP_TEXT))]
    about = "praise" if view.kind is NoticeKind.PRAISE else ""
    ready = phrases_buttons(tr, PhraseUse.NOTICE, view.id, about)
    return text, rows(ready, skip, [discard_button(view, tr)])


def overview(view: DraftView, actor: Actor, tr: Texts, *, toast: str = "") -> Screen:
    """Show the whole draft as its author reads it, whom it reaches, and what can be done."""
    parts = [preview_text(view, actor, tr), "———", _reach(view, tr)]
    hint = readability_hint(view.text, tr)
    if hint:
        parts.append(hint)
    return Screen(Html("\n\n".join(parts)), _overview_buttons(view, tr), toast=toast)


def _reach(view: DraftView, tr: Texts) -> Html:
    assert view.audience is not None  # noqa: S101
    where = audience_text(view.audience, view.audience_label, tr)
    people = tr.ngettext("{n} guardian", "{n} guardians", view.homes)
    # Translators: whom a message will reach: a class or year, and how many guardians
    text = tr.gettext("To {audience}: {guardians}.", audience=where, guardians=people)
    if view.unreached:
        left = tr.ngettext(
            "{n} of them has not opened the bot yet and will not get it.",
            "{n} of them have not opened the bot yet and will not get it.",
            view.unreached,
        )
        text = Html(f"{text} {left}")
    if view.files:
        files = tr.ngettext("📎 {n} file goes with it.", "📎 {n} files go with it.", len(view.files))
        text = Html(f"{text}\n{files}")
    if view.waits:
        waits = tr.gettext("👤 It waits for an interpreter who reads the translations, at most a day.")
        text = Html(f"{text}\n{waits}")
    return text


def _overview_buttons(view: DraftView, tr: Texts) -> Rows:
    plain = tr.plain
    change = Button("✏️ " + plain.gettext("Change"), _act(view, DraftStep.CHANGE))
    previews = [
        Button("👁 " + languages()[code].name, PreviewNotice(view.id, view.version, code).pack())
        for code in view.reader_languages
        if code != tr.code
    ]
    if view.corrects:
        send = [
            [Button("📨 " + plain.gettext("Correct and tell everyone"), _act(view, DraftStep.APPLY_LOUD))],
            [Button("🤫 " + plain.gettext("Correct quietly"), _act(view, DraftStep.APPLY_QUIET))],
        ]
    else:
        send = [
            [
                Button("📨 " + plain.gettext("Send now"), _act(view, DraftStep.SEND)),
                Button("🕗 " + plain.gettext("Send later"), _act(view, DraftStep.LATER)),
            ]
        ]
    translated = view.text and any(code != view.text_language for code in view.reader_languages)
    check = Button("🌐 " + plain.gettext("Translations"), PreviewAct(view.id, view.version, PreviewStep.OPEN).pack())
    return rows(*send, [check] if translated else [], *grid(previews, 3), [change, discard_button(view, tr)])


def preview_text(view: DraftView, actor: Actor, tr: Texts) -> Html:
    """Return the notice as a home that reads `tr` will see it."""
    pupils = (first_name(view.sample_pupil[0]),) if view.sample_pupil else ()
    classes = (view.sample_pupil[1],) if view.sample_pupil else ()
    return render_notice(view.content(actor.name), tr, Reader(pupils, classes))


def preview_screen(view: DraftView, actor: Actor, tr: Texts, language: str) -> Screen:
    """Show the draft as a home of another language will read it, for one example child."""
    name = languages()[language].name
    head = tr.gettext("👁 <b>This is how it reads in {language}</b>", language=name)
    back = Button("◀️ " + tr.plain.gettext("Back"), _act(view, DraftStep.OVERVIEW))
    return Screen(Html(f"{head}\n\n{preview_text(view, actor, texts(language))}"), rows([back]))


def readability_hint(text: str, tr: Texts) -> Html | None:
    """Return a friendly word about how hard the text reads, None when it is too short to tell (N8)."""
    rated = rate(text)
    if rated is None:
        return None
    value = lix(text) or 0
    if rated is Readability.EASY:
        return tr.gettext("🟢 Easy to read (LIX {value}).", value=value)
    if rated is Readability.MIDDLING:
        return tr.gettext("🟡 Reads like a newspaper (LIX {value}). Shorter sentences reach more homes.", value=value)
    return tr.gettext(
        "🔴 Hard to read (LIX {value}). Try shorter sentences and everyday words: many readers learned Norwegian late.",
        value=value,
    )


def change_screen(view: DraftView, tr: Texts) -> Screen:
    """Ask what is to be changed."""
    assert view.kind is not None  # noqa: S101
    plain = tr.plain
    fields = [
        Button(plain.gettext(FIELD_NAMES[rule.name]), ChangeField(view.id, view.version, rule.name).pack())
        for rule in KINDS[view.kind].fields
    ]
    fields.append(Button(plain.gettext("Text"), ChangeField(view.id, view.version, "text").pack()))
    if not view.corrects:
        fields.append(Button(plain.gettext("Who it is for"), ChangeField(view.id, view.version, "audience").pack()))
        fields.append(Button(plain.gettext("Kind"), ChangeField(view.id, view.version, "kind").pack()))
    files = (
        [Button("📎 " + plain.gettext("Remove the files"), _act(view, DraftStep.CLEAR_FILES))]
        if view.files and not view.corrects
        else []
    )
    back = Button("◀️ " + plain.gettext("Back"), _act(view, DraftStep.OVERVIEW))
    text = tr.gettext("What do you want to change?")
    return Screen(Html(f"{heading(view, tr)}\n\n{text}"), rows(*grid(fields, 3), files, [back]))


def later_screen(view: DraftView, tr: Texts, now: datetime, school: School) -> Screen:
    """Ask when it is to go out; `now` is the school's wall clock."""
    moments = _likely_moments(now, school)
    buttons = [
        Button(
            f"{tr.short_day(moment.date())} {moment:%H:%M}",
            ScheduleNotice(view.id, view.version, f"{moment:%Y-%m-%dT%H:%M}").pack(),
        )
        for moment in moments
    ]
    back = Button("◀️ " + tr.plain.gettext("Back"), _act(view, DraftStep.OVERVIEW))
    text = tr.gettext("When should it go out? Tap a time, or write it like {example}.", example=f"{now:%d.%m} 15:00")
    return Screen(text, rows(*grid(buttons, 1), [back]))


def _likely_moments(now: datetime, school: School) -> list[datetime]:
    days = [now.date() + timedelta(days=i) for i in range(8)]
    found = [datetime.combine(now.date(), time(15)), datetime.combine(days[1], time(7))]
    monday = next(day for day in days[1:] if day.weekday() == 0)
    found += [datetime.combine(days[1], time(15)), datetime.combine(monday, time(7))]
    usable = {m for m in found if m > now and not school.quiet.covers(m.time())}
    return sorted(usable)


def scheduled_screen(done: Scheduled, tr: Texts) -> Screen:
    """Say when the notice goes out, and how to take it back."""
    guardians = tr.ngettext("{n} guardian", "{n} guardians", done.guardians)
    moment = done.send_at_local.replace(tzinfo=None)
    if done.soon:
        text = tr.gettext(
            "📨 It goes out to {guardians} at {time}. Until then you can take it back.",
            time=f"{moment:%H:%M:%S}",
            guardians=guardians,
        )
    elif done.quiet:
        text = tr.gettext(
            "🌙 It is quiet time for homes. It goes out {moment} to {guardians}.", moment=moment, guardians=guardians
        )
    elif done.waits:
        text = tr.gettext(
            "👤 It waits for an interpreter and goes out to {guardians} when the translations are read, at the latest "
            "{moment}. You are told then.",
            moment=moment,
            guardians=guardians,
        )
    else:
        text = tr.gettext("🕗 It goes out {moment} to {guardians}.", moment=moment, guardians=guardians)
    undo = Button("↩️ " + tr.plain.gettext("Take it back"), UndoSend(done.notice_id).pack())
    at_once = Button("⏩ " + tr.plain.gettext("Send without waiting"), SendUnread(done.notice_id).pack())
    return Screen(Html(f"<b>{title(done.kind, tr)}</b>\n{text}"), rows([at_once] if done.waits else [], [undo]))
