"""Instants as people read them."""

from datetime import UTC, datetime

import pytest

from chassis.instants import shown, writing

MOMENT = datetime(2026, 12, 13, 23, 3, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Berlin", "14. Dezember 2026, 00:03 (Europe/Berlin)"),
        ("Pacific/Kiritimati", "14. Dezember 2026, 13:03 (Pacific/Kiritimati)"),
        ("Pacific/Pago_Pago", "13. Dezember 2026, 12:03 (Pacific/Pago_Pago)"),
        ("Asia/Kathmandu", "14. Dezember 2026, 04:48 (Asia/Kathmandu)"),
        ("No/Such", "13. Dezember 2026, 23:03 (UTC)"),
        ("../../etc/passwd", "13. Dezember 2026, 23:03 (UTC)"),
        ("", "13. Dezember 2026, 23:03 (UTC)"),
    ],
)
def test_the_day_is_that_of_the_zone(zone: str, day: str) -> None:
    """Day and hour are the zone's, which is named; a name that is no zone reads UTC and says so."""
    assert shown(MOMENT, zone=zone, language="de", reader="de", place="de-DE") == day


@pytest.mark.parametrize(
    ("language", "reader", "place", "locale"),
    [
        ("en", "en", "de-DE", "en_DE"),
        ("en", "en-GB", "en-US", "en_GB"),
        ("fr", "fr-CA", "de-DE", "fr_CA"),
        ("fr", "fr", "de-DE", "fr"),
        ("en", "", "", "en"),
        ("en", "en-XX", "US", "en_US"),
        ("en", "en", "en-QQ", "en_001"),
        ("de", "de", "de", "de"),
    ],
)
def test_the_reader_s_country_says_how_it_is_written(language: str, reader: str, place: str, locale: str) -> None:
    """The reader's own country comes first, then the business's, then the language alone; English abroad is no US."""
    assert str(writing(language, reader, place)) == locale
