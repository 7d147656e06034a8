"""VAT numbers with their country's prefix, as `python-stdnum` knows them: an opinion for warnings, never a refusal.

What begins with no such prefix may be a number of any kind (a national tax number, a number that its office gives out
without check digits), and nothing is said about it.
"""

import re
from types import ModuleType
from typing import cast

from stdnum import get_cc_module
from stdnum.eu import vat

_EU = frozenset(vat.MEMBER_STATES) | {"el", "xi"}
_OTHERS = frozenset({"ch", "gb", "no", "rs", "ua"})
_PREFIXED = re.compile(r"[A-Z]{2,3}[0-9A-Z]{2,}[0-9A-Z]*")


def is_doubtful(number: str) -> bool:
    """Tell whether a VAT number with a country's prefix does not fit the rules of that country."""
    text = re.sub(r"[\s.\-/]", "", number).upper()
    country = text[:2].lower()
    if not _PREFIXED.fullmatch(text) or not any(char.isdecimal() for char in text):
        return False
    if country in _EU:
        return not vat.is_valid(text)
    if country not in _OTHERS:
        return False
    rules = cast(ModuleType | None, get_cc_module(country, "vat"))
    written = (text, f"{text}MWST") if country == "ch" else (text[2:],)
    return rules is not None and not any(rules.is_valid(one) for one in written)
