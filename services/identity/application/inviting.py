"""How many invites may leave: few for one person, and for an organisation more as it grows older.

An invite is a mail to a stranger in the organisation's own words, which anybody can register.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

from chassis.kernel import Principal
from services.identity.application.admission import Limit, give_back, take
from services.identity.application.ports import Ports
from services.identity.domain.errors import InviteQuotaReached

DAY = timedelta(days=1)


@asynccontextmanager
async def counted_invite(person_id: str, by: Principal, ports: Ports) -> AsyncGenerator[None]:
    """Count one invite of this person, and take it back when it was not sent.

    Raises:
        InviteQuotaReached: when the organisation or the person has none left today.
    """
    organisation = await ports.organisations.get(Principal.for_service(by.organisation_id), by.organisation_id)
    policy, age = ports.policy, ports.clock.now() - organisation.created_at
    most = policy.invites_per_day if age >= policy.young else policy.invites_per_day_young
    of_person = Limit(name="person", key=f"invites:{person_id}", most=policy.invites_per_person)
    limits = (of_person, Limit(name="organisation", key=f"invites:{organisation.id}", most=most))
    tries = await take(limits, ports, window=DAY)
    if not tries.may_go_on:
        await give_back(tries, ports)
        ports.notice("invite_refused", tries.exhausted or "", organisation.id)
        raise InviteQuotaReached(of_person.most if tries.exhausted == "person" else most)
    try:
        yield
    except BaseException:
        await give_back(tries, ports)
        raise
