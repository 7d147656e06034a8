"""How much is tried: a short form in every run, and what was promised in full where `./portal test --soak` asks for it.

Tests that have two sizes carry the mark `soak`, so that the long run is made of them alone.
"""

import os

import pytest

VARIABLE = "PORTAL_SOAK"
"""Set by `./portal test --soak`."""
LONG = bool(os.environ.get(VARIABLE))

soak = pytest.mark.soak
only_long = pytest.mark.skipif(not LONG, reason="for the long run: ./portal test --soak")
"""What is tried in the long run altogether."""


def how_many(ordinary: int, full: int) -> int:
    """Return how many of something are tried in this run."""
    return full if LONG else ordinary
