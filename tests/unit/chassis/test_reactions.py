"""A service's table of reactions is whole, or the service does not start and says what is missing."""

import pytest

from chassis.inbox import Narrow, Reaction, Received, answered


class PearsGrown(Narrow):
    """Pears are there."""


class PlumsGrown(Narrow):
    """Plums are there."""


async def eat(_: Received[PearsGrown]) -> None:
    """Do what is done with fruit."""


def test_every_type_has_its_model_and_reaction() -> None:
    """Two types may be read alike."""
    row = Reaction(PearsGrown, eat)
    consumed = {"garden.pears_grown.v1": PearsGrown, "garden.pears_ripe.v1": PearsGrown}
    assert answered("kitchen", consumed, {PearsGrown: eat}) == dict.fromkeys(consumed, row)


def test_what_is_read_without_a_reaction_is_named() -> None:
    """The type, the model and where a reaction belongs."""
    with pytest.raises(LookupError) as refused:
        answered("kitchen", {"garden.plums_grown.v1": PlumsGrown}, {})
    assert str(refused.value) == (
        "kitchen reads garden.plums_grown.v1 as PlumsGrown, to which there is no reaction: "
        "add one in services/kitchen/messaging"
    )


def test_a_reaction_to_nothing_is_named() -> None:
    """A reaction that no event leads to is a line forgotten in CONSUMED."""
    with pytest.raises(LookupError) as refused:
        answered("kitchen", {}, {PearsGrown: eat})
    assert str(refused.value) == (
        "kitchen has a reaction to PearsGrown, which no type is read as: "
        "add it to CONSUMED in services/kitchen/messaging/consumed.py"
    )
