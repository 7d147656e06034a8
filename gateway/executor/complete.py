"""The careful projection: checks every value, tells errors at the client's paths and lets nulls bubble.

It runs when the quick one (`project.py`) meets anything out of the ordinary, and gives the same where it does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Never, cast

from graphql import GraphQLError

from gateway.executor.failures import MOST_ERRORS, Cause, Failure, ResponsePath
from gateway.executor.shape import (
    Abstract,
    Denied,
    Enum,
    Field,
    ListOf,
    NonNull,
    Object,
    Ready,
    Scalar,
    Shape,
    Typename,
    known_path,
)

Json = Any
Tree = dict[str, Any]
UNAVAILABLE: Final = "Part of the response is not available right now. Try again later."
DENIED: Final = "You may not see this: it needs a log-in or a scope that this request does not have."
_DENIAL: Final = {"code": "UNAUTHORIZED_FIELD_OR_TYPE"}
MAX_INT, MIN_INT = 2_147_483_647, -2_147_483_648


class Bubble(Exception):
    """A null where none may be: the nearest nullable parent becomes null."""


@dataclass(slots=True)
class Completion:
    """One careful projection and the errors it found; `asked` is the shape of the whole answer."""

    asked: Object
    errors: list[GraphQLError] = field(default_factory=list[GraphQLError])
    _told: set[tuple[int, ResponsePath]] = field(default_factory=set[tuple[int, ResponsePath]])

    def data(self, shape: Object, tree: Tree) -> Tree | None:
        """Return the operation's data, None where a null bubbled to the top."""
        try:
            return self._object(shape, tree, ())
        except Bubble:
            return None

    def tell(self, cause: Cause, path: ResponsePath, null: ResponsePath = ()) -> None:
        """Add a subgraph's error, once for each path; `null` is where it costs a value.

        The path ends before a field that the client did not ask for, but not before the null.
        """
        if len(self.errors) >= MOST_ERRORS:
            return
        path = max(known_path(self.asked, path), null, key=len)
        told = (id(cause.extensions), path)
        if told not in self._told:
            self._told.add(told)
            self._add(cause.message, path, cause.extensions)

    def _add(self, message: str, path: ResponsePath, extensions: Any) -> None:
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(GraphQLError(message, path=list(path) or None, extensions=dict(extensions)))

    def _object(self, shape: Object, tree: Tree, path: ResponsePath) -> Tree:
        return {one.key: self._field(one, tree, path) for one in shape.fields}

    def _field(self, one: Field, tree: Tree, path: ResponsePath) -> Json:
        here = (*path, one.key)
        if isinstance(one.shape, Typename):
            return one.shape.name
        return self._nullable(one.shape, tree.get(one.key), here, one.coordinate)

    def _nullable(self, shape: Shape, value: Json, path: ResponsePath, coordinate: str) -> Json:
        """Complete a value; where the shape may be null, nulls stop bubbling here."""
        if isinstance(shape, NonNull):
            return self._value(shape, value, path, coordinate)
        try:
            return self._value(shape, value, path, coordinate)
        except Bubble:
            return None

    def _value(self, shape: Shape, value: Json, path: ResponsePath, coordinate: str) -> Json:
        """Complete a value.

        Raises:
            Bubble: it has to be null for an error that was told, or is null and may not be.
        """
        if isinstance(shape, NonNull):
            done = self._value(shape.of, value, path, coordinate)
            if done is None:
                message = f"Cannot return null for non-nullable field {coordinate}."
                self._add(message, path, {"code": "UNEXPECTED_NULL"})
                raise Bubble
            return done
        if isinstance(shape, Denied):
            self._deny(shape, path)
        if value is None:
            return None
        if isinstance(value, Failure):
            for cause in value.causes:
                self.tell(cause, (*path[:-1], *cause.path), path)
            raise Bubble
        return self._present(shape, value, path, coordinate)

    def _deny(self, shape: Denied, path: ResponsePath) -> Never:
        for place in shape.places:
            self._add(DENIED, (*path, *place), _DENIAL)
        raise Bubble

    def _present(self, shape: Shape, value: Json, path: ResponsePath, coordinate: str) -> Json:
        match shape:
            case Scalar(name):
                return value if name is None else self._scalar(name, value, path)
            case Enum(name, values):
                return value if isinstance(value, str) and value in values else self._hidden(name, path)
            case ListOf(of):
                items = cast(list[Json], value) if isinstance(value, list) else self._unavailable(path)
                return [self._nullable(of, item, (*path, at), coordinate) for at, item in enumerate(items)]
            case Object():
                return self._object(shape, self._tree(value, path), path)
            case Abstract():
                return self._abstract(shape, self._tree(value, path), path)
            case _:
                return value if isinstance(shape, Ready) else self._unavailable(path)

    def _tree(self, value: Json, path: ResponsePath) -> Tree:
        return cast(Tree, value) if isinstance(value, dict) else self._unavailable(path)

    def _abstract(self, shape: Abstract, tree: Tree, path: ResponsePath) -> Tree:
        typename = tree.get("__typename")
        if typename is None and shape.untyped:
            return self._object(shape.untyped, tree, path)
        if isinstance(typename, Failure):
            for cause in typename.causes:
                self.tell(cause, path)
            raise Bubble
        known = shape.types.get(typename) if isinstance(typename, str) else None
        return self._object(known or self._hidden(shape.name, path), tree, path)

    def _scalar(self, name: str, value: Json, path: ResponsePath) -> Json:
        done = coerce(name, value)
        return self._unavailable(path) if done is None else done

    def _hidden(self, name: str, path: ResponsePath) -> Any:
        """Refuse a type or an enum value that the API schema does not know, without naming it."""
        self._add(f"A service sent a value that is not valid for {name}.", path, {"code": "SUBGRAPH_INVALID_VALUE"})
        raise Bubble

    def _unavailable(self, path: ResponsePath) -> Any:
        """Refuse a value of a wrong type."""
        self._add(UNAVAILABLE, path, {"code": "SUBGRAPH_UNAVAILABLE"})
        raise Bubble


def denied_places(shape: Object) -> list[GraphQLError]:
    """Return an error for each place of the operation that its caller may not see, without the numbers of items."""
    found: dict[ResponsePath, None] = {}
    waiting: list[tuple[Shape, ResponsePath]] = [(shape, ())]
    while waiting and len(found) < MOST_ERRORS:
        here, path = waiting.pop()
        match here:
            case NonNull(of) | ListOf(of):
                waiting.append((of, path))
            case Abstract(_, types):
                waiting += [(one, path) for one in types.values()]
            case Object():
                waiting += [(one.shape, (*path, one.key)) for one in reversed(here.fields)]
            case Denied(places):
                found |= {(*path, *place): None for place in places}
            case _:
                pass
    return [denied_error(path) for path in found]


def denied_error(path: ResponsePath = ()) -> GraphQLError:
    """Return what a caller is told of something that it may not see."""
    return GraphQLError(DENIED, path=list(path) or None, extensions=dict(_DENIAL))


def coerce(name: str, value: Json) -> Json:
    """Return a value of a built-in scalar as it is answered, None where it is none of that scalar."""
    kind: type[Any] = value.__class__
    match name:
        case "String":
            return value if kind is str else None
        case "Boolean":
            return value if kind is bool else None
        case "ID":
            return str(value) if kind is int else value if kind is str else None
        case "Float":
            return value if kind is float or kind is int else None
        case _:
            whole = int(value) if kind is float and value.is_integer() else value
            return whole if type(whole) is int and MIN_INT <= whole <= MAX_INT else None


def complete(
    shape: Object, tree: Tree, loose: Sequence[tuple[Cause, ResponsePath]]
) -> tuple[Tree | None, list[GraphQLError]]:
    """Return the data and the errors of a tree; `loose` are errors that cost no value, with their paths."""
    completion = Completion(shape)
    data = completion.data(shape, tree)
    for cause, path in loose:
        completion.tell(cause, path)
    return data, completion.errors
