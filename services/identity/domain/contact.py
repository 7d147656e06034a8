"""A contact person of a client company, with or without access to the portal."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Self

from chassis.kernel import Findings
from services.identity.domain.events import (
    ContactAccepted,
    ContactAdded,
    ContactDisabled,
    ContactFact,
    ContactInvited,
    ContactUpdated,
)
from services.identity.domain.person import OwnChanges, Person
from services.identity.domain.places import locale
from services.identity.domain.reaching import optional_phone
from services.identity.domain.text import email_address, email_key, line, optional_line


class ContactChanges(OwnChanges, total=False):
    """What staff may change besides."""

    email: str
    is_primary: bool


@dataclass(frozen=True, kw_only=True)
class ContactDetails:
    """What is asked when a contact is added."""

    name: str
    email: str
    language: str
    phone: str | None = None
    job_title: str | None = None
    is_primary: bool = False


@dataclass(kw_only=True, eq=False)
class Contact(Person):
    """A person of a client company.

    `log_in_key` is the e-mail's key while the person has, had or is offered access: the storage keeps it unique within
    an organisation, so that e-mail and portal together always name one account.

    Of several primary contacts of a company the one with the greatest `primacy` stays: nobody makes that one give way,
    so a company that was given a primary contact keeps one, whatever happens at once.
    """

    customer_id: str
    is_primary: bool = False
    primary_since: datetime | None = None
    log_in_key: str | None = None

    @classmethod
    def add(
        cls,
        contact_id: str,
        organisation_id: str,
        customer_id: str,
        details: ContactDetails,
        now: datetime,
        *,
        primary_since: datetime | None = None,
    ) -> Self:
        """Return a new contact person without access; `primary_since` is later than that of other primary ones."""
        found = Findings()
        name, email = found.take(details.name, line, "name"), found.take(details.email, email_address)
        language = found.take(details.language, locale, "language")
        phone = found.take(details.phone, optional_phone)
        job_title = found.take(details.job_title, optional_line, "jobTitle")
        found.tell()
        contact = cls(
            id=contact_id,
            organisation_id=organisation_id,
            customer_id=customer_id,
            name=name,
            sort_name=name.casefold(),
            email=email,
            email_key=email_key(email),
            language=language,
            phone=phone,
            job_title=job_title,
            is_primary=details.is_primary,
            primary_since=(primary_since or now) if details.is_primary else None,
            created_at=now,
        )
        contact._tell(ContactAdded, now)
        return contact

    @property
    def primacy(self) -> tuple[datetime, str]:
        """What decides among several primary contacts: who became it last."""
        return self.primary_since or datetime.min.replace(tzinfo=UTC), self.id

    def update(
        self,
        changes: ContactChanges,
        ended: tuple[str, ...],
        now: datetime,
        *,
        primary_since: datetime | None = None,
    ) -> None:
        """Change details; another e-mail address takes the access away until a new invite is accepted."""
        before, known_as = self._visible(), self.name
        self.change_details(changes)
        if changes.get("is_primary"):
            self.primary_since = primary_since or now
        self.is_primary = changes.get("is_primary", self.is_primary)
        if "email" in changes and self.move_to_email(changes["email"], ended, now, known_as=known_as):
            self.log_in_key = None
        if self._visible() != before:
            self.tell_changed(now)

    def make_secondary(self, now: datetime, *, to: tuple[datetime, str]) -> None:
        """Give way to a primary contact of greater primacy."""
        if self.is_primary and self.primacy < to:
            self.is_primary = False
            self.tell_changed(now)

    def send_invite(self, fingerprint: Callable[[int], str], *, by: str, life: timedelta, now: datetime) -> None:
        """As for any person; besides, it claims the e-mail for this portal."""
        super().send_invite(fingerprint, by=by, life=life, now=now)
        self.log_in_key = self.email_key

    def revoke_invite(self, now: datetime) -> None:
        """As for any person; besides, it gives the e-mail free."""
        super().revoke_invite(now)
        self.log_in_key = None

    def tell_changed(self, now: datetime) -> None:
        self._tell(ContactUpdated, now)

    def tell_accepted(self, now: datetime) -> None:
        self._tell(ContactAccepted, now)

    def tell_disabled(self, now: datetime) -> None:
        self._tell(ContactDisabled, now)

    def tell_invited(self, generation: int, now: datetime) -> None:
        self._tell(partial(ContactInvited, generation=generation), now)

    def _visible(self) -> tuple[object, ...]:
        return (self.name, self.email, self.phone, self.job_title, self.language, self.is_primary, self.status)

    def as_fact(self, fact: Callable[..., ContactFact], now: datetime) -> ContactFact:
        """Return the present details as a fact of this kind."""
        return fact(
            occurred_at=now,
            organisation_id=self.organisation_id,
            contact_id=self.id,
            customer_id=self.customer_id,
            name=self.name,
            email=self.email,
            language=self.language,
            status=str(self.status),
            is_primary=self.is_primary,
        )

    def _tell(self, fact: Callable[..., ContactFact], now: datetime) -> None:
        self.record(self.as_fact(fact, now))
