"""The password of who is logged in already, or holds a link: shown again, with tries of its own."""

from services.identity.application.admission import Limit, give_back, take
from services.identity.application.ports import Ports
from services.identity.domain.errors import WrongPassword
from services.identity.domain.passwords import MOST, normalised
from services.identity.domain.person import Person


async def require_password(person: Person, password: str, ports: Ports) -> None:
    """Check it; tries are counted for the person.

    Raises:
        WrongPassword: when it does not match, or after too many tries.
    """
    limit = Limit(name="account", key=f"password:{person.id}", most=ports.policy.tries_per_account)
    tries = await take((limit,), ports)
    known = person.verifier if tries.may_go_on else None
    if not await ports.passwords.verify(known, normalised(password[: MOST + 1]), lane=person.id, known=True):
        ports.notice("password_refused", tries.exhausted or "wrong_password", person.id)
        raise WrongPassword
    await give_back(tries, ports)
