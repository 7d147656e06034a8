"""What day it is where the organisation is, and steps that depend on it.

The organisation's time zone is identity's fact, and what we know of it may be late: whatever the day refuses is refused
only when identity names the same day.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from chassis.kernel import NotFound, Principal, Unavailable
from services.billing.application.directory import OrganisationProfile
from services.billing.application.ports import Directory
from services.billing.domain.errors import DatePassed, DateTooFar, EstimateExpired, EstimateNotRevisable
from services.billing.domain.payment.errors import ReceivedInFuture

T = TypeVar("T")
DayOf = Callable[[Principal, datetime], Awaitable[date | None]]
"""Tells the organisation's day at an instant; None where it cannot be told now."""

_BY_THE_DAY = (DatePassed, DateTooFar, EstimateExpired, EstimateNotRevisable, ReceivedInFuture)


async def no_day(_by: Principal, _now: datetime, /) -> date | None:
    """Tell no day: what is booked then belongs to the day that its instant is in the zone of whoever reads it."""
    return None


@dataclass(frozen=True, slots=True)
class BookingDays:
    """The days under which money is booked. Money that moved is booked even when nobody can tell the day."""

    directory: Directory

    async def __call__(self, by: Principal, now: datetime, /) -> date | None:
        """Return the organisation's day at this instant."""
        try:
            return (await self.directory.organisation(by)).today(now)
        except (Unavailable, NotFound):
            return None


async def on_the_day(
    directory: Directory, by: Principal, now: datetime, step: Callable[[date, OrganisationProfile], Awaitable[T]]
) -> T:
    """Return what `step` does on the organisation's day; it must change nothing when it is refused.

    Raises:
        DirectoryUnavailable: when the day would refuse it and identity does not answer.
    """
    known = await directory.organisation(by)
    try:
        return await step(known.today(now), known)
    except _BY_THE_DAY:
        asked = await directory.organisation_now(by)
        if asked.today(now) == known.today(now):
            raise
        return await step(asked.today(now), asked)
