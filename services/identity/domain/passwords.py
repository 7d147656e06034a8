"""Which passwords are acceptable: long enough, not common, not what everybody knows (NIST SP 800-63B-4 §3.1.1.2).

No rule asks for kinds of characters. What is refused is what attackers try first: the most used passwords, words of the
person, the organisation and the portal, and either of them with a year, a run or punctuation around it.
"""

import re
import unicodedata
from collections.abc import Sequence

from services.identity.domain.common_passwords import LEAST as LEAST_WORD
from services.identity.domain.common_passwords import most_used
from services.identity.domain.errors import PasswordTooCommon, PasswordTooLong, PasswordTooShort

LEAST = 10
MOST = 200

_COMMON_TEXT = """
1234567890 0123456789 12345678910 123456789012 1q2w3e4r5t 1qaz2wsx3edc qwertyuiop qwerty123456 qwertyuiop123
password12 password123 password1234 password123! passw0rd123 p@ssword123 p@ssw0rd123 iloveyou123 iloveyou12
letmein1234 letmein123 welcome123 welcome1234 administrator admin12345 admin123456 changeme123 changeme1234
abcdefghij abcdefghijk abcd123456 abc1234567 asdfghjkl1 asdfghjkl; zxcvbnm123 sunshine123 princess123
football123 baseball123 superman123 michael123 liverpool1 chelsea123 trustno1234 passwordpassword 0987654321
9876543210 1029384756 qazwsxedcrfv q1w2e3r4t5 q1w2e3r4t5y6 correcthorsebatterystaple mypassword123 secret1234
secret12345 testtest123 test123456 hello12345 summer2024 summer2025 summer2026 winter2024 winter2025
winter2026 passwort123 passwort1234 motdepasse motdepasse123 contrasena123 contraseña
"""
_OURS = ("client portal", "portal", "kundenportal")
_COMMON = frozenset(_COMMON_TEXT.split())


def normalised(password: str) -> str:
    """Return the one form in which a password is hashed and compared, however a keyboard composed it (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def acceptable(password: str, *, known: tuple[str, ...] = (), field: str = "password") -> str:
    """Return the normalised password; `known` are the person's e-mail and name, the organisation's and the portal's.

    Raises:
        PasswordTooShort, PasswordTooLong, PasswordTooCommon: never echoing it.
    """
    if len(password) > MOST:
        raise PasswordTooLong(MOST, field)
    text = normalised(password)
    if len(text) < LEAST:
        raise PasswordTooShort(LEAST, field)
    lowered = text.lower()
    is_common = lowered in _COMMON or lowered in most_used()
    if is_common or len(set(lowered)) < 4 or _made_of(lowered, (*known, *_OURS)):
        raise PasswordTooCommon(field)
    return text


def _made_of(password: str, known: tuple[str, ...]) -> bool:
    """Return whether hardly anything is left of it without the words that attackers try first.

    Those are the words of the person and ours, or any one of the most used passwords, written with letters or with what
    looks like them; and years, runs such as `12345` and `qwerty`, repeated characters and punctuation count as nothing.
    """
    spellings = {password, *(password.translate(table) for table in _LOOKALIKES)}
    words = {part for value in known for part in (value.lower(), *_BREAKS.split(value.lower())) if len(part) >= 4}
    tried_first = sorted(words, key=lambda word: (-len(word), word))
    return any(
        _is_left_bare(text, tried_first) or any(_is_left_bare(text, [word]) for word in _common_in(text))
        for text in spellings
    )


def _common_in(text: str) -> set[str]:
    found: set[str] = set()
    common, longest = most_used(), min(len(text), _LONGEST_WORD)
    for start in range(len(text) - LEAST_WORD + 1):
        for end in range(start + LEAST_WORD, min(start + longest, len(text)) + 1):
            if text[start:end] in common:
                found.add(text[start:end])
    return found


def _is_left_bare(text: str, words: Sequence[str]) -> bool:
    for word in words:
        text = text.replace(word, " ")
    left = _REPEATED.sub("", _YEAR.sub("", text))
    for run in _RUNS:
        left = left.replace(run, "")
    return sum(character.isalnum() for character in left) < 4


def _runs() -> tuple[str, ...]:
    rows = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1q2w3e4r5t6y")
    ways = (*rows, *(row[::-1] for row in rows))
    return tuple(way[at : at + size] for size in (6, 5, 4, 3) for way in ways for at in range(len(way) - size + 1))


_RUNS = _runs()
_YEAR = re.compile(r"(?:19|20)\d\d")
_REPEATED = re.compile(r"(.)\1{2,}")
_BREAKS = re.compile(r"[^\w]+|_")
_LONGEST_WORD = 24
_LOOKALIKES = tuple(str.maketrans(f"013457@$!{one}", f"oleastasi{letter}") for one, letter in (("1", "l"), ("1", "i")))
