"""One-time codes of the letters: made, written down, read back, and kept only as hashes (P1).

A code is 80 random bits in Crockford's base 32, which has no letters that are mistaken for others on paper. The
second code that staff get apart is short, so it is kept under scrypt, salted with the code's own hash.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16
GROUP = 4
SECOND_LENGTH = 8

_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_START = "start="


def new_code() -> str:
    """Return a new code, without its hyphens."""
    number = secrets.randbits(5 * CODE_LENGTH)
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(CODE_LENGTH)))


def group_code(code: str) -> str:
    """Return the code as it is printed: in fours."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def normalise_code(text: str) -> str | None:
    """Return the code that somebody typed, scanned or pasted with its link; None when it is not one."""
    tail = text.rpartition(_START)[2]
    code = "".join(_kept(sign) for sign in unicodedata.normalize("NFKC", tail).upper()).translate(_MISREAD)
    return code if len(code) == CODE_LENGTH and all(sign in ALPHABET for sign in code) else None


def hash_code(code: str) -> str:
    """Return what is stored of a code; 80 random bits need no slow hash."""
    return hashlib.sha256(code.encode()).hexdigest()


def new_second_code() -> str:
    """Return eight digits that staff are given apart from the letter."""
    return f"{secrets.randbelow(10**SECOND_LENGTH):0{SECOND_LENGTH}d}"


def hash_second(second: str, code_hash: str) -> str:
    """Return what is stored of a second code; slow on purpose, since eight digits could be tried through."""
    return hashlib.scrypt(second.encode(), salt=bytes.fromhex(code_hash), n=2**14, r=8, p=1, dklen=32).hex()


def matches_second(given: str, code_hash: str, second_hash: str | None) -> bool:
    """Tell whether `given` is the second code, whatever digits and spaces it is written with."""
    digits = "".join(_kept(sign) for sign in unicodedata.normalize("NFKC", given))
    well_formed = len(digits) == SECOND_LENGTH and digits.isascii() and digits.isdigit()
    if second_hash is None or not well_formed:
        return False
    return hmac.compare_digest(hash_second(digits, code_hash), second_hash)


def _kept(sign: str) -> str:
    """Return the sign, a digit of any script as 0 to 9, and nothing for spaces, dashes and invisible marks."""
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    return "" if sign.isspace() or unicodedata.category(sign) in {"Pd", "Cf"} or sign == "\u2212" else sign
