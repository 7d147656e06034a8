"""Passwords, and what ends sessions: `ACCEPTED ⇄ DISABLED`, a new password, a new e-mail address."""

from dataclasses import replace
from datetime import datetime

from services.identity.domain.errors import NoAccessToDisable, NotDisabled
from services.identity.domain.events import EmailChanged, PasswordChanged, SessionsEnded
from services.identity.domain.person.person import PersonState, PersonStatus
from services.identity.domain.text import email_address, email_key


class AccessBehaviour(PersonState):
    """Decisions about access; `ended` are the ids of the sessions that are known to be open."""

    def counts(self, session_id: str, epoch: int) -> bool:
        """Say whether a session that was opened in this epoch may go on."""
        return self.may_log_in and (epoch == self.epoch or session_id == self.kept_session_id)

    def end_sessions(self, ended: tuple[str, ...], now: datetime, *, keep: str | None = None) -> None:
        """End every session but `keep`, those that nobody knows of included."""
        self.epoch += 1
        self.kept_session_id = keep
        others = tuple(session_id for session_id in ended if session_id != keep)
        if others:
            self.record(
                SessionsEnded(
                    occurred_at=now,
                    organisation_id=self.organisation_id,
                    principal_id=self.id,
                    session_ids=others,
                    ended_at=now,
                )
            )

    def set_password(
        self, password_hash: str, ended: tuple[str, ...], now: datetime, *, keep: str | None = None
    ) -> None:
        """Replace the password; every other session of this person ends, and outstanding reset links die."""
        self._keep_hash(password_hash)
        self.record(PasswordChanged(occurred_at=now, organisation_id=self.organisation_id, principal_id=self.id))
        self.end_sessions(ended, now, keep=keep)

    def reset_password(self, password_hash: str, ended: tuple[str, ...], now: datetime) -> None:
        """Replace the password by a link that was mailed: which proves the address."""
        self.email_proven = True
        self.set_password(password_hash, ended, now)

    def renew_hash(self, proven: str, renewed: str) -> None:
        """Keep the same password under a newer hash, unless it was changed meanwhile. Nobody else needs to know."""
        if self.verifier == proven:
            self._keep_hash(renewed)

    def disable(self, ended: tuple[str, ...], now: datetime) -> None:
        """Shut the person out, at once.

        Raises:
            NoAccessToDisable: when the person never came in, or is out already.
        """
        if self.status is not PersonStatus.ACCEPTED:
            raise NoAccessToDisable
        self.status = PersonStatus.DISABLED
        self.tell_disabled(now)
        self.end_sessions(ended, now)

    def enable(self, now: datetime) -> None:
        """Let a disabled person in again, with the old password.

        Raises:
            NotDisabled: when the person is not out.
        """
        if self.status is not PersonStatus.DISABLED:
            raise NotDisabled
        self.status = PersonStatus.ACCEPTED
        self.tell_changed(now)

    def move_to_email(self, email: str, ended: tuple[str, ...], now: datetime, *, known_as: str) -> bool:
        """Take another address and say whether it is another person's now: then a new invite is needed.

        A mere difference in spelling keeps the access. Who could come in, as `known_as`, is told at the old address.
        """
        address = email_address(email)
        if email_key(address) == self.email_key:
            self.email = address
            return False
        if self.status in (PersonStatus.ACCEPTED, PersonStatus.INVITED):
            self._tell_former_email(known_as, now)
        self.email = address
        self.email_key = email_key(address)
        if self.status is not PersonStatus.REVOKED:
            self.status = PersonStatus.NOT_INVITED
        self.invite = None
        self.password_hash = self.second_factor = self.set_up = None
        self.passkeys = ()
        self.email_proven = False
        self.end_sessions(ended, now)
        return True

    def _keep_hash(self, password_hash: str) -> None:
        if self.guard is None:
            self.password_hash = password_hash
        else:
            self.second_factor = replace(self.guard, password_hash=password_hash)

    def _tell_former_email(self, known_as: str, now: datetime) -> None:
        self.record(
            EmailChanged(
                occurred_at=now,
                organisation_id=self.organisation_id,
                principal_id=self.id,
                former_name=known_as,
                former_email=self.email,
            )
        )
