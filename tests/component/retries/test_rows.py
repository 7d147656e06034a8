"""No mutation is forgotten: each has a row by which it is sent again, and clients know what a repeat does."""

import re
from pathlib import Path

from tests.support.retries.rows import ROWS
from tests.support.retries.world import MUTATIONS, takes_key


def test_every_mutation_has_a_row() -> None:
    """Whoever adds a mutation says how it is sent again."""
    assert {row.mutation for row in ROWS} == set(MUTATIONS), "add a row to tests/support/retries/rows.py"
    assert {row.mutation for row in ROWS if not row.keyed} == {name for name in MUTATIONS if not takes_key(name)}


def test_clients_are_told_what_a_repeat_without_a_key_does() -> None:
    """Every mutation that takes no key, or may do without one, is in the table for front ends."""
    text = (Path(__file__).parents[3] / "docs" / "frontend.md").read_text()
    assert {name for name in MUTATIONS if not takes_key(name, always=True)} == set(
        re.findall(r"^\| `(\w+)` \|", text, re.M)
    ) & {*MUTATIONS}
