"""What cannot be printed is found, in one line and in many."""

import pytest

from chassis.text import has_control_characters


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
