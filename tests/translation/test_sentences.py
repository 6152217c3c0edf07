"""A text is cut into sentences and put together just as it was."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.translation.sentences import Piece, join, split

TEXTS = st.text() | st.text(alphabet="Aa b.!?؟…\n\r\t-•1😊\u2028»)", max_size=60)


def sentences(text: str) -> list[str]:
    return [piece.text for piece in split(text) if piece.text]


@settings(deadline=None)
@given(text=TEXTS)
def test_pieces_make_the_text_again(text: str) -> None:
    assert join(split(text)) == text


@settings(deadline=None)
@given(text=TEXTS)
def test_only_the_first_piece_may_be_without_a_sentence(text: str) -> None:
    pieces = split(text)
    assert all(piece.text for piece in pieces[1:])
    assert all(piece.text == piece.text.strip() for piece in pieces)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hei! Vi går på tur. Husk mat", ["Hei!", "Vi går på tur.", "Husk mat"]),
        ("Møt opp kl. 8.30 ved nr. 5.", ["Møt opp kl. 8.30 ved nr. 5."]),
        ("Turen er 24. november. Ta med mat.", ["Turen er 24. november.", "Ta med mat."]),
        ("24. november reiser vi.\n1. November too.", ["24. november reiser vi.", "1. November too."]),
        ("5. trinn skal på tur.", ["5. trinn skal på tur."]),
        ("1. Sko\n2) lue\n١. ماء", ["Sko", "lue", "ماء"]),
        ("Er 5. trinn med? Ja.", ["Er 5. trinn med?", "Ja."]),
        ("Vi er ferdige kl. 14. Bussen venter.", ["Vi er ferdige kl. 14.", "Bussen venter."]),
        ("Ta med f.eks. vann, frukt osv. til turen.", ["Ta med f.eks. vann, frukt osv. til turen."]),
        ("Spør K. Nordmann. Takk.", ["Spør K. Nordmann.", "Takk."]),
        ("Ok. Vi kommer.", ["Ok.", "Vi kommer."]),
        ("Spotkanie o godz. 17. Proszę przyjść.", ["Spotkanie o godz. 17.", "Proszę przyjść."]),
        ("هل تأتي؟ نعم. شكرًا!", ["هل تأتي؟", "نعم.", "شكرًا!"]),
        ("Hun sa «hei!» og gikk.", ["Hun sa «hei!»", "og gikk."]),
        ("Se https://skole.example/a.b?c=1 i dag", ["Se https://skole.example/a.b?c=1 i dag"]),
        ("Vent… Nå!", ["Vent…", "Nå!"]),
    ],
)
def test_sentences_end_where_people_end_them(text: str, found: list[str]) -> None:
    assert sentences(text) == found


def test_bullets_pictures_and_empty_lines_are_no_part_of_a_sentence() -> None:
    text = "🎒 Ta med:\n\n- Vann\n• Mat 😊\n1. Sko\n"
    assert split(text) == [
        Piece("", "🎒 "),
        Piece("Ta med:", "\n\n- "),
        Piece("Vann", "\n• "),
        Piece("Mat", " 😊\n1. "),
        Piece("Sko", "\n"),
    ]
