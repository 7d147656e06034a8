"""What is taken for a card number in a text, and what is not."""

import pytest

import services.billing.domain.errors as billing
import services.collaboration.domain.errors as collaboration
from services.billing.domain.text import checked
from services.chassis.text import has_control_characters, looks_like_card_number
from services.collaboration.domain.text import checked_text


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
        "30569309025904",
        "6200000000000005",
        "2223003122003222",
        "3566002020360505",
        "４２４２４２４２４２４２４２４２",
        "٤٢٤٢ ٤٢٤٢ ٤٢٤٢ ٤٢٤٢",
        "line\n4242424242424242\nline",
    ],
)
def test_card_numbers_are_recognised(text: str) -> None:
    """Spaces, dashes, dots, other digits and scripts do not hide one, in no service, and it is never echoed."""
    assert looks_like_card_number(text)
    with pytest.raises(billing.LooksLikeCardNumber) as refused:
        checked(text, 1000, "note", multiline=True)
    assert "4242" not in str(refused.value)
    with pytest.raises(collaboration.LooksLikeCardNumber) as refused_comment:
        checked_text(text, 1000, "text", multiline=True)
    assert "4242" not in str(refused_comment.value)


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
        "SIRET 732 829 320 00074",
        "1234567812345670",
    ],
)
def test_other_numbers_pass(text: str) -> None:
    """Telephone numbers, dates, order numbers, IBANs and company numbers are no cards."""
    assert not looks_like_card_number(text)


@pytest.mark.parametrize("text", ["a\x00b", "\x1b[31mred", "a\u2028b", "a\ud800b", "a\x7fb", "a\rb"])
def test_what_cannot_be_printed_is_recognised(text: str) -> None:
    """Control characters, lone surrogates and Unicode's own line breaks are found in one line and in many."""
    assert has_control_characters(text)
    assert has_control_characters(text, multiline=True)


def test_lines_tabs_and_directions_belong_into_longer_texts_only() -> None:
    """A line feed, a tab, or what turns the direction of writing, is refused in a single line, allowed in several."""
    assert has_control_characters("invoice\u202efdp.exe")
    assert not has_control_characters("\u2067שלום\u2069, welcome", multiline=True)
    assert has_control_characters("one\n\ttwo")
    assert not has_control_characters("one\n\ttwo", multiline=True)
