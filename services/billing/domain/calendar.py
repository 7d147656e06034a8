"""Days of an organisation: a day begins and ends where the organisation is, not where the server stands."""

from datetime import date, datetime, timedelta

from chassis.world.zones import zone
from services.billing.domain.errors import DatePassed, DateTooFar, PeriodReversed

FARTHEST = timedelta(days=3660)


def local_day(now: datetime, time_zone: str) -> date:
    """Return the calendar day that it is at this instant in this IANA time zone."""
    return now.astimezone(zone(time_zone)).date()


def require_day(day: date, *, earliest: date, field: str) -> date:
    """Return `day` when it is neither past nor more than ten years away.

    Raises:
        DatePassed, DateTooFar: with the field's path.
    """
    if day < earliest:
        raise DatePassed(earliest, field=(field,))
    if day > earliest + FARTHEST:
        raise DateTooFar(earliest + FARTHEST, field=(field,))
    return day


def require_period(start: date, end: date, *, field: tuple[str, ...] = ("to",)) -> None:
    """Refuse a period that ends before it starts.

    Raises:
        PeriodReversed: naming the field of its end.
    """
    if end < start:
        raise PeriodReversed(field=field)
