"""Whatever subgraphs answer, the gateway answers by its schema: no crash, no value of a wrong type, no hidden null."""

from random import Random
from typing import Any

import orjson
import pytest
from graphql import GraphQLError, GraphQLSchema, OperationDefinitionNode, parse
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.executor.answer import Answer
from gateway.executor.shape import Abstract, Enum, ListOf, NonNull, Object, Scalar, ShapeMaker, Typename
from tests.gateway.execution.test_abstract_types import CASES as ABSTRACT
from tests.gateway.execution.test_abstract_types import FEDERATION as ANIMALS
from tests.gateway.execution.test_interface_objects import CASES as OBJECTS
from tests.gateway.execution.test_interface_objects import FEDERATION as MEDIA
from tests.gateway.execution.test_keys import CASES as KEYS
from tests.gateway.execution.test_keys import FEDERATION as PRODUCTS
from tests.support.composed import Federation

JUNK: list[Any] = [
    *(None, 0, -1, 2**40, 1.5, "", "x", "Cat", True, [], [[]], [None], {}, {"id": "1"}, {"__typename": []}),
    *({"__typename": {"a": 1}}, {"__typename": "Cat"}, {"__typename": None, "id": []}, [{"__typename": 5}]),
]
SUBGRAPHS: list[tuple[Federation, list[str]]] = [
    (ANIMALS, [case[1] for case in ABSTRACT if "fragment" not in case[1]]),
    (MEDIA, [case[1] for case in OBJECTS]),
    (PRODUCTS, [case[1] for case in KEYS]),
]
WRONG = (KeyError, IndexError, AttributeError)


def spoil(value: Any, random: Random) -> Any:
    """Return the answer with something in it replaced, removed or added."""
    if random.random() < 0.12:
        return random.choice(JUNK)
    if isinstance(value, dict):
        kept = {key: spoil(one, random) for key, one in value.items() if random.random() > 0.05}
        return kept | ({"extra": 1} if random.random() < 0.05 else {})
    if isinstance(value, list):
        return [spoil(one, random) for one in value] + ([random.choice(JUNK)] if random.random() < 0.05 else [])
    return value


def check(shape: Any, value: Any) -> None:
    """Fail where a value is not of its shape."""
    match shape:
        case NonNull(of):
            assert value is not None
            check(of, value)
        case _ if value is None:
            return
        case ListOf(of):
            assert isinstance(value, list)
            for one in value:
                check(of, one)
        case Object():
            assert [field.key for field in shape.fields] == list(value)
            for field in shape.fields:
                check(field.shape, value[field.key])
        case Abstract():
            check_any(shape, value)
        case Enum(_, values):
            assert value in values
        case Typename(name):
            assert name == value
        case Scalar(name):
            kinds = {"Int": int, "Float": (int, float), "String": str, "ID": str, "Boolean": bool, None: object}
            assert isinstance(value, kinds[name])
        case _:
            raise AssertionError(shape)


def check_any(shape: Abstract, value: Any) -> None:
    """Fail where an object is of none of the possible types."""
    for one in [*shape.types.values(), *([shape.untyped] if shape.untyped else [])]:
        try:
            check(one, value)
        except (AssertionError, *WRONG):
            continue
        return
    raise AssertionError(value)


def shape_of(schema: GraphQLSchema, query: str) -> Object:
    """Return what the answer must look like."""
    [operation] = parse(query).definitions
    assert isinstance(operation, OperationDefinitionNode)
    assert schema.query_type is not None
    return ShapeMaker(schema, {}, {}).root(schema.query_type, operation.selection_set)


@settings(max_examples=200, deadline=None, database=None, derandomize=True)
@given(seed=st.integers(min_value=0, max_value=2**32 - 1))
async def test_lies_never_reach_the_client(seed: int) -> None:
    """Spoilt answers of all subgraphs make nulls with errors, never a crash or a value that the schema forbids."""
    random = Random(seed)
    federation, queries = random.choice(SUBGRAPHS)
    query = random.choice(queries)
    instead = {one.name: lambda true: orjson.dumps(spoil(true, random)) for one in federation.subgraphs}
    reply = await federation.run(query, **instead)
    if reply.data is None:
        assert reply.errors
    else:
        check(shape_of(federation.schema, query), reply.data)


@pytest.mark.parametrize("depth", [100, 300, 1000])
def test_values_too_deep_to_write_are_refused(depth: int) -> None:
    """A custom scalar nested beyond what JSON writers take is an error of that answer, not of the process."""
    value: Any = "x"
    for _ in range(depth):
        value = [value]
    body = orjson.loads(Answer({"json": value}, [GraphQLError("x")]).body())
    plain = orjson.loads(Answer({"json": value}).body())
    if depth > 250:
        assert [one["errors"][0]["extensions"]["code"] for one in (body, plain)] == ["SUBGRAPH_INVALID_VALUE"] * 2
        assert body["data"] is plain["data"] is None
    else:
        assert value == plain["data"]["json"]
