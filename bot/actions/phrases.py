"""Ready sentences: chosen by taps, filled slot by slot, added to what somebody writes (N8).

How another screen takes part: it shows `handlers.phrase_screens.phrases_buttons(tr, use, ref)` where a text is asked
for. The flow remembers what was asked before; it ends in a draft with more text, or in a message that `threads` sends.
The sentences stand in the text as plain words of the writer's language; the translating task finds them again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.actions import UnitOfWork, threads
from bot.actions.notices.compose import TextTooLong
from bot.actions.phrase_targets import PhraseState, PhraseTarget, access_target, keep_state, read_state
from bot.domain.errors import InvalidInput, Stale
from bot.domain.inputs import read_day, read_time, western
from bot.domain.marking import N_
from bot.domain.notices import TEXT_LIMIT
from bot.domain.people import Actor
from bot.domain.phrase_taps import PhraseUse
from bot.domain.threads import THREAD_TEXT_LIMIT
from bot.i18n import texts
from bot.translation.phrasebook import NoPhrase, Phrase, phrasebook
from bot.translation.phrasebook_slots import LISTED, NAMED, slot_type
from storage.queries.dialogue import OpenQuestion, ask, close_question

PER_PAGE = 6
DAYS_OFFERED = 30
TIMES_OFFERED = (
    "08:15", "08:30", "09:00", "12:00", "13:30", "14:00", "15:00", "16:00", "16:30", "17:00", "18:00", "19:00",
)  # fmt: skip
NUMBERS_OFFERED = ("5", "10", "15", "20", "30", "45")


class NotInTheList(InvalidInput):
    code = "not_in_the_list"
    sentence = N_("I do not know that one. Tap one of the buttons; the arrows show more.")


class NotSuchANumber(InvalidInput):
    code = "not_such_a_number"
    sentence = N_("I could not read that as a number. Write it in digits, from 2 to 99.")


class NameTooLong(InvalidInput):
    code = "name_too_long"
    sentence = N_("That is too long for the name of a place. Write it shorter, without quotation marks.")


@dataclass(frozen=True, slots=True)
class PhraseView:
    """What is written so far, and where further sentences can be found.

    Attributes:
        text: of the draft, or of the message that is being put together.
        language: in which the sentences stand.
        one_child: it is about one pupil, so sentences with a name can be offered.
        version: of the draft, 0 without one.
    """

    use: PhraseUse
    ref: int
    text: str
    language: str
    categories: tuple[str, ...]
    one_child: bool
    version: int


@dataclass(frozen=True, slots=True)
class PhraseChoice:
    """Sentences to choose from, (id, as it will read) each; `words` were looked for, else `category` is shown."""

    view: PhraseView
    category: str
    words: str
    phrases: tuple[tuple[str, str], ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class SlotQuestion:
    """What a sentence still leaves open: `options` are (value, label)."""

    view: PhraseView
    phrase: str
    sentence: str
    slot: str
    options: tuple[tuple[str, str], ...]
    page: int
    pages: int


async def open_phrases(uow: UnitOfWork, actor: Actor, use: PhraseUse, ref: int) -> PhraseView:
    """Begin to choose, or go back to the categories; words typed next are looked for.

    Raises:
        NotPermitted: the draft, conversation or child is not the actor's, or there are no sentences in the language.
        Stale: what a guardian was writing is asked no longer.
    """
    target = await access_target(uow, actor, use, ref)
    state = await read_state(uow, actor, target)
    view = _view(target, state)
    await keep_state(uow, actor, target, replace(state, phrase="", slots={}, asks="", words=""))
    await uow.commit()
    return view


async def list_phrases(
    uow: UnitOfWork, actor: Actor, use: PhraseUse, ref: int, category: str, page: int = 0
) -> PhraseChoice:
    """Return a page of a category's sentences.

    Raises:
        NotPermitted, Stale: see `open_phrases`.
    """
    view = await open_phrases(uow, actor, use, ref)
    target = await access_target(uow, actor, use, ref)
    found = phrasebook().phrases(target.language, category=category, side=target.side)
    return _choice(target, view, [one for one in found if _usable(target, one)], category=category, page=page)


async def search_phrases(uow: UnitOfWork, actor: Actor, question: OpenQuestion, words: str) -> PhraseChoice:
    """Return the sentences that the typed words find; the words can be added as they are.

    Raises:
        NotPermitted, Stale: see `open_phrases`.
    """
    target = await access_target(uow, actor, PhraseUse(question.data["use"]), question.ref_id)
    state = replace(await read_state(uow, actor, target), words=words.strip(), phrase="", slots={}, asks="")
    await keep_state(uow, actor, target, state)
    await uow.commit()
    found = phrasebook().search(target.language, words, side=target.side, limit=100)
    shown = [one for one in found if _usable(target, one)][:PER_PAGE]
    return _choice(target, _view(target, state), shown, words=state.words)


async def pick_phrase(
    uow: UnitOfWork, actor: Actor, use: PhraseUse, ref: int, phrase_id: str
) -> SlotQuestion | PhraseView:
    """Take a sentence; ask for what it leaves open, or add it when nothing is.

    Raises:
        TextTooLong, MessageTooLong: it does not fit any more. NotPermitted, Stale: see `open_phrases`.
    """
    target = await access_target(uow, actor, use, ref)
    phrase = phrasebook().find(phrase_id, target.language)
    if phrase is None or not _usable(target, phrase) or phrase.side not in {target.side, "both"}:
        raise Stale
    known = {"child": target.child} if target.child else {}
    if len(target.classes) == 1:
        known["class"] = target.classes[0]
    slots = {name: value for name, value in known.items() if name in phrase.slots}
    state = replace(await read_state(uow, actor, target), phrase=phrase.id, slots=slots, asks="", words="")
    return await _go_on(uow, actor, target, state, phrase)


async def fill_slot(
    uow: UnitOfWork, actor: Actor, use: PhraseUse, ref: int, phrase_id: str, slot: str, value: str
) -> SlotQuestion | PhraseView:
    """Give the slot that is asked for a value from a button.

    Raises:
        Stale: something else is asked now, or the value does not fit. TextTooLong, MessageTooLong, NotPermitted.
    """
    target, state, phrase = await _asked(uow, actor, use, ref)
    if (state.phrase, state.asks) != (phrase_id, slot) or not phrasebook().fits(target.language, slot, value):
        raise Stale
    return await _go_on(uow, actor, target, replace(state, slots={**state.slots, slot: value}), phrase)


async def write_slot(uow: UnitOfWork, actor: Actor, question: OpenQuestion, text: str) -> SlotQuestion | PhraseView:
    """Give the slot that is asked for a typed value.

    Raises:
        InvalidInput: it does not fit; the sentence says how it should look. Stale, NotPermitted.
    """
    target, state, phrase = await _asked(uow, actor, PhraseUse(question.data["use"]), question.ref_id)
    value = _read(target, state.asks, text.strip(), uow)
    return await _go_on(uow, actor, target, replace(state, slots={**state.slots, state.asks: value}), phrase)


async def turn_slot(uow: UnitOfWork, actor: Actor, use: PhraseUse, ref: int, slot: str, page: int) -> SlotQuestion:
    """Return further values of the slot that is asked for.

    Raises:
        Stale: something else is asked now. NotPermitted.
    """
    target, state, _ = await _asked(uow, actor, use, ref)
    if state.asks != slot:
        raise Stale
    return _question(uow, target, state, page)


async def add_own_words(uow: UnitOfWork, actor: Actor, use: PhraseUse, ref: int) -> PhraseView:
    """Add the words that were typed to search with to the draft, as they are.

    Raises:
        Stale: there are none, or it is no draft. TextTooLong, NotPermitted.
    """
    target = await access_target(uow, actor, use, ref)
    state = await read_state(uow, actor, target)
    if not state.words or target.notice is None:
        raise Stale
    return await _add(uow, actor, target, state, state.words)


async def own_message(uow: UnitOfWork, actor: Actor, use: PhraseUse, ref: int) -> tuple[str, OpenQuestion]:
    """Return the words that were typed to search with, after what was chosen, as a message to be sent.

    With them comes the question which they answer: it is asked again, and stays when they cannot be sent.

    Raises:
        Stale: there are none any more (a second tap), or it is a draft. NotPermitted.
    """
    target = await access_target(uow, actor, use, ref)
    state = await read_state(uow, actor, target)
    if not state.words or use is PhraseUse.NOTICE:
        raise Stale
    await leave_phrases(uow, actor, use, ref)
    expects = threads.EXPECT_HOME if use is PhraseUse.HOME else threads.EXPECT_REPLY
    text = "\n".join(part for part in (state.chosen, state.words) if part)
    return text, OpenQuestion(expects, ref, state.then)


async def send_chosen(uow: UnitOfWork, actor: Actor, use: PhraseUse, ref: int) -> threads.Receipt:
    """Send what was put together into the conversation.

    Raises:
        Stale: nothing waits any more (a second tap). NobodyReads, NotPermitted.
    """
    target = await access_target(uow, actor, use, ref)
    state = await read_state(uow, actor, target)
    if not state.chosen or use is PhraseUse.NOTICE:
        raise Stale
    if use is PhraseUse.HOME:
        asked = OpenQuestion(threads.EXPECT_HOME, ref, state.then)
        return await threads.send_message(uow, actor, asked, state.chosen)
    await close_question(uow, actor.person_id)
    return await threads.reply(uow, actor, ref, state.chosen)


async def leave_phrases(uow: UnitOfWork, actor: Actor, use: PhraseUse, ref: int) -> None:
    """Ask again for the message that was to be written by hand.

    Raises:
        NotPermitted, Stale: see `open_phrases`.
    """
    target = await access_target(uow, actor, use, ref)
    state = await read_state(uow, actor, target)
    expects = threads.EXPECT_HOME if use is PhraseUse.HOME else threads.EXPECT_REPLY
    await ask(uow, actor.person_id, expects, ref, **state.then)
    await uow.commit()


async def _asked(uow: UnitOfWork, actor: Actor, use: PhraseUse, ref: int) -> tuple[PhraseTarget, PhraseState, Phrase]:
    """Return the sentence that is being filled."""
    target = await access_target(uow, actor, use, ref)
    state = await read_state(uow, actor, target)
    phrase = phrasebook().find(state.phrase, target.language) if state.asks else None
    if phrase is None:
        raise Stale
    return target, state, phrase


async def _go_on(
    uow: UnitOfWork, actor: Actor, target: PhraseTarget, state: PhraseState, phrase: Phrase
) -> SlotQuestion | PhraseView:
    """Ask for the next slot, or add the sentence when it is whole."""
    asks = next((slot for slot in phrase.slots if slot not in state.slots), None)
    if asks is None:
        try:
            sentence = phrasebook().render(phrase.id, target.language, state.slots)
        except NoPhrase as changed:
            raise Stale from changed
        return await _add(uow, actor, target, state, sentence)
    state = replace(state, asks=asks)
    await keep_state(uow, actor, target, state)
    await uow.commit()
    return _question(uow, target, state, 0)


async def _add(uow: UnitOfWork, actor: Actor, target: PhraseTarget, state: PhraseState, sentence: str) -> PhraseView:
    """Put a sentence below what is written; the same one twice is a second tap."""
    notice = target.notice
    before = notice.text if notice is not None else state.chosen
    lines = before.split("\n") if before else []
    text = "\n".join(lines if sentence in lines else [*lines, sentence])
    if notice is not None:
        if len(text) > TEXT_LIMIT:
            raise TextTooLong(length=len(text), limit=TEXT_LIMIT)
        notice.text, notice.text_language = text, target.language
        notice.values = {name: value for name, value in notice.values.items() if name != "text_skipped"}
        notice.version += 1
    elif len(text) > THREAD_TEXT_LIMIT:
        raise threads.MessageTooLong(length=len(text), limit=THREAD_TEXT_LIMIT)
    state = replace(state, chosen="" if notice is not None else text, phrase="", slots={}, asks="", words="")
    await keep_state(uow, actor, target, state)
    view = _view(target, state)
    await uow.commit()
    return view


def _usable(target: PhraseTarget, phrase: Phrase) -> bool:
    """A sentence about a child is for the home of that child, never for a class."""
    return bool(target.child) or "child" not in phrase.slots


def _view(target: PhraseTarget, state: PhraseState) -> PhraseView:
    book = phrasebook()
    offered = {one.category for one in book.phrases(target.language, side=target.side) if _usable(target, one)}
    notice = target.notice
    return PhraseView(
        target.use,
        target.ref,
        notice.text if notice is not None else state.chosen,
        target.language,
        tuple(one for one in book.categories() if one in offered),
        bool(target.child),
        notice.version if notice is not None else 0,
    )


def _choice(
    target: PhraseTarget, view: PhraseView, found: list[Phrase], *, category: str = "", words: str = "", page: int = 0
) -> PhraseChoice:
    pages = max(1, -(-len(found) // PER_PAGE))
    page = min(max(page, 0), pages - 1)
    known = {"child": target.child} if target.child else {}
    shown = tuple(
        (one.id, phrasebook().outline(one.id, target.language, known))
        for one in found[page * PER_PAGE : (page + 1) * PER_PAGE]
    )
    return PhraseChoice(view, category, words, shown, page, pages)


def _question(uow: UnitOfWork, target: PhraseTarget, state: PhraseState, page: int) -> SlotQuestion:
    options = _options(uow, target, state)
    pages = max(1, -(-len(options) // PER_PAGE))
    page = min(max(page, 0), pages - 1)
    sentence = phrasebook().outline(state.phrase, target.language, state.slots)
    shown = tuple(options[page * PER_PAGE : (page + 1) * PER_PAGE])
    return SlotQuestion(_view(target, state), state.phrase, sentence, state.asks, shown, page, pages)


def _options(uow: UnitOfWork, target: PhraseTarget, state: PhraseState) -> list[tuple[str, str]]:
    """Return the likely values of the slot that is asked for, with their labels."""
    kind = slot_type(state.asks)
    if kind in LISTED:
        taken = set(state.slots.values())
        return [one for one in phrasebook().choices(target.language, state.asks) if one[0] not in taken]
    if kind == "day":
        tr = texts(target.language).plain
        days = [uow.today + timedelta(days=distance) for distance in range(DAYS_OFFERED)]
        return [(day.isoformat(), tr.short_day(day)) for day in days if day.weekday() < 5]
    values = {"time": TIMES_OFFERED, "number": NUMBERS_OFFERED, "class": target.classes}[kind]
    return [(value, value) for value in values if value not in state.slots.values()]


def _read(target: PhraseTarget, slot: str, text: str, uow: UnitOfWork) -> str:
    """Return the value that somebody typed."""
    kind = slot_type(slot)
    if kind == "day":
        return read_day(text, uow.today).isoformat()
    if kind == "time":
        return f"{read_time(text):%H:%M}"
    if kind in LISTED:
        named = [code for code, label in phrasebook().choices(target.language, slot) if label.lower() == text.lower()]
        value = named[0] if named else f"{NAMED}{text}" if kind == "place" else ""
    else:
        value = text.upper() if kind == "class" else western(text)
    if not phrasebook().fits(target.language, slot, value):
        raise {"number": NotSuchANumber, "place": NameTooLong}.get(kind, NotInTheList)
    return value
