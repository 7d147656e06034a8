"""Where browsers find the sandbox, when nobody says it."""

import pytest

from payment_sandbox.__main__ import reached_at


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", "http://127.0.0.1:8082"),
        ("::1", "http://[::1]:8082"),
        ("2001:db8::7", "http://[2001:db8::7]:8082"),
        ("::", "http://localhost:8082"),
        ("0.0.0.0", "http://localhost:8082"),
        ("sandbox", "http://sandbox:8082"),
    ],
)
def test_its_address_is_one_that_browsers_can_open(host: str, expected: str) -> None:
    """A literal of IPv6 is in brackets, and an address to listen at everywhere is none to go to."""
    assert reached_at(host, 8082) == expected
