"""How somebody comes in: `NOT_INVITED → INVITED → ACCEPTED`, `INVITED → EXPIRED | REVOKED`, and again."""

import hmac
from collections.abc import Callable
from datetime import datetime, timedelta

from services.identity.domain.errors import AccessDisabled, AlreadyHasAccess, LinkNotValid, NotInvited
from services.identity.domain.events import InviteRevoked
from services.identity.domain.person.person import Invite, LinkState, PersonState, PersonStatus


class InvitingBehaviour(PersonState):
    """Decisions about invites."""

    def send_invite(self, fingerprint: Callable[[int], str], *, by: str, life: timedelta, now: datetime) -> None:
        """Make a new link, which kills any older one; `fingerprint` gives the hash of the token of a generation.

        Raises:
            AlreadyHasAccess, AccessDisabled: when the person came in before.
        """
        if self.status is PersonStatus.ACCEPTED:
            raise AlreadyHasAccess
        if self.status is PersonStatus.DISABLED:
            raise AccessDisabled
        self.invites_sent += 1
        self.invite = Invite(
            generation=self.invites_sent,
            token_hash=fingerprint(self.invites_sent),
            sent_at=now,
            expires_at=now + life,
            invited_by=by,
        )
        self.status = PersonStatus.INVITED
        self.tell_invited(self.invites_sent, now)

    def resend_invite(self, fingerprint: Callable[[int], str], *, by: str, life: timedelta, now: datetime) -> None:
        """Send a new link to somebody who has an open or expired one.

        Raises:
            NotInvited: when there is none.
        """
        if self.status is not PersonStatus.INVITED:
            raise NotInvited
        self.send_invite(fingerprint, by=by, life=life, now=now)

    def revoke_invite(self, now: datetime) -> None:
        """Take the link back.

        Raises:
            NotInvited: when there is none.
        """
        if self.status is not PersonStatus.INVITED:
            raise NotInvited
        self.invite = None
        self.status = PersonStatus.REVOKED
        self.record(InviteRevoked(occurred_at=now, organisation_id=self.organisation_id, principal_id=self.id))
        self.tell_changed(now)

    def link_state(self, token_hash: str, now: datetime) -> LinkState:
        """Return what a link is worth, without using it."""
        if self.invite is None or not hmac.compare_digest(self.invite.token_hash, token_hash):
            return LinkState.GONE
        return LinkState.OPEN if now < self.invite.expires_at else LinkState.EXPIRED

    def accept_invite(self, token_hash: str, password_hash: str, now: datetime) -> None:
        """Use the link: the person has a password from now on.

        Raises:
            LinkNotValid: when it is not the open one.
        """
        if self.link_state(token_hash, now) is not LinkState.OPEN:
            raise LinkNotValid
        self.invite = None
        self.status = PersonStatus.ACCEPTED
        self.password_hash = password_hash
        self.second_factor = self.set_up = None
        self.passkeys = ()
        self.email_proven = True
        self.epoch += 1
        self.kept_session_id = None
        self.tell_accepted(now)
