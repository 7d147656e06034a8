"""Somebody who works for the business: owner, accountant or viewer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Self

from chassis.kernel import Findings, Role
from services.identity.domain.errors import NotAStaffRole
from services.identity.domain.events import StaffFact, StaffMemberAdded, StaffMemberInvited, StaffMemberUpdated
from services.identity.domain.person import OwnChanges, Person, PersonStatus
from services.identity.domain.places import locale
from services.identity.domain.text import email_address, email_key, line


class StaffChanges(OwnChanges, total=False):
    """What owners may change besides."""

    role: Role


@dataclass(frozen=True, kw_only=True)
class StaffDetails:
    """What is asked when somebody joins."""

    name: str
    email: str
    role: Role
    language: str = "en"


@dataclass(kw_only=True, eq=False)
class StaffMember(Person):
    """A member of staff; its e-mail is unique within the organisation."""

    role: Role

    @classmethod
    def register_owner(
        cls, staff_id: str, organisation_id: str, details: StaffDetails, password_hash: str, now: datetime
    ) -> Self:
        """Return the first owner, who has access from the start, and whose address counts when it is proven."""
        owner = cls._new(staff_id, organisation_id, details, now)
        owner.status = PersonStatus.ACCEPTED
        owner.password_hash = password_hash
        owner.await_proof(now)
        owner._tell(StaffMemberAdded, now)
        return owner

    @classmethod
    def join(cls, staff_id: str, organisation_id: str, details: StaffDetails, now: datetime) -> Self:
        """Return a new colleague, not invited yet."""
        member = cls._new(staff_id, organisation_id, details, now)
        member._tell(StaffMemberAdded, now)
        return member

    def update(self, changes: StaffChanges, ended: tuple[str, ...], now: datetime) -> None:
        """Change details; says nothing when nothing changed. Another role ends the sessions: tokens carry the role."""
        before = (self.name, self.phone, self.job_title, self.language, self.role)
        self.change_details(changes)
        role = _staff_role(changes.get("role", self.role))
        if role is not self.role:
            self.role = role
            self.end_sessions(ended, now)
        if (self.name, self.phone, self.job_title, self.language, self.role) != before:
            self.tell_changed(now)

    @property
    def active(self) -> bool:
        return self.status is PersonStatus.ACCEPTED

    def tell_changed(self, now: datetime) -> None:
        self._tell(StaffMemberUpdated, now)

    def tell_accepted(self, now: datetime) -> None:
        self._tell(StaffMemberUpdated, now)

    def tell_disabled(self, now: datetime) -> None:
        self._tell(StaffMemberUpdated, now)

    def tell_invited(self, generation: int, now: datetime) -> None:
        self._tell(partial(StaffMemberInvited, generation=generation), now)

    @classmethod
    def _new(cls, staff_id: str, organisation_id: str, details: StaffDetails, now: datetime) -> Self:
        found = Findings()
        name, email = found.take(details.name, line, "name"), found.take(details.email, email_address)
        language = found.take(details.language, locale, "language")
        role = found.take(details.role, _staff_role)
        found.tell()
        return cls(
            id=staff_id,
            organisation_id=organisation_id,
            name=name,
            sort_name=name.casefold(),
            email=email,
            email_key=email_key(email),
            language=language,
            role=role,
            created_at=now,
        )

    def as_fact(self, fact: Callable[..., StaffFact], now: datetime) -> StaffFact:
        """Return the present details as a fact of this kind."""
        return fact(
            occurred_at=now,
            organisation_id=self.organisation_id,
            staff_id=self.id,
            name=self.name,
            email=self.email,
            role=str(self.role),
            status=str(self.status),
            active=self.active,
            language=self.language,
        )

    def _tell(self, fact: Callable[..., StaffFact], now: datetime) -> None:
        self.record(self.as_fact(fact, now))


def _staff_role(role: Role) -> Role:
    if not role.is_staff:
        raise NotAStaffRole
    return role
