"""What can go wrong because of what a person did, as values.

A `DomainError` is an answer, not an accident: it has a stable `code` for logs and tests, the `fields` of its
sentence, and a translatable `sentence` that tells the person what to do next. Anything else that is raised is
an accident: it is logged under an id that the person also sees.
"""

from __future__ import annotations

from bot.domain.marking import N_


class DomainError(Exception):
    """A refusal that a person can understand and act on.

    Attributes:
        code: stable name, safe for logs.
        sentence: English msgid with named `{fields}`.
        fields: values for the sentence; they may be personal and are never logged.
        ends_question: no other answer to the open question would do either, so it is asked no more.
    """

    code: str = "refused"
    sentence: str = N_("That did not work. Open the menu and try again.")
    ends_question: bool = False

    def __init__(self, **fields: object) -> None:
        super().__init__(self.code)
        self.fields = fields


class NotPermitted(DomainError):
    """The person may not see or change the object, or there is none: the two read alike (P7)."""

    code = "not_permitted"
    ends_question = True
    sentence = N_("This is not here any more, or not for you. Open the menu to go on.")


class Stale(DomainError):
    """The button belongs to an older state of what it would change."""

    code = "stale"
    sentence = N_("This button is from an older message. Here is how it stands now.")


class TooFast(DomainError):
    """The person repeats something faster than it can be meant."""

    code = "too_fast"
    sentence = N_("That was many times in a row. You can try again at {time}.")


class InvalidInput(DomainError):
    """What the person wrote does not fit the question. The subclasses say how it should look."""

    code = "invalid_input"
