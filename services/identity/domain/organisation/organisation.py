"""One business on this installation: its details, its portal and who owns it."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self, TypedDict

from chassis.kernel import AggregateRoot, Findings
from services.identity.domain.errors import LastOwner, PortalAlreadyEnabled, PortalNotEnabled
from services.identity.domain.events import (
    OrganisationFact,
    OrganisationRegistered,
    OrganisationUpdated,
    PortalEnabled,
    PortalFact,
    PortalSettingsChanged,
)
from services.identity.domain.organisation.log_in_policy import LogInPolicy
from services.identity.domain.organisation.portal import PortalChanges, PortalSettings
from services.identity.domain.places import (
    Address,
    currency,
    living_currency,
    locale,
    optional_address,
    time_zone,
)
from services.identity.domain.reaching import optional_phone, optional_website
from services.identity.domain.text import line, optional_email, optional_identifier


class OrganisationChanges(TypedDict, total=False):
    """The details to change; a key that is left out keeps its value."""

    name: str
    time_zone: str
    locale: str
    currency: str
    address: Address | None
    email: str | None
    phone: str | None
    website: str | None
    tax_id: str | None


@dataclass(frozen=True, kw_only=True)
class OrganisationDetails:
    """What stands on a letterhead, and the defaults of documents."""

    name: str
    time_zone: str
    locale: str
    currency: str
    address: Address | None = None
    email: str | None = None
    phone: str | None = None
    website: str | None = None
    tax_id: str | None = None

    def checked(self, before: Self | None = None) -> Self:
        """Return them cleaned; a zone that stood there before stays, even if no release knows it any more.

        Raises:
            InvalidInput: naming every detail that is wrong.
        """
        zone_kept = before is not None and before.time_zone == self.time_zone
        found = Findings()
        checked = type(self)(
            name=found.take(self.name, line, "name"),
            time_zone=self.time_zone if zone_kept else found.take(self.time_zone, time_zone),
            locale=found.take(self.locale, locale),
            currency=found.take(self.currency, currency),
            address=found.take(self.address, optional_address, "address"),
            email=found.take(self.email, optional_email),
            phone=found.take(self.phone, optional_phone),
            website=found.take(self.website, optional_website),
            tax_id=found.take(self.tax_id, optional_identifier, "taxId", limit=50),
        )
        found.tell()
        return checked


MOST_FORMER_SLUGS = 100
"""So many are kept for a portal; of one that is renamed more often, the oldest is free again."""


@dataclass(kw_only=True, eq=False)
class Organisation(AggregateRoot):
    """A business. `id` and `organisation_id` are the same; `slug` mirrors the portal's for the unique index.

    `former_slugs` are those that its portal had before, the newest last: links with them lead to it still.
    """

    details: OrganisationDetails
    portal: PortalSettings | None = None
    slug: str | None = None
    owner_ids: tuple[str, ...] = ()
    former_slugs: tuple[str, ...] = ()
    log_ins: LogInPolicy = field(default_factory=LogInPolicy)
    created_at: datetime

    @classmethod
    def register(cls, organisation_id: str, details: OrganisationDetails, owner_id: str, now: datetime) -> Self:
        """Return a new business whose portal is still off."""
        checked = details.checked()
        living_currency(checked.currency, now.date())
        organisation = cls(
            id=organisation_id,
            organisation_id=organisation_id,
            details=checked,
            owner_ids=(owner_id,),
            created_at=now,
        )
        organisation._tell(OrganisationRegistered, now)
        return organisation

    def decide_log_ins(self, policy: LogInPolicy) -> None:
        """Say what is asked of people who log in, from their next log-in or refresh on."""
        self.log_ins = policy

    def update(self, changes: OrganisationChanges, now: datetime) -> None:
        """Change details; says nothing when nothing changed."""
        details = replace(self.details, **changes).checked(self.details)
        if details.currency != self.details.currency:
            living_currency(details.currency, now.date())
        if details != self.details:
            self.details = details
            self._tell(OrganisationUpdated, now)

    @property
    def portal_is_open(self) -> bool:
        return self.portal is not None and self.portal.enabled

    def enable_portal(self, settings: PortalSettings, now: datetime) -> None:
        """Open the portal, for the first time or again.

        Raises:
            PortalAlreadyEnabled: when it is open.
        """
        if self.portal_is_open:
            raise PortalAlreadyEnabled
        self._set_portal(replace(settings, enabled=True).checked())
        self._tell_portal(PortalEnabled, now)
        self._tell_portal(PortalSettingsChanged, now)

    def update_portal(self, changes: PortalChanges, now: datetime) -> None:
        """Change settings of an open portal; says nothing when nothing changed.

        Raises:
            PortalNotEnabled: when it is off.
        """
        if self.portal is None or not self.portal.enabled:
            raise PortalNotEnabled
        settings = replace(self.portal, **changes).checked()
        if settings != self.portal:
            self._set_portal(settings)
            self._tell_portal(PortalSettingsChanged, now)

    def disable_portal(self, now: datetime) -> None:
        """Close the portal: clients can no longer log in, and every setting is kept.

        Raises:
            PortalNotEnabled: when it is off.
        """
        if self.portal is None or not self.portal.enabled:
            raise PortalNotEnabled
        self._set_portal(replace(self.portal, enabled=False))
        self._tell_portal(PortalSettingsChanged, now)

    def add_owner(self, staff_id: str) -> None:
        """Count one more owner."""
        if staff_id not in self.owner_ids:
            self.owner_ids = (*self.owner_ids, staff_id)

    def remove_owner(self, staff_id: str) -> None:
        """Count one owner less.

        Raises:
            LastOwner: when nobody would be left.
        """
        left = tuple(owner for owner in self.owner_ids if owner != staff_id)
        if not left:
            raise LastOwner
        self.owner_ids = left

    def _set_portal(self, settings: PortalSettings) -> None:
        known = [*self.former_slugs, *([self.slug] if self.slug else [])]
        self.former_slugs = tuple(slug for slug in known if slug != settings.slug)[-MOST_FORMER_SLUGS:]
        self.portal = settings
        self.slug = settings.slug

    def _tell(self, fact: type[OrganisationFact], now: datetime) -> None:
        self.record(self.as_fact(fact, now))

    def as_fact(self, fact: type[OrganisationFact], now: datetime) -> OrganisationFact:
        """Return the present details as a fact of this kind."""
        details = self.details
        return fact(
            occurred_at=now,
            organisation_id=self.id,
            name=details.name,
            time_zone=details.time_zone,
            locale=details.locale,
            currency=details.currency,
            address=details.address,
            email=details.email,
            phone=details.phone,
            website=details.website,
            tax_id=details.tax_id,
        )

    def _tell_portal(self, fact: type[PortalFact], now: datetime) -> None:
        self.record(self.as_portal_fact(fact, now))

    def as_portal_fact(self, fact: type[PortalFact], now: datetime) -> PortalFact:
        """Return the present settings as a fact of this kind.

        Raises:
            PortalNotEnabled: when there are none yet.
        """
        if self.portal is None:
            raise PortalNotEnabled
        return fact(
            occurred_at=now,
            organisation_id=self.id,
            enabled=self.portal.enabled,
            name=self.portal.name,
            slug=self.portal.slug,
            banner_message=self.portal.banner_message,
            document_types=tuple(str(kind) for kind in self.portal.document_types),
            forwarding_allowed=self.portal.forwarding_allowed,
            clients_may_edit=self.portal.clients_may_edit,
            notify_staff_of=tuple(str(notice) for notice in self.portal.notify_staff_of),
        )
