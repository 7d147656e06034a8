"""Run many operations and print what differs, each in its smallest form found."""

import argparse
import asyncio
import time
from collections.abc import Iterator
from typing import Any

from graphql import (
    REMOVE,
    DocumentNode,
    GraphQLError,
    Node,
    OperationDefinitionNode,
    SelectionNode,
    Visitor,
    parse,
    print_ast,
    separate_operations,
    validate,
    visit,
)

from tests.gateway.differential.compare import Arena, Difference
from tests.gateway.differential.operations import Operation

PER_WORLD = 20


async def main() -> int:
    """Return the exit status: 1 when anything differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.gateway.differential")
    parser.add_argument("--operations", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--marks", type=float, default=0, help="how likely each element carries directives")
    options = parser.parse_args()
    started, done, found = time.process_time(), 0, 0
    worlds = 0
    while done < options.operations:
        arena = Arena(options.seed + worlds)
        worlds += 1
        for operation in arena.operations(min(PER_WORLD, options.operations - done), options.marks):
            done += 1
            difference = await arena.difference(operation)
            if difference:
                found += 1
                show(await smallest(arena, difference))
    took = time.process_time() - started
    print(
        f"seeds {options.seed} to {options.seed + worlds - 1}: {done} operations, {found} differ, {took:.0f} s of CPU"
    )
    return 1 if found else 0


def show(difference: Difference) -> None:
    """Print a difference."""
    print(f"seed {difference.seed}\n{difference.operation.query}\n{difference.operation.variables}")
    print(f"expected {difference.expected}\nactual   {difference.actual}\n{difference.plan}\n")


async def smallest(arena: Arena, difference: Difference) -> Difference:
    """Return the difference with as few selections as still differ."""
    shrunk = True
    while shrunk:
        shrunk = False
        for query in _smaller(difference.operation.query):
            if not _valid(arena, query):
                continue
            variables = {k: v for k, v in difference.operation.variables.items() if f"${k}" in query}
            less = await arena.difference(Operation(query, variables, difference.operation.labels))
            if less:
                difference, shrunk = less, True
                break
    return difference


def _valid(arena: Arena, query: str) -> bool:
    try:
        return not validate(arena.reference.schema, parse(query, allow_empty_selection_sets=False))
    except GraphQLError:
        return False


def _smaller(query: str) -> Iterator[str]:
    """Yield the operation without one of its selections, for each of them."""
    at, removed = 0, True
    while removed:
        removing = _Removing(at)
        document = visit(parse(query, no_location=True), removing)
        removed, at = removing.removed, at + 1
        if removed:
            yield _tidy(document)


class _Removing(Visitor):
    """Removes the selection of one number."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self._left = at
        self.removed = False

    def enter(self, node: Node, *_: Any) -> Any:
        if isinstance(node, SelectionNode):
            if self._left == 0 and not self.removed:
                self.removed = True
                return REMOVE
            self._left -= 1
        return None


def _tidy(document: DocumentNode) -> str:
    """Return the text without declarations and fragments that nothing uses any longer."""
    [document] = separate_operations(document).values()
    body = print_ast(document).split("{", 1)[1]
    for one in document.definitions:
        if isinstance(one, OperationDefinitionNode):
            declared = [each for each in one.variable_definitions or () if f"${each.variable.name.value}" in body]
            rest = [each for each in document.definitions if each is not one]
            fewer = {name: getattr(one, name) for name in one.keys} | {"variable_definitions": tuple(declared)}
            return "\n".join(print_ast(each) for each in [OperationDefinitionNode(**fewer), *rest])
    return ""


raise SystemExit(asyncio.run(main()))
