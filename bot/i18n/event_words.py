"""Events in every language: their names, and why somebody is invited (M3)."""

from __future__ import annotations

from bot.domain.conferences import PointOwner, TalkPlace
from bot.domain.events import EventAnswer, EventKind, GenderWish
from bot.domain.marking import N_

EVENT_SIGNS: dict[EventKind, str] = {
    EventKind.CLASS_MEETING: "👥",
    EventKind.CONFERENCE: "🗣",
    EventKind.TRIP: "🚌",
    EventKind.FAU: "🏛",
    EventKind.SU: "🏛",
    EventKind.SMU: "🏛",
    EventKind.RESPONSIBILITY_GROUP: "🤝",
    EventKind.TRANSITION: "🌉",
    EventKind.MOTHERS_GROUP: "☕",
    EventKind.SOCIAL: "🎉",
    EventKind.COURSE: "📘",
    EventKind.DATE: "📅",
}

EVENT_NAMES: dict[EventKind, str] = {
    # Translators: kinds of meetings; in Norwegian "foreldremøte", "utviklingssamtale", "FAU-møte", "ansvarsgruppe" …
    EventKind.CLASS_MEETING: N_("Parents' meeting"),
    EventKind.CONFERENCE: N_("Conference about your child"),
    EventKind.TRIP: N_("Trip with parents"),
    EventKind.FAU: N_("Meeting of the parents' council (FAU)"),
    EventKind.SU: N_("Meeting of the coordinating committee (SU)"),
    EventKind.SMU: N_("Meeting of the school environment committee (SMU)"),
    EventKind.RESPONSIBILITY_GROUP: N_("Meeting of the group around your child"),
    EventKind.TRANSITION: N_("Meeting about the change of school"),
    EventKind.MOTHERS_GROUP: N_("Mothers' group"),
    EventKind.SOCIAL: N_("Social evening"),
    EventKind.COURSE: N_("Course for parents"),
    EventKind.DATE: N_("A date for your calendar"),
}

EVENT_WHYS: dict[EventKind, str] = {
    # Translators: why a home is invited. Warm and short; many readers have not known such meetings before.
    EventKind.CLASS_MEETING: N_(
        "At the parents' meeting you hear how the class is doing and what the year will bring, you meet the other "
        "parents, and you say what you think. What parents say changes how the school works."
    ),
    EventKind.CONFERENCE: N_(
        "Twice a year home and school talk about how your child is doing: what goes well, what is hard, and what we "
        "do together. You know your child best, so your part of the talk matters most."
    ),
    EventKind.TRIP: N_("The class goes on a trip and would be glad of parents who come along."),
    EventKind.FAU: N_(
        "The parents' council speaks for all homes. You represent your class there, and what the council says counts "
        "when the school decides."
    ),
    EventKind.SU: N_("In the coordinating committee parents, pupils and staff advise the school together."),
    EventKind.SMU: N_("The school environment committee looks after pupils' safety and well-being."),
    EventKind.RESPONSIBILITY_GROUP: N_(
        "The people around your child meet to agree who does what. Nothing about your child is decided without you."
    ),
    EventKind.TRANSITION: N_(
        "A new school or a new stage is a big step. Here you hear what happens, and tell the school what your child "
        "needs."
    ),
    EventKind.MOTHERS_GROUP: N_("Mothers meet in a relaxed way, talk about school and children, and help each other."),
    EventKind.SOCIAL: N_("Families of the class spend an evening together. You need not prepare anything."),
    EventKind.COURSE: N_("The school offers this course to parents. It is free, and nobody is tested."),
}

EVENT_ANSWERS: dict[EventAnswer, str] = {
    # Translators: answers to an invitation, first person
    EventAnswer.COMING: N_("I am coming"),
    EventAnswer.NOT_COMING: N_("I cannot come"),
    EventAnswer.OTHER_COMES: N_("Somebody else from home comes"),
}
EVENT_ANSWER_SIGNS = {EventAnswer.COMING: "✅", EventAnswer.NOT_COMING: "❌", EventAnswer.OTHER_COMES: "👥"}

GENDER_NAMES: dict[GenderWish, str] = {
    # Translators: who should interpret; shown as a choice and after "Interpreter:"
    GenderWish.ANY: N_("a woman or a man"),
    GenderWish.WOMAN: N_("a woman"),
    GenderWish.MAN: N_("a man"),
}

PLACE_SIGNS: dict[TalkPlace, str] = {
    TalkPlace.SCHOOL: "🏫",
    TalkPlace.HOME: "🏠",
    TalkPlace.PHONE: "📞",
    TalkPlace.VIDEO: "💻",
}
PLACE_NAMES: dict[TalkPlace, str] = {
    # Translators: where a talk takes place
    TalkPlace.SCHOOL: N_("at school"),
    TalkPlace.HOME: N_("at your home"),
    TalkPlace.PHONE: N_("on the phone"),
    TalkPlace.VIDEO: N_("by video"),
}

OWNER_NAMES: dict[PointOwner, str] = {
    # Translators: who does what was agreed in a talk
    PointOwner.SCHOOL: N_("the school"),
    PointOwner.HOME: N_("the home"),
    PointOwner.PUPIL: N_("the pupil"),
    PointOwner.TOGETHER: N_("home and school together"),
}
