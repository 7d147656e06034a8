"""Selections in normal form: what the stages of the planner pass around."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from gateway.plan import Chain, render_chain

Condition = tuple[str, bool]
"""A Boolean variable and the value that it must have."""

Defers = frozenset[Chain]
"""The deferred fragments that ask for a field; none where it is (also) asked outside of them."""

TYPENAME = "__typename"


@dataclass(frozen=True, slots=True)
class Around:
    """A fragment that carries directives of the client: those where it is written, those of its definition.

    `definition` is None where it can be written as an inline fragment.
    """

    spread: str
    definition: str | None
    variables: frozenset[str]


@dataclass(frozen=True, eq=False, slots=True)
class Bound:
    """A contextual argument of a field in one subgraph, tied to an object around it.

    The object is `levels` fields below the root; `supplies` are the planner's own fields of it that make the value.
    `declared` is the variable's type; `typed` tells whether the object's type decides which of them counts.
    """

    graph: str
    argument: str
    variable: str
    declared: str
    levels: int
    supplies: tuple["Selection", ...]
    typed: bool


@dataclass(frozen=True, eq=False, slots=True)
class Selection:
    """A field asked of an object, with every fragment around it resolved.

    `on` are the object types for which it is asked; all of `conditions` must hold. `key` is the client's response key,
    empty for the planner's own fields, which get theirs when fetches are written. `directives` are the client's own, as
    text, `around` the fragments with such directives, the outermost first. Equal only to itself.
    """

    key: str
    name: str
    arguments: str
    variables: frozenset[str]
    on: frozenset[str]
    conditions: frozenset[Condition]
    selections: tuple["Selection", ...]
    defers: Defers = frozenset()
    directives: str = ""
    around: tuple[Around, ...] = ()
    contexts: tuple[Bound, ...] = ()

    def binds(self, graph: str, argument: str) -> bool:
        """Tell whether a contextual argument has got its value."""
        return any((one.graph, one.argument) == (graph, argument) for one in self.contexts)

    @property
    def form(self) -> str:
        """What tells it from other fields of its name: arguments and directives, those of fragments included."""
        return "".join((self.arguments, self.directives, *(f"...{a.spread}{a.definition or ''}" for a in self.around)))

    def under(self, conditions: frozenset[Condition]) -> "Selection":
        """Return the selection as asked under other conditions."""
        return self if conditions == self.conditions else replace(self, conditions=conditions)


def outermost(chains: Iterable[Chain]) -> Defers:
    """Return the fragments without those nested in others of them; none if one is no fragment at all (`()`)."""
    found = frozenset(chains)
    inner = (chain for chain in found if not any(chain[:n] in found for n in range(len(chain))))
    return frozenset(inner) - {()}


def leaves(selections: tuple[Selection, ...]) -> int:
    """Count the leaf fields."""
    return sum(leaves(s.selections) if s.selections else 1 for s in selections)


def paths(selections: tuple[Selection, ...]) -> Iterator[str]:
    """Yield the dotted paths of the leaf fields."""
    for selection in selections:
        yield from (f"{selection.name}.{rest}" for rest in paths(selection.selections))
        if not selection.selections:
            yield selection.name


def render(selections: tuple[Selection, ...], indent: str = "") -> Iterator[str]:
    """Yield the lines of a readable form."""
    for s in selections:
        name = s.name if s.key in ("", s.name) else f"{s.key}: {s.name}"
        conditions = "".join(f" {'if' if wanted else 'unless'} ${name}" for name, wanted in sorted(s.conditions))
        later = f" later ({' '.join(map(render_chain, sorted(s.defers)))})" if s.defers else ""
        yield f"{indent}{name}{s.form} on {'|'.join(sorted(s.on))}{conditions}{later}"
        yield from render(s.selections, indent + "  ")
