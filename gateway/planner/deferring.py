"""Stage 7b: part the steps of an operation into what the first answer needs and what deferred fragments need."""

from collections import defaultdict

from gateway.plan import Defer, Deferred, Fragment, Node
from gateway.planner.fetch_graph import Step
from gateway.planner.selection import Defers
from gateway.planner.waves import Scheduler


def take_deferred(roots: list[list[Step]]) -> list[Step]:
    """Remove the steps that no first answer needs from every root, and return them.

    The others never wait for them, and they need not wait for the others: these have run before.
    """
    later = [step for steps in roots for step in steps if step.part]
    for steps in roots:
        steps[:] = [step for step in steps if not step.part]
    for step in later:
        step.depends = {other for other in step.depends if other.part}
    return later


def defer(fragments: tuple[Fragment, ...], primary: Node | None, later: list[Step], scheduler: Scheduler) -> Defer:
    """Write the steps that follow, one part for all that are for the same fragments."""
    parts: dict[Defers, list[Step]] = defaultdict(list)
    for step in later:
        parts[step.part].append(step)
    numbers = {part: number for number, part in enumerate(parts)}
    deferred = [_deferred(steps, numbers, scheduler) for steps in parts.values()]
    return Defer(fragments, primary, tuple(deferred))


def _deferred(steps: list[Step], numbers: dict[Defers, int], scheduler: Scheduler) -> Deferred:
    chains = {chain for step in steps for chain in step.chains}
    after = {numbers[other.part] for step in steps for other in step.depends} - {numbers[steps[0].part]}
    for step in steps:
        step.depends = {other for other in step.depends if other.part == step.part}
    node = scheduler.schedule(steps)
    assert node is not None  # noqa: S101 - a part has a step
    return Deferred(tuple(sorted(chains)), tuple(sorted(after)), node)
