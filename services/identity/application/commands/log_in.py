"""Log in with e-mail and password, to one organisation's portal or as staff."""

import hashlib
from dataclasses import dataclass

from services.identity.application.admission import Caller, give_back, is_known_device, log_in_limits, take
from services.identity.application.people import service_of, update_person
from services.identity.application.ports import Ports
from services.identity.application.second_factors import Challenged, let_in
from services.identity.application.signing_in import SignedIn
from services.identity.domain.contact import Contact
from services.identity.domain.errors import LogInRefused, TooBusy
from services.identity.domain.passwords import MOST, normalised
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


@dataclass(frozen=True, kw_only=True)
class LogIn:
    account: Account
    password: str
    address: str
    device: str | None = None
    user_agent: str = ""


async def log_in(command: LogIn, *, ports: Ports) -> SignedIn | Challenged:
    """Check the password and open a session, or ask for the second factor.

    A try is counted before the password is looked at, and given back when it was right or nobody looked. Unknown,
    disabled and locked accounts take the same steps and get the same answer. Whose address has no try left is refused
    before any hashing, so that it takes nobody's time.

    Raises:
        LogInRefused, TooBusy
    """
    person = await find_account(command.account, ports)
    caller = Caller(address=command.address, device=command.device)
    tries = await take(log_in_limits(caller, command.account.key, person, ports), ports)
    if tries.exhausted is not None:
        ports.notice("locked_out", tries.exhausted, person.id if person else None)
    if tries.exhausted == "address":
        raise LogInRefused
    trusted_hash = person.verifier if person and tries.may_go_on else None
    password = normalised(command.password[: MOST + 1])
    lane = person.id if person and is_known_device(caller, person, ports) else caller.client
    try:
        is_right = await ports.passwords.verify(trusted_hash, password, lane=lane)
    except TooBusy:
        await give_back(tries, ports)
        raise
    if not is_right or person is None or trusted_hash is None:
        if tries.may_go_on:
            ports.notice("log_in_refused", "wrong_password" if person else "no_such_account", person and person.id)
        raise LogInRefused
    await give_back(tries, ports)
    return await let_in(
        await _with_new_hash(person, trusted_hash, password, ports), ports, user_agent=command.user_agent
    )


async def _with_new_hash(
    person: StaffMember | Contact, proven: str, password: str, ports: Ports
) -> StaffMember | Contact:
    if not ports.passwords.is_outdated(proven):
        return person
    renewed = await ports.passwords.hash(password, lane=person.id)
    return await update_person(service_of(person), person.id, lambda it: it.renew_hash(proven, renewed), ports)


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
