"""What cannot be printed is found, in one line and in many."""

import pytest

from chassis.text import LooksLikeCardNumber, TextRequired, free_text, has_control_characters, identifier


@pytest.mark.parametrize("text", ["a\x00b", "\x1b[31mred", "a\u2028b", "a\ud800b", "a\x7fb", "a\rb"])
def test_what_cannot_be_printed_is_recognised(text: str) -> None:
    """Control characters, lone surrogates and Unicode's own line breaks are found in one line and in many."""
    assert has_control_characters(text)
    assert has_control_characters(text, multiline=True)


def test_lines_tabs_and_directions_belong_into_longer_texts_only() -> None:
    """A line feed, a tab, or what turns the direction of writing, is refused in a single line, allowed in several."""
    assert has_control_characters("invoice\u202efdp.exe")
    assert not has_control_characters("\u2067שלום\u2069, welcome", multiline=True)
    assert has_control_characters("pay \u202e0001 EUR", multiline=True)
    assert has_control_characters("one\n\ttwo")
    assert not has_control_characters("one\n\ttwo", multiline=True)


def test_one_rule_for_every_text() -> None:
    """Lines end in one way, letters are composed, blanks at the ends go; what shows nothing is nothing."""
    assert free_text(" a\r\nb ", 10, "notes", multiline=True) == "a\nb"
    assert free_text("e\u0301 ", 1, "name") == "é"
    assert free_text("\u200b\u200d", 10, "name") == ""
    with pytest.raises(TextRequired) as refused:
        free_text("\u2800", 10, "lines", "0", "description", required=True)
    assert refused.value.field == ("lines", "0", "description")


def test_a_reference_may_look_like_a_card() -> None:
    """Numbers by which others know something are judged by their field; in free texts cards are refused."""
    assert identifier("4242 4242 4242 4242", 20, "reference") == "4242 4242 4242 4242"
    with pytest.raises(LooksLikeCardNumber):
        free_text("4242 4242 4242 4242", 20, "notes")
