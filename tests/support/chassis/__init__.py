"""A smallest service for tests of the chassis: parcels that are weighed."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from chassis.cloudevents import Published, PublishedLanguage
from chassis.kernel import AggregateRoot, Conflict, DomainEvent, Principal, Role

STAFF = Principal(id="stf_1", organisation_id="org_1", role=Role.OWNER)
CONTACT = Principal(id="con_1", organisation_id="org_1", role=Role.CONTACT, customer_id="cus_1")
OTHER_CONTACT = Principal(id="con_2", organisation_id="org_1", role=Role.CONTACT, customer_id="cus_2")
OTHER_STAFF = Principal(id="stf_2", organisation_id="org_2", role=Role.OWNER)


class ManualClock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def move(self, **step: float) -> None:
        """Move on by a `timedelta` of these arguments."""
        self.time += timedelta(**step)


@dataclass(frozen=True, kw_only=True)
class ParcelWeighed(DomainEvent):
    """A parcel was put on the scales."""

    organisation_id: str
    grams: int


class TooHeavy(Conflict):
    """The parcel weighs more than the belt carries."""


@dataclass(kw_only=True, eq=False)
class Parcel(AggregateRoot):
    """Something to weigh."""

    customer_id: str
    price: Decimal = Decimal("1.10")
    weights: list[int] = field(default_factory=list[int])

    def weigh(self, grams: int, now: datetime) -> None:
        """Note a weight."""
        if grams > 1000:
            raise TooHeavy("This is more than 1,000 g.")
        self.weights.append(grams)
        self.record(ParcelWeighed(occurred_at=now, organisation_id=self.organisation_id, grams=grams))


class ParcelWeighedV1(Published):
    """A parcel was weighed."""

    event_type = "depot.parcel_weighed.v1"
    grams: int


LANGUAGE = PublishedLanguage(
    "depot",
    {ParcelWeighed: lambda event: ParcelWeighedV1(organisation_id=event.organisation_id, grams=event.grams)},
)
