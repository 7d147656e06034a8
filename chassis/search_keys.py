"""What texts are searched and sorted by: `search_key`, `order_key`.

Texts that read alike are found alike. The rule, in this order: compatibility forms and ligatures become letters (NFKC),
case is folded (ß is ss), what cannot be seen is dropped (variants of ideographs as well), accents and points are
dropped from Latin, Greek, Cyrillic, Arabic and Hebrew letters and the nukta from those of India, letters with a stroke,
an upturn or joined become the plain ones (ł is l, ґ is г, æ is ae), dots in the middle of words are dropped (col·legi
is collegi, ジョン・スミス is じょんすみす), katakana and small kana the plain hiragana (キャノン is きやのん),
of Arabic and Persian letters that are written for each other one (ة is ه, ی and ى are ي, ک is ك, as Lucene has it),
of Hebrew ones the form that ends a word is the letter (ם is מ), digits of any script the Latin ones, every dash is a
hyphen, every wave dash a tilde, every slash, apostrophe and quotation mark the plain one, and every run of blanks one
blank. Marks that make other letters (が, Indic vowels) stay. Whoever changes the rule raises `listing` of what is
searched by it (`chassis/mongo/histories.py`).

Names are sorted by the Unicode Collation Algorithm (UTS 10) with its root order, whatever their language.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, cast

from pyuca import Collator

LONGEST_ORDER_KEY = 400
"""Characters of a key: more than a name of 100 letters needs to differ from another one."""
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0640"
    "\u093c\u09bc\u0a3c\u0abc\u0b3c\u0cbc]"
)
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e0fff]"
)
_IOTA_BELOW = "\u0345"
"""An accent of Greek that folding case would make a letter of."""
_MIDDLE_DOTS = re.compile("[\u00b7\u2027\u2219\u22c5\u30fb]")
_DIGITS = re.compile(r"[^\D0-9]")
_DASHES = re.compile("[\u058a\u05be\u2010-\u2015\u2043\u2212\u2e17\u2e3a\u2e3b\u3030\u30a0]")
_QUOTES = str.maketrans(
    dict.fromkeys(
        "\u2018\u2019\u201a\u201b\u2032\u2035\u2039\u203a\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u0060\ua78c\u055a\u05f3",
        "'",
    )
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u301d\u301e\u301f\u05f4", '"')
    | dict.fromkeys("\u2044\u2215", "/")
    | {"\u301c": "~"}
)
_ACUTE_ALONE = " \u0301"
"""What NFKC makes of U+00B4, which many keyboards have where others have an apostrophe."""
_PLAIN = str.maketrans(
    {
        "\u0142": "l",
        "\u00f8": "o",
        "\u0111": "d",
        "\u00f0": "d",
        "\u0127": "h",
        "\u0131": "i",
        "\u0167": "t",
        "\u00fe": "th",
        "\u00e6": "ae",
        "\u0153": "oe",
        "\u03c2": "\u03c3",
        "\u0491": "\u0433",
    }
)

_SMALL_KANA, _KANA_SIZED = "ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ"
_KATAKANA = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
_SIZED = str.maketrans(_SMALL_KANA, _KANA_SIZED)
_ENDING = str.maketrans("\u05da\u05dd\u05df\u05e3\u05e5", "\u05db\u05de\u05e0\u05e4\u05e6")
_ARABIC = str.maketrans("\u0629\u06c1\u06c0\u06d5\u0649\u06cc\u06a9", "\u0647\u0647\u0647\u0647\u064a\u064a\u0643")
_GEORGIAN = {code: code - 0x1C90 + 0x10D0 for code in (*range(0x1C90, 0x1CBB), 0x1CBD, 0x1CBE, 0x1CBF)}
"""Georgian capitals are of Unicode 11; the collator's table is of Unicode 10 and would put them behind all others."""


def search_key(*texts: str | None) -> str:
    """Return what searches look into for these texts; the parts stand on lines of their own."""
    return "\n".join(_key(text) for text in texts if text)


def _key(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).replace(_ACUTE_ALONE, "'")
    without_iota = unicodedata.normalize("NFD", plain).replace(_IOTA_BELOW, "")
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFC", without_iota).casefold())
    letters = _ACCENTS.sub("", unicodedata.normalize("NFD", _UNSEEN.sub("", _MIDDLE_DOTS.sub("", folded))))
    for table in (_PLAIN, _KATAKANA, _SIZED, _ARABIC, _ENDING, _QUOTES):
        letters = letters.translate(table)
    letters = _DIGITS.sub(lambda digit: str(unicodedata.decimal(digit[0])), letters)
    return " ".join(_DASHES.sub("-", unicodedata.normalize("NFC", letters)).split())


def order_key(name: str) -> str:
    """Return a text by whose code points names sort as UTS 10 says; equal for names that differ in nothing but that."""
    weights = _weights()(unicodedata.normalize("NFD", name).translate(_GEORGIAN))
    return "".join(map(_character, weights))[:LONGEST_ORDER_KEY]


def _character(weight: int) -> str:
    """Return the character of a weight, in the order of weights; surrogates are no characters, and are passed over."""
    return chr(weight + 1 if weight + 1 < 0xD800 else weight + 0x801)


@cache
def _weights() -> Callable[[str], Sequence[int]]:
    """Return the collator's key, read when it is needed first: it takes a second."""
    return cast(Any, Collator)().sort_key
