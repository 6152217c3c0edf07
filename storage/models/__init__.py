"""The tables, a file per aggregate."""

from storage.models.absence import Absence, DayList, DayOff, Inquiry
from storage.models.audit import AuditEntry
from storage.models.base import metadata
from storage.models.checkin import CheckinDay, CheckinPlan
from storage.models.dialogue import Dialogue
from storage.models.entry import EntryCode, Newcomer
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
from storage.models.threads import Thread, ThreadMessage

__all__ = [
    "Absence",
    "Account",
    "AuditEntry",
    "CheckinDay",
    "CheckinPlan",
    "ClassStaff",
    "DayList",
    "DayOff",
    "Delivery",
    "Dialogue",
    "EntryCode",
    "Guardianship",
    "Inquiry",
    "LeaveRequest",
    "MonthlyReport",
    "MonthlyRun",
    "Newcomer",
    "Notice",
    "NoticeFile",
    "NoticeRevision",
    "Outgoing",
    "Person",
    "Pupil",
    "Remark",
    "SchoolClass",
    "SeenUpdate",
    "SetAsideUpdate",
    "StaffRole",
    "Thread",
    "ThreadMessage",
    "metadata",
]
