"""The quick projection: Python code generated from a shape, that copies and checks a tree without a fault.

It raises `Unusual` at the first value that is not as it should be, and the careful projection takes over.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from gateway.executor.failures import Failure
from gateway.executor.shape import Abstract, Enum, ListOf, NonNull, Object, Scalar, Shape, Typename
from gateway.plan import Key, Path

Json = Any
Tree = dict[str, Any]


class Unusual(Exception):
    """Something in the tree needs the careful projection."""


# What reading the parts of a tree that are not what the code expects may raise.
SURPRISES = (Unusual, KeyError, TypeError, AttributeError)

_TEST = {
    "String": "{v}.__class__ is not str",
    "Boolean": "{v}.__class__ is not bool",
    "ID": "{v}.__class__ is not str",
    "Float": "{v}.__class__ is not float and {v}.__class__ is not int",
    "Int": "{v}.__class__ is not int or not -2147483648 <= {v} <= 2147483647",
}
_CLASSES: dict[str, set[Any]] = {"String": {str}, "Boolean": {bool}, "ID": {str}, "Float": {float, int}}


def _is_id(shape: Shape) -> bool:
    leaf = shape.of if isinstance(shape, NonNull) else shape
    return isinstance(leaf, Scalar) and leaf.name == "ID"


def _is_custom(shape: Shape) -> bool:
    return isinstance(shape, Scalar) and shape.name is None


class Generator:
    """Writes one function for each object of a shape."""

    def __init__(self, once: frozenset[int]) -> None:
        """Start with little; `once` are the ids of the shapes whose objects may be met again and again."""
        self._once = once
        self._memos: list[dict[int, Tree]] = []
        self._source: list[str] = []
        self._names: dict[str, Any] = {"Unusual": Unusual, "Failure": Failure}
        self._functions: dict[int, str] = {}
        self._alike: dict[str, str] = {}
        self._constants: dict[frozenset[Any], str] = {}

    def compile(self, root: Object) -> Callable[[Tree], Tree]:
        """Return the function from a tree to the operation's data.

        Each function is compiled by itself: compiling holds the interpreter's lock, and others wait for that.
        """
        name = self._object(root)
        for source in self._source:
            code = compile(source, "<projection>", "exec")
            exec(code, self._names)  # noqa: S102 - the source is ours: names come from validated GraphQL, by repr
        return _forgetting(self._names[name], self._memos) if self._memos else self._names[name]

    def _constant(self, value: frozenset[Any]) -> str:
        known = self._constants.get(value)
        if known is None:
            known = self._constants[value] = f"c{len(self._names)}"
            self._names[known] = value
        return known

    def _object(self, shape: Object) -> str:
        known = self._functions.get(id(shape))
        if known:
            return known
        checks: list[str] = []
        entries: list[str] = []
        for at, field in enumerate(shape.fields):
            if isinstance(field.shape, Typename):
                entries.append(f"{field.key!r}: {field.shape.name!r}")
                continue
            checks.append(f"  v{at} = o[{field.key!r}]")
            if _is_id(field.shape):
                checks.append(f"  if v{at}.__class__ is int: v{at} = str(v{at})")
            checks += self._check(field.shape, f"v{at}")
            entries.append(f"{field.key!r}: {self._value(field.shape, f'v{at}')}")
        if not checks:
            checks.append("  if o.__class__ is not dict: raise Unusual")
        answer = f"{{{', '.join(entries)}}}"
        if id(shape) in self._once:
            known = self._remembering(checks, answer)
        else:
            known = self._define("p", "\n".join(["def {name}(o):", *checks, f"  return {answer}"]))
        self._functions[id(shape)] = known
        return known

    def _remembering(self, checks: list[str], answer: str) -> str:
        """Write a function with a memory of its own for objects that are met again and again."""
        name = f"p{len(self._source)}"
        memo: dict[int, Tree] = {}
        self._memos.append(memo)
        self._names[f"m_{name}"] = memo
        kept = f"m_{name}.setdefault(id(o), {answer})"
        self._source.append("\n".join([f"def {name}(o):", *checks, f"  return {kept}"]))
        return name

    def _define(self, prefix: str, definition: str) -> str:
        """Write what defines `{name}` and return its name; equal definitions are written once."""
        known = self._alike.get(definition)
        if known is None:
            known = self._alike[definition] = f"{prefix}{len(self._source)}"
            self._source.append(definition.replace("{name}", known, 1))
        return known

    def _check(self, shape: Shape, variable: str) -> list[str]:
        """Return the lines that raise `Unusual` unless the variable has the shape, as far as one look tells."""
        wrong = self._wrong(shape.of if isinstance(shape, NonNull) else shape, variable)
        if isinstance(shape, NonNull):
            if _is_custom(shape.of):
                wrong = f"{variable} is None or {wrong}"
            return [f"  if {wrong}: raise Unusual"] if wrong else []
        return [f"  if {variable} is not None and ({wrong}): raise Unusual"] if wrong else []

    def _wrong(self, shape: Shape, variable: str) -> str:
        """Return the expression that is true where a value is not of the shape."""
        match shape:
            case Scalar(name):
                return _TEST[name].format(v=variable) if name else f"{variable}.__class__ is Failure"
            case Enum(_, values):
                return f"{variable} not in {self._constant(values)}"
            case ListOf(of):
                inner = self._wrong_items(of, variable)
                return f"{variable}.__class__ is not list{inner}"
            case _:
                return ""

    def _wrong_items(self, shape: Shape, variable: str) -> str:
        """Return the end of the test of a list whose items are leaves: all their classes at once."""
        null: set[Any] = set[Any]() if isinstance(shape, NonNull) else {None}
        if _is_custom(shape.of if isinstance(shape, NonNull) else shape):
            unwanted = self._constant(frozenset({Failure} if null else {Failure, type(None)}))
            return f" or not {unwanted}.isdisjoint(map(type, {variable}))"
        leaf = shape.of if isinstance(shape, NonNull) else shape
        if isinstance(leaf, Enum):
            return f" or not {self._constant(leaf.values | null)}.issuperset({variable})"
        if isinstance(leaf, Scalar) and leaf.name in _CLASSES:
            classes: frozenset[Any] = frozenset(_CLASSES[leaf.name] | {type(one) for one in null})
            return f" or not {self._constant(classes)}.issuperset(map(type, {variable}))"
        return ""

    def _value(self, shape: Shape, expression: str) -> str:
        """Return the expression of the answer's value; `expression` was checked by one look."""
        if isinstance(shape, NonNull):
            return self._non_null(shape.of, expression)
        inner = self._non_null(shape, expression)
        return inner if inner == expression else f"None if {expression} is None else {inner}"

    def _non_null(self, shape: Shape, expression: str) -> str:
        match shape:
            case Object():
                name = self._object(shape)
                call = f"{name}({expression})"
                return f"(m_{name}.get(id({expression})) or {call})" if id(shape) in self._once else call
            case Abstract():
                typed = f"{self._abstract(shape)}[{expression}['__typename']]"
                if shape.untyped:
                    typed = f"({typed} if '__typename' in {expression} else {self._object(shape.untyped)})"
                return f"{typed}({expression})"
            case ListOf(of):
                return self._list(of, expression)
            case _:
                return expression

    def _abstract(self, shape: Abstract) -> str:
        known = self._functions.get(id(shape))
        if known:
            return known
        functions = {typename: self._object(one) for typename, one in shape.types.items()}
        table = ", ".join(f"{key!r}: {value}" for key, value in functions.items())
        known = self._functions[id(shape)] = self._define("t", f"{{name}} = {{{table}}}")
        return known

    def _list(self, item: Shape, expression: str) -> str:
        leaf = item.of if isinstance(item, NonNull) else item
        if isinstance(leaf, Enum) or (isinstance(leaf, Scalar) and leaf.name != "Int"):
            return expression
        if isinstance(leaf, Object | Abstract):
            return f"[{self._value(item, 'i')} for i in {expression}]"
        return f"[{self._function(item)}(i) for i in {expression}]"

    def _function(self, item: Shape) -> str:
        """Return a function for the items of a list that need statements: nested lists, whole numbers."""
        known = self._functions.get(id(item))
        if known:
            return known
        lines = ["def {name}(v):", *self._check(item, "v"), f"  return {self._value(item, 'v')}"]
        known = self._functions[id(item)] = self._define("f", "\n".join(lines))
        return known


def _forgetting(project: Callable[[Tree], Tree], memos: list[dict[int, Tree]]) -> Callable[[Tree], Tree]:
    def run(tree: Tree) -> Tree:
        try:
            return project(tree)
        finally:
            for memo in memos:
                memo.clear()

    return run


def compile_projection(root: Object, folded: Iterable[Path] = ()) -> Callable[[Tree], Tree]:
    """Return the quick projection; it raises one of `SURPRISES` where the careful one is needed.

    At the paths `folded` one object of the tree may stand at many places: it is projected once.
    """
    return Generator(frozenset(id(shape) for path in folded for shape in _at(root, path))).compile(root)


def _at(shape: Shape, path: Path) -> Iterator[Object]:
    """Yield the shapes of the objects at a path."""
    match shape:
        case NonNull(of) | ListOf(of):
            yield from _at(of, path)
        case Abstract(_, types):
            for one in types.values():
                yield from _at(one, path)
        case Object():
            names = [step.name for step in path if isinstance(step, Key)]
            below = [field.shape for field in shape.fields if names and field.key == names[0]]
            if not names:
                yield shape
            for one in below:
                yield from _at(one, tuple(Key(name) for name in names[1:]))
        case _:
            return
