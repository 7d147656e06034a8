"""How an address counts: `AWAITED → PROVEN`, by a link that was mailed to it.

Only who registers an organisation is awaited. Others came in by a mailed link; and documents of earlier versions say
nothing of it, so that those who registered before count.
"""

import hmac
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from services.identity.domain.errors import EmailIsProven, LinkNotValid
from services.identity.domain.events import EmailProofRequested
from services.identity.domain.person.person import AwaitedProof, PersonState


class ProvingBehaviour(PersonState):
    """Decisions about the proof of an address."""

    def await_proof(self, now: datetime) -> None:
        """Let the address count for nothing until it is proven."""
        self.awaited_proof = AwaitedProof(expires_at=now)

    def send_proof_link(self, fingerprint: Callable[[int], str], *, life: timedelta, now: datetime) -> None:
        """Make a new link, which kills any older one; `fingerprint` gives the hash of the token of a generation.

        Raises:
            EmailIsProven: when there is nothing to prove.
        """
        if self.awaited_proof is None:
            raise EmailIsProven
        generation = self.awaited_proof.generation + 1
        self.awaited_proof = replace(
            self.awaited_proof, generation=generation, token_hash=fingerprint(generation), expires_at=now + life
        )
        self.record(
            EmailProofRequested(
                occurred_at=now, organisation_id=self.organisation_id, principal_id=self.id, generation=generation
            )
        )

    def prove_email(self, token_hash: str, now: datetime) -> None:
        """Use the link; once the address is proven, every link of ours says so again.

        Raises:
            LinkNotValid: when it is not the newest one, or too old.
        """
        awaited = self.awaited_proof
        if awaited is None:
            return
        if not hmac.compare_digest(awaited.token_hash, token_hash) or now >= awaited.expires_at:
            raise LinkNotValid
        self.awaited_proof = None
        self.email_proven = True
