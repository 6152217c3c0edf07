"""Ready sentences: exact between all live languages, and nothing else is taken for one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.phrase_taps import FillSlot, Phrases, PhraseUse, PickPhrase, SendPraise
from bot.i18n import languages, texts
from bot.i18n.registry import SOURCE_LANGUAGE
from bot.translation.phrasebook import NoPhrase, check_phrasebook, phrasebook, phrasebook_path
from bot.translation.phrasebook_data import BadPhrasebook, Template, load_file, problems
from bot.translation.phrasebook_slots import DAYS_AHEAD, DAYS_BACK, slot_type
from bot.translation.sentences import split
from locales import check

TODAY = date(2026, 11, 23)
NAMES = ("Ali Haddad", "Zuzanna Maria Kowalska", "Dag Berg", "Łucja Żak", "علي حداد", "Anne-Marie O'Neil")
LANGUAGES = tuple(languages())
PAIRS = [(source, target) for source in LANGUAGES for target in LANGUAGES if source != target]
IDS = [phrase.id for phrase in phrasebook().phrases(SOURCE_LANGUAGE)]
LISTS = {
    kind: [code for code, _ in phrasebook().choices(SOURCE_LANGUAGE, kind)] for kind in ("thing", "place", "person")
}

_DAYS = st.one_of(
    st.sampled_from(["today", "tomorrow", *(f"weekday-{number}" for number in range(7))]),
    st.integers(-DAYS_BACK, DAYS_AHEAD - 1).map(lambda distance: (TODAY + timedelta(days=distance)).isoformat()),
)
_SLOTS: dict[str, st.SearchStrategy[str]] = {
    "child": st.sampled_from(["Ali", "Ali Haddad", "Zuzanna Maria", "Dag", "Łucja", "علي", "Anne-Marie"]),
    "day": _DAYS,
    "time": st.times().map(lambda at: f"{at:%H:%M}"),
    "class": st.sampled_from(["1A", "5A", "10B", "7"]),
    "number": st.integers(2, 99).map(str),
    "thing": st.sampled_from(LISTS["thing"]),
    "place": st.one_of(st.sampled_from(LISTS["place"]), st.sampled_from(["=Oslo S", "=Vigelandsparken", "=المتحف"])),
    "person": st.sampled_from(LISTS["person"]),
}


@st.composite
def filled(draw: st.DrawFn) -> tuple[str, dict[str, str]]:
    """A sentence of the book with a value in every slot."""
    phrase = phrasebook().find(draw(st.sampled_from(IDS)), SOURCE_LANGUAGE)
    assert phrase is not None
    return phrase.id, {slot: draw(_SLOTS[slot_type(slot)]) for slot in phrase.slots}


def templates() -> Iterator[tuple[str, str, Template]]:
    for code in LANGUAGES:
        for phrase_id, said in load_file(phrasebook_path(code)).said.items():
            yield from ((code, phrase_id, one) for one in said)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_live_language_has_the_same_sentences_with_the_same_slots(code: str) -> None:
    assert phrasebook_path(code).exists()
    assert check_phrasebook(code) == []


def test_there_is_enough_to_choose_from_and_praise_is_ten_sentences_and_more() -> None:
    assert len(IDS) >= 80
    assert len(phrasebook().phrases("nb", category="praise")) >= 10
    assert phrasebook().phrases("pl", side="home")
    assert {one.side for one in phrasebook().phrases("pl", side="home")} == {"home", "both"}


@settings(max_examples=200, deadline=None)
@given(filled(), st.sampled_from(PAIRS))
def test_every_sentence_is_found_again_and_rendered_in_the_other_language(
    chosen: tuple[str, dict[str, str]], pair: tuple[str, str]
) -> None:
    phrase_id, values = chosen
    source, target = pair
    said = phrasebook().render(phrase_id, source, values)
    found = phrasebook().match(said, source, target, today=TODAY, names=NAMES)
    assert found == phrasebook().render(phrase_id, target, values)
    assert phrasebook().match(found, target, source, today=TODAY, names=NAMES) == said


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_no_sentence_is_left_out_of_any_pair(pair: tuple[str, str]) -> None:
    source, target = pair
    values = {"child": "Ali", "day": "2026-11-25", "time": "08:30", "class": "5A", "number": "15", "thing": "jacket",
              "thing2": "gym_kit", "place": "yard", "person": "grandmother"}  # fmt: skip
    for phrase_id in IDS:
        said = phrasebook().render(phrase_id, source, values)
        found = phrasebook().match(said, source, target, today=TODAY, names=NAMES)
        assert found == phrasebook().render(phrase_id, target, values), phrase_id


@settings(max_examples=100, deadline=None)
@given(filled(), st.sampled_from(LANGUAGES))
def test_no_sentence_can_be_two(chosen: tuple[str, dict[str, str]], language: str) -> None:
    said = phrasebook().render(chosen[0], language, chosen[1])
    assert {one for one, _ in phrasebook().read(said, language, TODAY, NAMES)} == {chosen[0]}


def test_other_ways_of_writing_a_sentence_are_no_other_sentence() -> None:
    seen: dict[tuple[str, tuple[object, ...]], str] = {}
    for code, phrase_id, template in templates():
        assert seen.setdefault((code, template.bare), phrase_id) == phrase_id, template.shown


@settings(max_examples=100, deadline=None)
@given(filled(), st.sampled_from(LANGUAGES))
def test_a_sentence_is_one_sentence_for_the_splitter(chosen: tuple[str, dict[str, str]], language: str) -> None:
    said = phrasebook().render(chosen[0], language, chosen[1])
    assert [piece.text for piece in split(said)] == [said]


@pytest.mark.parametrize(
    "written",
    [
        "Husk jakke onsdag 25. november.",
        "husk  jakke onsdag 25. november",
        "Husk jakke \u2068onsdag 25. november\u2069!",
        "Husk å ta med jakke på onsdag 25. november.",
        "Ta med jakke ons. 25. nov.",
    ],
)
def test_case_marks_spaces_and_printed_dates_do_not_matter(written: str) -> None:
    found = phrasebook().match(written, "nb", "pl", today=TODAY)
    assert found == "Prosimy o kurtkę w środę, 25 listopada."


@pytest.mark.parametrize(
    "written",
    [
        "Husk jakke onsdag 25. november, takk.",
        "Husk jakke og mat onsdag 25. november.",
        "Ikke husk jakke onsdag 25. november.",
        "Husk jakke tirsdag 25. november.",  # that day is a Wednesday
        "Husk jakke?",
        "Husk jakke onsdag 25. november?",
        "Husk ulltøy onsdag 25. november.",
        "Skolen begynner klokken 25:30 i morgen.",
        "Vi møtes ved Oslo S klokken 08:30 i morgen.",  # a name only between quotation marks
        "",
        ".",
    ],
)
def test_anything_else_is_left_to_others(written: str) -> None:
    assert phrasebook().match(written, "nb", "pl", today=TODAY, names=NAMES) is None


def test_only_known_names_are_names() -> None:
    said = "Hun har feber, og vi ber deg hente barnet på skolen."
    assert phrasebook().match(said, "nb", "pl", today=TODAY, names=NAMES) is None
    known = said.replace("Hun", "Dag")
    assert phrasebook().match(known, "nb", "pl", today=TODAY) is None
    assert phrasebook().match(known, "nb", "pl", today=TODAY, names=["Dag Berg"]) == (
        "Dag ma gorączkę, prosimy odebrać dziecko ze szkoły."
    )


def test_days_called_from_the_day_of_writing_stay_so() -> None:
    match = phrasebook().match
    assert match("Skolen er stengt i morgen.", "nb", "en", today=TODAY) == "School is closed tomorrow."
    assert match("Skolen er stengt på fredag.", "nb", "ar", today=TODAY) == "المدرسة مغلقة يوم الجمعة."


def test_names_and_dates_are_isolated_in_right_to_left_sentences() -> None:
    said = phrasebook().render("dentist", "ar", {"child": "Ali", "day": "2026-11-25", "time": "08:30"})
    day = texts("ar").day(date(2026, 11, 25))
    assert said == f"لدى \u2068Ali\u2069 موعد عند طبيب الأسنان \u2068يوم {day}\u2069 الساعة \u206808:30\u2069."


def test_an_unknown_language_has_no_sentences() -> None:
    assert phrasebook().match("Takk!", "nb", "so", today=TODAY) is None
    assert phrasebook().match("Takk!", "so", "nb", today=TODAY) is None
    assert phrasebook().phrases("so") == []


@pytest.mark.parametrize(
    "slots",
    [
        {},
        {"thing": "jacket"},
        {"thing": "gold", "day": "2026-11-25"},
        {"thing": "jacket", "day": "weekday-9"},
        {"thing": "jacket", "day": "soon"},
    ],
)
def test_what_does_not_fit_is_refused(slots: dict[str, str]) -> None:
    with pytest.raises(NoPhrase):
        phrasebook().render("bring_thing", "nb", slots)


@pytest.mark.parametrize(("slot", "value", "fits"), [
    ("time", "08:30", True), ("time", "24:00", False), ("number", "15", True), ("number", "1", False),
    ("place", "=Oslo S", True), ("place", "=" + "x" * 41, False), ("place", "=«", False),
    ("place", "=31051612345", False),
    ("class", "5A", True), ("class", "alle", False), ("day", "today", True), ("person", "mother", True),
])  # fmt: skip
def test_each_slot_knows_what_it_can_hold(slot: str, value: str, fits: bool) -> None:
    assert phrasebook().fits("nb", slot, value) is fits


@pytest.mark.parametrize(
    ("language", "words", "found"),
    [
        ("nb", "lus", "lice"), ("nb", "Gym", "bring_thing"), ("nb", "feb", "fever"), ("nb", "syk", "fever"),
        ("nb", "hente barnet", "fever"), ("pl", "goraczk", "fever"), ("pl", "swietlic", "stays_after_school"),
        ("ar", "قمل", "lice"), ("ar", "حمى", "fever"), ("en", "brave", "praise_courage"),
        ("en", "pick", "who_collects"),
    ],
)  # fmt: skip
def test_search_finds_by_the_beginning_of_words_without_accents(language: str, words: str, found: str) -> None:
    assert found in {one.id for one in phrasebook().search(language, words)}


def test_search_ranks_the_sentence_itself_first_and_keeps_to_its_limit() -> None:
    assert phrasebook().search("nb", "lekser", side="school")[0].id in {"homework_none", "homework_done"}
    assert len(phrasebook().search("nb", "i", limit=6)) == 6
    assert phrasebook().search("nb", "  ") == []
    assert phrasebook().search("nb", "romskip") == []
    assert {one.category for one in phrasebook().search("nb", "i dag", category="praise")} == {"praise"}


def test_every_button_has_room() -> None:
    most = 2**31 - 1
    for phrase in phrasebook().phrases(SOURCE_LANGUAGE):
        PickPhrase(PhraseUse.NOTICE, most, phrase.id).pack()
        SendPraise(most, phrase.id).pack()
        Phrases(PhraseUse.NOTICE, most, phrase.category, 99).pack()
        for slot in phrase.slots:
            values = [code for code, _ in phrasebook().choices(SOURCE_LANGUAGE, slot)] or ["2026-11-25"]
            for value in values:
                FillSlot(PhraseUse.NOTICE, most, phrase.id, slot, value).pack()


WORDS = """
days: {today: [i], tomorrow: [j], weekdays: [a, b, c, d, e, f, g]}
place_named: "at «{name}»"
things: {hat: {name: hat, acc: hats}}
places: {yard: outside}
people: {mother: mother}
phrases:
"""


@pytest.mark.parametrize(
    ("phrases", "what"),
    [
        ("  one: {say: 'No mark'}", "ends with no mark"),
        ("  one: {say: 'Two. Sentences.'}", "more than one sentence"),
        ("  one: {say: 'Bring {gold}.'}", "no slot gold"),
        ("  one: {say: 'Bring {thing.gen}.'}", "missing for hat"),
        ("  one: {say: 'Bring {thing} {thing}.'}", "stands twice"),
        ("  one: {say: 'Bring {Thing}.'}", "misspelt"),
        ("  one: {say: 'Bring it.', side: street}", "side street"),
        ("  one: {speak: 'Bring it.'}", "say"),
    ],
)
def test_a_broken_file_says_where(tmp_path: Path, phrases: str, what: str) -> None:
    path = tmp_path / "phrasebook.yaml"
    path.write_text(WORDS + phrases)
    with pytest.raises(BadPhrasebook, match=what):
        load_file(path)


def test_files_are_held_against_the_source_language(tmp_path: Path) -> None:
    source, own = tmp_path / "source.yaml", tmp_path / "own.yaml"
    source.write_text(WORDS + "  one: {say: 'Bring {thing}.'}\n  two: {say: 'Can you?'}\n  three: {say: 'Yes.'}")
    own.write_text(
        WORDS.replace("yard:", "garden:") + "  one: {say: 'Bring it.'}\n  two: {say: 'Yes.'}\n  four: {say: 'No.'}"
    )
    assert problems(source, source) == []
    found = "\n".join(problems(own, source))
    for what in ("one: other slots", "two: asks in one", "three: has no sentence", "four: is not in", "place garden"):
        assert what in found


def test_the_check_of_the_languages_tells_of_a_broken_phrasebook(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check, "check_phrasebook", lambda code: ["lice: has no sentence"] if code == "pl" else [])
    assert check.main() == 1
    told = [line for line in capsys.readouterr().err.splitlines() if "phrasebook" in line]
    assert len(told) == 1
    assert "pl" in told[0]
    assert "lice: has no sentence" in told[0]
