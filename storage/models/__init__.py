"""The tables, a file per aggregate."""

from storage.models.absence import Absence, DayList, DayOff, Inquiry
from storage.models.audit import AuditEntry
from storage.models.base import metadata
from storage.models.calendar_link import CalendarLink
from storage.models.care import CalmHome
from storage.models.checkin import CheckinDay, CheckinPlan
from storage.models.conferences import AgreedPoint, Slot, Talk, TalkPreparation, TalkRound, TalkWait
from storage.models.dialogue import Dialogue
from storage.models.entry import EntryCode, Newcomer
from storage.models.events import Event, Invitation, Topic
from storage.models.followup import MonthlyReport, MonthlyRun, Remark
from storage.models.intake import SeenUpdate, SetAsideUpdate
from storage.models.leave import LeaveRequest
from storage.models.notices import Delivery, Notice, NoticeFile, NoticeRevision
from storage.models.outgoing import Outgoing
from storage.models.people import (
    Account,
    ClassStaff,
    Guardianship,
    Person,
    Pupil,
    SchoolClass,
    StaffRole,
)
from storage.models.polls import Ballot, Poll, PollTally
from storage.models.reminders import Reminder
from storage.models.threads import Thread, ThreadMessage, ThreadMessageVersion
from storage.models.translation import (
    InterpreterConsent,
    InterpreterOffer,
    InterpreterPromise,
    Rendering,
    RenderingUse,
    RenderingVersion,
    TranslationMemory,
)

__all__ = [
    "Absence",
    "Account",
    "AgreedPoint",
    "AuditEntry",
    "Ballot",
    "CalendarLink",
    "CalmHome",
    "CheckinDay",
    "CheckinPlan",
    "ClassStaff",
    "DayList",
    "DayOff",
    "Delivery",
    "Dialogue",
    "EntryCode",
    "Event",
    "Guardianship",
    "Inquiry",
    "InterpreterConsent",
    "InterpreterOffer",
    "InterpreterPromise",
    "Invitation",
    "LeaveRequest",
    "MonthlyReport",
    "MonthlyRun",
    "Newcomer",
    "Notice",
    "NoticeFile",
    "NoticeRevision",
    "Outgoing",
    "Person",
    "Poll",
    "PollTally",
    "Pupil",
    "Remark",
    "Reminder",
    "Rendering",
    "RenderingUse",
    "RenderingVersion",
    "SchoolClass",
    "SeenUpdate",
    "SetAsideUpdate",
    "Slot",
    "StaffRole",
    "Talk",
    "TalkPreparation",
    "TalkRound",
    "TalkWait",
    "Thread",
    "ThreadMessage",
    "ThreadMessageVersion",
    "Topic",
    "TranslationMemory",
    "metadata",
]
