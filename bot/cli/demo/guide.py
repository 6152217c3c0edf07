"""What the page proposes to try, with the labels as the phones show them and their meaning in English."""

from __future__ import annotations

from bot.actions.absence.inquiries_texts import question_text
from bot.cli.demo.conversation import (
    ALI,
    CALM_DOWN,
    CLUMSY,
    CORRECTED,
    FORGOTTEN,
    GLAD,
    ON_ITS_WAY,
    RIGHT,
    TRANSLATED,
    mark,
)
from bot.domain.notices import NoticeKind
from bot.domain.people import Relation
from bot.i18n import commands, texts
from bot.i18n.words import KIND_NAMES, KIND_SIGNS
from bot.simulator import GuideStep, Simulator


def story_guide(simulator: Simulator) -> list[GuideStep]:
    """Return the main story in steps, then what else there is to see."""
    people = {person.name: person.id for person in simulator.people}
    kari, piotr = people["Kari Nordmann"], people["Piotr Kowalski"]
    homes = (piotr, people["Amina Haddad"], people["Ingrid Berg"])
    nb, pl = texts("nb").plain, texts("pl").plain
    send, back, later = (str(nb.gettext(label)) for label in ("Send now", "Take it back", "Send later"))
    new = commands("nb")["new"].word
    outdoor = f"{KIND_SIGNS[NoticeKind.OUTDOOR]} {nb.gettext(KIND_NAMES[NoticeKind.OUTDOOR])}"
    understood = str(pl.gettext("Understood"))
    answers = [
        str(nb.ngettext("{n} understood", "{n} understood", 1)),
        str(nb.ngettext("{n} has a question", "{n} have a question", 1)),
        str(nb.ngettext("{n} wants to be called", "{n} want to be called", 1)),
    ]
    return [
        GuideStep(
            "The teacher writes",
            f"On Kari's phone tap `{new}` (new message), then `5A` and `{outdoor}` (outdoor day). "
            f"Answer by taps, write a line in any language, and tap `📨 {send}` (send now).",
            (kari,),
            kari,
            (back, str(nb.gettext("Who has answered"))),
        ),
        GuideStep(
            "Each home reads it",
            f"It goes out after 15 seconds; until then Kari can tap `↩️ {back}` (take it back). "
            "Piotr reads Polish, Amina Arabic, Ingrid Norwegian: each in the language they chose.",
            homes,
            piotr,
            (f"👍 {understood}", f"✅ {understood}"),
        ),
        GuideStep(
            "Homes answer",
            "On the other phones tap 👍 (understood), ❓ (I have a question) or 📞 (please call me), "
            "and watch Kari's message count along.",
            (*homes, kari),
            kari,
            tuple(answer.replace("1", "").strip() for answer in answers),
        ),
        *_absence_steps(kari, homes),
        *_meeting_steps(kari, homes),
        *_thread_steps(people, practises=bool(simulator.switches)),
        GuideStep(
            "Move the clock",
            f"Write another message and choose `🕗 {later}` (send later). Then move the school's clock, at the top "
            "right, to that time: it arrives.",
            (kari,),
        ),
        GuideStep(
            "Be somebody else",
            "Tap a name above a phone: Marit Lund is the principal and can write to the whole school, Omar Haddad is "
            "Ali's father in another home, and James Miller has only got the school's letter yet.",
        ),
    ]


def _thread_steps(people: dict[str, int], *, practises: bool) -> list[GuideStep]:
    """Return what there is to try about writing to each other; the engine can only be made to fail in practice."""
    kari, amina, ingrid, yusuf = (
        people[name] for name in ("Kari Nordmann", "Amina Haddad", "Ingrid Berg", "Yusuf Rahman")
    )
    nb, ar = texts("nb"), texts("ar")
    answer, correct = nb.plain.gettext("Answer"), nb.plain.gettext("Correct")
    interpreter = ar.plain.gettext("Interpreter")
    known = " The demo's engine knows the sentences of `docs/example/practice_sentences.csv` only." if practises else ""
    corrected = (mark(ar, CORRECTED, "nb"), mark(ar, TRANSLATED, "nb"))
    steps = [
        GuideStep(
            "Write to each other",
            f"On Amina's phone write `{FORGOTTEN}` (Ali forgot his book; how can he do his homework?). Kari reads it "
            f"in Norwegian, taps `✍️ {answer}` and writes `{CALM_DOWN}`{known}",
            (amina, kari),
            amina,
            (CLUMSY, *corrected),
        ),
        GuideStep(
            "An interpreter follows",
            "Switch Ingrid's phone to Yusuf Rahman, who accepts a promise. On Amina's phone write `/conversations`, "
            f"tap `{ALI}`, `👂 {interpreter}`, `➕ Yusuf Rahman`, then this conversation and 30 days (the first, the "
            f"second button). Under Kari's words Yusuf taps `✏️ {correct}` and writes `{RIGHT}`",
            (amina, yusuf, ingrid),
            amina,
            corrected,
        ),
    ]
    if practises:
        steps.append(
            GuideStep(
                "The engine fails",
                f"At the top, let the translation engine fail. On Amina's phone write `{GLAD}` It arrives all the "
                "same, as she wrote it, and Yusuf is asked. Try `never answers` and `none`, too. When it works again, "
                "move the clock: what nobody has translated in the meantime follows.",
                (amina, kari, yusuf),
                kari,
                (mark(nb, ON_ITS_WAY, "ar"), mark(nb, TRANSLATED, "ar")),
            )
        )
    return steps


def _meeting_steps(kari: int, homes: tuple[int, int, int]) -> list[GuideStep]:
    """Return what there is to try about conferences."""
    piotr, amina, _ = homes
    nb, pl, ar = texts("nb").plain, texts("pl").plain, texts("ar").plain
    offer, invite = str(nb.gettext("Offer conferences")), str(nb.gettext("Send the invitation"))
    booked = str(pl.gettext("✅ Booked, with {teacher}.", teacher=""))
    return [
        GuideStep(
            "Conferences",
            f"On Kari's phone write `/meetings`, tap `🗓 {offer}`, choose a day, from and to, then `📨` and "
            f"`📨 {invite}`. A handful of taps invite all homes of the class.",
            (kari, piotr, amina),
            kari,
            (str(nb.gettext("The board below shows who has chosen a time.")),),
        ),
        GuideStep(
            "Two homes book",
            "Amina chooses a time with an interpreter (`"
            + str(ar.gettext("Book, with interpreter: {language}", language="")).strip()
            + "`): her talk is longer. Piotr books without (`"
            + str(pl.gettext("Without an interpreter"))
            + "`). Kari's board follows.",
            (amina, piotr, kari),
            piotr,
            (booked.partition(".")[0].strip(),),
        ),
    ]


def _absence_steps(kari: int, homes: tuple[int, int, int]) -> list[GuideStep]:
    """Return what there is to try about absence; Zofia's mother, who is asked first, has no phone on the page."""
    piotr, _, ingrid = homes
    nb = texts("nb").plain
    yes, someone, done = (
        str(nb.gettext(one)) for one in ("Yes, report it", "Someone is missing", "Done, show the list")
    )
    told = str(nb.gettext("{what}, told by the home", what="")).strip()
    asked = str(nb.gettext("the home was asked at {time}", time="")).strip()
    today = commands("nb")["today"].word
    return [
        GuideStep(
            "A child is ill",
            f"Bring Kari's list of the day down: `{today}`. Then write `Noah er syk i dag` on Ingrid's phone, or "
            f"`علي مريض اليوم` on Amina's, and tap `✅ {yes}`. The list changes in its place.",
            (ingrid, homes[1], kari),
            kari,
            (told,),
        ),
        GuideStep(
            "Who is missing?",
            f"In Kari's list tap `❔ {someone}`, then `Zofia Kowalska`, then `📋 {done}`. The home is asked "
            "15 seconds later. (While school is on: until 14:00.)",
            (kari,),
            kari,
            (asked,),
        ),
        GuideStep(
            "Nobody answers",
            "Zofia's mother is asked first. Move the school's clock, at the top right, 15 minutes forward: now Piotr "
            "is asked too. One tap on his phone, and Kari knows.",
            (piotr, kari),
            piotr,
            (str(question_text(texts("pl").plain, "Zofia Kowalska", Relation.FATHER)),),
        ),
    ]
