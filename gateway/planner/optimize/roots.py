"""Send root fields of a mutation that follow one another in one subgraph as one request.

Only while nothing has to be fetched between them: the selection of one is complete before the next one runs.
"""

from gateway.planner.fetch_graph import Step


def join_roots(roots: list[list[Step]]) -> list[list[Step]]:
    """Return the roots, joined where the order of effects stays the same."""
    joined: list[list[Step]] = []
    for steps in roots:
        if joined and steps and _follows(joined[-1], steps):
            joined[-1] = _join(joined[-1][0], steps)
        else:
            joined.append(steps)
    return joined


def _follows(before: list[Step], steps: list[Step]) -> bool:
    one, other = before[0], steps[0]
    return len(before) == 1 and (one.graph, one.conditions) == (other.graph, other.conditions)


def _join(root: Step, steps: list[Step]) -> list[Step]:
    first, *rest = steps
    root.outputs[None].merge(first.outputs[None])
    for step in rest:
        step.depends = (step.depends - {first}) | ({root} if first in step.depends else set[Step]())
    return [root, *rest]
