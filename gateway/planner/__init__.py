"""The planner: a compiler from an operation to a query plan. Never awaits, never does I/O.

Doors: `plan(supergraph, document, operation_name, labels=…) -> QueryPlan` and `explain(…) -> str`, which prints what
every stage makes of the operation. The stages, one file each: `normalize`, `graph`, `walker` (with `decisions`,
`position`, `entry` and `solution`), `fetch_graph`, `optimize/`, `lines`, `writing`, `waves`, `deferring`; `compiler`
runs them.
"""

from gateway.planner.compiler import explain, plan
from gateway.planner.errors import PlanningError, UnknownOperation, Unsatisfiable

__all__ = ["PlanningError", "UnknownOperation", "Unsatisfiable", "explain", "plan"]
