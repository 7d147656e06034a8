"""What the proof of an address needs: its link, how many are mailed, and what waits for it."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

from chassis.kernel import EmailUnproven, Principal
from services.identity.application.admission import Caller, Limit, give_back, take
from services.identity.application.people import get_person
from services.identity.application.ports import Link, LinkKind, Ports
from services.identity.domain.person import Person

DAY = timedelta(days=1)


async def require_proven(by: Principal, ports: Ports) -> None:
    """Refuse to write to strangers for who has not proven an address; looked up, since tokens may be minutes old.

    Raises:
        EmailUnproven
    """
    if by.is_staff and (await get_person(by, by.id, ports)).awaited_proof is not None:
        raise EmailUnproven


async def count_proof_mail(person: Person, address: str | None, ports: Ports) -> bool:
    """Count one mail to an address that may be a stranger's, and say whether it may leave.

    Few are sent for one caller, and some more for all: neither floods anybody, nor keeps anybody's own from arriving.
    """
    named = f"proof:{hashlib.sha256(person.email_key.encode()).hexdigest()}"
    client = Caller(address=address or "").client if address else ""
    limits = (
        Limit(name="account_and_address", key=f"{named}\n{client}", most=ports.policy.proof_mails_per_account),
        Limit(name="account", key=named, most=ports.policy.proof_mails_per_account_anywhere),
    )
    tries = await take(limits, ports, window=DAY)
    if not tries.may_go_on:
        await give_back(tries, ports)
        ports.notice("registration_refused", f"mail_{tries.exhausted}", person.id)
    return tries.may_go_on


def proof_fingerprint(person: Person, ports: Ports) -> Callable[[int], str]:
    """Return how the hash of this person's link is found for a generation."""
    return lambda generation: ports.links.fingerprint(ports.links.issue(proof_link(person, generation)))


def proof_link(person: Person, generation: int) -> Link:
    """Return the link by which this person proves the address."""
    return Link(LinkKind.EMAIL_PROOF, person.organisation_id, person.id, generation)
