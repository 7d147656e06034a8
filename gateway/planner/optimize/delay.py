"""Let a step that nobody waits for run in a later wave, where its subgraph is asked anyway: one request less."""

from gateway.planner.fetch_graph import Step
from gateway.planner.waves import levels


def delay_into_batches(steps: list[Step]) -> list[Step]:
    """Set the steps' earliest wave."""
    level = levels(steps)
    for step in steps:
        if not step.requires or any(step in other.depends for other in steps):
            continue
        joinable = [
            level[other]
            for other in steps
            if other is not step
            and other.requires
            and (other.graph, other.conditions) == (step.graph, step.conditions)
            and level[other] >= level[step]
        ]
        if joinable:
            step.earliest = min(joinable)
            level = levels(steps)
    return steps
