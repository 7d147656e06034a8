"""The table of who is told: the guide shows it, every fact in it is heard, and every fact that is heard is in it."""

from portal_cli.notices import GUIDE, with_table
from services.notifications.application.phrases import PHRASES
from services.notifications.domain.kinds import TABLE, Kind
from services.notifications.messaging.consumed import CONSUMED

GUIDES_FACTS = "identity."


def test_the_guide_shows_the_table() -> None:
    """`python -m portal_cli.notices` writes it."""
    assert GUIDE.read_text() == with_table(GUIDE.read_text())


def test_every_fact_that_is_heard_has_a_row_and_every_row_is_heard() -> None:
    """Facts of identity are about people; each of the others is told to somebody."""
    told = {fact for row in TABLE for fact in row.facts}

    assert told == {kind for kind in CONSUMED if not kind.startswith(GUIDES_FACTS)}


def test_every_row_has_words_in_every_language_and_every_kind_a_row() -> None:
    """Nobody is told without words, and no words are for nobody."""
    rows = {(row.kind, row.audience) for row in TABLE}

    assert {kind for kind, _ in rows} == set(Kind)
    assert all(set(phrases) == rows for phrases in PHRASES.values())
