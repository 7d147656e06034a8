"""Rows for a world, and how fields are computed from them: once for the merged schema, once for each subgraph."""

import json
from collections.abc import Mapping
from random import Random
from typing import Any

from graphql import GraphQLError

from tests.gateway.differential.world import SCALARS, Field, Type, World

Row = dict[str, Any]
PER_TYPE = 3


class Rows:
    """The objects of a world; references are the objects themselves."""

    def __init__(self, world: World, random: Random) -> None:
        """Make the objects, then fill them."""
        self._world = world
        self._random = random
        self.of = {
            one.name: [{"__typename": one.name} for _ in range(PER_TYPE)]
            for one in world.types.values()
            if one.kind != "root"
        }
        self.root: Row = {"__typename": "Query"}
        for name, rows in self.of.items():
            for at, row in enumerate(rows):
                self._fill(world.types[name], row, at)
        self._fill(world.types["Query"], self.root, 0)

    def _fill(self, type_: Type, row: Row, at: int) -> None:
        for one in type_.fields.values():
            if one.name in ("id", "sku"):
                row[one.name] = f"{type_.name}-{one.name}-{at}"
            elif one.name == "region":
                row[one.name] = at % 2 + 10 * at
            elif one.name == "tags":
                row[one.name] = [f"t{at}", "x"]
            elif one.name == "code":
                row[one.name] = f"c{at}"
            elif one.name == "ref":
                row[one.name] = self.of["Ref"][at]
            elif one.name == "parts":
                row[one.name] = [self.of["Ref"][at], self.of["Ref"][0]]
            elif not one.required_in:
                row[one.name] = self._value(one.shape.replace("{}", "_"), one)

    def _value(self, shape: str, one: Field) -> Any:
        chance = self._random.random()
        if shape.endswith("!"):
            if not one.clean and chance < 0.01:
                return None if chance < 0.005 else GraphQLError(f"no {one.name}")
            return self._present(shape[:-1], one)
        if chance < 0.1:
            return None
        if not one.clean and chance < 0.13 and shape == "_":
            return GraphQLError(f"no {one.name}")
        return self._present(shape, one)

    def _present(self, shape: str, one: Field) -> Any:
        if shape.startswith("["):
            inner = shape[1:-1]
            return [self._value(inner, one) for _ in range(self._random.randint(0, 3))]
        return self._leaf(one.base) if one.base in SCALARS else self._row(one.base, one.owners)

    def _row(self, base: str, owners: list[str]) -> Row | None:
        names = [base]
        if base in self._world.interfaces:
            members = self._world.interfaces[base].members
            names = [one for one in members if all(owner in self._world.types[one].keys for owner in owners)]
        elif base in self._world.entity_interfaces:
            names = self._world.entity_interfaces[base].members
        elif base in self._world.unions:
            known = [set(self._world.unions[base].members[owner]) for owner in owners]
            names = sorted(set[str].intersection(*known))
        return self._random.choice(self.of[self._random.choice(names)])

    def _leaf(self, base: str) -> Any:
        number = self._random.randint(0, 99)
        return {
            "Int": number,
            "String": f"s{number}",
            "Float": number / 4,
            "Boolean": number % 2 == 0,
            "ID": f"i{number}",
            "Color": ("RED", "GREEN", "BLUE")[number % 3],
            "JSON": {"n": [number, None]},
        }[base]


def answered(one: Field, value: Any, arguments: Mapping[str, Any]) -> Any:
    """Return a field's value for its arguments."""
    if not one.argument or value is None or isinstance(value, Exception):
        return value
    number = arguments.get("n")
    return value if number is None else value + number if isinstance(value, int) else f"{value}#{number}"


def computed(type_: Type, one: Field, source: Mapping[str, Any]) -> str:
    """Return the value of a field with requirements, from the fields it requires."""
    needed = {name: _plain(type_.fields[name], source[name]) for name in one.needs}
    return json.dumps(needed, sort_keys=True)


def _plain(one: Field, value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one, item) for item in value]
    return {"code": value["code"]} if one.base == "Ref" and value is not None else value


def required_source(type_: Type, one: Field, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the required fields of a row as the representation would carry them, arguments applied."""
    owner = one.owners[0]
    return {
        name: answered(type_.fields[name], _value_of(type_, name, row), _argument(one.required_in[owner], name))
        for name in one.needs
    }


def _value_of(type_: Type, name: str, row: Mapping[str, Any]) -> Any:
    needed = type_.fields[name]
    return computed(type_, needed, required_source(type_, needed, row)) if needed.required_in else row[name]


def _argument(selection: str, name: str) -> dict[str, int]:
    for part in selection.replace("(n: ", "(").split():
        if part.startswith(f"{name}("):
            return {"n": int(part[len(name) + 1 : -1])}
    return {"n": 1}
