"""Which lines of a file mean the same person, and where they contradict each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.roster_cells import fold
from bot.domain.roster_problems import (
    EMAIL_OTHER_NAME,
    OTHER_EMAIL,
    OTHER_LANGUAGE,
    PHONE_OTHER_NAME,
    RosterProblem,
    problem,
)


@dataclass(frozen=True, slots=True)
class Contact:
    """A person as one line describes them; `beside` tells people apart who have neither phone nor e-mail."""

    line: int
    name: str
    phone: str | None
    email: str | None
    language: str | None = None
    beside: str = ""

    def may_be(self, other: Contact) -> bool:
        """Tell whether both may be one person: one name, and nothing that sets them apart."""
        if fold(self.name) != fold(other.name):
            return False
        phones, emails = {self.phone, other.phone}, {self.email, other.email}
        if any(len(shared) == 1 and None not in shared for shared in (phones, emails)):
            return True
        return None in phones and None in emails


def assign_keys(contacts: Iterable[Contact]) -> list[str]:
    """Return a key for each contact, the same for the same person, and the same at the next import.

    A line with the e-mail address alone belongs to the person who has that name, that address and a number on
    another line.
    """
    listed = list(contacts)
    phones: dict[tuple[str, str], set[str]] = {}
    for contact in listed:
        if contact.phone and contact.email:
            phones.setdefault((contact.email, fold(contact.name)), set()).add(contact.phone)
    return [_key(contact, phones) for contact in listed]


def _key(contact: Contact, phones: dict[tuple[str, str], set[str]]) -> str:
    if contact.phone:
        return f"tel:{contact.phone}"
    if contact.email:
        known = phones.get((contact.email, fold(contact.name)), set())
        return f"tel:{min(known)}" if len(known) == 1 else f"mailto:{contact.email}"
    return f"name:{fold(contact.name)}|{contact.beside}"


def check_contacts(contacts: list[Contact], keys: list[str], problems: list[RosterProblem]) -> None:
    """Report every line that contradicts an earlier line about the same person."""
    names: dict[str, Contact] = {}
    emails: dict[str, Contact] = {}
    languages: dict[str, Contact] = {}
    for contact, key in zip(contacts, keys, strict=True):
        named = names.setdefault(key, contact)
        if fold(named.name) != fold(contact.name):
            sentence = PHONE_OTHER_NAME if key.startswith("tel:") else EMAIL_OTHER_NAME
            problems.append(problem(contact.line, sentence, name=contact.name, other_name=named.name, other=named.line))
            continue
        written = emails.setdefault(key, contact) if contact.email else contact
        if written.email != contact.email:
            problems.append(problem(contact.line, OTHER_EMAIL, name=contact.name, other=written.line))
        spoken = languages.setdefault(key, contact) if contact.language else contact
        if spoken.language != contact.language:
            problems.append(problem(contact.line, OTHER_LANGUAGE, name=contact.name, other=spoken.line))
