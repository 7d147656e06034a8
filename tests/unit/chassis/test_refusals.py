"""Refusals that time heals."""

import inspect
import re
from itertools import chain
from typing import Any

import pytest

import services.billing.api.schema
import services.collaboration.api.schema
import services.identity.api.schema
import services.notifications.api.schema
from chassis.graphql.key_rows import ReplayedRefusal
from chassis.kernel import DomainError, InvalidInput, Unavailable

PACKAGES = (services.billing, services.collaboration, services.identity, services.notifications)
FINAL = {
    "PasswordChangedMeanwhile",  # the same request names a password that is none any more
}


def kinds_of(kind: type[Any]) -> list[type[Any]]:
    """Return a kind of refusal with all its kinds, as the services declare them."""
    kinds = [kind, *chain.from_iterable(kinds_of(one) for one in kind.__subclasses__())]
    return sorted(
        {one for one in kinds if one.__module__.startswith(("services.", "chassis."))},
        key=lambda one: (one.__module__, one.__qualname__),
    )


@pytest.mark.parametrize("kind", kinds_of(Unavailable), ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_no_refusal_that_time_heals_says_that_nothing_was_done(kind: type[Any]) -> None:
    """A part may have been done, and may have left the house: only those that are final know."""
    text = inspect.getsource(kind) if kind is not Unavailable else ""
    assert not re.search(r"nothing (was|is)", text, re.IGNORECASE), text


def test_what_asks_to_try_again_later_is_not_remembered() -> None:
    """Whoever is told to try again later, with nothing else to be changed, may do so with the same key."""
    later = re.compile(r"right now|at the same moment|in a moment|try again later|same request again", re.IGNORECASE)
    final = [kind for kind in kinds_of(DomainError) if not issubclass(kind, Unavailable | ReplayedRefusal)]
    told = {kind.__name__ for kind in final if kind is not InvalidInput and later.search(_said_by(kind))}
    assert told == FINAL


def _said_by(kind: type[Any]) -> str:
    """Return the texts of a refusal's constructor."""
    own = vars(kind).get("__init__")
    return inspect.getsource(own) if own else ""
