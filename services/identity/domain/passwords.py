"""Which passwords are acceptable: long enough, not common, not what everybody knows (NIST SP 800-63B §5.1.1)."""

import unicodedata

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
_COMMON = frozenset(_COMMON_TEXT.split())


def normalised(password: str) -> str:
    """Return the one form in which a password is hashed and compared, however a keyboard composed it (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def acceptable(password: str, *, known: tuple[str, ...] = (), field: str = "password") -> str:
    """Return the normalised password; `known` are the person's e-mail, name and organisation.

    Raises:
        PasswordTooShort, PasswordTooLong, PasswordTooCommon: never echoing it.
    """
    if len(password) > MOST:
        raise PasswordTooLong(MOST, field)
    text = normalised(password)
    if len(text) < LEAST:
        raise PasswordTooShort(LEAST, field)
    lowered = text.lower()
    if lowered in _COMMON or len(set(lowered)) < 4 or _made_of(lowered, known):
        raise PasswordTooCommon(field)
    return text


def _made_of(password: str, known: tuple[str, ...]) -> bool:
    words = {part for value in known for part in (value.lower(), *value.lower().split("@")) if len(part) >= 4}
    return any(len(password.replace(word, "")) < 4 for word in words)
