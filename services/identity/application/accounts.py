"""Which account somebody means who wants to come in."""

import hashlib
from dataclasses import dataclass

from services.identity.application.ports import Ports
from services.identity.domain.contact import Contact
from services.identity.domain.staff_member import StaffMember
from services.identity.domain.text import email_key


@dataclass(frozen=True, kw_only=True)
class Account:
    """Which account is meant: a client's by the portal's slug; a colleague's, of one organisation if it is named."""

    email: str
    portal: str | None = None
    organisation_id: str | None = None

    @property
    def key(self) -> str:
        """The name under which tries are counted: the same whether there is such an account or not."""
        name = f"{email_key(self.email)}\n{self.portal or ''}"
        return f"account:{hashlib.sha256(name.encode(errors='replace')).hexdigest()}"


async def find_account(account: Account, ports: Ports) -> StaffMember | Contact | None:
    """Return who may come in with this e-mail. The same look-ups are made whoever that is."""
    key = email_key(account.email)
    if account.portal is None:
        member = await ports.staff.find_for_log_in(key, account.organisation_id)
        return member if member and member.may_log_in else None
    organisation = await ports.organisations.find_by_slug(account.portal)
    is_open = organisation is not None and organisation.portal_is_open
    contact = await ports.contacts.find_for_log_in(key, organisation.id if organisation else "")
    return contact if is_open and contact and contact.may_log_in else None
