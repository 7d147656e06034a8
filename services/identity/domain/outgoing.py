"""A mail of identity's own that waits: what it is about. Words and links are made when it leaves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from chassis.kernel import derived_bits, id_from_bits
from chassis.mailing.posted import Posted, Status
from chassis.words import Word


class Occasion(Word):
    """Why somebody is written to."""

    INVITE = "invite"
    RESET = "reset"
    EMAIL_PROOF = "email_proof"
    EMAIL_CHANGED = "email_changed"
    SECOND_FACTOR_ON = "second_factor_on"
    SECOND_FACTOR_OFF = "second_factor_off"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - no password


@dataclass(kw_only=True, eq=False)
class OutgoingMail(Posted):
    """One mail. `about` is a person's id, or that of a request for a new password; `generation` says which invite
    or which link of a registration.

    `to` and `to_name` are whom it goes to where that is not the person as it is now.
    """

    occasion: Occasion
    about: str
    event_id: str
    generation: int = 0
    to: str | None = None
    to_name: str | None = None

    def wait_from(self, now: datetime) -> None:
        """Begin to wait: an event that is handled late leaves its mail no less time."""
        self.created_at = self.next_attempt_at = now

    @classmethod
    def of(
        cls, event_id: str, at: datetime, organisation_id: str, occasion: Occasion, about: str, generation: int = 0
    ) -> Self:
        """Return the mail of an event that happened at this instant: always the same one, and it waits."""
        return cls(
            id=id_from_bits("eml", derived_bits(event_id, at)),
            organisation_id=organisation_id,
            status=Status.QUEUED,
            created_at=at,
            next_attempt_at=at,
            occasion=occasion,
            about=about,
            event_id=event_id,
            generation=generation,
        )
