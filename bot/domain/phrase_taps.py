"""The buttons of ready sentences and of praise in one tap (N8, B6)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.domain.taps import Tap


class PhraseUse(StrEnum):
    """What a ready sentence becomes a part of; `ref` of the taps is said beside each."""

    NOTICE = "n"
    """The text of a draft: the notice."""
    ANSWER = "r"
    """An answer in a conversation: the thread."""
    HOME = "h"
    """What a guardian writes about a child: the pupil."""


@dataclass(frozen=True, slots=True)
class Phrases(Tap):
    """Shows the ready sentences of a category; "" asks for the category. `page` counts from 0."""

    PREFIX: ClassVar[str] = "fb"
    use: PhraseUse
    ref: int
    category: str = ""
    page: int = 0


@dataclass(frozen=True, slots=True)
class PickPhrase(Tap):
    """Takes a sentence; what it leaves open is asked next."""

    PREFIX: ClassVar[str] = "fe"
    use: PhraseUse
    ref: int
    phrase: str


@dataclass(frozen=True, slots=True)
class FillSlot(Tap):
    """Gives a slot of the sentence that is being filled the value on the button."""

    PREFIX: ClassVar[str] = "fh"
    use: PhraseUse
    ref: int
    phrase: str
    slot: str
    value: str


@dataclass(frozen=True, slots=True)
class TurnSlot(Tap):
    """Shows further values of the slot that is being asked for."""

    PREFIX: ClassVar[str] = "fi"
    use: PhraseUse
    ref: int
    slot: str
    page: int


class PhraseStep(StrEnum):
    """What can be done beside choosing a sentence."""

    OWN = "own"
    """Adds the words that were typed to search with, as they are."""
    SEND = "send"
    """Sends the chosen sentences into the conversation."""
    BACK = "back"
    """Goes back to where the text is written by hand."""


@dataclass(frozen=True, slots=True)
class PhraseAct(Tap):
    PREFIX: ClassVar[str] = "fj"
    use: PhraseUse
    ref: int
    step: PhraseStep


@dataclass(frozen=True, slots=True)
class PraiseClass(Tap):
    """Shows the pupils of a class, to praise one; class 0 chooses."""

    PREFIX: ClassVar[str] = "fk"
    class_id: int = 0
    page: int = 0


@dataclass(frozen=True, slots=True)
class PraisePupil(Tap):
    """Shows the sentences that praise a pupil."""

    PREFIX: ClassVar[str] = "fl"
    pupil: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class SendPraise(Tap):
    """Sends a sentence to all homes of a pupil; with "" its words are written by hand."""

    PREFIX: ClassVar[str] = "fn"
    pupil: int
    phrase: str
