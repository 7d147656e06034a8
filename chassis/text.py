"""Characters that cannot be printed have no business in a text that people type; each service refuses them."""

import unicodedata

_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn the direction of what follows, beyond the name or subject that they stand in."""
_SHAPELESS = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Me", "Zl", "Zp", "Zs"})
_EMPTY = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Fillers of Hangul and the empty cell of Braille: letters and symbols by their category, and nothing to see."""


def has_control_characters(text: str, *, multiline: bool = False) -> bool:
    """Tell whether a character of the text cannot be printed, or would change what is printed around it.

    Line feeds, tabs and marks of direction may be in a text of several lines.
    """
    allowed = "\n\t" if multiline else ""
    if not multiline and not _OVERRIDES.isdisjoint(text):
        return True
    return any(unicodedata.category(char) in _UNPRINTABLE and char not in allowed for char in text)


def is_blank(text: str) -> bool:
    """Tell whether a text shows nothing at all: empty, or made of blanks, marks and characters that have no shape."""
    return all(unicodedata.category(char) in _SHAPELESS or char in _EMPTY for char in text)
