"""Ask for a link that resets a forgotten password."""

from contextlib import suppress
from dataclasses import dataclass, field

from chassis.kernel import AlreadyExists, new_id
from services.identity.application.accounts import Account, find_account
from services.identity.application.admission import Caller, reset_limits, take
from services.identity.application.ports import Link, LinkKind, Ports
from services.identity.domain.password_reset import PasswordReset


@dataclass(frozen=True, kw_only=True)
class RequestPasswordReset:
    """The same `reset_id` always names the same request, so a repeated command sends one mail."""

    account: Account
    address: str
    device: str | None = None
    reset_id: str = field(default_factory=lambda: new_id("rst"))


@dataclass(frozen=True, slots=True)
class RequestPasswordResetHandler:
    ports: Ports

    async def __call__(self, command: RequestPasswordReset) -> None:
        """Mail a link to the owner of this account. For a stranger, or after too many requests, it does the same but
        for the mail: one look-up and one stored request, so that nobody learns who has an account."""
        person = await find_account(command.account, self.ports)
        if person is not None and person.awaited_proof is not None:
            person = None  # whose address it is, is not known
        caller = Caller(address=command.address, device=command.device)
        tries = await take(reset_limits(caller, command.account.key, person, self.ports), self.ports)
        if tries.exhausted is not None:
            self.ports.notice("reset_refused", tries.exhausted, person.id if person else None)
        reset_id, now, life = command.reset_id, self.ports.clock.now(), self.ports.policy.reset_life
        organisation_id = person.organisation_id if person else ""
        token = self.ports.links.issue(Link(LinkKind.RESET, organisation_id, reset_id, 1))
        fingerprint = self.ports.links.fingerprint(token)
        if person is not None and tries.may_go_on:
            reset = PasswordReset.request(reset_id, person, fingerprint, life=life, now=now)
        else:
            reset = PasswordReset.request_by_stranger(reset_id, organisation_id, fingerprint, life=life, now=now)
        with suppress(AlreadyExists):
            await self.ports.resets.add(reset)
