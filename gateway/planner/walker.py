"""Stage 3: decide from which subgraph every field comes.

For the objects at a node, `solve` assigns every field of a selection to a source: the fetch that found the objects, or
a subgraph entered for more of them. It looks ahead: a field with several sources goes where its own selection costs
least. What cannot be reached at a place is handed up as leftover, and the parent asks another copy of its field for it.
Answers are kept per (node, selection), so that work grows with the operation, not with the number of ways through it.
"""

from gateway.planner.errors import Unsatisfiable
from gateway.planner.graph import Graph, Node, Types
from gateway.planner.normalize import Operation
from gateway.planner.position import Position
from gateway.planner.selection import TYPENAME, Condition, Selection, leaves, paths
from gateway.planner.solution import Solution, Source


class Walker:
    """Walks one operation."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.longest = len(graph.supergraph.subgraphs)
        self._solved: dict[tuple[Node, tuple[Selection, ...]], Solution] = {}
        self._open: set[tuple[Node, tuple[Selection, ...]]] = set()
        self._cycles = 0

    def walk(self, operation: Operation) -> list[Solution]:
        """Decide for a whole operation: one solution for a query, one per root field for the others, in order.

        Raises:
            Unsatisfiable: see there.
        """
        root = self.graph.supergraph.roots[operation.kind]
        if operation.kind == "query":
            solutions = [self._position(Position(self, frozenset({root}), [], []), operation.selections)]
        else:
            solutions = [self._serial(root, selections) for selections in _by_key(operation.selections)]
        for solution in solutions:
            if solution.leftover:
                raise Unsatisfiable(tuple(paths(solution.leftover)))
        return solutions

    def solve(self, node: Node, selection: Selection) -> Solution:
        """Decide for what is selected of the objects that a field leads to."""
        identity = (node, selection.selections)
        known = self._solved.get(identity)
        if known:
            return known
        types = self.graph.runtime_types(node)
        if identity in self._open:
            self._cycles += 1
            return Solution(types, (Source(node, types, defers=selection.defers),), (), 0, selection.selections)
        self._open.add(identity)
        before = self._cycles
        selections = selection.selections
        if self.graph.hides_types(node):
            selections += (Selection("", TYPENAME, "", frozenset(), types, frozenset(), (), selection.defers),)
        solution = self._position(Position(self, types, [Source(node, types, defers=selection.defers)], []), selections)
        self._open.remove(identity)
        # A leftover that is due to a cycle may be none for somebody who asks from outside of it.
        if not solution.leftover or before == self._cycles:
            self._solved[identity] = solution
        return solution

    def _position(self, position: Position, selections: tuple[Selection, ...]) -> Solution:
        leftover: list[Selection] = []
        for selection in sorted(selections, key=self._urgency):
            if selection.on.isdisjoint(position.types):
                position.lost += leaves((selection,))
            leftover += position.place_somehow(selection, selection.on & position.types).leftover
        leftover = [one for one in leftover if one.name != TYPENAME or not self.graph.has_no_objects(one.on)]
        sources, assignments = tuple(position.sources), tuple(position.assignments)
        return Solution(position.types, sources, assignments, position.cost, tuple(leftover), position.lost)

    def _urgency(self, selection: Selection) -> tuple[bool, int, int, bool]:
        """Plan first what is always needed, has few sources, and waits for others: the rest then joins its sources.

        What is deferred comes last: the first answer is planned as if nothing else were asked.
        """
        graphs = self.graph.resolving_graphs(selection.name, selection.on)
        needs_nothing = not self.graph.has_requirements(selection.name, selection.on)
        return bool(selection.defers), len(selection.conditions), graphs, needs_nothing

    def _serial(self, root: str, selections: tuple[Selection, ...]) -> Solution:
        """Decide for a root field that must run exactly once: in the one subgraph where its selection costs least."""
        types: Types = frozenset({root})
        shared = frozenset[Condition].intersection(*(s.conditions for s in selections))
        found: list[Solution] = []
        for name in self.graph.supergraph.subgraphs:
            if self.graph.knows(root, name):
                source = Source(Node(root, name), types, shared)
                found.append(self._position(Position(self, types, [source], []), selections))
        return min(found, key=lambda solution: solution.rank)


def _by_key(selections: tuple[Selection, ...]) -> list[tuple[Selection, ...]]:
    """Group root fields by response key: those of one key run as one."""
    groups: dict[str, list[Selection]] = {}
    for selection in selections:
        groups.setdefault(selection.key, []).append(selection)
    return [tuple(group) for group in groups.values()]
