"""Rights are looked at at the moment of the tap, and of the message (P3, P4, P7, P9)."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.errors import NotPermitted
from bot.domain.notices import Answer, AudienceKind, NoticeKind
from bot.domain.taps import (
    AnswerNotice,
    BoardView,
    BrowseAudience,
    BrowsePupils,
    Cancel,
    ChangeField,
    ChooseLanguage,
    DraftAct,
    DraftStep,
    ItemsPage,
    MoreKinds,
    OpenBoard,
    PickAudience,
    PickKind,
    PreviewNotice,
    ReplyTo,
    ScheduleNotice,
    SendKept,
    SetField,
    ShowNotice,
    Tap,
    ToggleItem,
    UndoSend,
    WhoSees,
    WriteAbout,
)
from bot.domain.thread_taps import (
    HaveCalled,
    OpenThread,
    SendKeptTo,
    TakeBack,
    ThreadAct,
    ThreadFiles,
    ThreadList,
    ThreadStep,
    WishTime,
)
from bot.domain.threads import CallWish
from bot.i18n import commands
from storage.models import Person, Pupil
from tests.scenarios.interpreter_steps import promised
from tests.scenarios.notices_steps import forge, holding, readers, send, speak, tap, write
from tests.scenarios.steps import PEOPLE, STAFF, block, correct, import_files, without
from tests.scenarios.threads_steps import ON_ITS_WAY, UNDO
from tests.scenarios.world import Actor, World

NEUTRAL = "Hello. To use this bot you need a letter from your school. Open the link in it, or write its code here."
NO_ACCESS = "You have no access here. Ask the school office for a letter."
SENT_TO = "✅ Sent to {names}."


async def is_out(actor: Actor) -> None:
    """Hold that a person is a stranger now: words and buttons of earlier get nothing."""
    for text in ("/menu", "Hei", "/children", "/skriv"):
        await write(actor, text)
        assert actor.phone.messages[-1].text == actor.say(NEUTRAL)
    for data in ("go|children|0", "go|notices|0", "tr|1", "ws|1", "no|1|0", "na|1|understood|1", "tw|1|0", "tk|1"):
        assert (await forge(actor, data)).text == actor.say(NO_ACCESS)


async def message_from_home(home: Actor, text: str, child: str) -> None:
    """Write to the teacher unasked, and say about which child when that is asked."""
    await write(home, text)
    if home.has_button(home.say("Take it back")):
        await home.world.forward(seconds=UNDO)
    else:
        await tap(home, child)


async def test_access_ends_by_itself_when_the_pupil_comes_of_age(world: World) -> None:
    asta, hilde = world.actor("Asta Engen"), world.actor("Hilde Strand")
    assert world.known["Asta Engen"].births == (date(2013, 1, 31),)
    await world.at(2031, 1, 30, 19, 0)
    await message_from_home(asta, "Elias har mistet en vott", "Elias")
    await send(hilde, "Husk matpakke.", to="8C")
    await world.at(2031, 1, 30, 23, 30)
    asked = await hilde.sees("Elias har mistet en vott")
    await hilde.send("God bedring", reply_to=asked)  # night: it waits until the morning of the birthday
    await world.idle()
    await write(asta, "/children")
    await asta.sees(asta.say("Asta Engen"))
    await write(asta, "/skriv")
    await world.at(2031, 1, 31, 0, 1)
    await write(asta, "Enda en ting")
    assert asta.phone.messages[-1].text == asta.say(NEUTRAL)
    await is_out(asta)
    await world.at(2031, 1, 31, 7, 30)
    asta.sees_not("God bedring")
    assert await world.rows("SELECT state, reason FROM outgoing WHERE kind = 'message' ORDER BY id DESC LIMIT 1") == [
        ("failed", "no_right")
    ]
    await send(hilde, "Ny beskjed til 8C.", to="8C")
    assert "Asta Engen" not in readers(world, "Ny beskjed til 8C.")
    assert await world.rows("SELECT count(*) FROM thread_message WHERE text = 'Enda en ting'") == [(0,)]


async def test_of_two_children_the_one_of_age_is_shut_and_the_other_stays(world: World) -> None:
    elif_, nina = world.actor("Elif Yılmaz", "nb"), world.actor("Nina Sørli")
    await world.at(2031, 1, 16, 19, 0)
    await send(nina, "Til begge klassene.", to=nina.say("All my classes"))
    await send(nina, "Bare til 8C.", to="8C")
    await write(elif_, "/children")
    await elif_.sees_button("Aylin")
    await world.at(2031, 1, 17, 8, 0)
    await write(elif_, "/children")
    assert "Aylin" not in elif_.phone.messages[-1].text
    assert "Deniz Yılmaz" in elif_.phone.messages[-1].text
    await correct(nina, "Bare til 8C, rettet.")
    await correct(nina, "Til begge klassene, rettet.", item=1)
    elif_.sees_not("Bare til 8C, rettet.")
    both = await elif_.sees("Til begge klassene, rettet.")
    assert "Deniz" in both.text
    assert "Aylin" not in both.text


async def test_guardian_blocked_in_the_middle_gets_nothing_more(world: World) -> None:
    kari, amina = world.actor("Kari Nordmann"), world.actor("Amina Haddad")
    await send(kari, "Vi går på tur.")
    await message_from_home(amina, "علي نسي كتاب الرياضيات في المدرسة", "Ali")
    asked = await kari.sees("علي نسي كتاب الرياضيات في المدرسة")
    await world.at(2026, 11, 23, 21, 0)
    await kari.send("God bedring til Ali", reply_to=asked)
    await write(amina, "/write")  # the question is open when the block comes
    await world.idle()
    before = len(amina.phone.messages)
    await block(world, "Amina Haddad", "Ali Haddad")
    await write(amina, "هل هناك واجبات؟")
    assert [m.text for m in amina.phone.messages[before + 1 :]] == [amina.say(NEUTRAL)]
    assert (await amina.phone.tap(amina.say("Understood"))).text == amina.say(NO_ACCESS)
    await is_out(amina)
    await world.at(2026, 11, 24, 8, 0)
    amina.sees_not("God bedring til Ali")
    await correct(kari, "Vi går ikke på tur.")
    amina.sees_not("Vi går ikke på tur.")
    await send(kari, "Husk uteklær.")
    assert "Amina Haddad" not in readers(world, "Husk uteklær.")
    # from the other side too: the teacher cannot write into a thread that is shut
    await kari.send("Er Ali bedre?", reply_to=asked)
    await kari.sees(kari.say(NotPermitted.sentence))
    result = await kari.phone.tap(kari.say("Answer"), message=asked)
    assert result.text == kari.say(NotPermitted.sentence)
    assert await world.rows("SELECT count(*) FROM thread_message WHERE author_id = :id", id=kari.known.person_id) == [
        (1,)
    ]


async def test_guardian_blocked_for_one_child_keeps_the_other_and_sees_the_first_nowhere(world: World) -> None:
    kari, tom, piotr = (world.actor(name) for name in ("Kari Nordmann", "Tom Eide", "Piotr Kowalski"))
    marit = world.actor("Marit Lund")
    await send(kari, "Bare 5A.")
    await send(tom, "Bare 2B.", to="2B")
    await send(marit, "Hele skolen.", to=marit.say("The whole school"))
    await message_from_home(piotr, "Zofia zgubiła czapkę", "Zofia")
    asked = await kari.sees("Zofia zgubiła czapkę")
    await block(world, "Piotr Kowalski", "Zofia Kowalska")
    await kari.send("God bedring", reply_to=asked)
    await kari.sees(kari.say(NotPermitted.sentence))
    only_5a = holding(piotr, "Bare 5A.")[0]
    result = await piotr.phone.tap(piotr.say("Understood"), message=only_5a)
    assert result.text == piotr.say(NotPermitted.sentence)
    await correct(kari, "Bare 5A, rettet.")
    await correct(marit, "Hele skolen, rettet.")
    await world.forward(hours=5)
    await remind(kari)
    await world.forward(seconds=10)
    piotr.sees_not("Bare 5A, rettet.")
    piotr.sees_not(piotr.say("🔔 {sender} would like to know whether you have seen", sender="Kari Nordmann")[:18])
    whole = await piotr.sees("Hele skolen, rettet.")
    assert "Jan" in whole.text
    assert "Zofia" not in whole.text
    for command in ("/children", "/contacts", "/notices", "/write"):
        await write(piotr, command)
        shown = piotr.phone.messages[-1]
        assert "Zofia" not in shown.text + "".join(button.text for row in shown.buttons for button in row)
    await write(piotr, "/notices")
    await piotr.phone.tap(0, piotr.phone.messages[-1])
    await world.idle()
    assert "Zofia" not in piotr.phone.messages[-1].text


async def remind(sender: Actor) -> None:
    """Remind everybody who has not answered the newest message."""
    await write(sender, "/sent")
    listed = sender.phone.messages[-1]
    await sender.phone.tap(0, listed)
    await sender.world.idle()
    reminder = next(button.text for row in listed.buttons for button in row if button.text.startswith("🔔"))
    await tap(sender, reminder, listed)


async def test_somebody_whom_the_files_no_longer_name_is_a_stranger(world: World) -> None:
    ingrid, nina = world.actor("Ingrid Berg"), world.actor("Nina Sørli")
    await send(nina, "Til 5A før importen.")
    await tap(ingrid, ingrid.say("I have a question"))  # Nina would read it
    await import_files(world, people=without(PEOPLE, "Noah Berg"), staff=without(STAFF, "Nina Sørli"))
    await write(ingrid, "Når begynner turen?")
    await is_out(ingrid)
    await write(nina, "/sent")
    assert nina.phone.messages[-1].text == nina.say(NEUTRAL)
    assert await world.rows("SELECT count(*) FROM thread_message") == [(0,)]


async def test_question_to_somebody_who_left_the_school_goes_to_the_contact_teacher(world: World) -> None:
    ingrid, nina, kari = (world.actor(name) for name in ("Ingrid Berg", "Nina Sørli", "Kari Nordmann"))
    await send(nina, "Svømming på fredag.")
    await tap(ingrid, ingrid.say("I have a question"))
    await import_files(world, staff=without(STAFF, "Nina Sørli"))
    await write(ingrid, "Trenger han badebukse?")
    await kari.sees("Trenger han badebukse?")
    await ingrid.sees(ingrid.say(SENT_TO, names="Kari Nordmann"))
    nina.sees_not("badebukse")


async def test_teacher_who_left_a_class_reads_and_reaches_its_homes_no_more(world: World) -> None:
    nina, ingrid = world.actor("Nina Sørli"), world.actor("Ingrid Berg")
    await send(nina, "Svømming på fredag.")
    await tap(ingrid, ingrid.say("Please call me"))
    thread = await nina.sees(ingrid.known.name)
    await write(nina, "/new")
    await tap(nina, "5A")
    await import_files(world, staff=STAFF.replace("Nina Sørli,subject_teacher,5A 8C", "Nina Sørli,subject_teacher,8C"))
    refused = nina.say(NotPermitted.sentence)
    assert (await nina.phone.tap(nina.say("Answer"), message=thread)).text == refused
    notice = (await world.rows("SELECT id FROM notice WHERE state = 'sent'"))[0][0]
    for view in (BoardView.NAMES, BoardView.REMIND, BoardView.CORRECT):
        result = await forge(nina, OpenBoard(notice, view).pack())
        assert result.text == refused
    await tap(nina, nina.say("Message"))
    await write(nina, "Hei 5A")
    assert (await nina.phone.tap(nina.say("Send now"))).text == refused
    assert readers(world, "Hei 5A") <= {"Nina Sørli"}


async def test_teacher_with_a_child_at_the_school_has_both_menus_and_both_threads(world: World) -> None:
    kari_line = next(line for line in STAFF.splitlines() if line.startswith("Kari")).split(",")
    as_mother = f"2B,Jakob Grønli,2019-01-09,Kari Nordmann,guardian,nb,{kari_line[4]},{kari_line[5]},\n"
    await import_files(world, people=PEOPLE + as_mother)
    assert await world.rows("SELECT count(*) FROM person WHERE name = 'Kari Nordmann'") == [(1,)]
    kari, tom, amina = (world.actor(name) for name in ("Kari Nordmann", "Tom Eide", "Amina Haddad"))
    await speak(kari, "nb")
    words = commands("nb")
    assert kari.phone.keyboard == [words[name].word for name in ("today", "new", "absence", "write", "menu")]
    names = [name for name, _ in kari.phone.commands]
    assert {"new", "sent", "write", "children"} <= set(names)
    assert len(names) == len(set(names))
    await write(kari, "/menu")
    for label in ("New message to homes", "Sent messages", "Report absence", "Conversations"):
        await kari.sees_button(kari.say(label))
    await message_from_home(kari, "Jakob har fått ny jakke", "Jakob")
    await kari.sees(kari.say(ON_ITS_WAY, names="Tom Eide", child="Jakob Grønli"))
    asked = await tom.sees("Jakob har fått ny jakke")
    await tom.send("God bedring", reply_to=asked)
    answer = await kari.sees("God bedring")
    await kari.send("Takk!", reply_to=answer)
    await tom.sees("Takk!")
    assert len(holding(kari, kari.say(SENT_TO, names="Tom Eide"))) == 1, "as a guardian she gets a guardian's receipt"
    await message_from_home(amina, "الكتاب عند أخته", "Ali")
    await kari.send("Bare hyggelig", reply_to=await kari.sees("الكتاب عند أخته"))
    await kari.sees(kari.say("✅ Sent to {names}, about {child}.", names="Amina Haddad", child="Ali Haddad"))
    await send(tom, "Til hjemmene i 2B.", to="2B")
    await kari.sees("Til hjemmene i 2B.")


# --- buttons are untrusted ------------------------------------------------------------------------


def forged(pupil: int, school_class: int, notice: int, draft: int, delivery: int, thread: int) -> list[Tap]:
    """Return every button there is, made up for other people's things."""
    taps: list[Tap] = [
        WhoSees(pupil), WriteAbout(pupil), WriteAbout(pupil, call=True), SendKept(pupil), ReplyTo(thread),
        ShowNotice(delivery, original=False), ShowNotice(delivery, original=True), UndoSend(notice), UndoSend(draft),
        BrowsePupils(draft, 1, school_class, 0), BrowseAudience(draft, 1, "pupils"), BrowseAudience(draft, 1, "?"),
        PickKind(draft, 1, NoticeKind.URGENT), MoreKinds(draft, 1, -7), SetField(draft, 1, "date", "2026-99-99"),
        ToggleItem(draft, 1, "gold", 0), ItemsPage(draft, 1, 10**6), ChangeField(draft, 1, "audience"),
        PreviewNotice(draft, 1, "pl"), ScheduleNotice(draft, 1, ""), ChooseLanguage("xx"), Cancel(),
    ]  # fmt: skip
    taps += [AnswerNotice(delivery, answer, 1) for answer in Answer]
    taps += [PickAudience(draft, 1, kind, school_class) for kind in AudienceKind]
    taps += [DraftAct(draft, 1, step) for step in DraftStep]
    taps += [OpenThread(thread), OpenThread(thread, 99, new=True), ThreadFiles(thread), ThreadList(7), ThreadList(-1)]
    taps += [ThreadAct(thread, step) for step in ThreadStep]
    taps += [
        HaveCalled(thread),
        HaveCalled(thread, undo=True),
        SendKeptTo(thread),
        TakeBack(1),
        WishTime(1, CallWish.ANY),
    ]
    taps += [OpenBoard(number, view) for number in (notice, draft) for view in BoardView]
    return taps


RUBBISH = ("", "|", "na|", "na|1", "na|x|understood|1", "ws|99999999999999999999", "ws|-1", "go|nowhere|0", "💥" * 16)


@pytest.mark.parametrize("who", ["Ingrid Berg", "Tom Eide", "Yusuf Rahman"])
async def test_made_up_buttons_show_and_change_nothing_of_others(world: World, who: str) -> None:
    """A mother, a teacher of another class and an interpreter try every button on Ali's things."""
    kari, amina, forger = world.actor("Kari Nordmann"), world.actor("Amina Haddad"), world.actor(who)
    await promised(world)  # before that, an interpreter is shown nothing but what to promise
    await send(kari, "Noe hemmelig.", to="5A, Ali Haddad")
    await message_from_home(amina, "علي نسي كتاب الرياضيات في المدرسة", "Ali")
    await write(kari, "/new")
    await tap(kari, "5A")
    ((pupil, school_class),) = await world.rows("SELECT id, class_id FROM pupil WHERE name = 'Ali Haddad'")
    ((notice,),) = await world.rows("SELECT id FROM notice WHERE state = 'sent'")
    ((draft,),) = await world.rows("SELECT id FROM notice WHERE state = 'draft'")
    ((delivery,),) = await world.rows("SELECT id FROM delivery WHERE person_id = :person", person=amina.known.person_id)
    ((thread,),) = await world.rows("SELECT id FROM thread")
    await write(forger, "Hei")
    before = await everything(world)
    for made_up in (*(one.pack() for one in forged(pupil, school_class, notice, draft, delivery, thread)), *RUBBISH):
        assert (await forge(forger, made_up)).answered, made_up
    assert await everything(world) == before
    seen = forger.phone.screen() + " ".join(alert.text or "" for alert in forger.phone.alerts)
    for secret in ("Ali", "Haddad", "علي", "Amina", "hemmelig"):
        assert secret not in seen
    assert await world.rows("SELECT count(*) FROM set_aside_update") == [(0,)]


async def everything(world: World) -> list[list[object]]:
    """Return what a forged button might have changed; the forger's own open question is its own."""
    return [
        [tuple(row) for row in await world.rows(statement)]
        for statement in (
            "SELECT id, state, version, text, audience, kind, reminders FROM notice ORDER BY id",
            "SELECT id, answer, answered_revision FROM delivery ORDER BY id",
            "SELECT id, thread_id, text FROM thread_message ORDER BY id",
            "SELECT id, recipient_id FROM outgoing ORDER BY id",
            "SELECT person_id, language FROM person JOIN account ON account.person_id = person.id ORDER BY 1",
        )
    ]


# --- names and words that look like markup --------------------------------------------------------

ODD_CHILD = "Ali <b>& Co</b>"
ODD_MOTHER = "Amina </blockquote> \u200fأمينة & <i>"


async def test_names_and_words_that_look_like_markup_stand_as_they_were_written(world: World) -> None:
    kari, amina, omar = (world.actor(name) for name in ("Kari Nordmann", "Amina Haddad", "Omar Haddad"))
    ((pupil_id,),) = await world.rows("SELECT id FROM pupil WHERE name = 'Ali Haddad'")
    async with world.unit_of_work() as uow:
        mother = await uow.session.get(Person, amina.known.person_id)
        child = await uow.session.get(Pupil, pupil_id)
        assert mother is not None
        assert child is not None
        mother.name, child.name = ODD_MOTHER, ODD_CHILD
        await uow.commit()
    text = "Er 3 < 4 & 5 > 4? <a href='x'>her</a> {child} %s"
    await send(kari, text)
    assert text in holding(amina, text)[0].text
    for command in ("/children", "/contacts", "/notices", "/help", "/expectations"):
        await write(omar, command)
    await write(omar, "/children")
    await omar.sees(ODD_MOTHER)
    await omar.sees(ODD_CHILD)
    await message_from_home(amina, text, "Ali")
    received = await kari.sees(text)
    assert ODD_MOTHER.replace("\u200f", "") in received.text.replace("\u200f", "").replace("\u2068", "")
    await kari.send("Svar <b>fet</b> & mer", reply_to=received)
    await amina.sees("Svar <b>fet</b> & mer")
    await tap(amina, amina.say("Please call me"))
    await write(kari, "/sent")
    await kari.phone.tap(0, kari.phone.messages[-1])
    await world.idle()
    await tap(kari, kari.say("Who has answered"))
    await kari.sees(ODD_CHILD)
    assert not [call for call in world.sim.log if call.status == 400 and "not modified" not in str(call.error)]
