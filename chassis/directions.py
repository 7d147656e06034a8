"""Texts that run from right to left among others that do not (UAX 9)."""

import unicodedata

_AGAINST = frozenset({"R", "AL", "AN", "RLE", "RLO", "RLI"})
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


def runs_against(text: str) -> bool:
    """Tell whether a character of the text is written from right to left, or is a mark of direction."""
    return not text.isascii() and any(unicodedata.bidirectional(char) in _AGAINST for char in text)


def apart(text: str) -> str:
    """Return a text that turns nothing around it, for sentences that are plain text: isolated where it may run against.

    A name at a sentence's beginning does not decide its direction then (P2), and what follows stays behind it.
    """
    return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}" if runs_against(text) else text
