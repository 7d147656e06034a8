"""What is taken for a card number in a text, and what is not."""

import pytest

from services.billing.domain.card_numbers import looks_like_card_number
from services.billing.domain.errors import LooksLikeCardNumber
from services.billing.domain.text import checked


@pytest.mark.parametrize(
    "text",
    [
        "4242424242424242",
        "my card is 4242 4242 4242 4242 thanks",
        "4242-4242-4242-4242",
        "4242.4242.4242.4242",
        "card:4242424242424242,12/30",
        "4242 4242 4242 4242 123",
        "12/30 4242 4242 4242 4242",
        "378282246310005",
        "3782 822463 10005",
        "4222222222222",
        "6304000000000000000",
        "４２４２４２４２４２４２４２４２",
        "٤٢٤٢ ٤٢٤٢ ٤٢٤٢ ٤٢٤٢",
        "line\n4242424242424242\nline",
    ],
)
def test_card_numbers_are_recognised(text: str) -> None:
    """Spaces, dashes, dots, other digits around and other scripts do not hide one, and it is never echoed."""
    assert looks_like_card_number(text)
    with pytest.raises(LooksLikeCardNumber) as refused:
        checked(text, 1000, "note", multiline=True)
    assert "4242" not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4242424242424241",
        "call +49 30 1234567",
        "0000 0000 0000 0000",
        "order 20261122-000123",
        "DE89 3704 0044 0532 0130 00",
        "GB82WEST12345698765432",
        "FR14 2004 1010 0505 0001 3M02 606",
        "424242424242",
        "2026-11-22 12:00",
        "12345678901234567890123456789012",
    ],
)
def test_other_numbers_pass(text: str) -> None:
    """Telephone numbers, dates, order numbers and IBANs are no cards."""
    assert not looks_like_card_number(text)
