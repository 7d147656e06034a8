"""Change a password that is known."""

from dataclasses import dataclass

from chassis.kernel import Principal
from services.identity.application.admission import Limit, give_back, take
from services.identity.application.people import context_of, end_stragglers, get_person, open_sessions, update_person
from services.identity.application.ports import Ports
from services.identity.domain.errors import PasswordChangedMeanwhile, WrongPassword
from services.identity.domain.passwords import MOST, acceptable, normalised
from services.identity.domain.person import Person


@dataclass(frozen=True, kw_only=True)
class ChangePassword:
    current_password: str
    new_password: str


@dataclass(frozen=True, slots=True)
class ChangePasswordHandler:
    ports: Ports

    async def __call__(self, command: ChangePassword, by: Principal) -> Person:
        """Replace one's own password; one's other sessions end.

        Raises:
            WrongPassword: when the present one does not match, or after too many tries.
            InvalidInput: when the new one is not acceptable.
        """
        person = await get_person(by, by.id, self.ports)
        proven = person.verifier
        limit = Limit(name="account", key=f"password:{by.id}", most=self.ports.policy.tries_per_account)
        tries = await take((limit,), self.ports)
        current = normalised(command.current_password[: MOST + 1])
        if not await self.ports.passwords.verify(proven if tries.may_go_on else None, current, lane=by.id, known=True):
            self.ports.notice("password_refused", tries.exhausted or "wrong_password", by.id)
            raise WrongPassword
        await give_back(tries, self.ports)
        password = acceptable(command.new_password, known=await context_of(person, self.ports), field="newPassword")
        password_hash = await self.ports.passwords.hash(password, lane=by.id, known=True)
        ended, now = await open_sessions(by.id, by, self.ports), self.ports.clock.now()

        def change(it: Person) -> None:
            if it.verifier != proven or not it.may_log_in:
                raise PasswordChangedMeanwhile
            it.set_password(password_hash, ended, now, keep=by.session_id)

        changed = await update_person(by, by.id, change, self.ports)
        await end_stragglers(changed, ended, self.ports, keep=by.session_id)
        return changed
