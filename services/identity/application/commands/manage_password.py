"""Change a password that is known, or reset one that is forgotten."""

from contextlib import suppress
from dataclasses import dataclass, field

from chassis.kernel import AlreadyExists, NotFound, Principal, new_id
from services.identity.application.admission import Caller, Limit, give_back, reset_limits, take
from services.identity.application.commands.log_in import Account, find_account
from services.identity.application.people import (
    context_of,
    end_stragglers,
    get_person,
    may_enter,
    open_sessions,
    principal_of,
    update_person,
)
from services.identity.application.ports import Link, LinkKind, Ports
from services.identity.domain.contact import Contact
from services.identity.domain.errors import LinkNotValid, PasswordChangedMeanwhile, WrongPassword
from services.identity.domain.password_reset import PasswordReset
from services.identity.domain.passwords import MOST, acceptable, normalised
from services.identity.domain.person import Person
from services.identity.domain.staff_member import StaffMember


@dataclass(frozen=True, kw_only=True)
class ChangePassword:
    current_password: str
    new_password: str


@dataclass(frozen=True, kw_only=True)
class RequestPasswordReset:
    """The same `reset_id` always names the same request, so a repeated command sends one mail."""

    account: Account
    address: str
    device: str | None = None
    reset_id: str = field(default_factory=lambda: new_id("rst"))


@dataclass(frozen=True, kw_only=True)
class ResetPassword:
    token: str
    new_password: str


async def change_password(command: ChangePassword, *, by: Principal, ports: Ports) -> Person:
    """Replace one's own password; one's other sessions end.

    Raises:
        WrongPassword: when the present one does not match, or after too many tries.
        InvalidInput: when the new one is not acceptable.
    """
    person = await get_person(by, by.id, ports)
    proven = person.verifier
    limit = Limit(name="account", key=f"password:{by.id}", most=ports.policy.tries_per_account)
    tries = await take((limit,), ports)
    current = normalised(command.current_password[: MOST + 1])
    if not await ports.passwords.verify(proven if tries.may_go_on else None, current, lane=by.id):
        ports.notice("password_refused", tries.exhausted or "wrong_password", by.id)
        raise WrongPassword
    await give_back(tries, ports)
    password = acceptable(command.new_password, known=await context_of(person, ports), field="newPassword")
    password_hash = await ports.passwords.hash(password, lane=by.id)
    ended, now = await open_sessions(by.id, by, ports), ports.clock.now()

    def change(it: Person) -> None:
        if it.verifier != proven or not it.may_log_in:
            raise PasswordChangedMeanwhile
        it.set_password(password_hash, ended, now, keep=by.session_id)

    changed = await update_person(by, by.id, change, ports)
    await end_stragglers(changed, ended, ports, keep=by.session_id)
    return changed


async def request_password_reset(command: RequestPasswordReset, *, ports: Ports) -> None:
    """Mail a link to the owner of this account. For a stranger, or after too many requests, it does the same but
    for the mail: one look-up and one stored request, so that nobody learns who has an account."""
    person = await find_account(command.account, ports)
    if person is not None and person.awaited_proof is not None:
        person = None  # whose address it is, is not known
    caller = Caller(address=command.address, device=command.device)
    tries = await take(reset_limits(caller, command.account.key, person, ports), ports)
    if tries.exhausted is not None:
        ports.notice("reset_refused", tries.exhausted, person.id if person else None)
    reset_id, now, life = command.reset_id, ports.clock.now(), ports.policy.reset_life
    organisation_id = person.organisation_id if person else ""
    token = ports.links.issue(Link(LinkKind.RESET, organisation_id, reset_id, 1))
    fingerprint = ports.links.fingerprint(token)
    if person is not None and tries.may_go_on:
        reset = PasswordReset.request(reset_id, person, fingerprint, life=life, now=now)
    else:
        reset = PasswordReset.request_by_stranger(reset_id, organisation_id, fingerprint, life=life, now=now)
    with suppress(AlreadyExists):
        await ports.resets.add(reset)


async def reset_password(command: ResetPassword, *, ports: Ports) -> None:
    """Use a reset link up; every session of the person ends. Of many at once, one wins.

    The new password ends the link, as it ends every other one; that it was used is noted afterwards.

    Raises:
        LinkNotValid: when it is not an open one, for whatever reason.
        InvalidInput: when the new password is not acceptable; the link stays good.
    """
    link = ports.links.read(command.token, LinkKind.RESET)
    if link is None:
        raise LinkNotValid
    by, now = Principal.for_service(link.organisation_id), ports.clock.now()
    try:
        reset = await ports.resets.get(by, link.id)
        token_hash = ports.links.fingerprint(command.token, reset.token_hash)
        person = await get_person(by, reset.require_open(token_hash, now), ports)
    except NotFound:
        raise LinkNotValid from None
    if person.epoch != reset.epoch or not await may_enter(person, ports):
        raise LinkNotValid
    password = acceptable(command.new_password, known=await context_of(person, ports), field="newPassword")
    password_hash = await ports.passwords.hash(password, lane=person.id)
    await _replace_password(person, reset.epoch, password_hash, ports)
    with suppress(LinkNotValid):
        await ports.resets.update(by, reset.id, lambda it: it.use(token_hash, now))


async def _replace_password(person: StaffMember | Contact, epoch: int, password_hash: str, ports: Ports) -> None:
    by = principal_of(person, "")
    ended, now = await open_sessions(person.id, by, ports), ports.clock.now()

    def change(it: Person) -> None:
        if it.epoch != epoch or not it.may_log_in:
            raise LinkNotValid
        it.reset_password(password_hash, ended, now)

    changed = await update_person(by, person.id, change, ports)
    await end_stragglers(changed, ended, ports)
