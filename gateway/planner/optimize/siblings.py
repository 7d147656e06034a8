"""Merge steps that ask one subgraph for the same objects, unless one waits for the other."""

from collections import defaultdict
from itertools import combinations

from gateway.planner.fetch_graph import Step
from gateway.planner.representations import merge_requires, mergeable
from gateway.planner.waves import levels


def merge_siblings(steps: list[Step]) -> list[Step]:
    """Return the steps with every pair merged that can be."""
    kept = list(steps)
    while pair := _pair(kept):
        _merge(*pair, kept)
    return kept


def _pair(steps: list[Step]) -> tuple[Step, Step] | None:
    alike: dict[tuple[object, ...], list[Step]] = defaultdict(list)
    for step in steps:
        alike[step.graph, step.kind, step.path, step.conditions, bool(step.requires), step.part].append(step)
    pairs = [pair for group in alike.values() for pair in combinations(group, 2) if _fit(*pair)]
    if not pairs:
        return None
    level = levels(steps)
    return next((pair for pair in pairs if _in_time(*pair, level, steps)), None)


def _fit(one: Step, other: Step) -> bool:
    """Tell whether one fetch can represent and select for both."""
    shared = (one.outputs[c].types == other.outputs[c].types for c in one.outputs.keys() & other.outputs.keys() if c)
    return mergeable(one.requires, other.requires) and all(shared)


def _in_time(one: Step, other: Step, level: dict[Step, int], steps: list[Step]) -> bool:
    """Tell whether neither waits for the other, and nothing else has to wait longer when they become one."""
    if one in other.before() or other in one.before():
        return False
    earlier = min(one, other, key=lambda step: level[step])
    return level[one] == level[other] or not any(earlier in step.depends for step in steps)


def _merge(one: Step, other: Step, steps: list[Step]) -> None:
    for condition, output in other.outputs.items():
        if condition in one.outputs:
            one.outputs[condition].merge(output)
        else:
            one.outputs[condition] = output
    one.requires = merge_requires((*one.requires, *other.requires))
    one.depends |= other.depends
    one.chains |= other.chains
    one.contexts |= other.contexts
    steps.remove(other)
    for step in steps:
        if other in step.depends:
            step.depends = (step.depends - {other}) | {one}
