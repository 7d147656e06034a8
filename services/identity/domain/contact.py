"""A contact person of a client company, with or without access to the portal."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Self

from chassis import erasing
from chassis.kernel import Findings
from chassis.mailing.return_path import mark_of
from services.identity.domain.erasing import Erased
from services.identity.domain.errors import ContactIsErased
from services.identity.domain.events import (
    ContactAccepted,
    ContactAdded,
    ContactDisabled,
    ContactErased,
    ContactFact,
    ContactInvited,
    ContactUpdated,
)
from services.identity.domain.person import OwnChanges, Person, PersonStatus
from services.identity.domain.places import locale
from services.identity.domain.reaching import optional_phone
from services.identity.domain.text import email_address, email_key, line, optional_line

MOST_FORMER = 20
"""Marks of former addresses that are kept, the newest."""


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

    `former_marks` are those of the addresses that it had before (`return_path.py`), by which copies are found.
    """

    customer_id: str
    is_primary: bool = False
    primary_since: datetime | None = None
    log_in_key: str | None = None
    former_marks: tuple[str, ...] = ()
    erased: Erased | None = None

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
        self.require_person()
        before, known_as, former = self._visible(), self.name, mark_of(self.email)
        self.change_details(changes)
        if changes.get("is_primary"):
            self.primary_since = primary_since or now
        self.is_primary = changes.get("is_primary", self.is_primary)
        if "email" in changes and self.move_to_email(changes["email"], ended, now, known_as=known_as):
            self.log_in_key = None
            self.former_marks = tuple(dict.fromkeys((*self.former_marks, former)))[-MOST_FORMER:]
        if self._visible() != before:
            self.tell_changed(now)

    def make_secondary(self, now: datetime, *, to: tuple[datetime, str]) -> None:
        """Give way to a primary contact of greater primacy."""
        if self.is_primary and self.primacy < to:
            self.is_primary = False
            self.tell_changed(now)

    def send_invite(self, fingerprint: Callable[[int], str], *, by: str, life: timedelta, now: datetime) -> None:
        """As for any person; besides, it claims the e-mail for this portal."""
        self.require_person()
        super().send_invite(fingerprint, by=by, life=life, now=now)
        self.log_in_key = self.email_key

    def revoke_invite(self, now: datetime) -> None:
        """As for any person; besides, it gives the e-mail free."""
        super().revoke_invite(now)
        self.log_in_key = None

    @property
    def address_marks(self) -> tuple[str, ...]:
        """Marks of the addresses that it has and had."""
        return self.erased.marks if self.erased else tuple(dict.fromkeys((*self.former_marks, mark_of(self.email))))

    def erase(self, ended: tuple[str, ...], now: datetime, *, by: str) -> None:
        """Forget the person: what is left is an id that nobody can tell anything from. It cannot be taken back.

        Raises:
            ContactIsErased: when that was done before.
        """
        self.require_person()
        marks = self.address_marks
        self.end_sessions(ended, now)
        self.erased, self.former_marks = Erased(at=now, by=by, marks=marks), ()
        self.name, self.email = erasing.NAME, erasing.address_of(self.id)
        self.sort_name, self.email_key = self.name.casefold(), email_key(self.email)
        self.phone = self.job_title = self.log_in_key = self.primary_since = self.kept_session_id = None
        self.invite = self.password_hash = self.second_factor = self.set_up = self.awaited_proof = None
        self.passkeys, self.spent_attempts = (), ()
        self.is_primary = self.email_proven = False
        self.language, self.status = "en", PersonStatus.ERASED
        self.tell_changed(now)
        self._tell_erased(now)

    def erase_again(self, now: datetime, *, marks: tuple[str, ...] = ()) -> None:
        """Have everybody forget the person once more: a store may have come back from a backup.

        Does nothing for who was not erased.
        """
        if self.erased is not None:
            known = tuple(dict.fromkeys((*self.erased.marks, *marks)))
            self.erased = replace(self.erased, marks=known)
            self._tell_erased(now)

    def require_person(self) -> None:
        """Refuse to add anything to who was erased.

        Raises:
            ContactIsErased: when it was.
        """
        if self.erased is not None:
            raise ContactIsErased

    def _tell_erased(self, now: datetime) -> None:
        if self.erased is None:
            return
        self.record(
            ContactErased(
                occurred_at=now,
                organisation_id=self.organisation_id,
                contact_id=self.id,
                customer_id=self.customer_id,
                address_marks=self.erased.marks,
                erased_at=self.erased.at,
            )
        )

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
            status=str(PersonStatus.DISABLED if self.erased else self.status),
            is_primary=self.is_primary,
        )

    def _tell(self, fact: Callable[..., ContactFact], now: datetime) -> None:
        self.record(self.as_fact(fact, now))
