"""Stage 5: write a step's selection as lines: fragments where its subgraph needs them, no clash of shapes."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from gateway.plan import Items, Key, Path, RenameKey
from gateway.planner.fetch_graph import Output, OutputField
from gateway.planner.graph import ENTITY, Graph
from gateway.planner.keys import Keys, Place
from gateway.planner.selection import TYPENAME, Around, Condition


@dataclass(slots=True)
class Line:
    """A field as written: inside fragments on `on`, of type `shape` in its subgraph."""

    on: tuple[str, ...]
    key: str
    name: str
    arguments: str
    variables: frozenset[str]
    conditions: frozenset[Condition]
    shape: str
    children: list["Line"] = field(default_factory=list["Line"])
    directives: str = ""
    around: tuple[Around, ...] = ()

    @property
    def named(self) -> str:
        """The type inside of lists and non-nulls."""
        return self.shape.strip("[]!")

    @property
    def wrapping(self) -> str:
        """The lists and non-nulls around the type: all that must agree where the type is composite."""
        return "".join(c for c in self.shape if c in "[]!")


def write(graph: Graph, output: Output, around: tuple[str, ...] = ()) -> list[Line]:
    """Write an output; `around` are fragments that it stands in."""
    lines: list[Line] = []
    tells_type = graph.is_abstract(output.node.type) and not _is_object(graph, output)
    if tells_type:
        lines.append(_typename(around, TYPENAME))
    for one in output.fields.values():
        if tells_type and one.name == TYPENAME and one.key == TYPENAME and not (one.directives or one.around):
            continue
        lines += _write_field(graph, output, one, around)
    lines = _without_repeats(lines)
    # Whether an object is there: by a key of ours where the subgraph's own name for the type must not be seen.
    return lines or [_typename(around, "__is" if _is_object(graph, output) else TYPENAME)]


def _without_repeats(lines: list[Line]) -> list[Line]:
    """Drop a leaf that is asked anyway: around its fragment, or without its conditions."""
    asked = {
        (line.key, line.on, line.directives, line.around) for line in lines if not line.conditions and not line.children
    }

    def repeats(line: Line) -> bool:
        outer = len(line.on) + (1 if line.conditions else 0)
        form = (line.directives, line.around)
        return not line.children and any((line.key, line.on[:n], *form) in asked for n in range(outer))

    return [line for line in lines if not repeats(line)]


def _is_object(graph: Graph, output: Output) -> bool:
    return graph.is_interface_object(output.node.type, output.node.graph)


def _typename(around: tuple[str, ...], key: str) -> Line:
    return Line(around, key, TYPENAME, "", frozenset(), frozenset(), "String!")


def _write_field(graph: Graph, output: Output, one: OutputField, around: tuple[str, ...]) -> Iterator[Line]:
    children = write(graph, one.child) if one.child else []
    for at, (condition, shape) in enumerate(_places(graph, output, one)):
        on = (*around, condition) if condition else around
        own = children if at == 0 else list(map(_copy, children))
        yield Line(
            on,
            one.key,
            one.name,
            one.arguments,
            one.variables,
            one.conditions,
            shape,
            own,
            one.directives,
            one.around,
        )


def _copy(line: Line) -> Line:
    return replace(line, children=[_copy(child) for child in line.children])


def _places(graph: Graph, output: Output, one: OutputField) -> Iterator[tuple[str | None, str]]:
    """Yield the type conditions under which a field is written (None for none), with its type there."""
    node, name = output.node, one.name
    members = graph.members_of(node, output.types)
    covered = [member for member, types in members.items() if types & one.types]
    everywhere = len(covered) == len(members)
    if name == TYPENAME:
        yield from [(None, "String!")] if everywhere else [(member, "String!") for member in covered]
        return
    if everywhere and node.type != ENTITY and (shape := _shape(graph, node.type, node.graph, one, covered)):
        yield None, shape
    elif len(covered) > 1 and (shared := _interface(graph, output, one, covered)):
        yield shared
    else:
        for member in covered:
            join = graph.join(member, name, node.graph)
            yield member, join.type.text if join else ""


def _interface(graph: Graph, output: Output, one: OutputField, covered: list[str]) -> tuple[str, str] | None:
    """Find an interface of the subgraph that stands for exactly the covered types."""
    for name, type_ in graph.supergraph.types.items():
        if type_.kind != "interface" or not graph.knows(name, output.node.graph):
            continue
        types = frozenset[str]().union(*graph.members(name, output.node.graph).values())
        if types & output.types == one.types and not graph.is_interface_object(name, output.node.graph):
            shape = _shape(graph, name, output.node.graph, one, covered)
            if shape:
                return name, shape
    return None


def _shape(graph: Graph, type_name: str, subgraph: str, one: OutputField, members: list[str]) -> str | None:
    """Return the field's type if it can be written on this type for all the members."""
    join = graph.join(type_name, one.name, subgraph)
    if join is None or (one.child and one.child.node.type != join.type.name):
        return None
    types = graph.supergraph.types
    known = types[type_name].fields[one.name].arguments
    if one.arguments and any(not types[member].fields[one.name].arguments <= known for member in members):
        return None
    return join.type.text


# --- clashes


def separate(graph: Graph, keys: Keys, lines: list[Line], place: Place, path: Path = ()) -> Iterator[RenameKey]:
    """Give fields of clashing shapes keys of their own; yield how to rename them back, inner ones first."""
    by_key: dict[str, list[list[Line]]] = {}
    for line in lines:
        alike = by_key.setdefault(line.key, [])
        group = next((g for g in alike if all(_agree(graph, line, other) for other in g)), None)
        if group is None:
            alike.append([line])
        else:
            group.append(line)
    for key, groups in by_key.items():
        for number, group in enumerate(groups):
            own = key if number == 0 else keys.fresh(place, key)
            here = (*path, Key(own))
            below = (*here, *(Items() for _ in range(group[0].shape.count("["))))
            children = [child for line in group for child in line.children]
            yield from separate(graph, keys, children, (*place, key), below)
            if own != key:
                for line in group:
                    line.key = own
                yield RenameKey(here, key)


def _agree(graph: Graph, one: Line, other: Line) -> bool:
    """Tell whether two fields may share a key by the rules of GraphQL validation."""
    if bool(one.children) != bool(other.children):
        return False
    if one.wrapping != other.wrapping or (not one.children and one.shape != other.shape):
        return False
    if (one.name, one.arguments) == (other.name, other.arguments):
        return True
    return one.on[-1:] != other.on[-1:] and all(on and not graph.is_abstract(on[-1]) for on in (one.on, other.on))


def variables(lines: list[Line]) -> frozenset[str]:
    """Return the names of the variables that the lines use."""
    found: set[str] = set()
    for line in lines:
        found |= line.variables | {name for name, _ in line.conditions} | variables(line.children)
    return frozenset(found)
