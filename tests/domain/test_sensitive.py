"""What is too sensitive for a chat is found, and ordinary sentences are left alone (P5)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.actions.care.sensitive import find, find_numbers
from bot.domain.sensitive import MASK, SensitiveKind, without_numbers
from bot.i18n import languages
from bot.i18n.sensitive import lexicon

CORPORA = Path(__file__).parents[1] / "languages"
LANGUAGES = ("nb", "en", "pl", "ar")
FIRST, SECOND = (3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
DIVIDED = [
    "{}{}{}{}{}",
    "{}{}{} {}{}",
    "{}.{}.{} {}{}",
    "{} {} {} {} {}",
    "{}{}{}-{}{}",
    "{}{}{} {} {}",
    "{}/{}/{}-{}{}",
]


def control(digits: str, weights: tuple[int, ...]) -> int:
    """Return the control digit by the Tax Administration's rule; 10 means that there is no such number."""
    return (11 - sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11) % 11


@st.composite
def identity_numbers(draw: st.DrawFn) -> str:
    """Numbers as they are given out: made here, so that they are nobody's but by chance."""
    born = draw(st.dates(date(1900, 1, 1), date(2020, 12, 31)))
    serial = draw(st.integers(0, 499) if born.year < 2000 else st.integers(500, 999))
    day = born.day + draw(st.sampled_from([0, 40]))  # a D-number has four more at its first digit
    nine = f"{day:02}{born.month:02}{born.year % 100:02}{serial:03}"
    first = control(nine, FIRST)
    assume(first < 10)
    second = control(f"{nine}{first}", SECOND)
    assume(second < 10)
    return f"{nine}{first}{second}"


@st.composite
def written_numbers(draw: st.DrawFn) -> str:
    """The same divided as people divide them, in European or Arabic digits."""
    number = draw(identity_numbers())
    parts = (number[:2], number[2:4], number[4:6], number[6:9], number[9:])
    written = draw(st.sampled_from(DIVIDED)).format(*parts)
    return written.translate(EASTERN) if draw(st.booleans()) else written


# what stands around a number: any letters and marks; digits only with a letter between
around = st.text(st.characters(exclude_categories=["Nd", "Cs"]), max_size=30).map(lambda text: f"{text} x")


@given(before=around, number=written_numbers(), after=around)
@example("Fnr:x", "15108695088", "")
@example("", "151086 95088", ".")
def test_identity_numbers_are_found_in_any_text_and_masked(before: str, number: str, after: str) -> None:
    text = f"{before} {number} {after}"
    found = find(text, "nb")
    assert found[0].kind is SensitiveKind.IDENTITY_NUMBER
    assert text[found[0].start : found[0].end] == number
    assert without_numbers(text, found) == f"{before} {MASK} {after}"


@given(st.lists(written_numbers(), min_size=2, max_size=3))
def test_several_numbers_are_all_masked(numbers: list[str]) -> None:
    text = "a " + ", b ".join(numbers)
    masked = without_numbers(text, find_numbers(text))
    assert masked == "a " + ", b ".join([MASK] * len(numbers))


@given(identity_numbers(), st.integers(0, 10), st.integers(1, 9))
def test_a_wrong_digit_is_no_identity_number(number: str, place: int, more: int) -> None:
    wrong = number[:place] + str((int(number[place]) + more) % 10) + number[place + 1 :]
    assert find_numbers(wrong) == (), "either control digit sees every single wrong digit"


def test_few_of_all_numbers_with_eleven_digits_are_taken_for_one() -> None:
    taken = sum(bool(find_numbers(f"{step * 1_000_003 % 10**11:011}")) for step in range(20_000))
    assert taken < 20_000 * 0.002


eight = st.integers(20_000_000, 99_999_999).map(str)
telephones = st.one_of(
    eight,
    eight.map(lambda n: f"{n[:3]} {n[3:5]} {n[5:]}"),
    eight.map(lambda n: f"{n[:2]} {n[2:4]} {n[4:6]} {n[6:]}"),
    eight.map(lambda n: f"+47 {n}"),
    eight.map(lambda n: f"+47{n}"),
    eight.map(lambda n: f"0047 {n[:3]} {n[3:5]} {n[5:]}"),
    st.integers(100_000_000, 999_999_999).map(lambda n: f"+48{n}"),
    st.integers(100_000_000, 999_999_999).map(lambda n: f"+48 {n // 10**6} {n // 1000 % 1000:03} {n % 1000:03}"),
)


@given(st.lists(telephones, min_size=1, max_size=3), st.sampled_from([" ", ", ", "\n", " / ", " - "]))
def test_telephone_numbers_are_never_taken_for_one(numbers: list[str], between: str) -> None:
    assert find_numbers(f"Ring {between.join(numbers)} takk") == ()


@given(st.dates(), st.times(), st.integers(1, 30))
def test_days_and_times_are_never_taken_for_one(day: date, at: object, room: int) -> None:
    assert find_numbers(f"{day:%d.%m.%Y} kl. {at}, rom {room}, 5A") == ()


SENSITIVE = {
    "nb": {
        SensitiveKind.HEALTH: ["Noah har fått ADHD-diagnose", "han begynner på Ritalin", "Sara har depresjoner"],
        SensitiveKind.CHILD_PROTECTION: ["Barnevernet var hos oss", "vi har sendt bekymringsmelding"],
        SensitiveKind.VIOLENCE: ["det er vold hjemme", "hun ble utsatt for overgrep", "faren slår meg"],
        SensitiveKind.SUICIDE: ["han snakker om selvmord", "hun vil ikke leve lenger", "Hun KUTTER SEG"],
        SensitiveKind.FAMILY: ["vi er skilt", "skilsmissen er tung", "vi har hemmelig adresse"],
    },
    "en": {
        SensitiveKind.HEALTH: ["he was diagnosed with autism", "she takes her medication at noon"],
        SensitiveKind.CHILD_PROTECTION: ["the child welfare service called", "Barnevernet rang oss"],
        SensitiveKind.VIOLENCE: ["there was violence at home", "he beats her"],
        SensitiveKind.SUICIDE: ["she talks about killing herself and suicide", "self-harm"],
        SensitiveKind.FAMILY: ["we are getting divorced", "the custody case"],
    },
    "pl": {
        SensitiveKind.HEALTH: ["Zosia ma autyzm", "bierze leki na padaczkę", "Syn ma depresję", "diagnoza ADHD"],
        SensitiveKind.CHILD_PROTECTION: ["Barnevernet był u nas", "rodzina zastępcza"],
        SensitiveKind.VIOLENCE: ["w domu jest przemoc", "ojciec ją molestował", "maz mnie bil, bije mnie"],
        SensitiveKind.SUICIDE: ["mówi o samobójstwie", "nie chce już żyć"],
        SensitiveKind.FAMILY: ["jesteśmy po rozwodzie", "odebrano mu prawa rodzicielskie"],
    },
    "ar": {
        SensitiveKind.HEALTH: ["عنده توحّد", "علي يأخذ الدواء صباحا", "تعاني من الاكتئاب", "ابني مصاب بالصرع"],
        SensitiveKind.CHILD_PROTECTION: ["جاءت البارنفرن إلى بيتنا", "مؤسسة رعاية الطفل"],
        SensitiveKind.VIOLENCE: ["هناك عنف في البيت", "زوجي يضربني", "تعرضت للتحرش"],
        SensitiveKind.SUICIDE: ["يتحدث عن الانتحار", "تؤذي نفسها"],
        SensitiveKind.FAMILY: ["نحن في إجراءات الطلاق", "قضية حضانة الطفل"],
    },
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_sensitive_words_are_found_as_people_write_them(language: str) -> None:
    for kind, sentences in SENSITIVE[language].items():
        for sentence in sentences:
            assert kind in {one.kind for one in find(sentence, language, "nb")}, sentence


ORDINARY = {
    "nb": [
        "Noah har feber og blir hjemme", "Hun har time hos tannlegen kl. 10", "Legen sier at hun er frisk",
        "Det regnet voldsomt i går", "Her er skilt og klær", "Noah har allergi mot nøtter", "De ble slått 3-0",
        "Han har kreftene tilbake", "Vi skilles ved porten", "Kontonummer 1234.56.78903", "Kan du ringe 41 01 01 23?",
        "Hun skadet seg i gymmen", "Diger takk for hjelpen", "Hva betyr trinn 5?",
    ],
    "en": [
        "Sara has a fever today", "Dental appointment at 10", "She cut herself on paper", "hearing aids",
        "Add two eggs",
        "He lost his custodian key", "The trip was depressing weather-wise", "She has a nut allergy",
    ],
    "pl": [
        "Zosia ma gorączkę", "Idziemy do lekarza", "Odrobiła lekcje", "Lekka zupa", "gwałtowna burza", "Boli ją głowa",
        "Odbiorę dziecko o 14", "kuratorium oświaty", "Czy mogę odebrać dziecko wcześniej?", "Ma alergię na orzechy",
    ],
    "ar": [
        "علي مريض اليوم", "عنده موعد عند طبيب الأسنان", "يقرأ بطلاقة", "لا أعرف مطلقا", "أختي في الحضانة",
        "عنده حرارة", "الانطلاق الساعة الثامنة", "عنده حساسية من المكسرات", "نسي كتاب الرياضيات في المدرسة",
    ],
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_ordinary_sentences_are_left_alone(language: str) -> None:
    for sentence in ORDINARY[language]:
        assert find(sentence, language, "nb") == (), sentence


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("file", ["sentences", "held_out"])
def test_reports_of_absence_as_people_write_them_raise_no_alarm(language: str, file: str) -> None:
    corpus = yaml.safe_load((CORPORA / language / f"{file}.yaml").read_text(encoding="utf-8"))
    entries = [entry for part in ("right", "not") for entry in corpus[part]]
    alarms = [i for i, entry in enumerate(entries) if find(str(entry["say"]), language, "nb")]
    assert len(alarms) <= len(entries) / 100, "one in a hundred names who treats the child"


@pytest.mark.parametrize("language", languages())
@given(text=st.text(max_size=200))
def test_any_text_can_be_looked_at(language: str, text: str) -> None:
    assert set(lexicon(language).find(text)) <= set(SensitiveKind)


def test_a_language_without_a_list_is_looked_at_for_numbers() -> None:
    assert [one.kind for one in find("adhd 15108695088", "xx")] == [SensitiveKind.IDENTITY_NUMBER]
