"""What the guard notices, and what it knows to be the same said otherwise (L3)."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.translation import FindingKind
from bot.i18n import languages
from bot.translation.guard import check, warm
from bot.translation.negation import denials
from bot.translation.words import check_guard_words, guard_words
from tests.translation.corpora import NAMES, open_pairs


def kinds(said: str, translated: str, pair: str) -> set[FindingKind]:
    source, target = pair.split("-")
    return {finding.kind for finding in check(said, translated, source, target, NAMES)}


@pytest.mark.parametrize(
    ("pair", "said", "translated"),
    [
        ("nb-en", "Møtet er kl. 14.30.", "The meeting is at 2:30 pm."),
        ("nb-en", "Møtet er kl. 8.", "The meeting is at 8:00."),
        ("nb-pl", "Møtet er 24.11.", "Spotkanie jest 24 listopada."),
        ("nb-ar", "Møtet er 24. november kl. 8:30.", "الاجتماع في ٢٤ نوفمبر الساعة ٨:٣٠."),
        ("nb-ar", "Møtet er 24. november.", "الاجتماع في 24 تشرين الثاني."),
        ("nb-fa", "Det er 24 elever.", "۲۴ دانش‌آموز هستند."),
        ("nb-en", "Bussen går halv ni.", "The bus leaves at 8:30."),
        ("nb-en", "Vi trenger to foreldre.", "We need 2 parents."),
        ("nb-pl", "Hun har 2 søsken.", "Ona ma dwoje rodzeństwa."),
        ("nb-ar", "Det er to timer igjen.", "تبقى ساعتان."),
        ("nb-en", "Det koster 1 500,50 kr.", "It costs 1,500.50 kr."),
        ("nb-pl", "Klasse 5 A skal på tur.", "Klasa 5A jedzie na wycieczkę."),
        ("nb-pl", "Vi møtes på mandag.", "Spotykamy się w poniedziałek."),
        ("nb-pl", "Vi er åpne fra onsdag til lørdag.", "Otwarte od środy do soboty."),
        ("nb-ar", "Vi møtes på fredag.", "نلتقي الجمعة."),
        ("nb-nn", "Vi går på tur i dag.", "Vi går på tur i dag."),
        ("nb-nn", "Ali kommer ikke lørdag.", "Ali kjem ikkje laurdag."),
        ("nb-en", "Ali er ikke syk, ikke sant?", "Ali isn't ill, right?"),
        ("nb-en", "Ikke glem gymtøy!", "Remember gym clothes!"),
        ("nb-ar", "Husk gymtøy!", "لا تنسوا ملابس الرياضة!"),
        ("nb-pl", "Ingen vet det.", "Nikt tego nie wie."),
        ("pl-nb", "Nikt nigdy nic nie mówi.", "Ingen sier noe."),
        ("ar-nb", "لا بأس.", "Det går bra."),
        ("nb-ar", "Bare du ser dette.", "لا يرى هذا إلا أنت."),
        ("nb-en", "Alis sekk er her.", "Ali's bag is here."),
        ("nb-pl", "Har du sett Zuzia?", "Widziałeś Zuzię?"),
        ("ar-nb", "سارة هنا.", "Sara er her."),
        ("nb-en", "Hei 👍", "Hi 👍"),
        ("nb-en", "https://skole.example/a", "https://skole.example/a"),
        ("nb-en", "Ali 5A", "Ali 5A"),
        ("nb-ar", "Ali og Sara er her.", "\u2068Ali\u2069 و\u2068Sara\u2069 هنا."),
        ("nb-uk", "Vi ses på onsdag.", "Побачимось у середу."),
        ("nb-so", "Ali kommer ikke.", "Ali ma imanayo."),
    ],
)
def test_lets_the_same_pass_however_it_is_said(pair: str, said: str, translated: str) -> None:
    assert kinds(said, translated, pair) == set()


@pytest.mark.parametrize(
    ("pair", "said", "translated", "kind"),
    [
        ("nb-en", "Ali er syk.", "He is ill.", FindingKind.NAME),
        ("nb-en", "Han er syk.", "Ali is ill.", FindingKind.NAME),
        ("nb-en", "Det er 24 elever.", "There are 42 pupils.", FindingKind.NUMBER),
        ("nb-en", "Det er mange elever.", "There are 42 pupils.", FindingKind.NUMBER),
        ("nb-pl", "Vi trenger fire foreldre.", "Potrzebujemy pięciu rodziców.", FindingKind.NUMBER),
        ("nb-en", "Ring 22 33 44 55.", "Call 22 33 44 56.", FindingKind.NUMBER),
        ("nb-pl", "Svar innen 3. mars.", "Odpowiedz do 3 maja.", FindingKind.DATE),
        ("nb-en", "Den 24.11.2026 reiser vi.", "On 24.11.2027 we travel.", FindingKind.DATE),
        ("nb-pl", "Vi møtes på tirsdag.", "Spotykamy się w czwartek.", FindingKind.DATE),
        ("nb-pl", "Vi møtes på tirsdag.", "Spotykamy się.", FindingKind.DATE),
        ("nb-uk", "Vi ses på onsdag.", "Побачимось у вівторок.", FindingKind.DATE),
        ("nb-ar", "Ali kommer i morgen.", "سيأتي Ali اليوم.", FindingKind.DATE),
        ("nb-en", "Bussen går kl. 8.30.", "The bus leaves at 9:30.", FindingKind.TIME),
        ("nb-en", "Vi ses kl. 9.", "See you at 10.", FindingKind.TIME),
        ("nb-en", "Se https://skole.example/tur", "See https://school.example/tur", FindingKind.LINK),
        ("nb-en", "Skriv til a@skole.example", "Write to us", FindingKind.LINK),
        ("nb-en", "Til 5A", "To 5B", FindingKind.CLASS),
        ("nb-en", "Ali kommer ikke.", "Ali is coming.", FindingKind.NEGATION),
        ("nb-en", "Ali kommer.", "Ali isn't coming.", FindingKind.NEGATION),
        ("nb-en", "Ikke glem gymtøy!", "Forget gym clothes!", FindingKind.NEGATION),
        ("pl-nb", "Nie mogę przyjść.", "Jeg kan komme.", FindingKind.NEGATION),
        ("ar-nb", "لن يأتي علي.", "Ali kommer.", FindingKind.NEGATION),
        ("nn-nb", "Ali kjem ikkje.", "Ali kommer.", FindingKind.NEGATION),
        ("nb-en", "Vi går på tur i skogen i dag, og alle må ha med seg mat.", "We go.", FindingKind.LENGTH),
        ("nb-en", "Takk!", "Thank you! Thank you! Thank you!", FindingKind.LENGTH),
        ("nb-en", "Takk for i dag!", " ", FindingKind.EMPTY),
        ("nb-en", "Takk for i dag!", "…", FindingKind.EMPTY),
        ("nb-en", "Takk for maten!", "Takk for maten!", FindingKind.UNTRANSLATED),
        ("nb-pl", "Velkommen!", "Velkommen!", FindingKind.UNTRANSLATED),
        ("nb-ar", "Ta med lue og votter.", "Bring a hat and mittens.", FindingKind.UNTRANSLATED),
    ],
)
def test_notices_what_was_lost_added_or_changed(pair: str, said: str, translated: str, kind: FindingKind) -> None:
    assert kind in kinds(said, translated, pair)


@pytest.mark.parametrize(
    ("said", "translated", "what"),
    [
        ("Bussen går kl. 8.30.", "The bus leaves at 9:30.", "8.30"),
        ("Vi ses på tirsdag.", "See you on Monday.", "tirsdag"),
        ("Vi ses snart.", "See you on Monday.", "monday"),
        ("Kari er her.", "She is here.", "Kari"),
        ("Han kommer ikke.", "He is coming.", "ikke"),
    ],
)
def test_tells_which_words_it_found(said: str, translated: str, what: str) -> None:
    assert [found.what for found in check(said, translated, "nb", "en", NAMES)] == [what]


@settings(deadline=None)
@given(said=st.text(max_size=80), translated=st.text(max_size=80))
def test_any_two_texts_can_be_compared(said: str, translated: str) -> None:
    for target in ("en", "ar", "xx"):
        assert isinstance(check(said, translated, "nb", target, NAMES), tuple)


@settings(deadline=None)
@given(text=st.text(max_size=80))
def test_a_text_agrees_with_itself(text: str) -> None:
    assert check(text, text, "nb", "nn", NAMES) == ()


@pytest.mark.parametrize("language", ["nb", "nn", "da", "sv", "en", "pl", "ar"])
def test_every_language_that_is_compared_has_its_words(language: str) -> None:
    words = guard_words(language)
    assert words.deny
    assert words.tomorrow
    assert set(range(1, 13)) <= set(words.numbers.values())
    assert all(denials(word.replace("*", ""), language) is not None for word in words.deny)


def test_every_live_language_has_its_words() -> None:
    assert [code for code in languages() if not guard_words(code).deny] == []


def test_text_is_compared_sentence_by_sentence() -> None:
    said, changed = "Ali kommer. Sara kommer ikke.", "Ali isn't coming. Sara is coming."
    assert [found.kind for found in check(said, changed, "nb", "en", NAMES)] == [FindingKind.NEGATION] * 2
    assert kinds("Ali kommer. Sara kommer ikke.", "Ali is coming but Sara isn't.", "nb-en") == set()


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("deny: [ikke]\nnumbers: {en: 1}\ntoday: [i dag]\ntomorrow: [i morgen]", ""),
        ("deny: []\nnumbers: {en: 1}\ntoday: [i dag]\ntomorrow: [i morgen]", "deny: is empty"),
        ("deny: [no]", "needs quotes"),
        ("no: [ikke]", "mean nothing"),
        ("numbers: {en: ett}", "ett"),
        ("near: {nn: {denies: [ikkje]}}", "mean nothing"),
        ("deny: [", "translation.yaml"),
    ],
)
def test_file_of_words_that_cannot_be_used_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, wrong: str
) -> None:
    (tmp_path / "xx").mkdir()
    (tmp_path / "xx" / "translation.yaml").write_text(written, encoding="utf-8")
    monkeypatch.setenv("SKOLEBUD_LOCALES", str(tmp_path))
    found = check_guard_words("xx")
    assert wrong in "".join(found)
    assert bool(found) == bool(wrong)


def test_words_of_every_live_language_are_right() -> None:
    assert {code: check_guard_words(code) for code in languages()} == {code: [] for code in languages()}
    warm()


def test_nothing_is_compared_that_no_data_tells() -> None:
    assert denials("Ali ma imanayo", "so") is None


def test_good_translations_pass_the_other_way_round_too() -> None:
    turned = [check(pair.translated, pair.said, pair.target, pair.source, NAMES) for pair in open_pairs()]
    assert sum(map(bool, turned)) <= 0.03 * len(turned)
