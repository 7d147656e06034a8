"""Where identity's keys cannot be had, nobody is told to log in: whether they are is what nobody knows."""

import pytest

from services.chassis.auth import JwksKeys, LogInsUnchecked, TokenVerifier, Unauthenticated
from services.chassis.down import is_down
from tests.support.chassis import ManualClock
from tests.unit.chassis.test_auth import ISSUER, sign

NOWHERE = "http://127.0.0.1:1/.well-known/jwks.json"


async def test_a_fresh_process_without_keys_does_not_say_that_nobody_is_logged_in() -> None:
    """The error has a code of its own and says to try again; a browser that reads it keeps its session."""
    verifier = TokenVerifier(JwksKeys(NOWHERE), ISSUER, ManualClock())
    with pytest.raises(LogInsUnchecked) as raised:
        await verifier.verify(sign())
    assert (raised.value.code, is_down(raised.value)) == ("LOG_INS_UNCHECKED", True)


async def test_a_token_that_is_none_needs_no_keys() -> None:
    """What identity can never have signed is refused without asking anybody."""
    verifier = TokenVerifier(JwksKeys(NOWHERE), ISSUER, ManualClock())
    with pytest.raises(Unauthenticated):
        await verifier.verify("no.token.at-all")
