"""Let a step that nobody waits for run in a later wave, where its subgraph is asked anyway: one request less."""

from collections import defaultdict

from gateway.planner.fetch_graph import Step
from gateway.planner.waves import levels


def delay_into_batches(steps: list[Step]) -> list[Step]:
    """Set the steps' earliest wave."""
    level = levels(steps)
    awaited = {other for step in steps for other in step.depends}
    asked: dict[tuple[object, ...], list[Step]] = defaultdict(list)
    for step in steps:
        if step.requires and not step.contexts:
            asked[step.graph, step.conditions, step.part].append(step)
    for group in asked.values():
        for step in group:
            later = [level[other] for other in group if other is not step and level[other] >= level[step]]
            if later and step not in awaited:
                step.earliest = level[step] = min(later)
    return steps
