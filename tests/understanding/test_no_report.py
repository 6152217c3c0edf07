"""Sentences with the words of an absence that report none; a false absence is worse than a missed one (A2)."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.understanding import ChildName
from handlers.languages import understand
from tests.languages.corpora import DRAFTS

NOW = datetime(2026, 11, 24, 7, 15)  # noqa: DTZ001 - the school's wall clock
HOMES = {
    "nb": ["Noah Hansen", "Sofie Hansen"],
    "en": ["Sara Miller", "Jack Miller"],
    "pl": ["Zuzanna Kowalska", "Jakub Kowalski"],
    "ar": ["Ali Haddad", "Mariam Haddad"],
}
SENTENCES = [
    # a day that is in no calendar, and not today
    ("nb", "Noah er syk 32.11"),
    ("nb", "Noah er syk 31. november"),
    ("en", "Sara is sick on 31/11"),
    ("pl", "Zuzia jest chora 31.11"),
    ("ar", "علي مريض يوم 31/11"),
    ("nb", "Sofie ble hentet kl 12 i går"),
    ("nb", "Noah kommer hjem alene i dag"),
    ("nb", "Kan Noah gå hjem alene etter skolen?"),
    ("nb", "Noah er veldig glad i dag"),
    ("nb", "Takk for at du sa fra om at Noah var dårlig"),
    ("nb", "Skal Noah ha med ski i morgen?"),
    ("nb", "Har Sofie tannlege på skolen i dag?"),
    ("nb", "Bestemor er syk så vi reiser dit i helga"),
    ("nb", "Emma og Liam er syke"),
    ("nb", "Sofie vil ikke på skolen fordi noen erter henne"),
    ("nb", "Noah har fått briller"),
    ("nb", "lillebroren til noah har feber"),
    ("nb", "Hun kommer på møtet i morgen"),
    ("nb", "Vi kommer på foreldremøtet kl 18"),
    ("nb", "Jeg kommer kl 10 for å snakke med deg"),
    ("nb", "Noah har ikke fri på fredag, vel?"),
    ("nb", "det er mange som er syke nå"),
    ("nb", "håper Noah ikke er syk"),
    ("nb", "Noah har allergi mot nøtter"),
    ("en", "Sara is allergic to nuts"),
    ("en", "Jack needs new glasses"),
    ("en", "Sara has her swimming at 2pm"),
    ("en", "Will Sara be late home today?"),
    ("en", "We will come at 10 to talk to you"),
    ("en", "Sara comes home at 2"),
    ("en", "Thanks for telling me that Jack was ill"),
    ("en", "The cat is sick"),
    ("en", "Can you tell Jack to come home at 2?"),
    ("en", "Sara is not allowed to go home alone"),
    ("en", "Jack doesn't want to come to school because of bullying"),
    ("en", "Lots of kids are sick these days"),
    ("en", "Jack is in the 5th grade"),
    ("en", "I will be at work until 4"),
    ("en", "Jack lost his jacket"),
    ("pl", "Kuba ma alergię na orzechy"),
    ("pl", "Zuzia wraca dziś sama do domu"),
    ("pl", "Przyjdę o 10 porozmawiać"),
    ("pl", "Kuba nie chce iść do szkoły, bo mu dokuczają"),
    ("pl", "Proszę powiedzieć Kubie żeby wrócił do domu"),
    ("pl", "Dziękuję za informację, że Kuba był chory"),
    ("pl", "Kuba nie ma butów na zmianę"),
    ("pl", "Nie mogę przyjść na zebranie w czwartek"),
    ("ar", "علي عنده حساسية من المكسرات"),
    ("ar", "شكرا لأنك خبرتيني إنو علي كان مريض"),
    ("ar", "رح اجي الساعة 10 احكي معك"),
    ("ar", "علي بيرجع عالبيت لحاله اليوم"),
    ("ar", "علي ما بدو يجي عالمدرسة لأنهم بيضربوه"),
    ("ar", "كتير أولاد مرضى بالمدرسة"),
    ("ar", "خالد وسارة مرضى"),
    ("ar", "ما بقدر اجي عالاجتماع يوم الخميس"),
    ("nb", "I dag er læreren syk"),
    ("nb", "Noah blir hjemme i morgen, hvis han får feber"),
    ("nb", "Læreren har permisjon på fredag"),
    ("nb", "I dag kommer ikke Emma"),
    ("nb", "Hvis Sofie fortsatt er syk i morgen blir hun hjemme"),
    ("en", "Jack's dad is ill"),
    ("en", "Tom is sick"),
    ("pl", "Kuba dziś nie ma stroju"),
    ("pl", "Zuzia boi się, że będzie chora"),
    ("ar", "أبو علي مريض"),
    ("ar", "لو علي مريض خبروني"),
    ("ar", "علي مريض؟"),
]


@pytest.mark.parametrize(("language", "text"), SENTENCES)
def test_what_reports_nothing_becomes_no_report(language: str, text: str) -> None:
    home = [ChildName(number, name) for number, name in enumerate(HOMES[language])]
    found = understand(text, language, home, NOW, ("nb",))
    assert found is None or found.intent not in DRAFTS


@pytest.mark.parametrize("fever", ["38.5", "38,5", "40.1", "37/38"])
def test_a_fever_is_no_date(fever: str) -> None:
    home = [ChildName(number, name) for number, name in enumerate(HOMES["nb"])]
    found = understand(f"Noah er syk i dag, {fever} i feber", "nb", home, NOW)
    assert found is not None
    assert found.first == NOW.date()
