"""Stage 6: fewer fetches and fewer waves; one pass per file, each a function over the steps."""

from collections.abc import Callable

from gateway.planner.fetch_graph import Step
from gateway.planner.optimize.delay import delay_into_batches
from gateway.planner.optimize.siblings import merge_siblings

PASSES: tuple[Callable[[list[Step]], list[Step]], ...] = (merge_siblings, delay_into_batches)


def optimize(steps: list[Step]) -> list[Step]:
    """Run every pass over the steps of one root."""
    for one in PASSES:
        steps = one(steps)
    return steps
