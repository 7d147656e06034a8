"""The stages in order: normalise, graph, walk, fetch graph, optimise, write in waves."""

from collections.abc import Iterator
from weakref import WeakKeyDictionary

from graphql import DocumentNode

from gateway.deferral import NOTHING_DEFERRED, Deferral, Deferrals
from gateway.plan import Node, QueryPlan, Subscription
from gateway.plan import render as render_plan
from gateway.planner import fetch_graph, selection, solution
from gateway.planner.contexts import bind
from gateway.planner.deferring import defer, take_deferred
from gateway.planner.fetch_graph import FetchGraph, Step
from gateway.planner.graph import Graph
from gateway.planner.keys import Keys
from gateway.planner.normalize import Operation, normalize
from gateway.planner.optimize import optimize
from gateway.planner.optimize.roots import join_roots
from gateway.planner.walker import Walker
from gateway.planner.waves import Scheduler, in_order
from gateway.supergraph import Supergraph

_graphs: WeakKeyDictionary[Supergraph, dict[frozenset[str], Graph]] = WeakKeyDictionary()


def plan(
    supergraph: Supergraph,
    document: DocumentNode,
    operation_name: str | None = None,
    *,
    labels: frozenset[str] = frozenset(),
    deferral: Deferral = NOTHING_DEFERRED,
) -> QueryPlan:
    """Plan one operation of a document that is valid for the supergraph's `api_schema`.

    `labels` are the active override labels, out of the supergraph's `override_labels`; `deferral` says which
    fragments are deferred (made of the same document), other `@defer`s are ignored. Pure, but the graph of a supergraph
    is built once and kept as long as the supergraph lives.

    Raises:
        UnknownOperation: no such operation, or several and none named.
        Unsatisfiable: the supergraph does not let a field be reached.
    """
    graph = _graph(supergraph, labels)
    operation = bind(supergraph, normalize(supergraph, document, operation_name, deferral))
    keys = Keys(operation.selections)
    roots = _roots(graph, operation, keys)
    return QueryPlan(operation.kind, _node(Scheduler(graph, keys, operation.head), operation, roots))


def explain(
    supergraph: Supergraph,
    document: DocumentNode,
    operation_name: str | None = None,
    *,
    labels: frozenset[str] = frozenset(),
) -> str:
    """Return what every stage makes of an operation, as text. Raises like `plan`."""
    graph = _graph(supergraph, labels)
    deferral = Deferrals(document).always()
    operation = bind(supergraph, normalize(supergraph, document, operation_name, deferral))
    keys = Keys(operation.selections)
    planned = plan(supergraph, document, operation_name, labels=labels, deferral=deferral)
    decided = Walker(graph).walk(operation) if operation.selections else []
    steps = [FetchGraph(graph, keys, operation.kind, one).steps for one in decided]
    sections: list[tuple[str, Iterator[str]]] = [
        ("normalised", selection.render(operation.selections)),
        ("decided", (line for one in decided for line in solution.render(one))),
        ("steps", (line for one in steps for line in fetch_graph.render(one))),
        ("optimised", (line for one in join_roots(_roots(graph, operation, keys)) for line in fetch_graph.render(one))),
        ("plan", iter(render_plan(planned).splitlines())),
    ]
    return "\n".join(line for title, lines in sections for line in (f"# {title}", *lines, ""))


def _graph(supergraph: Supergraph, labels: frozenset[str]) -> Graph:
    graphs = _graphs.setdefault(supergraph, {})
    if labels not in graphs:
        graphs[labels] = Graph(supergraph, labels)
    return graphs[labels]


def _roots(graph: Graph, operation: Operation, keys: Keys) -> list[list[Step]]:
    """Return the steps of a query, or those of each root field of a mutation, in order."""
    if not operation.selections:
        return []
    solutions = Walker(graph).walk(operation)
    return [optimize(FetchGraph(graph, keys, operation.kind, one).steps) for one in solutions]


def _node(scheduler: Scheduler, operation: Operation, roots: list[list[Step]]) -> Node | None:
    later = take_deferred(roots) if operation.fragments else []
    roots = join_roots(roots)
    if operation.kind == "subscription":
        first, *rest = roots[0]
        for step in rest:
            step.depends.discard(first)
        return Subscription(scheduler.fetch(first), scheduler.schedule(rest))
    node = in_order([node for steps in roots if (node := scheduler.schedule(steps))])
    return defer(operation.fragments, node, later, scheduler) if operation.fragments else node
