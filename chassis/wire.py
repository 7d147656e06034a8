"""What the fields of an event may hold, as JSON Schema that every engine and every generator of code reads alike.

Without `format`: engines that check it disagree, and generators make types of it that write another text than they
read. So each kind of value is told by a pattern and its length. The patterns use what all regular expressions share
(ECMA 262, RE2, Rust's, Python's): no look-around, no `\\d`, no `\\w`. Some engines let `$` match before a newline,
Java's before other ends of lines too: a value of one length is pinned by `maxLength`, one of several lengths by `if`
and `then`, which generators pass over (of a `not`, some forget the type, or make a check that refuses everything).

Nothing is refused here when an event is written: the domain has decided by then, and a save must not fail for its
description. Tests hold what is published against it.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import PlainSerializer, WithJsonSchema

_ID_DIGITS = "[0-9a-hjkmnp-tv-z]{26}"
_DAY = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_TIME = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"

KNOWN, KINDS, PERSONAL = "x-known", "x-kinds", "x-personal-data"
"""Notes to ourselves: the values that we write today of a list that may grow, the kinds of an id, the class of what is
about a person. Published schemas have none of them, since strict readers refuse keywords that they do not know: the
class is said in `$comment`, which all of them know."""

PERSONAL_CLASSES = {
    "person": "The ID of a person: a pseudonym, which the portal can tell the name of.",
    "session": "The ID of a log-in of one person on one device.",
    "name": "The name of a person, or of a company, which may be a person's.",
    "email": "An e-mail address.",
    "phone": "A phone number.",
    "address": "A part of a postal address.",
    "website": "A web address, which may be a person's.",
    "tax_id": "A tax number, or the number in a register.",
    "text": "Text as somebody typed it, or a mail server wrote it: it may name anybody.",
}
"""The classes of personal data, and what a field of each holds."""
_PERSONS = frozenset({"con", "stf"})

Schema = dict[str, Any]


def never(pattern: str) -> Schema:
    """Return the part of a text's schema that refuses what matches the pattern anywhere."""
    return {"if": {"pattern": pattern}, "then": {"maxLength": 0}}


def pinned(pattern: str, length: int, description: str, *examples: str) -> Schema:
    """Return the schema of a text that always has this length; `pattern` is without its anchors."""
    schema: Schema = {"type": "string", "description": description, "pattern": f"^{pattern}$"}
    schema |= {"minLength": length, "maxLength": length}
    return schema | ({"examples": list(examples)} if examples else {})


def bounded(pattern: str, longest: int, description: str, *examples: str) -> Schema:
    """Return the schema of an ASCII text of several lengths, without blanks; `pattern` is without its anchors."""
    schema: Schema = {"type": "string", "description": description, "pattern": f"^{pattern}$"}
    schema |= {"minLength": 1, "maxLength": longest, **never("[^!-~]")}
    return schema | ({"examples": list(examples)} if examples else {})


def id_schema(description: str, *kinds: str) -> Schema:
    """Return the schema of an id of one of these kinds (`inv`, `con`, …)."""
    prefix = kinds[0] if len(kinds) == 1 else f"({'|'.join(kinds)})"
    schema = pinned(f"{prefix}_{_ID_DIGITS}", 30, description) | {KINDS: list(kinds)}
    return schema | _of_class("person" if _PERSONS & set(kinds) else "session" if "ses" in kinds else "")


def event_id_schema(*kinds: str) -> Schema:
    """Return the schema of the id of an event about an aggregate of one of these kinds."""
    prefix = kinds[0] if len(kinds) == 1 else f"({'|'.join(kinds)})"
    told = (
        "The ID of the event: the subject, a hyphen, and the sequence without leading zeros. A repeat has the same ID."
    )
    schema = bounded(f"{prefix}_{_ID_DIGITS}-[1-9][0-9]{{0,9}}", 41, told)
    return schema | _of_class("person" if _PERSONS & set(kinds) else "")


def id_of(description: str, *kinds: str) -> WithJsonSchema:
    """Describe a field that holds an id of one of these kinds."""
    return WithJsonSchema(id_schema(description, *kinds))


def word(description: str, known: Iterable[StrEnum]) -> WithJsonSchema:
    """Describe a field that holds a word of a list that may grow: readers take unknown ones for “something else”."""
    values = [member.value for member in known]
    told = f"{description} The list may grow: treat a value that you do not know as “other”."
    return WithJsonSchema(bounded("[a-z]+(_[a-z]+)*", 64, told, *values) | {KNOWN: values})


def line(description: str, longest: int = 200, *, begins: str = "", personal: str = "") -> WithJsonSchema:
    """Describe a field that holds one line as people typed it, never empty; `begins` is a pattern without anchors.

    `personal` is one of `PERSONAL_CLASSES`.
    """
    schema: Schema = {"type": "string", "description": description, "minLength": 1, "maxLength": longest}
    return WithJsonSchema(schema | ({"pattern": f"^{begins}"} if begins else {}) | _of_class(personal))


def text(description: str, longest: int) -> WithJsonSchema:
    """Describe a field that holds text as people typed it: several lines, or nothing."""
    return WithJsonSchema({"type": "string", "description": description, "maxLength": longest} | _of_class("text"))


def count(description: str, *, least: int = 1) -> WithJsonSchema:
    """Describe a field that counts."""
    return WithJsonSchema({"type": "integer", "description": description, "minimum": least, "maximum": 2**31 - 1})


def flag(description: str) -> WithJsonSchema:
    """Describe a field that is true or false."""
    return WithJsonSchema({"type": "boolean", "description": description})


def _of_class(personal: str) -> Schema:
    if personal and personal not in PERSONAL_CLASSES:
        raise LookupError(f"{personal} is no class of personal data: name it in chassis/wire.py, PERSONAL_CLASSES")
    return {PERSONAL: personal} if personal else {}


def instant(moment: datetime) -> str:
    """Return an instant as events have it: RFC 3339, UTC, milliseconds."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


INSTANT = pinned(
    f"{_DAY}T{_TIME}\\.[0-9]{{3}}Z",
    24,
    "RFC 3339 in UTC with milliseconds. Compare instants, not texts: programs write the same one differently.",
    "2026-03-01T12:00:00.000Z",
)
SEQUENCE = pinned(
    "[0-9]{10}",
    10,
    "The number of the event of this `subject`, starting at 1, padded to ten digits so that it sorts as text.",
    "0000000004",
)
TRACEPARENT = pinned(
    "00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}",
    55,
    "The W3C Trace Context of the request that caused the event; absent without one.",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
) | never("^00-0{32}|-0{16}-")

Day = Annotated[
    date,
    WithJsonSchema(
        pinned(_DAY, 10, "A calendar day in ISO 8601; the pattern cannot refuse a 30 February.", "2026-02-14")
    ),
]
"""A day of the calendar."""

LaterInstant = Annotated[
    datetime,
    PlainSerializer(instant, return_type=str),
    WithJsonSchema(
        bounded(
            f"{_DAY}T{_TIME}(\\.[0-9]{{3}}|\\.[0-9]{{6}})?Z",
            27,
            "RFC 3339 in UTC, today with milliseconds; older events have none, or microseconds.",
            "2026-01-15T09:30:00.000Z",
        )
    ),
]
"""An instant in the data of an event."""

DecimalText = Annotated[
    Decimal,
    PlainSerializer(lambda value: format(value, "f"), return_type=str),
    WithJsonSchema(
        bounded(
            "-?(0|[1-9][0-9]{0,14})(\\.[0-9]{1,4})?",
            21,
            "A decimal number as text, so that no digit is lost: at most 15 digits before the point and 4 behind it, "
            "no exponent, no blanks. Negative for what is owed to the client.",
            "1190.00",
        )
        | never("[^!-~]|^-0(\\.0+)?$")
    ),
]
"""A decimal number, on the wire a string without exponent: `"12.30"`."""

Currency = Annotated[str, WithJsonSchema(pinned("[A-Z]{3}", 3, "An ISO 4217 code.", "EUR"))]
Country = Annotated[str, WithJsonSchema(pinned("[A-Z]{2}", 2, "An ISO 3166-1 alpha-2 code.", "DE"))]
Language = Annotated[
    str,
    WithJsonSchema(
        bounded("[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", 35, "A BCP 47 language tag.", "de", "en-GB", "zh-Hant-TW")
    ),
]
Email = Annotated[
    str,
    WithJsonSchema(
        bounded("[!-?A-~]+@[!-?A-~]+", 254, "An e-mail address; an international domain in ASCII.") | _of_class("email")
    ),
]
OrganisationId = Annotated[str, id_of("The ID of the organisation to which everything in the event belongs.", "org")]
