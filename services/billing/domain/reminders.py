"""When clients are reminded of an invoice: days before and after its due date, by organisation or client company.

`ReminderPlan` is what holds for one invoice: pure days, in the zone of the organisation, without a time of day, so that
clocks that change move nothing. `ReminderPolicy` is what staff set: a plan for the organisation, or for one company,
whose own comes first.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from chassis.kernel import AggregateRoot, derived_bits, id_from_bits
from services.billing.domain.errors import DuplicateDay, NumberOutOfRange, TooManyEntries

MOST_BEFORE, MOST_AFTER = 90, 365
MOST_STEPS = 10
_SATURDAY = 5
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class ReminderPlan:
    """The steps of an invoice. `days_before` may name 0, the due date itself; `days_after` begin at 1.

    None is sent later than `until_days` after the due date. What falls on a Saturday or Sunday is sent on that day, or
    without `on_weekends` on the Friday before (steps before the due date) or the Monday after (steps after it).
    """

    enabled: bool = True
    days_before: tuple[int, ...] = ()
    days_after: tuple[int, ...] = (1, 7, 14, 30)
    until_days: int = 30
    on_weekends: bool = True

    def days(self, due_on: date) -> tuple[date, ...]:
        """Return the days on which the client is reminded of an invoice that is due then, in order, each once."""
        if not self.enabled:
            return ()
        before = [self._moved(due_on - timedelta(days=days), earlier=True) for days in self.days_before]
        after = [self._moved(due_on + timedelta(days=days), earlier=False) for days in self.days_after]
        last = due_on + timedelta(days=self.until_days)
        return tuple(sorted({day for day in (*before, *after) if day <= last}))

    def step(self, due_on: date, *, after: date, today: date) -> date | None:
        """Return the latest step after that day whose day has come: those before it are passed over, not made up for.

        None when there is none, or today is later than the plan reminds of anything.
        """
        if today > due_on + timedelta(days=self.until_days):
            return None
        return max((day for day in self.days(due_on) if after < day <= today), default=None)

    def next_day(self, due_on: date, *, after: date) -> date | None:
        """Return the first step after that day."""
        return min((day for day in self.days(due_on) if day > after), default=None)

    def _moved(self, day: date, *, earlier: bool) -> date:
        if self.on_weekends or day.weekday() < _SATURDAY:
            return day
        return day - _DAY * (day.weekday() - _SATURDAY + 1) if earlier else day + _DAY * (7 - day.weekday())


STANDARD = ReminderPlan()
"""What holds where nobody set a policy."""


@dataclass(frozen=True, slots=True)
class Reminders:
    """The plan of an invoice, and the organisation's day on which it began to hold: steps until then are past.

    `muted`: its steps pass by, and nobody is reminded.
    """

    plan: ReminderPlan = STANDARD
    since: date | None = None
    muted: bool = False

    def step(self, due_on: date, *, after: date, today: date) -> date | None:
        """As the plan's; none while it is muted."""
        return None if self.muted else self.plan.step(due_on, after=after, today=today)


def checked(plan: ReminderPlan) -> ReminderPlan:
    """Return the plan with its days in order.

    Raises:
        TooManyEntries, NumberOutOfRange, DuplicateDay: naming the field.
    """
    before = _checked_days(plan.days_before, 0, MOST_BEFORE, "daysBefore")
    after = _checked_days(plan.days_after, 1, MOST_AFTER, "daysAfter")
    if not 0 <= plan.until_days <= MOST_AFTER:
        raise NumberOutOfRange(0, MOST_AFTER, field=("untilDays",))
    return replace(plan, days_before=tuple(reversed(before)), days_after=after)


def _checked_days(days: tuple[int, ...], least: int, most: int, field: str) -> tuple[int, ...]:
    if len(days) > MOST_STEPS:
        raise TooManyEntries(MOST_STEPS, field=(field,))
    for place, day in enumerate(days):
        if not least <= day <= most:
            raise NumberOutOfRange(least, most, field=(field, str(place)))
    if len(set(days)) < len(days):
        raise DuplicateDay(field=(field,))
    return tuple(sorted(days))


@dataclass(kw_only=True, eq=False)
class ReminderPolicy(AggregateRoot):
    """What staff set for the organisation, or for one client company (`customer_id`); without a plan nothing any more.

    Invoices know when they have to be looked at next. So a change is spread to those that are open by a job:
    `spreading` says that it is not done, and `spread_until` up to which invoice it is.
    """

    customer_id: str | None
    changed_at: datetime
    plan: ReminderPlan | None = None
    spreading: bool = True
    spread_until: str = ""
    spread_began_at: datetime | None = None

    @classmethod
    def id_of(cls, organisation_id: str, customer_id: str | None) -> str:
        """Return the id of the one policy of an organisation or company."""
        return id_from_bits("rmp", derived_bits(f"reminders\n{organisation_id}\n{customer_id or ''}", _EPOCH))

    @classmethod
    def of(cls, organisation_id: str, customer_id: str | None, plan: ReminderPlan, now: datetime) -> "ReminderPolicy":
        """Return a new policy.

        Raises:
            TooManyEntries, NumberOutOfRange, DuplicateDay.
        """
        return cls(
            id=cls.id_of(organisation_id, customer_id),
            organisation_id=organisation_id,
            customer_id=customer_id,
            plan=checked(plan),
            changed_at=now,
        )

    def change(self, plan: ReminderPlan | None, now: datetime) -> None:
        """Set another plan, or none; the same one again changes nothing.

        Raises:
            TooManyEntries, NumberOutOfRange, DuplicateDay.
        """
        plan = checked(plan) if plan else None
        if plan != self.plan:
            self.plan, self.changed_at = plan, now
            self.spreading, self.spread_until, self.spread_began_at = True, "", None

    def spread_on(self, changed_at: datetime, until: str, now: datetime) -> None:
        """Note up to which invoice this change was spread; a change in between begins anew."""
        if self.spreading and self.changed_at == changed_at:
            self.spread_began_at = self.spread_began_at or now
            self.spread_until = until

    def spread(self, changed_at: datetime, now: datetime) -> None:
        """Note that all invoices were reached; once more from the beginning where some may have been under way.

        A decision that had read the plan of before is saved within `IN_FLIGHT`.
        """
        if not self.spreading or self.changed_at != changed_at:
            return
        began = self.spread_began_at or now
        self.spreading = began < changed_at + IN_FLIGHT
        self.spread_until, self.spread_began_at = "", None


Decided = tuple[ReminderPlan, datetime | None, ReminderPolicy | None]
"""A plan, since when it holds, and the policy that says so: None for the standard."""

IN_FLIGHT = timedelta(minutes=2)
"""Longer than any request or round of a job takes from reading a plan to saving an invoice."""


def deciding(policies: dict[str, ReminderPolicy], organisation_id: str, customer_id: str | None) -> Decided:
    """Return what holds for a company, or for the organisation, and since when: the company's own plan comes first."""
    own = policies.get(ReminderPolicy.id_of(organisation_id, customer_id)) if customer_id else None
    general = policies.get(ReminderPolicy.id_of(organisation_id, None))
    if own is not None and own.plan is not None:
        return own.plan, own.changed_at, own
    changes = [one.changed_at for one in (own, general) if one is not None]
    plan, source = (general.plan, general) if general is not None and general.plan is not None else (STANDARD, None)
    return plan, max(changes, default=None), source
