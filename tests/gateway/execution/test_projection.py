"""The answer's shape: keys, order, types, nullability, checked over one fetch whose answer is written beforehand."""

from typing import Any, cast

import pytest
from graphql import FragmentDefinitionNode, OperationDefinitionNode, build_schema, parse

from gateway.executor import project
from gateway.executor.complete import complete
from gateway.executor.project import SURPRISES, compile_projection
from gateway.executor.shape import Object, ShapeMaker
from tests.support.plans import fetch, run, told
from tests.support.scripted_transport import ScriptedTransport

SCHEMA = """
scalar JSON
enum Color { RED GREEN }
interface Named { name: String }
interface Node { id: ID! }
union Pet = Cat | Dog
type Cat implements Named & Node { id: ID! name: String lives: Int! friend: Pet color: Color }
type Dog implements Named & Node { id: ID! name: String barks: Boolean! friend: Pet tags: [String!] }
type Tag { text: String! }
type Deep { id: ID! deep: Deep must: Deep! leaf: String! }
type Query {
  int: Int intMust: Int! float: Float text: String must: String! flag: Boolean id: ID idMust: ID!
  json: JSON jsonMust: JSON! color: Color colorMust: Color!
  ints: [Int] intsMust: [Int!] intsAll: [Int!]! texts: [String] textsMust: [String!] floats: [Float!] flags: [Boolean!]
  ids: [ID!] colors: [Color] colorsMust: [Color!] jsons: [JSON] jsonsMust: [JSON!]
  matrix: [[Int]] matrixMust: [[Int!]!]! words: [[String!]]
  tag: Tag tagMust: Tag! tags: [Tag] tagsMust: [Tag!] tagsAll: [Tag!]! tagMatrix: [[Tag!]!]
  pet: Pet pets: [Pet] petsMust: [Pet!] named: Named nodes: [Node!] deep: Deep self(a: Int): Query
}
"""
GONE = "SUBGRAPH_UNAVAILABLE"
NULL = "UNEXPECTED_NULL"
BAD = "SUBGRAPH_INVALID_VALUE"
CAT: dict[str, Any] = {"__typename": "Cat", "id": "1", "name": "Tom", "lives": 9, "color": "RED", "friend": None}
DOG: dict[str, Any] = {"__typename": "Dog", "id": "2", "name": "Rex", "barks": True, "tags": ["a"], "friend": CAT}

# What a subgraph may answer and the client then reads: (name, query, answer, data).
GOOD: list[tuple[str, str, Any, Any]] = [
    ("a whole number", "{ int }", {"int": 3}, {"int": 3}),
    ("the greatest whole number", "{ int }", {"int": 2147483647}, {"int": 2147483647}),
    ("the least whole number", "{ int }", {"int": -2147483648}, {"int": -2147483648}),
    ("an integral float where a whole number is asked", "{ int }", {"int": 3.0}, {"int": 3}),
    ("a float", "{ float }", {"float": 1.5}, {"float": 1.5}),
    ("a whole number where a float is asked", "{ float }", {"float": 2}, {"float": 2}),
    ("a string", "{ text }", {"text": "é\u2028"}, {"text": "é\u2028"}),
    ("an empty string", "{ must }", {"must": ""}, {"must": ""}),
    ("false", "{ flag }", {"flag": False}, {"flag": False}),
    ("an id", "{ idMust }", {"idMust": "a"}, {"idMust": "a"}),
    ("a numeric id as a string", "{ id }", {"id": 7}, {"id": "7"}),
    ("numeric ids of a list as strings", "{ ids }", {"ids": [1, "b"]}, {"ids": ["1", "b"]}),
    ("an object in a custom scalar", "{ json }", {"json": {"a": [1, None]}}, {"json": {"a": [1, None]}}),
    ("a list in a custom scalar", "{ jsonMust }", {"jsonMust": []}, {"jsonMust": []}),
    ("a custom scalar's list", "{ jsonsMust }", {"jsonsMust": [{"a": 1}, 2]}, {"jsonsMust": [{"a": 1}, 2]}),
    ("an enum value", "{ color }", {"color": "RED"}, {"color": "RED"}),
    ("nulls where they may be", "{ int text tag { text } pet { __typename } json color id }", {}, dict.fromkeys(
        ["int", "text", "tag", "pet", "json", "color", "id"])),
    ("an empty list", "{ intsAll }", {"intsAll": []}, {"intsAll": []}),
    ("nulls in lists", "{ ints texts colors jsons }",
     {"ints": [1, None], "texts": [None], "colors": [None, "RED"], "jsons": [None]},
     {"ints": [1, None], "texts": [None], "colors": [None, "RED"], "jsons": [None]}),
    ("a list of floats", "{ floats flags }", {"floats": [1, 2.5], "flags": [True]},
     {"floats": [1, 2.5], "flags": [True]}),
    ("lists of lists", "{ matrix matrixMust words }",
     {"matrix": [[1], None, []], "matrixMust": [[1, 2]], "words": [["a"], None]},
     {"matrix": [[1], None, []], "matrixMust": [[1, 2]], "words": [["a"], None]}),
    ("lists of lists of objects", "{ tagMatrix { text } }", {"tagMatrix": [[{"text": "a"}], []]},
     {"tagMatrix": [[{"text": "a"}], []]}),
    ("null objects in lists", "{ tags { text } }", {"tags": [None, {"text": "a"}]}, {"tags": [None, {"text": "a"}]}),
    ("only what was asked", "{ tag { text } }", {"tag": {"text": "a", "secret": 1}, "more": 2}, {"tag": {"text": "a"}}),
    ("aliases", "{ a: text b: text }", {"a": "x", "b": "y"}, {"a": "x", "b": "y"}),
    ("aliases that look like Python", "{ class: text None: int self { def: text } }",
     {"class": "x", "None": 1, "self": {"def": "y"}}, {"class": "x", "None": 1, "self": {"def": "y"}}),
    ("a field asked twice", "{ text text tag { text } tag { t: text } }",
     {"text": "x", "tag": {"text": "a", "t": "a"}}, {"text": "x", "tag": {"text": "a", "t": "a"}}),
    ("the same field with other arguments", "{ a: self(a: 1) { int } b: self(a: 2) { int } }",
     {"a": {"int": 1}, "b": {"int": 2}}, {"a": {"int": 1}, "b": {"int": 2}}),
    ("__typename at the top", "{ __typename text }", {"text": "x"}, {"__typename": "Query", "text": "x"}),
    ("an aliased __typename", "{ t: __typename }", {}, {"t": "Query"}),
    ("only __typename of an object", "{ tag { __typename } }", {"tag": {"__typename": "Tag"}},
     {"tag": {"__typename": "Tag"}}),
    ("__typename that the subgraph did not send", "{ tag { __typename text } }", {"tag": {"text": "a"}},
     {"tag": {"__typename": "Tag", "text": "a"}}),
    ("a union's member", "{ pet { __typename ... on Cat { lives } ... on Dog { barks } } }", {"pet": CAT},
     {"pet": {"__typename": "Cat", "lives": 9}}),
    ("each of a union's list", "{ pets { ... on Cat { lives } ... on Dog { barks } } }", {"pets": [DOG, CAT, None]},
     {"pets": [{"barks": True}, {"lives": 9}, None]}),
    ("nothing of a member that no fragment names", "{ pet { ... on Dog { barks } } }", {"pet": CAT}, {"pet": {}}),
    ("an interface's fields", "{ named { name __typename } }", {"named": DOG},
     {"named": {"name": "Rex", "__typename": "Dog"}}),
    ("a fragment on another interface", "{ named { ... on Node { id } name } }", {"named": CAT},
     {"named": {"id": "1", "name": "Tom"}}),
    ("a fragment on a union within an interface", "{ named { ... on Pet { ... on Cat { lives } } } }", {"named": CAT},
     {"named": {"lives": 9}}),
    ("abstract types within abstract types", "{ pet { ... on Dog { friend { ... on Cat { name } } } } }", {"pet": DOG},
     {"pet": {"friend": {"name": "Tom"}}}),
    ("fields of one key by type", "{ nodes { ... on Cat { x: name } ... on Dog { x: name } } }",
     {"nodes": [{"__typename": "Cat", "x": "Tom"}, {"__typename": "Dog", "x": "Rex"}]},
     {"nodes": [{"x": "Tom"}, {"x": "Rex"}]}),
    ("an interface whose type nobody told", "{ nodes { id } }", {"nodes": [{"id": "1"}]}, {"nodes": [{"id": "1"}]}),
    ("a named fragment", "{ tag { ...T } } fragment T on Tag { text }", {"tag": {"text": "a"}}, {"tag": {"text": "a"}}),
    ("fragments within fragments", "{ ...A } fragment A on Query { text ...B } fragment B on Query { int }",
     {"int": 1, "text": "x"}, {"text": "x", "int": 1}),
    ("a fragment without a type", "{ ... { text } }", {"text": "x"}, {"text": "x"}),
    ("fields included by a literal", "{ text @include(if: true) int @skip(if: true) }", {"text": "x", "int": 1},
     {"text": "x"}),
    ("deep objects", "{ deep { deep { deep { id } } } }", {"deep": {"deep": {"deep": {"id": "1"}}}},
     {"deep": {"deep": {"deep": {"id": "1"}}}}),
]  # fmt: skip

# What it may not answer: (name, query, answer, data, errors).
BROKEN: list[tuple[str, str, Any, Any, list[tuple[str, str]]]] = [
    ("a fraction for Int", "{ int text }", {"int": 1.5, "text": "x"}, {"int": None, "text": "x"}, [("int", GONE)]),
    ("a number beyond Int", "{ int }", {"int": 2147483648}, {"int": None}, [("int", GONE)]),
    ("a string for Int", "{ int }", {"int": "1"}, {"int": None}, [("int", GONE)]),
    ("true for Int", "{ int }", {"int": True}, {"int": None}, [("int", GONE)]),
    ("a string for Float", "{ float }", {"float": "1"}, {"float": None}, [("float", GONE)]),
    ("false for Float", "{ float }", {"float": False}, {"float": None}, [("float", GONE)]),
    ("a number for String", "{ text }", {"text": 1}, {"text": None}, [("text", GONE)]),
    ("an object for String", "{ text }", {"text": {}}, {"text": None}, [("text", GONE)]),
    ("one for Boolean", "{ flag }", {"flag": 1}, {"flag": None}, [("flag", GONE)]),
    ("a fraction for ID", "{ id }", {"id": 1.5}, {"id": None}, [("id", GONE)]),
    ("true for ID", "{ id }", {"id": True}, {"id": None}, [("id", GONE)]),
    ("an unknown enum value", "{ color }", {"color": "BLUE"}, {"color": None}, [("color", BAD)]),
    ("a number for an enum", "{ color }", {"color": 1}, {"color": None}, [("color", BAD)]),
    ("a list for an enum", "{ color }", {"color": []}, {"color": None}, [("color", BAD)]),
    ("an unknown enum value in a list", "{ colors }", {"colors": ["RED", "BLUE"]}, {"colors": ["RED", None]},
     [("colors.1", BAD)]),
    ("an unknown enum value where none may be null", "{ colorsMust }", {"colorsMust": ["BLUE"]}, {"colorsMust": None},
     [("colorsMust.0", BAD)]),
    ("an object for a list", "{ ints }", {"ints": {"a": 1}}, {"ints": None}, [("ints", GONE)]),
    ("a string for a list", "{ texts }", {"texts": "abc"}, {"texts": None}, [("texts", GONE)]),
    ("a string for an object", "{ tag { text } }", {"tag": "abc"}, {"tag": None}, [("tag", GONE)]),
    ("a string for an object of no field", "{ tag { __typename } }", {"tag": "abc"}, {"tag": None}, [("tag", GONE)]),
    ("a list for an object", "{ tag { text } }", {"tag": []}, {"tag": None}, [("tag", GONE)]),
    ("a number among objects", "{ tags { text } }", {"tags": [1, {"text": "a"}]}, {"tags": [None, {"text": "a"}]},
     [("tags.0", GONE)]),
    ("wrong items of a list", "{ ints texts }", {"ints": [1, "b"], "texts": [1, "b"]},
     {"ints": [1, None], "texts": [None, "b"]}, [("ints.1", GONE), ("texts.0", GONE)]),
    ("a wrong item in a list of lists", "{ matrix }", {"matrix": [[1, "b"]]}, {"matrix": [[1, None]]},
     [("matrix.0.1", GONE)]),
    ("a wrong item where none may be null, two lists deep", "{ matrixMust }", {"matrixMust": [[1], ["b"]]}, None,
     [("matrixMust.1.0", GONE)]),
    ("null at the top", "{ must text }", {"must": None, "text": "x"}, None, [("must", NULL)]),
    ("a missing field at the top", "{ must }", {"text": "x"}, None, [("must", NULL)]),
    ("null for a custom scalar", "{ jsonMust }", {"jsonMust": None}, None, [("jsonMust", NULL)]),
    ("null in a list of a custom scalar", "{ jsonsMust }", {"jsonsMust": [1, None]}, {"jsonsMust": None},
     [("jsonsMust.1", NULL)]),
    ("null for an enum", "{ colorMust }", {"colorMust": None}, None, [("colorMust", NULL)]),
    ("null for an id", "{ idMust }", {"idMust": None}, None, [("idMust", NULL)]),
    ("null in an object", "{ tag { text } int }", {"tag": {"text": None}, "int": 1}, {"tag": None, "int": 1},
     [("tag.text", NULL)]),
    ("null in a list of whole numbers", "{ intsMust }", {"intsMust": [1, None]}, {"intsMust": None},
     [("intsMust.1", NULL)]),
    ("null in a list that may not be null", "{ intsAll }", {"intsAll": [None]}, None, [("intsAll.0", NULL)]),
    ("null in a list of strings", "{ textsMust }", {"textsMust": ["a", None]}, {"textsMust": None},
     [("textsMust.1", NULL)]),
    ("null objects in a list", "{ tagsMust { text } }", {"tagsMust": [{"text": "a"}, None]}, {"tagsMust": None},
     [("tagsMust.1", NULL)]),
    ("null in an object of a list", "{ tags { text } }", {"tags": [{"text": None}, {"text": "b"}]},
     {"tags": [None, {"text": "b"}]}, [("tags.0.text", NULL)]),
    ("null in an object of a list without nulls", "{ tagsMust { text } int }", {"tagsMust": [{"text": None}], "int": 1},
     {"tagsMust": None, "int": 1}, [("tagsMust.0.text", NULL)]),
    ("null up to the top", "{ tagsAll { text } int }", {"tagsAll": [{"text": None}], "int": 1}, None,
     [("tagsAll.0.text", NULL)]),
    ("null in a list of lists of objects", "{ tagMatrix { text } }", {"tagMatrix": [[{"text": "a"}], [{}]]},
     {"tagMatrix": None}, [("tagMatrix.1.0.text", NULL)]),
    ("null several levels down", "{ deep { deep { must { leaf } } } }", {"deep": {"deep": {"must": {"leaf": None}}}},
     {"deep": {"deep": None}}, [("deep.deep.must.leaf", NULL)]),
    ("null under an alias", "{ a: tag { b: text } }", {"a": {"b": None}}, {"a": None}, [("a.b", NULL)]),
    ("nulls at several places", "{ a: tag { text } b: tag { text } }", {"a": {}, "b": {}}, {"a": None, "b": None},
     [("a.text", NULL), ("b.text", NULL)]),
    ("an unknown type in a union", "{ pet { __typename } }", {"pet": {"__typename": "Fish"}}, {"pet": None},
     [("pet", BAD)]),
    ("a type that the union does not have", "{ pets { __typename } }", {"pets": [{"__typename": "Tag"}, CAT]},
     {"pets": [None, {"__typename": "Cat"}]}, [("pets.0", BAD)]),
    ("an unknown type where none may be null", "{ petsMust { __typename } }", {"petsMust": [{"__typename": "Fish"}]},
     {"petsMust": None}, [("petsMust.0", BAD)]),
    ("a union's member without its type", "{ pet { ... on Cat { lives } } }", {"pet": {"lives": 9}}, {"pet": None},
     [("pet", BAD)]),
    ("a type that is no string", "{ pet { __typename } }", {"pet": {"__typename": 5}}, {"pet": None}, [("pet", BAD)]),
    ("a string for a union", "{ pet { __typename } }", {"pet": "Cat"}, {"pet": None}, [("pet", GONE)]),
    ("null in a union's member", "{ pets { ... on Cat { lives } ... on Dog { barks } } }",
     {"pets": [CAT, {"__typename": "Dog"}]}, {"pets": [{"lives": 9}, None]}, [("pets.1.barks", NULL)]),
    ("null in an interface's member", "{ nodes { id } }", {"nodes": [{"__typename": "Cat", "id": None}]},
     {"nodes": None}, [("nodes.0.id", NULL)]),
    ("null in an interface whose type nobody told", "{ nodes { id } }", {"nodes": [{"id": None}]},
     {"nodes": None}, [("nodes.0.id", NULL)]),
]  # fmt: skip


async def answered(query: str, data: Any) -> Any:
    """Run a query over one subgraph that answers `data`."""
    return await run(SCHEMA, fetch("a", query), query, ScriptedTransport({"a": {"data": data}}))


@pytest.mark.parametrize(("query", "data", "expected"), [c[1:] for c in GOOD], ids=[c[0] for c in GOOD])
async def test_good_answers_are_read_as_the_client_asked(query: str, data: Any, expected: Any) -> None:
    """An answer of the schema's types comes out with the client's keys in the client's order and without errors."""
    answer = await answered(query, data)
    assert (expected, []) == (answer.data, answer.errors)
    assert answer.data is not None
    assert list(expected) == list(answer.data)


@pytest.mark.parametrize(("query", "data", "expected", "errors"), [c[1:] for c in BROKEN], ids=[c[0] for c in BROKEN])
async def test_broken_answers_become_null_with_an_error(
    query: str, data: Any, expected: Any, errors: list[tuple[str, str]]
) -> None:
    """A value that the schema does not allow is null, up to where null may be, with an error at the client's path."""
    answer = await answered(query, data)
    assert (expected, errors) == (answer.data, told(answer))


def shape_of(query: str) -> Object:
    schema = build_schema(SCHEMA)
    document = parse(query)
    assert schema.query_type is not None
    operation = next(d for d in document.definitions if isinstance(d, OperationDefinitionNode))
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    return ShapeMaker(schema, fragments, {}).root(schema.query_type, operation.selection_set)


@pytest.mark.parametrize(("query", "data", "expected"), [c[1:] for c in GOOD], ids=[c[0] for c in GOOD])
def test_both_projections_agree(query: str, data: Any, expected: Any) -> None:
    """The quick projection answers as the careful one does, or leaves the work to it."""
    shape = shape_of(query)
    careful, errors = complete(shape, data, ())
    try:
        quick = compile_projection(shape)(data)
    except SURPRISES:
        quick = careful
    assert (expected, expected, []) == (careful, quick, errors)


async def test_null_in_a_non_null_field_names_the_field_as_graphql_does() -> None:
    """The message is graphql-core's, with the field's coordinate."""
    answer = await answered("{ tag { text } }", {"tag": {}})
    assert [error.message for error in answer.errors] == ["Cannot return null for non-nullable field Tag.text."]


async def test_a_hidden_enum_value_is_not_named() -> None:
    """The error of a value that clients may not know does not contain it."""
    answer = await answered("{ color }", {"color": "INTERNAL_BLUE"})
    assert "BLUE" not in answer.body().decode()


async def test_a_hidden_type_is_not_named() -> None:
    """The error of an object whose type clients may not know does not contain the type."""
    answer = await answered("{ pet { __typename } }", {"pet": {"__typename": "SecretFish"}})
    assert "Fish" not in answer.body().decode()


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("second", [True, False])
async def test_conditions_choose_fields_and_their_order(first: bool, second: bool) -> None:
    """Each choice of the variables has its own fields, in the order in which this choice meets them."""
    query = "query($a: Boolean!, $b: Boolean!) { text @include(if: $a) int @skip(if: $b) text float }"
    data = {"text": "x", "int": 1, "float": 1.5}
    answer = await run(
        SCHEMA, fetch("a", query, "a", "b"), query, ScriptedTransport({"a": {"data": data}}), {"a": first, "b": second}
    )
    order = (["text"] if first else []) + ([] if second else ["int"]) + ([] if first else ["text"]) + ["float"]
    assert answer.data is not None
    assert order == list(answer.data)


async def test_conditions_on_fragments_apply_to_all_their_fields() -> None:
    """A skipped spread and an included inline fragment decide for everything in them, a default included."""
    query = """query($a: Boolean = false) {
      ...F @include(if: $a) ... @skip(if: $a) { int } tag { ... on Tag @include(if: $a) { text } __typename }
    } fragment F on Query { text }"""
    data = {"text": "x", "int": 1, "tag": {"text": "a"}}
    transport = ScriptedTransport({"a": {"data": data}})
    off = await run(SCHEMA, fetch("a", query), query, transport)
    on = await run(SCHEMA, fetch("a", query), query, transport, {"a": True})
    assert off.data == {"int": 1, "tag": {"__typename": "Tag"}}
    assert on.data == {"text": "x", "tag": {"text": "a", "__typename": "Tag"}}


async def test_many_choices_of_conditions_stay_bounded() -> None:
    """More choices of the variables than are kept in memory are all answered right."""
    names = [f"v{at}" for at in range(6)]
    fields = " ".join(f"{name}: int @include(if: ${name})" for name in names)
    query = f"query({', '.join(f'${name}: Boolean!' for name in names)}) {{ {fields} }}"
    transport = ScriptedTransport({"a": {"data": dict.fromkeys(names, 1)}})
    for choice in range(64):
        variables = {name: bool(choice >> at & 1) for at, name in enumerate(names)}
        answer = await run(SCHEMA, fetch("a", query), query, transport, variables)
        assert [name for name in names if variables[name]] == list(answer.data or {})


def test_equal_selections_are_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiling is most of what a new document's projection costs, and the interpreter's lock is held for it."""
    compiled: list[str] = []

    def counting(source: str, *rest: Any) -> Any:
        compiled.append(source)
        return cast(Any, compile)(source, *rest)

    monkeypatch.setattr(project, "compile", counting, raising=False)
    aliases = " ".join(
        f"a{n}: self(a: {n}) {{ tag {{ text }} colors pet {{ ... on Cat {{ lives }} }} }}" for n in range(9)
    )
    shape = shape_of(f"{{ {aliases} }}")
    project_ = compile_projection(shape)
    one = {"tag": {"text": "x"}, "colors": ["RED"], "pet": CAT}
    assert project_({f"a{n}": one for n in range(9)})["a8"] == {
        "tag": {"text": "x"},
        "colors": ["RED"],
        "pet": {"lives": 9},
    }
    assert len([source for source in compiled if source.startswith("def ")]) == 5, "\n".join(compiled)
