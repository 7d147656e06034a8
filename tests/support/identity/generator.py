"""A generator app of the tests: codes of a secret at the moment of a clock."""

from datetime import timedelta

from pyotp.totp import TOTP

from services.identity.application.commands.confirm_second_factor import ConfirmSecondFactor
from services.identity.application.commands.set_up_second_factor import SetUpSecondFactor
from services.identity.application.signing_in import SignedIn
from tests.support.clock import FakeClock
from tests.support.identity.world import World, acting

ADDRESS = "192.0.2.1"


class Generator:
    """Shows codes; `code` may be asked for the steps before and after."""

    def __init__(self, secret: str, clock: FakeClock) -> None:
        self._totp = TOTP(secret)
        self._clock = clock

    def code(self, steps: int = 0) -> str:
        """Return the code of the present step, or of one so many steps later."""
        return self._totp.at(self._clock.now() + timedelta(seconds=30 * steps))


async def with_generator(world: World, person: SignedIn) -> tuple[Generator, tuple[str, ...]]:
    """Set a second factor up for somebody who is logged in; returns the recovery codes too."""
    by = acting(person)
    made = await world.commands.set_up_second_factor(SetUpSecondFactor(), by=by)
    generator = Generator(made.secret, world.clock)
    await world.commands.confirm_second_factor(ConfirmSecondFactor(code=generator.code(), address=ADDRESS), by=by)
    world.clock.advance(seconds=30)
    return generator, await world.queries.second_factor.recovery_codes(by, by.id)
