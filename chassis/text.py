"""Texts that people type: how long, printable, and, where they write freely, never a card number. One rule for all."""

import unicodedata

from chassis import wording
from chassis.card_numbers import looks_like_card_number
from chassis.kernel import InvalidInput

_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
_OVERRIDES = frozenset("\u202d\u202e")
"""They show letters in another order than they are in: nobody writes so."""
_DIRECTIONS = _OVERRIDES | frozenset("\u202a\u202b\u202c\u2066\u2067\u2068\u2069")
"""They turn the direction of what follows, beyond the name or subject that they stand in."""
_SHAPELESS = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Me", "Zl", "Zp", "Zs"})
_EMPTY = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Fillers of Hangul and the empty cell of Braille: letters and symbols by their category, and nothing to see."""


def has_control_characters(text: str, *, multiline: bool = False) -> bool:
    """Tell whether a character of the text cannot be printed, or would change what is printed around it.

    Line feeds, tabs and marks of direction may be in a text of several lines; overrides of it nowhere.
    """
    allowed = "\n\t" if multiline else ""
    if not (_OVERRIDES if multiline else _DIRECTIONS).isdisjoint(text):
        return True
    return any(unicodedata.category(char) in _UNPRINTABLE and char not in allowed for char in text)


def is_blank(text: str) -> bool:
    """Tell whether a text shows nothing at all: empty, or made of blanks, marks and characters that have no shape."""
    return all(unicodedata.category(char) in _SHAPELESS or char in _EMPTY for char in text)


class TextRequired(InvalidInput):
    """A text that is needed shows nothing."""

    description = wording.TEXT_REQUIRED
    former_codes = ("TEXT_MISSING",)

    def __init__(self, *field: str) -> None:
        super().__init__(wording.SAY_TEXT_REQUIRED, field=field)


class TextTooLong(InvalidInput):
    """A text has more characters than allowed."""

    description = wording.TEXT_TOO_LONG

    def __init__(self, limit: int, *field: str) -> None:
        super().__init__(wording.say_text_too_long(limit), field=field)


class ControlCharacters(InvalidInput):
    """A text has characters that cannot be printed."""

    description = wording.CONTROL_CHARACTERS

    def __init__(self, *field: str) -> None:
        super().__init__(wording.SAY_CONTROL_CHARACTERS, field=field)


class LooksLikeCardNumber(InvalidInput):
    """A text has what may be a payment card's number; it is never echoed."""

    description = wording.LOOKS_LIKE_CARD_NUMBER

    def __init__(self, *field: str) -> None:
        super().__init__(wording.SAY_CARD_NUMBER, field=field)


def free_text(value: str, limit: int, *field: str, required: bool = False, multiline: bool = False) -> str:
    """Return what people write freely, without surrounding blanks, its letters composed (NFC), lines ended by LF.

    `limit` counts the characters of what is returned, which is empty where nothing of it could be seen.

    Raises:
        TextRequired, TextTooLong, ControlCharacters, LooksLikeCardNumber: with the field's path.
    """
    text = identifier(value, limit, *field, required=required, multiline=multiline)
    if looks_like_card_number(text):
        raise LooksLikeCardNumber(*field)
    return text


def identifier(value: str, limit: int, *field: str, required: bool = False, multiline: bool = False) -> str:
    """Return a number or name by which others know something, such as a reference: no place to look for cards.

    Raises:
        TextRequired, TextTooLong, ControlCharacters: with the field's path.
    """
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n") if multiline else value).strip()
    if len(text) > limit:
        raise TextTooLong(limit, *field)
    if not is_blank(text):
        if has_control_characters(text, multiline=multiline):
            raise ControlCharacters(*field)
        return text
    if required:
        raise TextRequired(*field)
    return ""
