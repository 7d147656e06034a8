"""Log in with e-mail and password, to one organisation's portal or as staff."""

from dataclasses import dataclass

from services.identity.application.accounts import Account, find_account
from services.identity.application.admission import (
    Caller,
    give_back,
    is_known_device,
    is_some_device,
    log_in_limits,
    take,
)
from services.identity.application.people import service_of, update_person
from services.identity.application.ports import Ports
from services.identity.application.second_factors import Challenged, let_in
from services.identity.application.signing_in import SignedIn
from services.identity.domain.contact import Contact
from services.identity.domain.errors import LogInRefused, TooBusy
from services.identity.domain.passwords import MOST, normalised
from services.identity.domain.staff_member import StaffMember


@dataclass(frozen=True, kw_only=True)
class LogIn:
    account: Account
    password: str
    address: str
    device: str | None = None
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class LogInHandler:
    ports: Ports

    async def __call__(self, command: LogIn) -> SignedIn | Challenged:
        """Check the password and open a session, or ask for the second factor.

        A try is counted before the password is looked at, and given back when it was right or nobody looked. Unknown,
        disabled and locked accounts take the same steps and get the same answer. Whose address has no try left is
        refused before any hashing, so that it takes nobody's time; so is, before anything is looked up, a stranger
        for whom there is no place.

        Raises:
            LogInRefused, TooBusy
        """
        caller = Caller(address=command.address, device=command.device)
        with self.ports.passwords.place(caller.client, known=is_some_device(caller, self.ports)):
            return await self._log_in(command, caller)

    async def _log_in(self, command: LogIn, caller: Caller) -> SignedIn | Challenged:
        person = await find_account(command.account, self.ports)
        tries = await take(log_in_limits(caller, command.account.key, person, self.ports), self.ports)
        if tries.exhausted is not None:
            self.ports.notice("locked_out", tries.exhausted, person.id if person else None)
        if tries.exhausted == "address":
            raise LogInRefused
        trusted_hash = person.verifier if person and tries.may_go_on else None
        password = normalised(command.password[: MOST + 1])
        is_known = person is not None and is_known_device(caller, person, self.ports)
        lane = person.id if person and is_known else caller.client
        try:
            is_right = await self.ports.passwords.verify(trusted_hash, password, lane=lane, known=is_known)
        except TooBusy:
            await give_back(tries, self.ports)
            raise
        if not is_right or person is None or trusted_hash is None:
            if tries.may_go_on:
                self.ports.notice(
                    "log_in_refused", "wrong_password" if person else "no_such_account", person and person.id
                )
            raise LogInRefused
        await give_back(tries, self.ports)
        return await let_in(
            await _with_new_hash(person, trusted_hash, password, self.ports), self.ports, user_agent=command.user_agent
        )


async def _with_new_hash(
    person: StaffMember | Contact, proven: str, password: str, ports: Ports
) -> StaffMember | Contact:
    if not ports.passwords.is_outdated(proven):
        return person
    renewed = await ports.passwords.hash(password, lane=person.id, known=True)
    return await update_person(service_of(person), person.id, lambda it: it.renew_hash(proven, renewed), ports)
