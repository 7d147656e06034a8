"""Instants as people read them: in a business's time zone, to the minute, and in the way that the reader writes."""

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_datetime_format

from chassis.world import zones


def shown(moment: datetime, *, zone: str, language: str, reader: str, place: str) -> str:
    """Return an aware moment, such as `13 December 2026, 21:03 (Europe/Berlin)`.

    Args:
        zone: the IANA name of the business's time zone.
        language: the language of the words around it, in which it is written.
        reader: the reader's own BCP 47 tag, whose country says how days and hours are written.
        place: the business's locale or country, for a reader's tag without a country.
    """
    locale = writing(language, reader, place)
    known, name = _zone(zone)
    local = moment.astimezone(known)
    day, hour = format_date(local, "long", locale=locale), format_time(local, "short", locale=locale)
    glue = str(get_datetime_format("medium", locale=locale)).replace("'", "")
    return f"{glue.replace('{0}', hour).replace('{1}', day)} ({name})"


def writing(language: str, reader: str, place: str) -> Locale:
    """Return the locale of words in this language for this reader, as far as Unicode's locale data has it."""
    for tag in _tags(language, reader, place):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


def _tags(language: str, reader: str, place: str) -> Iterator[str]:
    parts = reader.split("-")
    country = _country(place)
    if parts[0].lower() == language and len(parts) > 1:
        yield reader
    if country:
        yield f"{language}-{country}"
    if country and language == "en":
        yield "en-001"
    yield language


def _country(place: str) -> str:
    """Return the country of a locale such as `de-DE`, or of a country's code."""
    last = place.replace("_", "-").split("-")[-1]
    return last.upper() if len(last) == 2 and (last.isupper() or "-" in place.replace("_", "-")) else ""


def _zone(name: str) -> tuple[tzinfo, str]:
    known = zones.zone(name)
    return known, "UTC" if known is UTC else name
