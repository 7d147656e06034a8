"""Time zones, from the `tzdata` package and from nowhere else.

Python looks into the system's files first, which are as old as the image, so that two processes could disagree about
the day. Whoever imports this module has switched that off; nobody else makes a zone (ruff's `banned-api`).
"""

from datetime import UTC, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones, reset_tzpath

import tzdata

reset_tzpath(to=())
ZoneInfo.clear_cache()

RELEASE: str = tzdata.IANA_VERSION
"""The release of the IANA data base, such as `2026f`."""

_NO_PLACES = frozenset({"Factory", "localtime"})


@cache
def names() -> frozenset[str]:
    """Return the names that an organisation may choose from."""
    return frozenset(available_timezones() - _NO_PLACES)


def zone(name: str) -> tzinfo:
    """Return the zone of this name; UTC for a name that this release does not know.

    What is stored was chosen from another release or from a system's own files, and must stay readable.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
