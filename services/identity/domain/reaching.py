"""How somebody is reached besides by mail: phone numbers and web addresses, as people write them in any language."""

import re
import unicodedata
from urllib.parse import urlsplit

from chassis.email_domains import ascii_domain
from chassis.text import TextTooLong
from services.identity.domain.errors import InvalidPhone, InvalidWebsite
from services.identity.domain.text import LINE, optional_line, without_marks

PHONE = 60
PHONE_DIGITS = 15

_NUMBER = r"\+?[\d ()\[\]./\-]{3,40}"
_WORD = r"[^\W\d_][^\d\s<>@\"]{0,14}"
_EXTENSION = rf"[ ,;(\-]*(?:[#*~,;:]|{_WORD})(?: ?{_WORD})?[ .:#=]*\d{{1,8}}#?\)?"
_REMARK = r" ?\([^\W\d_][^\d<>@\"()]{0,29}(?:\d{1,2}[^\d<>@\"()]{0,20}){0,2}\)"
_SIGN = "[\u260e\u260f\u2706\u2121\U0001f4de\U0001f4f1\U0001f4f2\U0001f4e0\U0001f57b-\U0001f57f]\ufe0f? ?"
"""Telephones, as letterheads and signatures have them before a number."""
_PHONE = re.compile(
    rf"(?:{_SIGN})?(?:[^\W\d_]{{1,15}}(?:[.:]{{1,2}} ?| ))?(?P<number>{_NUMBER})(?:{_EXTENSION})?(?:{_REMARK})?",
    re.IGNORECASE,
)
_ALIKE = {"\u2212": "-", "\u30fc": "-", "\u223c": "~", "\u2053": "~", "\u00b7": ".", "\u30fb": ".", "\u2044": "/"}
"""What keyboards have for a dash, a dot or a slash, as `libphonenumber` takes it, too."""
_IN_LETTERS = re.compile(r"(?:(?:\+?1[ .\-]?)?\(?8\d\d\)?|0[89]\d\d|1[38]00|13)[ .\-]?[A-Z\d][A-Z\d \-]{3,14}")
"""A toll-free or premium number whose digits are spelled as letters: 1-800-FLOWERS, 0800 DDA 005, 13 CABS."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:(?!\d{1,5}(?:[/?#]|$))")
_LABEL = r"(?!-)[^\s.:/?#@%&=,;!()*$_<>\[\]{}|\\^`\"']{1,63}(?<!-)"
_HOST = re.compile(rf"(?:{_LABEL}\.)+(?:xn--[a-z0-9\-]+|[^\W\d_][^\W_]*[^\W\d_])\.?", re.IGNORECASE)


def optional_phone(value: str | None, field: str = "phone") -> str | None:
    """Return the number as typed, or None for nothing; at most 15 digits (ITU-T E.164), an extension apart.

    It is kept, not dialled: how people name an extension ("Anexo", "доб.", "内線", "#"), and what they remark in
    parentheses, need not be understood.
    """
    text = without_marks(value or "")
    if not text:
        return None
    shown = unicodedata.normalize("NFKC", text)
    plain = "".join("-" if unicodedata.category(char) == "Pd" else _ALIKE.get(char, char) for char in shown)
    found = _PHONE.fullmatch(plain)
    digits = sum(char.isdecimal() for char in found["number"]) if found else 0
    if len(text) > PHONE or not (3 <= digits <= PHONE_DIGITS or _IN_LETTERS.fullmatch(plain)):
        raise InvalidPhone(field)
    return text


def optional_website(value: str | None, field: str = "website") -> str | None:
    """Return the address with its scheme, or None for nothing: `northstar.example` is `https://northstar.example`.

    Only http and https with a host, without a user's name; what already names one of them is kept as typed.

    Raises:
        InvalidWebsite: for any other scheme, `//host`, blanks, and what has no dot in its host.
    """
    text = optional_line(without_marks(value or "", within="\u200c\u200d"), field)
    if text is None:
        return None
    whole = text if _SCHEME.match(text) else f"https://{text}"
    if not _is_web_address(whole) or not (whole is text or _HOST.fullmatch(_in_ascii(urlsplit(whole).hostname or ""))):
        raise InvalidWebsite(field)
    if len(whole) > LINE:
        raise TextTooLong(LINE, field)
    return whole


def _in_ascii(host: str) -> str:
    """Return a host as it is looked up: names of the root may end in a vowel sign (.भारत), dots may be wide ones."""
    try:
        return ascii_domain(host)
    except ValueError:
        return host


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    if any(char.isspace() for char in text) or "\\" in text or "@" in parts.netloc or parts.netloc.endswith(":"):
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
