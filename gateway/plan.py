"""The query plan: what the planner hands to the executor, as data. Imports nothing of ours.

The executor keeps one mutable response tree of dicts and lists. A root `Fetch` merges its `data` into the top of the
tree; a `Flatten(path, Fetch)` collects the objects at `path`, builds one representation from each with the fetch's
`requires`, sends every distinct representation once as `$representations`, and merges each answer from `_entities`
into every object that gave that representation.

Keys in the tree are the response keys of the fetches' operations. For fields of the client they are the client's
response keys, unless the planner had to avoid a clash of types: then the fetch uses an internal alias (starting with
two underscores), and an `output_rewrites` entry renames it back when the answer is merged. Fields that only the
planner needs have internal aliases, or are dropped by the projection because the client did not select them.

Longer than most files, because it is a list: every node of a plan, and the text of each.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

OperationKind = Literal["query", "mutation", "subscription"]


# --- paths into the response tree ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Key:
    """Step into an object's field, by its key in the response tree."""

    name: str


@dataclass(frozen=True, slots=True)
class Items:
    """Step into every item of a list (once for each level of a nested list)."""


@dataclass(frozen=True, slots=True)
class OnTypes:
    """Keep only objects whose `__typename` is one of these object types."""

    names: tuple[str, ...]


Step = Key | Items | OnTypes
Path = tuple[Step, ...]


# --- what a representation is made of --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RequiredField:
    """Copy `object[key]` into `representation[name]`; with `selections`, copy only those of an object or list.

    A null is copied as null. Without `wanted_by` it is part of a key: an object without `key` in the tree gives no
    representation (its fetch is skipped for that object). Else the fields under the keys `wanted_by` require it: null
    is sent where it is missing, and where it failed these fields have failed, whatever is answered.
    """

    name: str
    key: str
    selections: tuple["RequiredSelection", ...] = ()
    wanted_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RequiredOnTypes:
    """Copy `selections` only where the object's `__typename` is one of `names`."""

    names: tuple[str, ...]
    selections: tuple["RequiredSelection", ...]


@dataclass(frozen=True, slots=True)
class RequiredType:
    """Send `name` as `__typename` of an object whose type is known when planning."""

    name: str


RequiredSelection = RequiredField | RequiredOnTypes | RequiredType


@dataclass(frozen=True, slots=True)
class Requires:
    """The representation for objects of the types `on`; an empty `on` means every object, whatever its type.

    `typename` is sent as `__typename`; None sends the object's own. It is set where the receiving subgraph knows the
    type by another name (an `@interfaceObject`), and with an empty `on`: there the type is known when planning, or
    nobody has told it yet, so that the object in the tree may have no `__typename`.
    """

    on: tuple[str, ...]
    typename: str | None
    selections: tuple[RequiredSelection, ...]


# --- rewrites of an answer -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RenameKey:
    """In the fetch's answer, rename the key at the end of `path` to `to`; of an entity fetch: relative to each entity.

    Applied before the merge, in the order given (inner ones come first). An `OnTypes` step restricts it to objects of
    those types.
    """

    path: Path
    to: str


@dataclass(frozen=True, slots=True)
class DropTypename:
    """In the fetch's answer, remove `__typename` of the objects at `path`.

    For answers of a subgraph that knows a type only as an `@interfaceObject`: its `__typename` is the interface's
    name and must not hide the real one.
    """

    path: Path


Rewrite = RenameKey | DropTypename


# --- values from further up ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ContextVariable:
    """A variable of an entity fetch whose value is of an object on the way to the entity: entities may differ in it.

    The object is `depth` steps down the fetch's path; `values` are the ways from there to the value, each for other
    types: the first that leads anywhere counts, and where none does the variable is left out.
    """

    name: str
    depth: int
    values: tuple[Path, ...]


# --- nodes -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fetch:
    """One GraphQL request to one subgraph.

    `operation` is the document text; `variables` the names of the client's variables that it uses. With `requires` it
    is an entity fetch: the document takes `$representations: [_Any!]!` and selects `_entities`. With `contexts` it is
    sent once for each combination of their values, with the entities that have them.
    """

    subgraph: str
    kind: OperationKind
    operation: str
    variables: tuple[str, ...] = ()
    requires: tuple[Requires, ...] = ()
    output_rewrites: tuple[Rewrite, ...] = ()
    contexts: tuple[ContextVariable, ...] = ()
    representations: str = "representations"
    """The name of an entity fetch's own variable."""


@dataclass(frozen=True, slots=True)
class Flatten:
    """Run an entity fetch for the objects at `path`.

    A fetch without `requires` re-enters a root type below the root (a payload's `query: Query!`): it runs once if
    there is any object at `path`, and its `data` is merged into every one.
    """

    path: Path
    node: Fetch


@dataclass(frozen=True, slots=True)
class BatchPart:
    """One aliased `_entities` of a `BatchFetch`, for the objects at all of `paths`.

    `alias` is its key in the answer's `data`, `variable` the name of its `[_Any!]!` variable. Representations are
    distinct over all paths; a part without any is sent an empty list.
    """

    alias: str
    variable: str
    paths: tuple[Path, ...]
    requires: tuple[Requires, ...]
    output_rewrites: tuple[Rewrite, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchFetch:
    """One request to one subgraph for entities at several paths; no request if no part has a representation.

    `operation` is a query with one `alias: _entities(representations: $variable)` for each part; `variables` are the
    names of the client's variables that it uses.
    """

    subgraph: str
    operation: str
    variables: tuple[str, ...]
    parts: tuple[BatchPart, ...]


@dataclass(frozen=True, slots=True)
class Sequence:
    """Run one after the other."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Parallel:
    """Run independently of one another."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """Run `if_true` or `if_false` by the value of a Boolean variable; None is nothing to do."""

    variable: str
    if_true: "Node | None" = None
    if_false: "Node | None" = None


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Run a fetch where any of `choices` holds: Boolean variables with the values that all of them must have.

    Everything that the fetch asks for is under one of them: where none holds, nothing of it is wanted.
    """

    choices: tuple[tuple[tuple[str, bool], ...], ...]
    node: "Fetch | Flatten | BatchFetch"


@dataclass(frozen=True, slots=True)
class Subscription:
    """Subscribe with `primary` (kind subscription); for each event run `rest` over its data, then project."""

    primary: Fetch
    rest: "Node | None" = None


Chain = tuple[int, ...]
"""A deferred fragment: the numbers of the `@defer`s around what it selects, its own last; () is no fragment at all."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """One deferred fragment with the client's label; `paths` are where it stands."""

    chain: Chain
    label: str | None
    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Deferred:
    """A later part: it runs once the parts numbered `after` have; `fragments` are complete no sooner than it is."""

    fragments: tuple[Chain, ...]
    after: tuple[int, ...]
    node: "Node"


@dataclass(frozen=True, slots=True)
class Defer:
    """`primary` answers first; the deferred parts follow. A fragment that no part names is complete by then."""

    fragments: tuple[Fragment, ...]
    primary: "Node | None"
    deferred: tuple[Deferred, ...]


Node = Fetch | Flatten | BatchFetch | Sequence | Parallel | Condition | AnyOf | Subscription | Defer


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """The whole plan; `node` is None when no subgraph is needed (only `__typename` or introspection)."""

    kind: OperationKind
    node: Node | None


# --- text form -------------------------------------------------------------------------------------------------------


def render(plan: QueryPlan) -> str:
    """Return the plan as indented text, stable enough for snapshots."""
    return "\n".join(["QueryPlan {", *_indent(_node(plan.node) if plan.node else iter(())), "}"])


def _indent(lines: Iterator[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)


def _block(head: str, nodes: "tuple[Node, ...]") -> Iterator[str]:
    yield f"{head} {{"
    for node in nodes:
        yield from _indent(_node(node))
    yield "}"


def _node(node: "Node") -> Iterator[str]:
    match node:
        case Fetch():
            yield from _fetch(node)
        case Flatten(path, inner):
            yield from _block(f'Flatten(path: "{render_path(path)}")', (inner,))
        case BatchFetch():
            yield from _batch(node)
        case Sequence(nodes):
            yield from _block("Sequence", nodes)
        case Parallel(nodes):
            yield from _block("Parallel", nodes)
        case Condition(variable, if_true, if_false):
            if if_true:
                yield from _block(f"Include(if: ${variable})", (if_true,))
            if if_false:
                yield from _block(f"Skip(if: ${variable})", (if_false,))
        case AnyOf(choices, inner):
            yield from _block(f"AnyOf({' or '.join(map(_choice, choices))})", (inner,))
        case Subscription(primary, rest):
            yield from _block("Subscription", (primary, rest) if rest else (primary,))
        case Defer():
            yield from _defer(node)


def _choice(choice: tuple[tuple[str, bool], ...]) -> str:
    return " and ".join(f"${name}" if wanted else f"not ${name}" for name, wanted in choice)


def _defer(defer: Defer) -> Iterator[str]:
    yield "Defer {"
    for fragment in defer.fragments:
        paths = ", ".join(f'"{render_path(path)}"' for path in fragment.paths)
        label = "" if fragment.label is None else f' label "{fragment.label}"'
        yield f"  fragment {render_chain(fragment.chain)} at {paths}{label}"
    yield from _indent(_block("Primary", (defer.primary,) if defer.primary else ()))
    for number, part in enumerate(defer.deferred):
        whose = ", ".join(map(render_chain, part.fragments))
        after = f", after: {', '.join(map(str, part.after))}" if part.after else ""
        yield from _indent(_block(f"Deferred({number}, for: {whose}{after})", (part.node,)))
    yield "}"


def _fetch(fetch: Fetch) -> Iterator[str]:
    yield f'Fetch(service: "{fetch.subgraph}", kind: {fetch.kind}) {{'
    for requires in fetch.requires:
        yield from _indent(_requires(requires))
    for one in fetch.contexts:
        ways = " | ".join(map(render_path, one.values))
        yield f"  context ${one.name} {one.depth} steps down: {ways}"
    yield from _indent(iter(fetch.operation.splitlines()))
    yield from _indent(_rewrites(fetch.output_rewrites))
    yield "}"


def _batch(batch: BatchFetch) -> Iterator[str]:
    yield f'BatchFetch(service: "{batch.subgraph}") {{'
    for part in batch.parts:
        paths = ", ".join(f'"{render_path(path)}"' for path in part.paths)
        yield f"  {part.alias}(${part.variable}, paths: [{paths}]) {{"
        for requires in part.requires:
            yield from _indent(_indent(_requires(requires)))
        yield from _indent(_indent(_rewrites(part.output_rewrites)))
        yield "  }"
    yield from _indent(iter(batch.operation.splitlines()))
    yield "}"


def _rewrites(rewrites: tuple[Rewrite, ...]) -> Iterator[str]:
    for rewrite in rewrites:
        end = f" -> {rewrite.to}" if isinstance(rewrite, RenameKey) else " drop __typename"
        yield f'rewrite "{render_path(rewrite.path)}"{end}'


def _requires(requires: Requires) -> Iterator[str]:
    typename = "" if requires.typename is None else f" as {requires.typename}"
    yield f"requires {' | '.join(requires.on) or '*'}{typename} {{"
    yield from _indent(_required(requires.selections))
    yield "}"


def _required(selections: tuple[RequiredSelection, ...]) -> Iterator[str]:
    for selection in selections:
        if isinstance(selection, RequiredType):
            yield f"__typename as {selection.name}"
            continue
        if isinstance(selection, RequiredField):
            head = selection.name if selection.name == selection.key else f"{selection.name}: {selection.key}"
        else:
            head = f"... on {' | '.join(selection.names)}"
        if not selection.selections:
            yield head
            continue
        yield f"{head} {{"
        yield from _indent(_required(selection.selections))
        yield "}"


def render_chain(chain: Chain) -> str:
    """Return a deferred fragment as text: `0.2`."""
    return ".".join(map(str, chain))


def render_path(path: Path) -> str:
    """Return a path as text: `users.@.pet.|[Cat|Dog]`."""
    parts: list[str] = []
    for step in path:
        match step:
            case Key(name):
                parts.append(name)
            case Items():
                parts.append("@")
            case OnTypes(names):
                parts.append(f"|[{'|'.join(names)}]")
    return ".".join(parts)
