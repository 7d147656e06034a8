"""Accept an invite by choosing a password; the person is logged in at once."""

from dataclasses import dataclass

from chassis.kernel import NotFound
from services.identity.application.admission import Limit, give_back, take
from services.identity.application.people import (
    context_of,
    count_owner,
    door_is_open,
    invited_person,
    may_enter,
    principal_of,
    shown_fingerprint,
    update_person,
)
from services.identity.application.ports import Ports
from services.identity.application.second_factors import Challenged, let_in
from services.identity.application.signing_in import SignedIn
from services.identity.domain.errors import LinkNotValid
from services.identity.domain.passwords import MOST, acceptable, normalised
from services.identity.domain.person import LinkState


@dataclass(frozen=True, kw_only=True)
class AcceptInvite:
    token: str
    password: str
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class AcceptInviteHandler:
    ports: Ports

    async def __call__(self, command: AcceptInvite) -> SignedIn | Challenged:
        """Use the link up. Of many at once, one wins.

        Raises:
            LinkNotValid: when it is not the open one, for whatever reason.
        """
        now = self.ports.clock.now()
        try:
            person = await invited_person(command.token, self.ports)
        except NotFound:
            raise LinkNotValid from None
        fingerprint = shown_fingerprint(command.token, person, self.ports)
        if person.link_state(fingerprint, now) is not LinkState.OPEN or not await door_is_open(person, self.ports):
            raise LinkNotValid
        password = acceptable(command.password, known=await context_of(person, self.ports))
        password_hash = await self.ports.passwords.hash(password, lane=person.id, known=True)
        accepted = await update_person(
            principal_of(person, ""),
            person.id,
            lambda it: it.accept_invite(fingerprint, password_hash, now),
            self.ports,
        )
        await count_owner(accepted, self.ports)
        return await let_in(accepted, self.ports, user_agent=command.user_agent)


@dataclass(frozen=True, slots=True)
class ComeBackHandler:
    ports: Ports

    async def __call__(self, command: AcceptInvite) -> SignedIn | Challenged:
        """Let somebody in whose invite was accepted by the same request before: with the password that was chosen then.

        Raises:
            LinkNotValid: when the person may not come in, or with another password; tries are counted as for log-ins.
        """
        try:
            person = await invited_person(command.token, self.ports)
        except NotFound:
            raise LinkNotValid from None
        limit = Limit(name="account", key=f"password:{person.id}", most=self.ports.policy.tries_per_account)
        tries = await take((limit,), self.ports)
        known = person.verifier if tries.may_go_on and await may_enter(person, self.ports) else None
        password = normalised(command.password[: MOST + 1])
        if not await self.ports.passwords.verify(known, password, lane=person.id, known=True) or known is None:
            raise LinkNotValid
        await give_back(tries, self.ports)
        await count_owner(person, self.ports)
        return await let_in(person, self.ports, user_agent=command.user_agent)
