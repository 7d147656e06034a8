"""Where a browser may be sent back to: the portal, and the origins that the operator names."""

import pytest

from services.billing.application.return_addresses import ReturnAddresses
from services.billing.domain.payment.errors import ReturnUrlNotAllowed


@pytest.mark.parametrize(
    ("url", "is_allowed"),
    [
        ("http://127.0.0.1:8080/pay", True),
        ("http://localhost:8080/pay", True),
        ("https://app.example/back?a=1", True),
        ("http://localhost:5173", True),
        ("http://127.0.0.1:5173/", True),
        ("http://localhost:5174/", False),
        ("https://localhost:5173/", False),
        ("https://app.example.evil.example/", False),
        ("https://app.example@evil.example/", False),
    ],
)
def test_other_origins_may_be_named(url, is_allowed):
    """Exactly these, and either name of this machine for the other."""
    addresses = ReturnAddresses.of("http://127.0.0.1:8080", ["https://App.example/", "http://localhost:5173"])
    if is_allowed:
        assert addresses.checked(url) == url
    else:
        with pytest.raises(ReturnUrlNotAllowed):
            addresses.checked(url)


def test_a_name_elsewhere_has_no_other():
    """Only this machine has two names."""
    assert ReturnAddresses.of("https://portal.example").origins == ("https://portal.example",)
