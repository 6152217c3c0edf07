"""The tables, a file per aggregate."""

from storage.models.audit import AuditEntry
from storage.models.base import metadata
from storage.models.dialogue import Dialogue
from storage.models.entry import EntryCode, Newcomer
from storage.models.intake import SeenUpdate, SetAsideUpdate
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
    "Account",
    "AuditEntry",
    "ClassStaff",
    "Delivery",
    "Dialogue",
    "EntryCode",
    "Guardianship",
    "Newcomer",
    "Notice",
    "NoticeFile",
    "NoticeRevision",
    "Outgoing",
    "Person",
    "Pupil",
    "SchoolClass",
    "SeenUpdate",
    "SetAsideUpdate",
    "StaffRole",
    "Thread",
    "ThreadMessage",
    "metadata",
]
