"""Random valid operations: aliases, arguments, fragments, conditions and variables at every level."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    GraphQLUnionType,
    get_named_type,
    is_composite_type,
)


@dataclass
class Operation:
    """One operation with its variables' values, under active labels of overrides."""

    query: str
    variables: dict[str, Any]
    labels: frozenset[str] = frozenset()


@dataclass
class OperationMaker:
    """Makes one operation. A response key always stands for one field with the same arguments, so none conflict."""

    schema: GraphQLSchema
    random: Random
    deepest: int = 5
    defers: float = 0
    marks: float = 0
    _fragments: list[str] = field(default_factory=list[str])
    _variables: dict[str, tuple[str, Any]] = field(default_factory=dict[str, tuple[str, Any]])
    _budget: int = 60
    _labels: int = 0

    def make(self) -> Operation:
        """Return the operation."""
        root = self.schema.query_type
        assert root is not None
        selections = self._selections(root, 0)
        declared = ", ".join(f"${name}: {type_}" for name, (type_, _) in self._variables.items())
        query = f"query Q{f'({declared})' if declared else ''}{self._mark()[1]} {selections}"
        values = {name: value for name, (_, value) in self._variables.items() if value is not _LEFT_OUT}
        return Operation("\n".join([query, *self._fragments]), values)

    def _chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def _selections(self, type_: Any, depth: int) -> str:
        parts = [self._selection(type_, depth) for _ in range(self.random.randint(1, 4))]
        parts = [part for part in parts if part]
        return f"{{ {' '.join(parts) or '__typename'} }}"

    def _selection(self, type_: Any, depth: int) -> str:
        self._budget -= 1
        if self._chance(0.08) or (isinstance(type_, GraphQLUnionType) and self._chance(0.2)):
            return f"{'t: ' if self._chance(0.3) else ''}__typename{self._condition()}"
        plain = 0.12 + self.defers / 4
        if isinstance(type_, GraphQLUnionType) or self._chance(0.5 if type_is_abstract(type_) else plain):
            return self._fragment(type_, depth)
        fields = [one for one in type_.fields.items() if depth < self.deepest or not _composite(one[1])]
        if not fields:
            return "__typename"
        return self._field(*self.random.choice(fields), depth)

    def _field(self, name: str, one: GraphQLField, depth: int) -> str:
        key, arguments = name, ""
        if one.args and self._chance(0.7):
            number = self.random.randint(0, 3)
            if self._chance(0.5):
                key, arguments = f"{name}_{number}: {name}", f"(n: {number})"
            else:
                key, arguments = self._with_variable(name)
        elif self._chance(0.12):
            key = f"x_{name}: {name}"
        if get_named_type(one.type) is GraphQLString:
            suffix, mark = self._mark()
            key = f"{key.split(':')[0]}{suffix}: {name}" if suffix else key
            arguments += mark
        if not _composite(one):
            return f"{key}{arguments}{self._condition()}"
        if self._budget < 0:
            return "__typename"
        return f"{key}{arguments}{self._condition()} {self._selections(get_named_type(one.type), depth + 1)}"

    def _with_variable(self, name: str) -> tuple[str, str]:
        at = self.random.randint(0, 2)
        variable = f"n{at}"
        if variable not in self._variables:
            default = self._chance(0.5)
            value = self.random.choice([_LEFT_OUT, 1, 2, None])
            self._variables[variable] = ("Int = 7" if default else "Int", value)
        return f"{name}_{variable}: {name}", f"(n: ${variable})"

    def _fragment(self, type_: Any, depth: int) -> str:
        target = self._condition_type(type_)
        inner = self._selections(target, depth + 1) if self._budget > 0 else "{ __typename }"
        if self._chance(0.25):
            name = f"F{len(self._fragments)}"
            self._fragments.append(f"fragment {name} on {target.name}{self._mark()[1]} {inner}")
            return f"...{name}{self._condition()}{self._deferral()}{self._mark()[1]}"
        on = "" if target is type_ and self._chance(0.5) else f" on {target.name}"
        return f"...{on}{self._condition()}{self._deferral()}{self._mark()[1]} {inner}"

    def _condition_type(self, type_: Any) -> Any:
        mine = set(self._possible(type_))
        composite = [
            one
            for one in self.schema.type_map.values()
            if isinstance(one, GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType)
            and not one.name.startswith("__")
            and mine & set(self._possible(one))
        ]
        objects = [one for one in composite if isinstance(one, GraphQLObjectType)]
        return self.random.choice(objects if self._chance(0.6) else composite)

    def _possible(self, type_: Any) -> list[str]:
        if isinstance(type_, GraphQLObjectType):
            return [type_.name]
        return [one.name for one in self.schema.get_possible_types(type_)]

    def _condition(self) -> str:
        if self._chance(0.85):
            return ""
        name = self.random.choice(("include", "skip"))
        if self._chance(0.2):
            return f" @{name}(if: {self.random.choice(('true', 'false'))})"
        variable = f"b{self.random.randint(0, 2)}"
        self._variables.setdefault(variable, ("Boolean!", self._chance(0.6)))
        return f" @{name}(if: ${variable})"

    def _mark(self) -> tuple[str, str]:
        """Return directives of the client's, and what tells a key under them from others."""
        suffix = written = ""
        while self.marks and self._chance(self.marks):
            number = self.random.randint(0, 2)
            if self._chance(0.4):
                self._variables.setdefault(f"m{number}", ("Int = 8", self.random.choice([_LEFT_OUT, 3, None])))
                suffix, written = f"{suffix}_v{number}", f"{written} @mark(by: 1, of: [{number}, $m{number}])"
            else:
                suffix, written = f"{suffix}_c{number}", f"{written} @mark(by: {number})"
        return suffix, written

    def _deferral(self) -> str:
        if not self.defers or not self._chance(self.defers):
            return ""
        self._labels += 1
        arguments = [f'label: "{self._labels}"'] if self._chance(0.7) else []
        if self._chance(0.3):
            variable = f"d{self.random.randint(0, 2)}"
            self._variables.setdefault(variable, ("Boolean = true", self.random.choice([_LEFT_OUT, True, True, False])))
            arguments.append(f"if: ${variable}")
        return f" @defer({', '.join(arguments)})" if arguments else " @defer"


_LEFT_OUT = object()


def type_is_abstract(type_: Any) -> bool:
    """Tell interfaces and unions."""
    return isinstance(type_, GraphQLInterfaceType | GraphQLUnionType)


def _composite(one: GraphQLField) -> bool:
    return is_composite_type(get_named_type(one.type))
