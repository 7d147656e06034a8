"""Reset a forgotten password by a mailed link."""

from contextlib import suppress
from dataclasses import dataclass

from chassis.kernel import NotFound, Principal
from services.identity.application.people import (
    context_of,
    end_stragglers,
    get_person,
    may_enter,
    open_sessions,
    principal_of,
    update_person,
)
from services.identity.application.ports import LinkKind, Ports
from services.identity.domain.contact import Contact
from services.identity.domain.errors import LinkNotValid
from services.identity.domain.passwords import acceptable
from services.identity.domain.person import Person
from services.identity.domain.staff_member import StaffMember


@dataclass(frozen=True, kw_only=True)
class ResetPassword:
    token: str
    new_password: str


@dataclass(frozen=True, slots=True)
class ResetPasswordHandler:
    ports: Ports

    async def __call__(self, command: ResetPassword) -> None:
        """Use a reset link up; every session of the person ends. Of many at once, one wins.

        The new password ends the link, as it ends every other one; that it was used is noted afterwards.

        Raises:
            LinkNotValid: when it is not an open one, for whatever reason.
            InvalidInput: when the new password is not acceptable; the link stays good.
        """
        link = self.ports.links.read(command.token, LinkKind.RESET)
        if link is None:
            raise LinkNotValid
        by, now = Principal.for_service(link.organisation_id), self.ports.clock.now()
        try:
            reset = await self.ports.resets.get(by, link.id)
            token_hash = self.ports.links.fingerprint(command.token, reset.token_hash)
            person = await get_person(by, reset.require_open(token_hash, now), self.ports)
        except NotFound:
            raise LinkNotValid from None
        if person.epoch != reset.epoch or not await may_enter(person, self.ports):
            raise LinkNotValid
        password = acceptable(command.new_password, known=await context_of(person, self.ports), field="newPassword")
        password_hash = await self.ports.passwords.hash(password, lane=person.id, known=True)
        await _replace_password(person, reset.epoch, password_hash, self.ports)
        with suppress(LinkNotValid):
            await self.ports.resets.update(by, reset.id, lambda it: it.use(token_hash, now))


async def _replace_password(person: StaffMember | Contact, epoch: int, password_hash: str, ports: Ports) -> None:
    by = principal_of(person, "")
    ended, now = await open_sessions(person.id, by, ports), ports.clock.now()

    def change(it: Person) -> None:
        if it.epoch != epoch or not it.may_log_in:
            raise LinkNotValid
        it.reset_password(password_hash, ended, now)

    changed = await update_person(by, person.id, change, ports)
    await end_stragglers(changed, ended, ports)
