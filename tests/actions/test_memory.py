"""What interpreters approved is reused word for word, and holds no name, number or date (L5); both databases."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions.interpreters import memory, tasks
from bot.actions.interpreters.memory import is_bare
from bot.actions.interpreters.promise import accept_promise
from bot.domain.errors import DomainError, NotPermitted
from bot.domain.interpreters import NotPromised
from bot.domain.people import Actor
from bot.domain.translation import Subject
from bot.translation.mask import TOKEN, mask
from bot.translation.pipeline import memory_keys, remembered
from storage.queries.dialogue import find_question
from storage.queries.memory import memory_for, remember_pair
from storage.session import Database
from tests.actions.steps import come_in, rows
from tests.scenarios.interpreter_steps import AMINA, HALINA, KARI, YUSUF, allowed, promised, rendered, said, thread_of

NAMES = {"Ali Haddad", "Amina Haddad", "Kari Nordmann"}


async def approve_pair(database: Database, actor: Actor, source: str, target: str, language: str = "ar") -> None:
    """Let an interpreter approve how a message of a conversation reads in Norwegian, or the other way round."""
    thread = await thread_of(database)
    author, to = (AMINA, "nb") if language == "ar" else (KARI, "ar")
    message = await said(database, thread, author, source, language)
    rendering = await rendered(database, Subject.MESSAGE, message, to, target)
    async with database.unit_of_work() as uow:
        view = await tasks.approve(uow, actor, rendering, 0)
    assert view.done


async def stored(database: Database) -> list[tuple[Any, ...]]:
    """Return what is remembered."""
    return await rows(database, "SELECT source, text FROM translation_memory ORDER BY id")


async def helper(database: Database) -> Actor:
    """Return an interpreter who may do everything for a home."""
    yusuf = await come_in(database, YUSUF)
    await promised(database)
    await allowed(database, None)
    return yusuf


async def test_an_approved_sentence_is_used_again_with_other_values(example_school: Database) -> None:
    yusuf = await helper(example_school)
    await approve_pair(
        example_school, yusuf, "Ali må ta med matpakke klokken 08:30.", "على Ali إحضار الطعام الساعة 08:30.", "nb"
    )
    [(source, text)] = await stored(example_school)
    for word in ("Ali", "08:30"):
        assert word not in source + text
    sentence = "Sara må ta med matpakke klokken 09:15."
    [(key, masked)] = memory_keys(sentence, {"Sara Miller"})
    async with example_school.unit_of_work() as uow:
        found = await memory_for(uow, "nb", "ar", [key])
        assert await memory_for(uow, "nb", "pl", [key]) == {}
        assert await memory_for(uow, "nb", "ar", []) == {}
    assert masked == source
    restored = mask(sentence, {"Sara Miller"}, "nb").restore(found[key], "ar")
    assert restored is not None
    assert "Sara" in restored
    assert "09:15" in restored


@pytest.mark.parametrize(
    ("source", "target", "why"),
    [
        ("علي مريض. سنتصل غدا.", "Ali er syk, vi ringer i morgen.", "not as many sentences"),
        ("جاء خالد اليوم إلى المدرسة.", "I dag kom Khalid til skolen.", "a name that nobody here knows"),
        ("جاء فيليب اليوم معنا.", "I dag kom Filip med oss.", "a name of another class"),
        ("جاءت سارة ميلر اليوم معنا.", "I dag kom Sara med oss.", "a family's name that has no capital"),
        ("ولد في 31.05.2016 هنا.", "Han ble født her.", "a date that is on one side only"),
    ],
)
async def test_what_could_tell_of_whom_it_speaks_is_not_remembered(
    example_school: Database, source: str, target: str, why: str
) -> None:
    yusuf = await helper(example_school)
    await approve_pair(example_school, yusuf, source, target)
    assert await stored(example_school) == [], why


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("علي مريض اليوم.", "Ali er syk i dag."),
        ("جاءت سارة اليوم معنا.", "I dag kom Sara med oss."),
        ("جاءت اليوم معنا.", "I dag kom hun med oss."),
        ("هو هنا. شكرا لك.", "Han er her. Takk skal du ha."),
    ],
)
async def test_what_tells_of_nobody_is_remembered(example_school: Database, source: str, target: str) -> None:
    yusuf = await helper(example_school)
    await approve_pair(example_school, yusuf, source, target)
    found = await stored(example_school)
    assert len(found) == source.count(".")
    told = ("Ali", "علي", "Sara", "سارة", "Miller", "ميلر")
    assert not any(name in text for pair in found for text in pair for name in told)


async def test_the_newest_approval_holds_and_what_was_taken_out_stays_out(example_school: Database) -> None:
    yusuf = await helper(example_school)
    marit = await come_in(example_school, "Marit Lund")
    await approve_pair(example_school, yusuf, "Husk innesko.", "تذكر الحذاء.", "nb")
    await approve_pair(example_school, yusuf, "Husk innesko.", "تذكر حذاء الصف.", "nb")
    assert await stored(example_school) == [("Husk innesko.", "تذكر حذاء الصف.")]
    [(memory_id,)] = await rows(example_school, "SELECT id FROM translation_memory")
    [(key, _)] = memory_keys("Husk innesko.", ())

    async def used() -> dict[str, str]:
        async with example_school.unit_of_work() as uow:
            return dict(await memory_for(uow, "nb", "ar", [key]))

    assert await used()
    for actor, out in ((marit, True), (yusuf, True), (yusuf, False), (marit, True)):
        async with example_school.unit_of_work() as uow:
            pair = await memory.withdraw(uow, actor, memory_id, out=out)
        assert (pair.withdrawn_at is not None) is out
        assert bool(await used()) is not out
    await approve_pair(example_school, yusuf, "Husk innesko.", "تذكر حذاء الصف.", "nb")
    assert not await used(), "the same words come back by nobody's approval"
    await approve_pair(example_school, yusuf, "Husk innesko.", "لا تنس حذاء الصف.", "nb")
    assert (await used())[key] == "لا تنس حذاء الصف."
    acts = await rows(example_school, "SELECT act, count(*) FROM audit_entry WHERE about = 'memory' GROUP BY act")
    assert dict(acts) == {"memory.withdraw": 2, "memory.restore": 1}, "a second tap is none"


async def test_the_list_is_for_interpreters_of_its_languages_and_the_leadership(example_school: Database) -> None:
    yusuf, halina = await helper(example_school), await come_in(example_school, HALINA)
    marit, kari = await come_in(example_school, "Marit Lund"), await come_in(example_school, KARI)
    async with example_school.unit_of_work() as uow:
        for number, words in enumerate(("God tur.", "Husk lue.", "Takk for hjelpen.", "Vi sees snart.")):
            await remember_pair(uow, yusuf.person_id, ("nb", "ar"), f"k{number}", words, "نص")
        await remember_pair(uow, halina.person_id, ("nb", "pl"), "k0", "God tur.", "Miłej wycieczki.")
        await uow.commit()

    async def listed(actor: Actor, page: int = 0, words: str | None = None) -> list[tuple[str, str]]:
        async with example_school.unit_of_work() as uow:
            if words is None:
                found = await memory.show_memory(uow, actor, page)
            else:
                found = await memory.search_memory(uow, actor, words)
        return [(one.source, one.language) for one in found.found]

    assert len(await listed(yusuf)) == 3
    assert await listed(yusuf, 1) == [("God tur.", "ar")]
    assert await listed(halina) == [("God tur.", "pl")]
    assert len(await listed(marit)) == 3
    assert await listed(marit, words="god TUR") == [("God tur.", "pl"), ("God tur.", "ar")]
    assert await listed(yusuf, words="%") == [], "what is written is looked for as it is"
    async with example_school.unit_of_work() as uow:
        question = await find_question(uow, yusuf.person_id)
        assert question is not None
        assert question.expects == memory.EXPECT_SEARCH
    for actor in (kari, await come_in(example_school, AMINA)):
        with pytest.raises(NotPermitted):
            await listed(actor)
    [(polish,)] = await rows(example_school, "SELECT id FROM translation_memory WHERE language = 'pl'")
    for actor, memory_id in ((yusuf, polish), (kari, polish), (marit, 999)):
        async with example_school.unit_of_work() as uow:
            with pytest.raises(NotPermitted):
                await memory.withdraw(uow, actor, memory_id, out=True)


async def test_the_list_comes_after_the_promise(example_school: Database) -> None:
    yusuf = await come_in(example_school, YUSUF)
    async with example_school.unit_of_work() as uow:
        with pytest.raises(NotPromised):
            await memory.show_memory(uow, yusuf, 0)
    async with example_school.unit_of_work() as uow:
        await accept_promise(uow, yusuf)
    async with example_school.unit_of_work() as uow:
        try:
            assert (await memory.show_memory(uow, yusuf, 0)).found == ()
        except DomainError as refused:  # pragma: no cover
            pytest.fail(refused.code)


# --- nothing of anybody is left -----------------------------------------------------------------

WORDS = st.sampled_from(["møtes", "ved", "skolen", "og", "husk", "matpakke", "ikke", "kommer", "til", "med"])
VALUES = st.sampled_from(
    ["Ali", "Haddad", "Amina Haddad", "Kari", "08:30", "24. november", "24.11.2026", "5A", "40 00 01 03", "12345", "3"]
)
SENTENCE = st.lists(st.one_of(WORDS, WORDS, VALUES), min_size=2, max_size=9)


@given(SENTENCE, st.randoms(use_true_random=False))
def test_no_name_number_or_date_is_ever_in_a_remembered_pair(words: list[str], random: Any) -> None:
    """Whatever an interpreter made of a sentence: what passes into memory is bare on both sides."""
    other = list(words)
    random.shuffle(other)
    source, target = " ".join(words) + ".", "Tekst " + " ".join(other) + "."
    for _key, masked, translated in remembered(source, target, NAMES):
        if not (is_bare(masked, NAMES, careful=True) and is_bare(translated, NAMES, careful=True)):
            continue
        for text in (masked, translated):
            rest = TOKEN.sub(" ", text)
            assert not any(character.isdigit() for character in rest)
            assert not {"ali", "haddad", "amina", "kari", "november"} & set(rest.casefold().replace(".", " ").split())


@given(st.lists(st.sampled_from(["Ali", "Haddad", "Nordmann", "08:30", "24.11.2026", "7"]), min_size=1, max_size=3))
def test_a_sentence_in_which_something_was_left_is_not_bare(left: list[str]) -> None:
    assert not is_bare("husk §1§ og " + " ".join(left), NAMES, careful=False)
