"""Log in with e-mail and password, to one organisation's portal or as staff."""

import hashlib
from dataclasses import dataclass

from services.chassis.addresses import one_client
from services.identity.application.people import service_of, update_person
from services.identity.application.ports import Ports
from services.identity.application.signing_in import SignedIn, start_session
from services.identity.domain.contact import Contact
from services.identity.domain.errors import LogInRefused
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


async def log_in(command: LogIn, *, ports: Ports) -> SignedIn:
    """Check the password and open a session.

    A try is counted before the password is looked at, and given back when it was right. Unknown, disabled and locked
    accounts take the same steps and get the same answer.

    Raises:
        LogInRefused, TooBusy
    """
    person = await find_account(command.account, ports)
    limits = {
        command.account.key: ports.policy.tries_per_account,
        f"address:{one_client(command.address)}": ports.policy.tries_per_address,
    }
    tries = await take_tries(limits, ports)
    trusted_hash = person.password_hash if person and all(tries.values()) else None
    password = normalised(command.password[: MOST + 1])
    if not await ports.passwords.verify(trusted_hash, password) or person is None or trusted_hash is None:
        raise LogInRefused
    await give_back(tries, ports)
    if ports.passwords.is_outdated(trusted_hash):
        renewed = await ports.passwords.hash(password)
        await update_person(service_of(person), person.id, lambda it: it.renew_hash(trusted_hash, renewed), ports)
    return await start_session(person, ports)


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


async def take_tries(limits: dict[str, int], ports: Ports) -> dict[str, str | None]:
    """Count one try under each key; a key without a receipt has none left."""
    window, now = ports.policy.tries_window, ports.clock.now()
    return {key: await ports.throttle.admit(key, limit=limit, window=window, now=now) for key, limit in limits.items()}


async def give_back(tries: dict[str, str | None], ports: Ports) -> None:
    """Take the tries back that were counted, since they were right."""
    for key, receipt in tries.items():
        if receipt is not None:
            await ports.throttle.release(key, receipt)
