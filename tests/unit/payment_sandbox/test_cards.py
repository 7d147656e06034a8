"""Card checks."""

from datetime import date

import pytest

from payment_sandbox.cards import TEST_CARDS, CardRefused, check_card, passes_luhn

TODAY = date(2026, 6, 15)


@pytest.mark.parametrize("number", TEST_CARDS)
def test_every_test_number_is_a_real_looking_card(number: str) -> None:
    """Each test number passes the checks which the form makes."""
    cvv = "1234" if number.startswith("37") else "123"

    assert check_card(number, "12/30", cvv, TODAY).number == number


@pytest.mark.parametrize(
    ("number", "brand"),
    [
        ("4242 4242 4242 4242", "visa"),
        ("5555-5555-5555-4444", "mastercard"),
        ("2223003122003222", "mastercard"),
        ("378282246310005", "amex"),
        ("6011111111111117", "discover"),
        ("3056930009020004", "diners"),
    ],
)
def test_the_brand_is_read_from_the_number(number: str, brand: str) -> None:
    """The first digits and the length tell the brand."""
    assert check_card(number, "01/27", "1234" if brand == "amex" else "123", TODAY).brand == brand


@pytest.mark.parametrize(
    ("number", "expiry", "cvv", "code"),
    [
        ("4242424242424241", "12/30", "123", "invalid_number"),
        ("42424242", "12/30", "123", "invalid_number"),
        ("", "12/30", "123", "invalid_number"),
        ("4242x4242", "12/30", "123", "invalid_number"),
        ("٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢", "12/30", "123", "invalid_number"),
        ("4242424242424242", "05/26", "123", "invalid_expiry"),
        ("4242424242424242", "13/30", "123", "invalid_expiry"),
        ("4242424242424242", "00/30", "123", "invalid_expiry"),
        ("4242424242424242", "12/47", "123", "invalid_expiry"),
        ("4242424242424242", "soon", "123", "invalid_expiry"),
        ("4242424242424242", "12/30", "12", "invalid_cvc"),
        ("4242424242424242", "12/30", "1234", "invalid_cvc"),
        ("378282246310005", "12/30", "123", "invalid_cvc"),
        ("4111111111111111", "12/30", "123", "live_card"),
    ],
)
def test_a_wrong_card_is_refused_by_field(number: str, expiry: str, cvv: str, code: str) -> None:
    """Each check has its own code, and no refusal repeats the number."""
    with pytest.raises(CardRefused) as refused:
        check_card(number, expiry, cvv, TODAY)

    assert refused.value.code == code
    assert not number or number not in refused.value.message


def test_a_card_is_valid_through_its_last_month() -> None:
    """The month of expiry itself still counts."""
    assert check_card("4242424242424242", "06/26", "123", TODAY).exp_month == 6


def test_the_representation_of_a_card_hides_its_number() -> None:
    """A card that ends up in a log line shows four digits."""
    assert "42424242" not in repr(check_card("4242424242424242", "06/26", "123", TODAY))


def test_luhn_notices_every_single_wrong_digit() -> None:
    """Changing any one digit breaks the check."""
    number = "4242424242424242"
    wrong = [
        number[:place] + digit + number[place + 1 :]
        for place in range(16)
        for digit in "0123456789"
        if digit != number[place]
    ]

    assert [number for number in wrong if passes_luhn(number)] == []
