"""Stage 1: bring an operation, or the field set of a directive, into normal form.

Fragments are gone: every selection says for which object types it is asked. Equal selections are one. `@skip` and
`@include` on variables have become conditions, on literals they are decided. Root introspection is left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from graphql import (
    BooleanValueNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    NameNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    parse,
    print_ast,
)

from gateway.deferral import NOTHING_DEFERRED, Deferral
from gateway.plan import Chain, Fragment, Items, Key, Path
from gateway.planner import directives
from gateway.planner.directives import Head
from gateway.planner.errors import UnknownOperation
from gateway.planner.selection import TYPENAME, Around, Condition, Defers, Selection, outermost
from gateway.supergraph import RootKind, Supergraph

Sets = tuple[SelectionSetNode, Chain]
"""A selection set, and the deferred fragments around it."""

NO_DEFAULTS: Mapping[str, str] = {}
_NO_VARIABLES: frozenset[str] = frozenset()
_ASK_TYPE = FieldNode(name=NameNode(value=TYPENAME))


@dataclass(frozen=True, slots=True)
class Operation:
    """A client's operation in normal form; `head` is what its fetches begin with."""

    kind: RootKind
    head: Head
    selections: tuple[Selection, ...]
    fragments: tuple[Fragment, ...] = ()


@dataclass(slots=True)
class _Asked:
    """One field before its children are normalised."""

    node: FieldNode
    type: str
    on: frozenset[str]
    conditions: frozenset[Condition]
    chain: Chain
    around: tuple[Around, ...] = ()
    arguments: str = ""
    directives: str = ""
    sets: list[Sets] = field(default_factory=list["Sets"])
    chains: set[Chain] = field(default_factory=set[Chain])


@dataclass(frozen=True, slots=True)
class _State:
    """What the fragments around a selection come to."""

    type: str
    on: frozenset[str]
    conditions: frozenset[Condition]
    chain: Chain
    around: tuple[Around, ...] = ()


def normalize(
    supergraph: Supergraph, document: DocumentNode, name: str | None = None, deferral: Deferral = NOTHING_DEFERRED
) -> Operation:
    """Bring one operation of a valid document into normal form.

    Raises:
        UnknownOperation: see there.
    """
    definition = _operation(document, name)
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    kind: RootKind = definition.operation.value
    root = supergraph.roots[kind]
    # An event of a subscription is answered as a whole.
    normalizer = _Normalizer(supergraph, fragments, NOTHING_DEFERRED if kind == "subscription" else deferral)
    selections = normalizer.selections([(definition.selection_set, ())], root, is_root=True)
    head = directives.head(supergraph.api_schema, definition)
    return Operation(kind, head, selections, normalizer.deferred())


def normalize_field_set(supergraph: Supergraph, field_set: str, type_name: str) -> tuple[Selection, ...]:
    """Bring the field set of a `@key`, `@requires` or `@provides` into normal form: selections without keys."""
    definition = parse(f"{{{field_set}}}", no_location=True).definitions[0]
    assert isinstance(definition, OperationDefinitionNode)  # noqa: S101 - what braces parse to
    normalized = _Normalizer(supergraph, {}).selections([(definition.selection_set, ())], type_name)
    return tuple(_as_field_set(supergraph, normalized))


def _as_field_set(supergraph: Supergraph, selections: Iterable[Selection]) -> Iterator[Selection]:
    """Yield the selections without keys; objects of several types tell which one they are of."""
    for one in selections:
        below = tuple(_as_field_set(supergraph, one.selections))
        if below and not any(each.name == TYPENAME for each in below):
            below = (*_typename_of(supergraph, one), *below)
        yield replace(one, key="", selections=below)


def _typename_of(supergraph: Supergraph, selection: Selection) -> Iterator[Selection]:
    inner = supergraph.types[min(selection.on)].fields[selection.name].type.name
    if supergraph.types[inner].is_abstract:
        yield Selection("", TYPENAME, "", frozenset(), supergraph.runtime_types(inner), frozenset(), ())


def _operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    wanted = [o for o in operations if name is None or (o.name and o.name.value == name)]
    if len(wanted) != 1:
        raise UnknownOperation(
            f"the document does not have an operation {name}"
            if name
            else "the document has several operations, or none; name one"
        )
    return wanted[0]


class _Normalizer:
    def __init__(
        self,
        supergraph: Supergraph,
        fragments: Mapping[str, FragmentDefinitionNode],
        deferral: Deferral = NOTHING_DEFERRED,
    ) -> None:
        self._supergraph = supergraph
        self._fragments = fragments
        self._deferral = deferral
        self._known_defaults: dict[tuple[str, frozenset[str]], Mapping[str, str]] = {}
        self._deferred: dict[Chain, tuple[str | None, dict[Path, None]]] = {}

    def deferred(self) -> tuple[Fragment, ...]:
        """Return the deferred fragments that were met, with the paths where they stand."""
        found = sorted(self._deferred.items())
        return tuple(Fragment(chain, label, tuple(paths)) for chain, (label, paths) in found)

    def selections(
        self, sets: list[Sets], type_name: str, path: Path = (), *, is_root: bool = False
    ) -> tuple[Selection, ...]:
        schema = self._supergraph.api_schema
        asked: dict[tuple[object, ...], _Asked] = {}
        for selection_set, chain in sets:
            state = _State(type_name, self._supergraph.runtime_types(type_name), frozenset(), chain)
            for one in self._fields(selection_set.selections, state, path):
                if is_root and one.node.name.value.startswith("__"):
                    continue
                one.arguments, one.directives = self._arguments(one), directives.text(schema, one.node.directives)
                form = (one.arguments, one.directives, one.around)
                identity = (_key(one.node), one.node.name.value, form, one.on, one.conditions)
                same = asked.setdefault(identity, one)
                # Whoever meets the object first has to tell its type.
                same.chains |= {around for _, around in sets} if one.node is _ASK_TYPE else {one.chain}
                if one.node.selection_set:
                    same.sets.append((one.node.selection_set, one.chain))
        return _merge_leaves([self._selection(one, path) for one in asked.values()])

    def _selection(self, one: _Asked, path: Path) -> Selection:
        name, key, defers = one.node.name.value, _key(one.node), outermost(one.chains)
        children: tuple[Selection, ...] = ()
        if one.sets:
            type_ = self._supergraph.types[one.type].fields[name].type
            below = (*path, Key(key), *[Items()] * type_.depth)
            children = self.selections(one.sets, type_.name, below) or (self._presence(type_.name, defers),)
        used, own, around = _variables(one), one.directives, one.around
        return Selection(key, name, one.arguments, used, one.on, one.conditions, children, defers, own, around)

    def _arguments(self, one: _Asked) -> str:
        given = {a.name.value: print_ast(a.value) for a in one.node.arguments or ()}
        defaults = self._defaults(one)
        if not given and not defaults:
            return ""
        printed = sorted(f"{name}:{value}" for name, value in {**defaults, **given}.items())
        return f"({','.join(printed)})"

    def _defaults(self, one: _Asked) -> Mapping[str, str]:
        """Return the defaults that the API schema promises and not every subgraph may have."""
        identity = (one.node.name.value, one.on)
        if identity not in self._known_defaults:
            fields = (self._supergraph.types[name].fields.get(one.node.name.value) for name in sorted(one.on))
            first, *others = [known.defaults if known else NO_DEFAULTS for known in fields]
            self._known_defaults[identity] = first if all(other == first for other in others) else NO_DEFAULTS
        return self._known_defaults[identity]

    def _presence(self, type_name: str, defers: Defers) -> Selection:
        """What is left of an object of which nothing can be included: whether it is there."""
        on = self._supergraph.runtime_types(type_name)
        return Selection(TYPENAME, TYPENAME, "", frozenset(), on, frozenset(), (), defers)

    def _fields(self, nodes: Iterable[SelectionNode], state: "_State", path: Path) -> Iterator[_Asked]:
        for node in nodes:
            conditions = _with_conditions(node, state.conditions)
            if conditions is None:
                continue
            here = state if conditions is state.conditions else replace(state, conditions=conditions)
            if isinstance(node, FieldNode):
                yield _Asked(node, here.type, here.on, here.conditions, here.chain, here.around)
            elif fragment := self._fragment(node):
                inner = replace(here, chain=self._chain(node, here.chain, path), around=self._around(node, here))
                yield from self._inside(fragment, inner, path)

    def _inside(
        self, fragment: InlineFragmentNode | FragmentDefinitionNode, state: "_State", path: Path
    ) -> Iterator[_Asked]:
        condition = fragment.type_condition.name.value if fragment.type_condition else state.type
        narrowed = state.on & self._supergraph.runtime_types(condition)
        if narrowed and condition != state.type and self._supergraph.types[state.type].is_abstract:
            # Whoever reads the answer has to tell the types apart.
            yield _Asked(_ASK_TYPE, state.type, state.on, state.conditions, state.chain)
        if narrowed:
            yield from self._fields(
                fragment.selection_set.selections, replace(state, type=condition, on=narrowed), path
            )

    def _around(self, node: SelectionNode, outer: _State) -> tuple[Around, ...]:
        definition = self._fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else None
        if not isinstance(node, FragmentSpreadNode | InlineFragmentNode):
            return outer.around
        own = directives.around(self._supergraph.api_schema, node, definition)
        return (*outer.around, own) if own else outer.around

    def _chain(self, node: SelectionNode, chain: Chain, path: Path) -> Chain:
        """Return the deferred fragments around what a fragment selects."""
        mark = self._deferral.mark(node)
        if mark is None:
            return chain
        inner = (*chain, mark.number)
        self._deferred.setdefault(inner, (mark.label, {}))[1][path] = None
        return inner

    def _fragment(self, node: SelectionNode) -> InlineFragmentNode | FragmentDefinitionNode | None:
        if isinstance(node, FragmentSpreadNode):
            return self._fragments[node.name.value]
        return node if isinstance(node, InlineFragmentNode) else None


def _variables(one: _Asked) -> frozenset[str]:
    if not (one.node.arguments or one.node.directives or one.around):
        return _NO_VARIABLES
    variables = frozenset(v for a in one.node.arguments or () for v in directives.variables(a.value))
    return variables.union(directives.used(one.node.directives), *(each.variables for each in one.around))


def _key(node: FieldNode) -> str:
    return node.alias.value if node.alias else node.name.value


def _with_conditions(node: SelectionNode, outer: frozenset[Condition]) -> frozenset[Condition] | None:
    """Add the node's own conditions to those around it; None where it can never be included."""
    conditions = outer
    for directive in node.directives or ():
        if directive.name.value not in ("skip", "include"):
            continue
        wanted = directive.name.value == "include"
        value = directive.arguments[0].value if directive.arguments else None
        if isinstance(value, BooleanValueNode) and value.value != wanted:
            return None
        if isinstance(value, VariableNode):
            conditions |= {(value.name.value, wanted)}
            if (value.name.value, not wanted) in conditions:
                return None
    return conditions


def _merge_leaves(selections: list[Selection]) -> tuple[Selection, ...]:
    """Make one of equal leaves asked for different types; drop a leaf that is asked anyway under fewer conditions."""
    merged: dict[tuple[object, ...], Selection] = {}
    for s in selections:
        identity = (s.key, s.name, s.form, s.conditions, s.defers, None if not s.selections else s)
        before = merged.get(identity)
        merged[identity] = replace(s, on=before.on | s.on) if before else s
    alike: dict[tuple[str, str, str], list[Selection]] = defaultdict(list)
    for s in merged.values():
        alike[s.key, s.name, s.form].append(s)

    def is_asked_anyway(leaf: Selection) -> bool:
        return any(_includes(other, leaf) for other in alike[leaf.key, leaf.name, leaf.form])

    return tuple(s for s in merged.values() if s.selections or not is_asked_anyway(s))


def _includes(wide: Selection, narrow: Selection) -> bool:
    sooner = wide.defers != narrow.defers
    if not wide.on >= narrow.on or (sooner and wide.defers):
        return False
    return wide.conditions < narrow.conditions or (sooner and wide.conditions == narrow.conditions)
