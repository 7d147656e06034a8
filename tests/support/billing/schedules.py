"""Many actors, one step at a time, in any order, killed anywhere: what a busy day does to code, made repeatable.

An actor is a coroutine that only ever waits at `Turn`s. `run` lets one actor after the other go on to its next turn;
now and then it kills the actor there instead, as SIGKILL would. The same seed gives the same day.
"""

import random
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from chassis.kernel import DomainError

Actor = Coroutine[Any, Any, Any]


def run(actors: Sequence[Actor], seed: int, deadliness: float, after_each: Callable[[], None]) -> list[DomainError]:
    """Run until every actor has ended; return the refusals.

    `deadliness` is the probability that an actor is killed instead of going on. `after_each` checks what must hold at
    any moment.
    """
    order, alive, refusals = random.Random(seed), list(actors), list[DomainError]()
    while alive:
        chosen = order.choice(alive)
        try:
            if order.random() < deadliness:
                chosen.close()
                alive.remove(chosen)
            else:
                chosen.send(None)
        except StopIteration:
            alive.remove(chosen)
        except DomainError as refusal:
            refusals.append(refusal)
            alive.remove(chosen)
        after_each()
    return refusals


def finish(actor: Actor) -> Any:
    """Run one actor to its end and return what it returns."""
    while True:
        try:
            actor.send(None)
        except StopIteration as end:
            return end.value
