"""Stage 7: order steps in waves and write them as plan nodes."""

from collections.abc import Iterator, Mapping

from gateway.plan import AnyOf, BatchFetch, BatchPart, Condition, Fetch, Flatten, Node, Parallel, Path, Sequence
from gateway.planner.directives import Head
from gateway.planner.fetch_graph import Step
from gateway.planner.graph import ENTITY, Graph
from gateway.planner.keys import Keys
from gateway.planner.lines import Line, separate, variables, write
from gateway.planner.selection import Condition as Wanted
from gateway.planner.writing import Writer

_NO_DIRECTIVES: tuple[str, frozenset[str]] = ("", frozenset())


def levels(steps: list[Step]) -> dict[Step, int]:
    """Return the wave of every step: the first one after all that it waits for."""
    found: dict[Step, int] = {}

    def level(step: Step) -> int:
        if step not in found:
            found[step] = max((*(level(other) + 1 for other in step.depends), step.earliest))
        return found[step]

    for step in steps:
        level(step)
    return found


class Scheduler:
    """Writes the steps of one operation."""

    def __init__(self, graph: Graph, keys: Keys, head: Head) -> None:
        self._graph = graph
        self._keys = keys
        self._head = head

    def schedule(self, steps: list[Step]) -> Node | None:
        """Return the node that runs all steps, in waves."""
        waves: dict[int, list[Step]] = {}
        for step, level in levels(steps).items():
            waves.setdefault(level, []).append(step)
        nodes = [_together(list(self._wave(waves[level]))) for level in sorted(waves)]
        return _in_order(nodes)

    def _wave(self, steps: list[Step]) -> Iterator[Node]:
        by_conditions: dict[frozenset[Wanted], list[Step]] = {}
        for step in sorted(steps, key=lambda step: step.number):
            by_conditions.setdefault(step.conditions, []).append(step)
        for conditions, group in by_conditions.items():
            node = _together(list(self._fetches(group)))
            for variable, wanted in sorted(conditions, reverse=True):
                node = Condition(variable, node, None) if wanted else Condition(variable, None, node)
            yield node

    def _fetches(self, steps: list[Step]) -> Iterator[Node]:
        by_graph: dict[str, list[Step]] = {}
        for step in steps:
            if step.contexts:
                yield _where_wanted(self._entities(step.graph, [step]), [step])
            elif step.requires:
                by_graph.setdefault(step.graph, []).append(step)
            else:
                fetch = self.fetch(step)
                yield _where_wanted(Flatten(step.path, fetch) if step.path else fetch, [step])
        for graph, group in by_graph.items():
            yield _where_wanted(self._entities(graph, group), group)

    def _write(self, step: Step) -> list[Line]:
        outputs = step.outputs.items()
        return [line for around, output in outputs for line in write(self._graph, output, (around,) if around else ())]

    def fetch(self, step: Step) -> Fetch:
        """Return the request of a step that asks a root type."""
        lines = self._write(step)
        rewrites = tuple(separate(self._graph, self._keys, lines, step.place))
        directives, needed = self._head.directives.get(step.kind, _NO_DIRECTIVES)
        used = tuple(sorted(variables(lines) | needed))
        head = step.kind + self._declarations(used) + directives
        writer = Writer()
        body = writer.text(lines, self._graph.supergraph.roots.get(step.kind, ""))
        return Fetch(
            step.graph,
            step.kind,
            f"{'' if head == 'query' else head}{{{body}}}{writer.definitions}",
            used,
            (),
            rewrites,
        )

    def _declarations(self, used: tuple[str, ...], *own: str) -> str:
        declared = [*(f"${name}:[_Any!]!" for name in own), *(self._head.declared[name] for name in used)]
        return f"({','.join(declared)})" if declared else ""

    def _entities(self, graph: str, steps: list[Step]) -> Flatten | BatchFetch:
        """Return one request for the entities of all steps; those that ask the same of their objects become one."""
        paths: dict[tuple[object, ...], list[Path]] = {}
        directives, used = self._head.directives.get("query", _NO_DIRECTIVES)
        writer = Writer()
        for step in steps:
            lines = self._write(step)
            rewrites = tuple(separate(self._graph, self._keys, lines, step.place))
            used |= variables(lines)
            paths.setdefault((step.requires, writer.text(lines, ENTITY), rewrites), []).append(step.path)
        names = tuple(sorted(used))
        if len(steps) == 1 and ("representations" not in names or steps[0].contexts):
            ((requires, body, rewrites),) = paths
            contexts = tuple(steps[0].contexts.values())
            own = next(name for n in range(len(names) + 1) if (name := f"representations{n or ''}") not in names)
            head = self._declarations(names, own) + directives
            operation = f"query{head}{{_entities(representations:${own}){{{body}}}}}{writer.definitions}"
            names = tuple(name for name in names if name not in steps[0].contexts)
            fetch = Fetch(graph, "query", operation, names, requires, rewrites, contexts, own)  # pyright: ignore[reportArgumentType]
            return Flatten(steps[0].path, fetch)
        return self._batch(graph, names, paths, (directives, writer.definitions))

    def _batch(
        self,
        graph: str,
        names: tuple[str, ...],
        paths: Mapping[tuple[object, ...], list[Path]],
        around: tuple[str, str],
    ) -> BatchFetch:
        parts: list[BatchPart] = []
        fields: list[str] = []
        free = (name for number in range(len(paths) + len(names)) if (name := f"r{number}") not in names)
        for number, ((requires, body, rewrites), at) in enumerate(paths.items()):
            variable = next(free)
            parts.append(BatchPart(f"e{number}", variable, tuple(at), requires, rewrites))  # pyright: ignore[reportArgumentType]
            fields.append(f"e{number}:_entities(representations:${variable}){{{body}}}")
        head = self._declarations(names, *(part.variable for part in parts)) + around[0]
        return BatchFetch(graph, f"query{head}{{{' '.join(fields)}}}{around[1]}", names, tuple(parts))


def _where_wanted(fetch: Fetch | Flatten | BatchFetch, steps: list[Step]) -> Node:
    """Return the fetch so that it is sent only where anything in it is wanted: it may be all under conditions."""
    fields = (one for step in steps for output in step.outputs.values() for one in output.fields.values())
    asked = {one.conditions for one in fields}
    choices = {one for one in asked if not any(other < one for other in asked)}
    opposites = (frozenset({(name, not wanted)}) for one in choices if len(one) == 1 for name, wanted in one)
    if not choices or frozenset[Wanted]() in choices or not choices.isdisjoint(opposites):
        return fetch
    return AnyOf(tuple(sorted(tuple(sorted(one)) for one in choices)), fetch)


def _together(nodes: list[Node]) -> Node:
    flat = [inner for node in nodes for inner in (node.nodes if isinstance(node, Parallel) else (node,))]
    return flat[0] if len(flat) == 1 else Parallel(tuple(flat))


def _in_order(nodes: list[Node]) -> Node | None:
    if not nodes:
        return None
    return nodes[0] if len(nodes) == 1 else Sequence(tuple(nodes))


def in_order(nodes: list[Node]) -> Node | None:
    """Return a node that runs the others one after the other."""
    flat = [inner for node in nodes for inner in (node.nodes if isinstance(node, Sequence) else (node,))]
    return _in_order(flat)
