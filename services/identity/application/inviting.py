"""How many invites may leave: few for one person, and for an organisation more as it grows older.

An invite is a mail to a stranger in the organisation's own words, which anybody can register.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

from chassis.kernel import Principal, Role, require_id
from services.identity.application.admission import Limit, give_back, take
from services.identity.application.people import get_person
from services.identity.application.ports import Ports
from services.identity.domain.contact import Contact
from services.identity.domain.errors import InviteQuotaReached, PortalNotEnabled
from services.identity.domain.staff_member import StaffMember

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


async def get_invitable(person_id: str, by: Principal, ports: Ports) -> StaffMember | Contact:
    """Return whose invite is handled: owners handle everybody's, accountants those of contacts."""
    by.require_role(Role.OWNER, Role.ACCOUNTANT)
    if person_id.startswith("stf_"):
        by.require_role(Role.OWNER)
        return await get_person(by, require_id(person_id, "stf"), ports)
    return await get_person(by, require_id(person_id, "con"), ports)


async def require_portal(by: Principal, ports: Ports) -> None:
    """Raise PortalNotEnabled while nobody could come in."""
    organisation = await ports.organisations.get(by, by.organisation_id)
    if not organisation.portal_is_open:
        raise PortalNotEnabled
