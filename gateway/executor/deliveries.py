"""What is still to be delivered of one answer in parts: which fragments the client waits for, and what they bring.

A `Delivery` is one deferred fragment at one object of the answer; a `Piece` is the fields of an object that come with
the same fragments. A piece that comes with several is delivered once, with the first of them that is ready.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLError

from gateway.executor.complete import Bubble, Completion
from gateway.executor.failures import ResponsePath
from gateway.executor.parted_shape import PartedObject, Usage
from gateway.executor.shape import Object, Shape

Tree = dict[str, Any]
Json = Any


@dataclass(slots=True, eq=False)
class Delivery:
    """A deferred fragment at `path`; `id` is set once the client knows of it."""

    usage: Usage
    path: ResponsePath
    parent: "Delivery | None"
    pieces: "list[Piece]" = field(default_factory=list["Piece"])
    children: "list[Delivery]" = field(default_factory=list["Delivery"])
    id: str | None = None


Scope = Mapping[Usage, Delivery]


@dataclass(slots=True, eq=False)
class Piece:
    """Fields of the object at `path`; `scope` are the deliveries that the fragments around them have become."""

    path: ResponsePath
    shape: PartedObject
    deliveries: list[Delivery]
    scope: Scope
    data: Tree | None = None
    errors: list[GraphQLError] | None = None
    sent: bool = False


@dataclass(slots=True)
class Found:
    """What a completion met on its way: new deliveries and new pieces, in the order of the answer."""

    deliveries: list[Delivery] = field(default_factory=list[Delivery])
    pieces: list[Piece] = field(default_factory=list[Piece])

    def attach(self) -> list[Delivery]:
        """Put pieces and deliveries where they belong; return the new ones that no other has to precede."""
        for piece in self.pieces:
            for delivery in piece.deliveries:
                delivery.pieces.append(piece)
        for delivery in self.deliveries:
            if delivery.parent:
                delivery.parent.children.append(delivery)
        return [delivery for delivery in self.deliveries if delivery.parent is None]


class PartedCompletion(Completion):
    """Completes the fields that come now, and keeps in mind what comes later; what a null hides never comes."""

    def __init__(self, asked: Object, scope: Scope) -> None:
        super().__init__(asked)
        self.found = Found()
        self._scope = scope

    def part(self, shape: PartedObject, tree: Json, path: ResponsePath) -> Tree | None:
        """Return the fields of an object, None where one of them is null and may not be."""
        try:
            return self._object(shape, self._tree(tree, path), path)
        except Bubble:
            self.found = Found()
            return None

    def _object(self, shape: Object, tree: Tree, path: ResponsePath) -> Tree:
        if not isinstance(shape, PartedObject):
            return super()._object(shape, tree, path)
        around = self._scope
        self._start(shape, path)
        try:
            return super()._object(shape, tree, path)
        finally:
            self._scope = around

    def _start(self, shape: PartedObject, path: ResponsePath) -> None:
        if shape.starts:
            scope = dict(self._scope)
            for usage in shape.starts:
                parent = scope[usage.parent] if usage.parent else None
                scope[usage] = Delivery(usage, path, parent)
                self.found.deliveries.append(scope[usage])
            self._scope = scope
        for usages, fields in shape.later:
            deliveries = [delivery for usage, delivery in self._scope.items() if usage in usages]
            self.found.pieces.append(Piece(path, fields, deliveries, self._scope))

    def _nullable(self, shape: Shape, value: Json, path: ResponsePath, coordinate: str) -> Json:
        known = len(self.found.deliveries), len(self.found.pieces)
        done = super()._nullable(shape, value, path, coordinate)
        if done is None:
            del self.found.deliveries[known[0] :], self.found.pieces[known[1] :]
        return done


def deliverable(deliveries: Iterable[Delivery]) -> list[Delivery]:
    """Return the deliveries that bring anything new; in place of an empty one those that it precedes."""
    found: list[Delivery] = []
    for delivery in deliveries:
        is_empty = all(piece.sent for piece in delivery.pieces)
        found += deliverable(delivery.children) if is_empty else [delivery]
    return found


def best(piece: Piece) -> Delivery:
    """Return the delivery known to the client that is nearest to the piece."""
    return max((one for one in piece.deliveries if one.id is not None), key=lambda one: len(one.path))
