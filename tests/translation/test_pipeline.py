"""A text goes through phrasebook, memory and engine, and comes out whole, in order, with nothing lost (L3, L5, L6)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.translation import FindingKind, MadeBy, Trouble
from bot.translation.engine import EngineFailed, Failure, NoEngine
from bot.translation.pipeline import Outcome, Translator, memory_key, memory_keys, remembered
from bot.translation.sentences import split

TODAY = date(2026, 11, 24)
NAMES = ("Ali Haddad", "Sara Haddad", "Kari Nordmann")


@dataclass(frozen=True, slots=True)
class Made:
    texts: list[str]
    engine: str = "apertium"


@dataclass(slots=True)
class Engine:
    """An engine that says what it was asked, and answers what the test wants."""

    answer: Callable[[str], str] = str.upper
    fails: Exception | None = None
    asked: list[list[str]] = field(default_factory=list)

    async def can(self, source: str, target: str) -> bool:
        return source != target

    async def translate(self, texts: Sequence[str], source: str, target: str) -> Made:
        assert source != target
        self.asked.append(list(texts))
        if self.fails is not None:
            raise self.fails
        return Made([self.answer(text) for text in texts])


@dataclass(slots=True)
class Book:
    """A phrasebook of a few sentences."""

    known: Mapping[str, str] = field(default_factory=dict)

    def match(self, sentence: str, source: str, target: str, *, today: date, names: Collection[str] = ()) -> str | None:
        assert (today, names) == (TODAY, NAMES)
        assert source != target
        return self.known.get(sentence)


EMPTY = Book()
TO_ENGLISH = {
    "Ali kommer ikke.": "Ali isn't coming.",
    "Husk gymtøy.": "Remember gym clothes.",
    "§1§ kommer ikke.": "§1§ isn't coming.",
    "Vi ses kl. §1§.": "See you at §1§.",
    "Husk gymtøy på tirsdag.": "Remember gym clothes on Tuesday.",
}


async def go(
    text: str, engine: Engine, book: Book = EMPTY, memory: Mapping[str, str] | None = None, target: str = "en"
) -> Outcome:
    translator = Translator(engine, book)
    return await translator.translate(text, "nb", target, names=NAMES, memory=memory or {}, today=TODAY)


def english() -> Engine:
    return Engine(TO_ENGLISH.__getitem__)


async def test_each_different_sentence_is_asked_once_masked_and_in_one_call() -> None:
    engine = english()
    outcome = await go(
        "Ali kommer ikke. Sara kommer ikke.\n\n- Husk gymtøy. 😊\n- Husk gymtøy.\nVi ses kl. 8.30.", engine
    )
    assert engine.asked == [["§1§ kommer ikke.", "Husk gymtøy.", "Vi ses kl. §1§."]]
    assert outcome == Outcome(
        "Ali isn't coming. Sara isn't coming.\n\n- Remember gym clothes. 😊\n- Remember gym clothes.\nSee you at 8.30.",
        MadeBy.ENGINE,
        "apertium",
    )


async def test_what_the_phrasebook_knows_needs_no_engine() -> None:
    engine = english()
    outcome = await go("Husk gymtøy.\nAli kommer ikke.", engine, Book(TO_ENGLISH))
    assert (outcome.text, outcome.made_by) == ("Remember gym clothes.\nAli isn't coming.", MadeBy.PHRASEBOOK)
    assert engine.asked == []
    assert outcome.engine == ""


async def test_phrasebook_is_asked_before_the_memory() -> None:
    memory = {memory_key("Husk gymtøy."): "Bring gym clothes."}
    outcome = await go("Husk gymtøy.", english(), Book(TO_ENGLISH), memory)
    assert outcome.text == "Remember gym clothes."


async def test_approved_sentence_is_reused_with_the_new_values() -> None:
    (learnt,) = remembered("Ali møter Kari 3. mars kl. 9.", "On 3 March at 9 Ali meets Kari.", NAMES)
    key, masked, translation = learnt
    assert not re.search("Ali|Kari|mars|March|9", masked + translation.replace("§1§", "")), "nothing personal is kept"
    engine = english()
    outcome = await go(
        "Sara møter Ali 24. november kl. 8.30. Husk gymtøy.", engine, Book(TO_ENGLISH), {key: translation}
    )
    assert outcome.text == "On 24 November at 8.30 Sara meets Ali. Remember gym clothes."
    assert outcome.made_by is MadeBy.MEMORY
    assert engine.asked == []


async def test_one_sentence_by_the_engine_makes_all_of_it_the_engines() -> None:
    memory = {memory_key("Vi ses kl. §1§."): "See you at §1§."}
    outcome = await go("Vi ses kl. 8.30. Husk gymtøy. Ali kommer ikke.", english(), Book(), memory)
    assert outcome.made_by is MadeBy.ENGINE


async def test_remembered_sentence_whose_tokens_do_not_fit_is_not_used() -> None:
    for wrong in ("See you.", "See you at §1§ and §2§.", "See you at §1§ §1§."):
        engine = english()
        outcome = await go("Vi ses kl. 8.30.", engine, memory={memory_key("Vi ses kl. §1§."): wrong})
        assert outcome.text == "See you at 8.30."
        assert outcome.made_by is MadeBy.ENGINE


@pytest.mark.parametrize(
    "text", ["👍", "https://skole.example/a", "24.11 8:30", "Ali", "Kari Nordmann 22334455", "", "\n"]
)
async def test_what_has_no_words_is_itself(text: str) -> None:
    engine = english()
    assert await go(text, engine) == Outcome(text, MadeBy.PHRASEBOOK)
    assert engine.asked == []


async def test_same_language_is_itself() -> None:
    assert await go("Husk gymtøy.", english(), target="nb") == Outcome("Husk gymtøy.", MadeBy.PHRASEBOOK)


async def test_sentence_that_lost_its_meaning_stops_the_whole_text_and_is_kept() -> None:
    engine = Engine(lambda text: {"Husk gymtøy.": "Remember gym clothes."}.get(text, "§1§ is coming."))
    outcome = await go("Husk gymtøy. Ali kommer ikke.", engine)
    assert outcome.trouble is Trouble.GUARD
    assert [finding.kind for finding in outcome.findings] == [FindingKind.NEGATION]
    assert outcome.text == "Remember gym clothes. Ali is coming."
    assert outcome.made_by is MadeBy.ENGINE


@pytest.mark.parametrize(
    "made", ["He is not coming at §2§.", "§1§ is not coming at §2§, §1§.", "§1§ is not coming at §3§."]
)
async def test_lost_doubled_or_made_up_value_stops_the_text(made: str) -> None:
    outcome = await go("Ali kommer ikke kl. 9.", Engine(lambda _: made))
    assert outcome.trouble is Trouble.GUARD
    assert outcome.findings
    assert "§" not in outcome.text


async def test_no_engine_and_failing_engine_are_told_apart() -> None:
    assert await go("Husk gymtøy.", Engine(fails=NoEngine())) == Outcome("", None, trouble=Trouble.NO_ENGINE)
    failed = await go("Husk gymtøy.", Engine(fails=EngineFailed(Failure.TIMEOUT, 30)))
    assert failed == Outcome("", None, trouble=Trouble.FAILED, retry_after=30)


async def test_engine_that_returns_another_number_of_texts_has_failed() -> None:
    class Short(Engine):
        async def translate(self, texts: Sequence[str], source: str, target: str) -> Made:
            made = await Engine.translate(self, texts, source, target)
            return Made(made.texts[1:])

    assert (await go("Husk gymtøy. Ali kommer ikke.", Short())).trouble is Trouble.FAILED


async def test_text_for_a_reader_of_arabic_has_its_names_isolated() -> None:
    outcome = await go("Ali er syk.", Engine(lambda _: "§1§ مريض."), target="ar")
    assert outcome == Outcome("\u2068Ali\u2069 مريض.", MadeBy.ENGINE, "apertium")


async def test_back_translation_is_shown_whatever_it_says() -> None:
    translator = Translator(Engine(lambda text: text.replace("isn't", "er")), EMPTY)
    assert await translator.back("Ali isn't here.\n- 😊 Hi", "en", "nb", NAMES) == "Ali er here.\n- 😊 Hi"
    assert await translator.back("👍", "en", "nb", NAMES) == "👍"
    for trouble in (NoEngine(), EngineFailed(Failure.BUSY)):
        assert await Translator(Engine(fails=trouble), EMPTY).back("Hi there", "en", "nb", NAMES) is None


# What the memory learns


def test_keys_do_not_depend_on_names_numbers_spaces_case_or_the_last_stop() -> None:
    one = memory_keys("Ali  kommer 3. mars.", NAMES)
    other = memory_keys("sara KOMMER 24. november", NAMES)
    assert [key for key, _ in one] == [key for key, _ in other]
    assert one[0][1] == "§1§  kommer §2§."


def test_each_sentence_with_words_has_one_key() -> None:
    assert [masked for _, masked in memory_keys("Hei! 👍\n24.11\nHei! Takk.", NAMES)] == ["Hei!", "Takk."]


@pytest.mark.parametrize(
    ("source", "translated"),
    [
        ("Hei. Takk.", "Hi and thanks."),
        ("Ali kommer kl. 9.", "He is coming at 9."),
        ("Ali har 2 søstre og 2 brødre.", "Ali has 2 sisters and 2 brothers."),
    ],
)
def test_nothing_is_learnt_when_nobody_can_tell_what_belongs_to_what(source: str, translated: str) -> None:
    assert remembered(source, translated, NAMES) == []


def test_every_sentence_teaches_once() -> None:
    learnt = remembered("Hei!\nAli kommer ikke.\nHei!", "Hi!\nAli isn't coming.\nHi!", NAMES)
    assert [(source, translation) for _, source, translation in learnt] == [
        ("Hei!", "Hi!"),
        ("§1§ kommer ikke.", "§1§ isn't coming."),
    ]
    assert [key for key, _, _ in learnt] == [key for key, _ in memory_keys("Hei! Sara kommer ikke.", NAMES)]


# For any text

WORDS = st.sampled_from(
    ("Ali", "SARA", "haddad", "Nordmanns", "er", "ikke", "8.30", "24.11.2026", "november", "5A", "😊", "takk", "§1§")
)
MARKS = st.sampled_from([" ", ". ", "!\n", "\n- ", ", ", "? "])
TEXTS = st.lists(st.tuples(WORDS, MARKS), max_size=12).map(lambda pairs: "".join(word + mark for word, mark in pairs))


@settings(deadline=None)
@given(text=TEXTS)
async def test_no_name_and_no_number_is_asked_of_an_engine(text: str) -> None:
    engine = Engine(str)
    await go(text, engine)
    await Translator(engine, EMPTY).back(text, "nb", "en", NAMES)
    asked = " ".join(sentence for call in engine.asked for sentence in call).lower()
    assert not re.search(r"\b(ali|sara|haddad|nordmann)", asked)
    assert not re.search(r"\d", re.sub(r"§\d+§", "", asked))


@settings(deadline=None)
@given(text=TEXTS)
async def test_sentences_keep_their_order_and_what_stands_between_them(text: str) -> None:
    outcome = await go(text, Engine(lambda masked: f"<{masked}>"), target="nn")
    before, after = split(text), outcome.text
    for piece in before:
        start = after.index(piece.gap, after.index(piece.text) + len(piece.text))
        after = after[start + len(piece.gap) :]
    assert after == ""


@settings(deadline=None)
@given(text=TEXTS | st.text(alphabet=st.characters(exclude_categories=["Nd", "Cs"])))
async def test_engine_that_changes_nothing_gives_the_text_again(text: str) -> None:
    assert (await go(text, Engine(str), target="nn")).text == text


async def test_a_name_in_a_case_of_its_own_is_remembered_and_found_again() -> None:
    said = "Proszę zapytać Aliego o plecak."
    [(key, _, learnt)] = remembered(said, "Spør Ali om sekken, er du snill.", ["Ali Haddad"], "pl", "nb")
    assert key in {one for one, _ in memory_keys(said, ["Ali Haddad"], "pl")}
    assert "Ali" not in learnt
