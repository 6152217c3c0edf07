"""The words of absence in every language."""

from __future__ import annotations

from bot.domain.absence import AbsenceKind, AbsenceReason
from bot.domain.marking import N_

KIND_SIGNS: dict[AbsenceKind, str] = {
    AbsenceKind.ABSENT: "🏠",
    AbsenceKind.LATE: "🕘",
    AbsenceKind.PART: "🚪",
}

REASON_SIGNS: dict[AbsenceReason, str] = {
    AbsenceReason.ILL: "🤒",
    AbsenceReason.APPOINTMENT: "🦷",
    AbsenceReason.LEAVE: "🧳",
    AbsenceReason.OTHER: "💬",
    AbsenceReason.UNKNOWN: "❔",
}

REASON_NAMES: dict[AbsenceReason, str] = {
    # Translators: why a pupil is absent, in lower case, about a boy or a girl: use a form without gender ("illness")
    AbsenceReason.ILL: N_("illness"),
    # Translators: at the doctor, the dentist or an authority
    AbsenceReason.APPOINTMENT: N_("appointment"),
    # Translators: planned absence that the school has granted (Norwegian: permisjon)
    AbsenceReason.LEAVE: N_("granted leave"),
    AbsenceReason.OTHER: N_("another reason"),
    # Translators: nobody has said yet why the pupil is absent
    AbsenceReason.UNKNOWN: N_("reason not known yet"),
}
