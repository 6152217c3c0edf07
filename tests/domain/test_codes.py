"""One-time codes: what is printed can be read, typed and checked, and cannot be guessed from what is stored."""

from __future__ import annotations

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.codes import (
    ALPHABET,
    group_code,
    hash_code,
    hash_second,
    matches_second,
    new_code,
    new_second_code,
    normalise_code,
)

CODE = "7K0M1NPQRSTVWXYZ"
CODES = st.text(ALPHABET, min_size=16, max_size=16)


def test_a_new_code_has_sixteen_signs_that_are_not_mistaken() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{16}", code) for code in codes)


def test_every_sign_comes_in_every_place() -> None:
    codes = [new_code() for _ in range(2000)]
    for place in range(16):
        assert {code[place] for code in codes} == set(ALPHABET)


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        "7K0M-1NPQ-RSTV-WXYZ",
        "7k0m-1npq-rstv-wxyz",
        " 7KOM iNPQ RSTV WXYZ ",
        "7kom–lnpq—rstv wxyz",
        "٧K٠M-١NPQ-RSTV-WXYZ",
        "７K0M-1NPQ-RSTV-WXYZ",
        "\u20687K0M-1NPQ-RSTV-WXYZ\u2069",
        f"https://t.me/skolebud_bot?start={CODE}",
    ],
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert normalise_code(typed) == CODE


@pytest.mark.parametrize("typed", ["", "7K0M-1NPQ-RSTV-WXY", f"{CODE}0", "7K0M-1NPQ-RSTV-WXYU", "7K0M-1NPQ-RSTV-WXYŻ"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert normalise_code(typed) is None


@given(CODES)
def test_a_printed_code_reads_as_itself(code: str) -> None:
    assert normalise_code(group_code(code)) == normalise_code(code.lower()) == code


@given(st.text(max_size=60))
def test_any_text_is_a_code_or_none(text: str) -> None:
    code = normalise_code(text)
    assert code is None or set(code) <= set(ALPHABET)


def test_the_hash_is_sha_256() -> None:
    assert hash_code(CODE) == hashlib.sha256(CODE.encode()).hexdigest()
    assert len(hash_code(CODE)) == 64


def test_a_second_code_is_eight_digits() -> None:
    assert all(re.fullmatch(r"[0-9]{8}", new_second_code()) for _ in range(50))


@pytest.mark.parametrize("given_", ["01234567", "0123 4567", "0123-4567", "٠١٢٣٤٥٦٧", " ۰۱۲۳ ۴۵۶۷", "０１２３４５６７"])
def test_the_second_code_is_known_in_any_digits(given_: str) -> None:
    stored = hash_second("01234567", hash_code(CODE))
    assert len(stored) == 64
    assert matches_second(given_, hash_code(CODE), stored)


@pytest.mark.parametrize("wrong", ["", "01234568", "1234567", "001234567", "O1234567", "²1234567"])
def test_another_second_code_is_not_taken(wrong: str) -> None:
    assert not matches_second(wrong, hash_code(CODE), hash_second("01234567", hash_code(CODE)))


def test_the_second_code_belongs_to_its_letter() -> None:
    other = hash_code(new_code())
    assert not matches_second("01234567", other, hash_second("01234567", hash_code(CODE)))


def test_without_a_stored_second_code_nothing_matches() -> None:
    assert not matches_second("01234567", hash_code(CODE), None)
