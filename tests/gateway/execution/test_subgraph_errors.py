"""Errors of subgraphs reach the client at the client's paths, with what it may know, and cost only what they must."""

from typing import Any

import pytest

from gateway.executor.ports import SubgraphTimeout, SubgraphUnavailable
from gateway.plan import Node, Parallel, RenameKey, Sequence
from tests.support.plans import entities, fetch, path, run, told
from tests.support.scripted_transport import ScriptedTransport

SCHEMA = """
type Query { me: User you: User users: [User] must: User! text: String other: String viewer: Viewer box: Box }
type User { id: ID! name: String age: Int! org: Org friends: [User!] rank: Int }
type Org { id: ID! title: String! size: Int }
type Viewer { a: String b: String bMust: Inner! }
type Inner { c: String! }
type Box { must: Inner! soft: Inner list: [Inner] }
"""
DOWN = "SUBGRAPH_UNAVAILABLE"
USERS: dict[str, Any] = {"users": [{"__typename": "User", "id": one} for one in "121"]}
USERS_PLAN = Sequence(
    (fetch("a", "{ users { __typename id } }"), entities("b", "users.@", "... on User { name rank org { id title } }"))
)


def failing(message: str, *steps: str | int, **extensions: Any) -> dict[str, Any]:
    """Return an entry of a response's errors."""
    return {"message": message, "path": list(steps), "extensions": extensions, "locations": [{"line": 1, "column": 2}]}


async def asked(query: str, node: Node, **answers: Any) -> Any:
    """Run a query over written answers."""
    return await run(SCHEMA, node, query, ScriptedTransport(answers))


# (name, query, answer of the one subgraph, data, errors)
ONE: list[tuple[str, str, dict[str, Any], Any, list[tuple[str, str]]]] = [
    ("a nullable field", "{ text other }",
     {"data": {"text": None, "other": "x"}, "errors": [failing("no", "text", code="FORBIDDEN")]},
     {"text": None, "other": "x"}, [("text", "FORBIDDEN")]),
    ("a field that the subgraph left out", "{ text other }",
     {"data": {"other": "x"}, "errors": [failing("no", "text")]},
     {"text": None, "other": "x"}, [("text", "SUBGRAPH_ERROR")]),
    ("a field that bubbled in the subgraph", "{ me { age name } text }",
     {"data": {"me": None, "text": "x"}, "errors": [failing("no", "me", "age")]},
     {"me": None, "text": "x"}, [("me.age", "SUBGRAPH_ERROR")]),
    ("two fields that bubbled to one null", "{ me { age name } }",
     {"data": {"me": None}, "errors": [failing("no", "me", "age", code="A"), failing("no", "me", "name", code="B")]},
     {"me": None}, [("me.age", "A"), ("me.name", "B")]),
    ("an item of a list", "{ users { name } }",
     {"data": {"users": [{"name": "x"}, None]}, "errors": [failing("no", "users", 1, "age")]},
     {"users": [{"name": "x"}, None]}, [("users.1", "SUBGRAPH_ERROR")]),
    ("a field of an item", "{ users { name } }",
     {"data": {"users": [{"name": "x"}, {"name": None}]}, "errors": [failing("no", "users", 1, "name")]},
     {"users": [{"name": "x"}, {"name": None}]}, [("users.1.name", "SUBGRAPH_ERROR")]),
    ("everything", "{ must { id } text }",
     {"data": None, "errors": [failing("no", "must", "id")]}, None, [("must.id", "SUBGRAPH_ERROR")]),
    ("everything, in a subgraph stricter than the schema", "{ text other }",
     {"data": None, "errors": [failing("no", "text")]}, {"text": None, "other": None}, [("text", "SUBGRAPH_ERROR")]),
    ("no path and no data", "{ text other }",
     {"data": None, "errors": [{"message": "refused", "extensions": {"code": "UNAUTHENTICATED"}}]},
     {"text": None, "other": None}, [("text", "UNAUTHENTICATED"), ("other", "UNAUTHENTICATED")]),
    ("no data at all", "{ text }", {"errors": [{"message": "refused"}]}, {"text": None}, [("text", "SUBGRAPH_ERROR")]),
    ("no path but data", "{ text }", {"data": {"text": "x"}, "errors": [{"message": "slow"}]}, {"text": "x"},
     [("", "SUBGRAPH_ERROR")]),
    ("a value that is there all the same", "{ text }",
     {"data": {"text": "x"}, "errors": [failing("old", "text", code="WARNING")]}, {"text": "x"}, [("text", "WARNING")]),
    ("a path beyond the answer", "{ users { name } }",
     {"data": {"users": []}, "errors": [failing("no", "users", 7, "name")]}, {"users": []},
     [("users.7.name", "SUBGRAPH_ERROR")]),
    ("a path that goes through a value", "{ text }",
     {"data": {"text": "x"}, "errors": [failing("no", "text", "deeper")]}, {"text": "x"},
     [("text", "SUBGRAPH_ERROR")]),
    ("a path that is none", "{ text }", {"data": {"text": None}, "errors": [{"message": "no", "path": "text"}]},
     {"text": None}, [("", "SUBGRAPH_ERROR")]),
    ("an aliased field", "{ t: text }", {"data": {"t": None}, "errors": [failing("no", "t")]}, {"t": None},
     [("t", "SUBGRAPH_ERROR")]),
    ("an error that is no object", "{ text }", {"data": {"text": None}, "errors": ["no"]}, {"text": None},
     [("", "SUBGRAPH_ERROR")]),
    ("a code that is no string", "{ text }", {"data": {"text": None}, "errors": [failing("no", "text", code=7)]},
     {"text": None}, [("text", "SUBGRAPH_ERROR")]),
    ("errors that are null", "{ text }", {"data": {"text": "x"}, "errors": None}, {"text": "x"}, []),
    ("errors that are empty", "{ text }", {"data": {"text": "x"}, "errors": []}, {"text": "x"}, []),
    ("the same field twice", "{ text }",
     {"data": {"text": None}, "errors": [failing("1", "text", code="A"), failing("2", "text", code="B")]},
     {"text": None}, [("text", "A"), ("text", "B")]),
    ("a null where none may be, in the subgraph's own bubble", "{ box { soft { c } must { c } } }",
     {"data": {"box": None}, "errors": [failing("no", "box", "must", "c")]}, {"box": None},
     [("box.must.c", "SUBGRAPH_ERROR")]),
    ("one item of a nullable list", "{ box { list { c } } }",
     {"data": {"box": {"list": [None, {"c": "x"}]}}, "errors": [failing("no", "box", "list", 0, "c")]},
     {"box": {"list": [None, {"c": "x"}]}}, [("box.list.0.c", "SUBGRAPH_ERROR")]),
]  # fmt: skip


@pytest.mark.parametrize(("query", "answer", "data", "errors"), [c[1:] for c in ONE], ids=[c[0] for c in ONE])
async def test_errors_of_a_root_fetch(
    query: str, answer: dict[str, Any], data: Any, errors: list[tuple[str, str]]
) -> None:
    """A subgraph's error stands at the field it names, once, and costs that field only."""
    result = await asked(query, fetch("a", query), a=answer)
    assert (data, errors) == (result.data, told(result))


LIES: list[tuple[str, Any]] = [
    ("nothing", b""),
    ("a web page", b"<html><h1>502 Bad Gateway</h1> at /srv/app</html>"),
    ("half an answer", b'{"data": {"users": [{"__type'),
    ("no UTF-8", b'{"data": "\xff"}'),
    ("null", b"null"),
    ("a list", b"[]"),
    ("a number", b"7"),
    ("an empty object", b"{}"),
    ("data of a wrong type", b'{"data": 5}'),
    ("data that is a list", b'{"data": []}'),
    ("errors of a wrong type", b'{"data": {"users": []}, "errors": "no"}'),
    ("null data without errors", b'{"data": null}'),
    ("null data with no errors in a list", b'{"data": null, "errors": []}'),
    ("a refused connection", SubgraphUnavailable("b", "connection refused 10.0.0.7")),
]


@pytest.mark.parametrize("answer", [lie[1] for lie in LIES], ids=[lie[0] for lie in LIES])
async def test_a_lost_root_fetch_costs_its_own_fields(answer: Any) -> None:
    """What is no GraphQL answer is told at every field that was asked of that subgraph, the others are complete."""
    node = Parallel((fetch("a", "{ text }"), fetch("b", "{ other me { name } }")))
    result = await asked("{ text other me { name } }", node, a={"data": {"text": "x"}}, b=answer)
    assert (result.data, told(result)) == ({"text": "x", "other": None, "me": None}, [("other", DOWN), ("me", DOWN)])


@pytest.mark.parametrize(
    "answer",
    [
        *[lie[1] for lie in LIES],
        b'{"data": {"_entities": 5}}',
        b'{"data": {"_entities": [{"name": "x"}]}}',
        b'{"data": {}}',
    ],
    ids=[*[lie[0] for lie in LIES], "no list of entities", "too few entities", "no entities"],
)
async def test_a_lost_entity_fetch_costs_its_own_fields_at_every_position(answer: Any) -> None:
    """What is no answer to an entity fetch is told at each field of each object, whose other fields are there."""
    result = await asked("{ users { id name } }", USERS_PLAN, a={"data": USERS}, b=answer)
    assert {"users": [{"id": one, "name": None} for one in "121"]} == result.data
    assert [(f"users.{at}.name", DOWN) for at in range(3)] == told(result)


async def test_a_time_out_has_its_own_code() -> None:
    """A subgraph that took too long is told apart from one that is down."""
    result = await asked("{ text }", fetch("a", "{ text }"), a=SubgraphTimeout("a", "5 s"))
    assert told(result) == [("text", "SUBGRAPH_TIMEOUT")]


async def test_reasons_stay_in_the_house() -> None:
    """The reason of an outage is for our log: the client reads neither it nor the subgraph's name."""
    result = await asked("{ text }", fetch("secretname", "{ text }"), secretname=SubgraphUnavailable("x", "10.0.0.7"))
    assert not {"10.0.0.7", "secretname"} & set(result.body().decode().replace('"', " ").split())


async def test_the_subgraph_is_named_where_the_setting_says_so() -> None:
    """With the setting, errors carry the subgraph's name."""
    answers = ScriptedTransport({"a": SubgraphUnavailable("a", "gone")})
    result = await run(SCHEMA, fetch("a", "{ text }"), "{ text }", answers, name_subgraphs=True)
    assert [error.extensions for error in result.errors] == [{"code": DOWN, "service": "a"}]


async def test_extensions_pass_by_name_only() -> None:
    """Of a subgraph's extensions only the allowed ones pass: no stack traces, no internals, no places in its query."""
    error = failing("no", "text", code="FORBIDDEN", stacktrace=["at /srv"], exception={"x": 1}, retryAfter=3)
    answers = {"a": {"data": {"text": None}, "errors": [error]}}
    plain = await run(SCHEMA, fetch("a", "{ text }"), "{ text }", ScriptedTransport(answers))
    more = await run(
        SCHEMA,
        fetch("a", "{ text }"),
        "{ text }",
        ScriptedTransport(answers),
        error_extensions=frozenset({"code", "retryAfter"}),
    )
    assert [one.formatted for one in plain.errors] == [
        {"message": "no", "path": ["text"], "extensions": {"code": "FORBIDDEN"}}
    ]
    assert [one.extensions for one in more.errors] == [{"code": "FORBIDDEN", "retryAfter": 3}]


# (name, entities' answer, data of the users, errors): the users 1 and 2 at the positions 0, 1 and 2 (1 again).
ENTITIES: list[tuple[str, dict[str, Any], Any, list[tuple[str, str]]]] = [
    ("a field of one entity",
     {"data": {"_entities": [{"name": None, "rank": 1}, {"name": "B", "rank": 2}]},
      "errors": [failing("no", "_entities", 0, "name", code="X")]},
     [{"name": None, "rank": 1}, {"name": "B", "rank": 2}, {"name": None, "rank": 1}],
     [("users.0.name", "X"), ("users.2.name", "X")]),
    ("a whole entity",
     {"data": {"_entities": [None, {"name": "B", "rank": 2}]}, "errors": [failing("no", "_entities", 0, code="X")]},
     [{"name": None, "rank": None}, {"name": "B", "rank": 2}, {"name": None, "rank": None}],
     [("users.0.name", "X"), ("users.0.rank", "X"), ("users.2.name", "X"), ("users.2.rank", "X")]),
    ("an entity that bubbled",
     {"data": {"_entities": [{"name": "A", "rank": 1}, None]}, "errors": [failing("no", "_entities", 1, "name")]},
     [{"name": "A", "rank": 1}, {"name": None, "rank": None}, {"name": "A", "rank": 1}],
     [("users.1.name", "SUBGRAPH_ERROR")]),
    ("all entities",
     {"data": None, "errors": [failing("no", "_entities", code="X")]},
     [{"name": None, "rank": None}] * 3,
     [(f"users.{at}.{name}", "X") for at in range(3) for name in ("name", "rank")]),
    ("all entities, no path",
     {"errors": [{"message": "no", "extensions": {"code": "X"}}]},
     [{"name": None, "rank": None}] * 3,
     [(f"users.{at}.{name}", "X") for at in range(3) for name in ("name", "rank")]),
    ("entities that are not found",
     {"data": {"_entities": [None, None]}}, [{"name": None, "rank": None}] * 3, []),
    ("no path, one entity lost",
     {"data": {"_entities": [{"name": "A", "rank": 1}, None]}, "errors": [{"message": "no"}]},
     [{"name": "A", "rank": 1}, {"name": None, "rank": None}, {"name": "A", "rank": 1}],
     [("users.1.name", "SUBGRAPH_ERROR"), ("users.1.rank", "SUBGRAPH_ERROR")]),
    ("no path, none lost",
     {"data": {"_entities": [{"name": "A", "rank": 1}, {"name": "B", "rank": 2}]}, "errors": [{"message": "slow"}]},
     [{"name": "A", "rank": 1}, {"name": "B", "rank": 2}, {"name": "A", "rank": 1}], [("", "SUBGRAPH_ERROR")]),
    ("a value that is there all the same",
     {"data": {"_entities": [{"name": "A", "rank": 1}, {"name": "B", "rank": 2}]},
      "errors": [failing("old", "_entities", 0, "rank")]},
     [{"name": "A", "rank": 1}, {"name": "B", "rank": 2}, {"name": "A", "rank": 1}],
     [("users.0.rank", "SUBGRAPH_ERROR"), ("users.2.rank", "SUBGRAPH_ERROR")]),
    ("an entity beyond the list",
     {"data": {"_entities": [{"name": "A", "rank": 1}, {"name": "B", "rank": 2}]},
      "errors": [failing("no", "_entities", 9, "name")]},
     [{"name": "A", "rank": 1}, {"name": "B", "rank": 2}, {"name": "A", "rank": 1}], [("", "SUBGRAPH_ERROR")]),
    ("an entity before the list",
     {"data": {"_entities": [{"name": "A", "rank": 1}, {"name": "B", "rank": 2}]},
      "errors": [failing("no", "_entities", -9, "name")]},
     [{"name": "A", "rank": 1}, {"name": "B", "rank": 2}, {"name": "A", "rank": 1}], [("", "SUBGRAPH_ERROR")]),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "data", "errors"), [c[1:] for c in ENTITIES], ids=[c[0] for c in ENTITIES])
async def test_errors_of_an_entity_fetch(answer: dict[str, Any], data: Any, errors: list[tuple[str, str]]) -> None:
    """An entity's error stands at every position of its object in the client's answer."""
    result = await asked("{ users { name rank } }", USERS_PLAN, a={"data": USERS}, b=answer)
    assert (data, errors) == (result.data and result.data["users"], told(result))


async def test_deep_errors_of_an_entity_keep_their_path() -> None:
    """An error below an entity has the position's path and the rest of its own."""
    answer = {
        "data": {"_entities": [{"name": "A", "org": None}, {"name": "B", "org": {"id": "7", "title": "T"}}]},
        "errors": [failing("no", "_entities", 0, "org", "title")],
    }
    result = await asked("{ users { org { title } } }", USERS_PLAN, a={"data": USERS}, b=answer)
    assert result.data == {"users": [{"org": None}, {"org": {"title": "T"}}, {"org": None}]}
    assert told(result) == [("users.0.org.title", "SUBGRAPH_ERROR"), ("users.2.org.title", "SUBGRAPH_ERROR")]


async def test_an_entity_s_error_bubbles_by_the_api_schema() -> None:
    """A non-null field of an entity that failed makes the client's object null, with that one error."""
    node = Sequence((fetch("a", "{ users { __typename id } }"), entities("b", "users.@", "... on User { name age }")))
    answer = {"data": {"_entities": [None, {"name": "B", "age": 2}]}, "errors": [failing("no", "_entities", 0, "age")]}
    result = await asked("{ users { name age } }", node, a={"data": USERS}, b=answer)
    assert result.data == {"users": [None, {"name": "B", "age": 2}, None]}
    assert told(result) == [("users.0.age", "SUBGRAPH_ERROR"), ("users.2.age", "SUBGRAPH_ERROR")]


async def test_an_entity_that_is_not_found_bubbles_where_it_must() -> None:
    """A non-null field of an entity that its subgraph does not know is a null that may not be."""
    node = Sequence((fetch("a", "{ me { __typename id } }"), entities("b", "me", "... on User { age }")))
    answers = {"a": {"data": {"me": {"__typename": "User", "id": "1"}}}, "b": {"data": {"_entities": [None]}}}
    result = await asked("{ me { id age } }", node, **answers)
    assert (result.data, told(result)) == ({"me": None}, [("me.age", "UNEXPECTED_NULL")])


async def test_what_depends_on_a_lost_fetch_is_told_too() -> None:
    """Fields that need the key of a lost fetch have its error, at their own path, and are not asked for."""
    node = Sequence(
        (
            fetch("a", "{ me { __typename id } }"),
            entities("b", "me", "... on User { __key: id }"),
            entities("c", "me", "... on User { name }", "__key"),
        )
    )
    transport = ScriptedTransport(
        {"a": {"data": {"me": {"__typename": "User", "id": "1"}}}, "b": SubgraphTimeout("b", "5 s")}
    )
    result = await run(SCHEMA, node, "{ me { id name } }", transport)
    assert transport.asked == ["a", "b"]
    assert (result.data, told(result)) == ({"me": {"id": "1", "name": None}}, [("me.name", "SUBGRAPH_TIMEOUT")])


async def test_errors_of_fields_that_only_the_planner_needs_are_not_told() -> None:
    """A key that failed but that nothing the client asked for depends on leaves no trace."""
    node = fetch("a", "{ me { name __key: id } }")
    answer = {"data": {"me": {"name": "A", "__key": None}}, "errors": [failing("no", "me", "__key")]}
    result = await asked("{ me { name } }", node, a=answer)
    assert (result.data, told(result)) == ({"me": {"name": "A"}}, [])


async def test_internal_aliases_are_not_in_paths() -> None:
    """The path of an error ends before a key that the client does not know, and renamed keys have the client's name."""
    rewrite = (RenameKey(path("me.__x"), "name"),)
    renamed = await asked(
        "{ me { name } }",
        fetch("a", "{ me { __x: name } }", rewrites=rewrite),
        a={"data": {"me": {"__x": None}}, "errors": [failing("no", "me", "__x")]},
    )
    bubbled = await asked(
        "{ me { name } }",
        fetch("a", "{ me { name __y: age } }"),
        a={"data": {"me": None}, "errors": [failing("no", "me", "__y")]},
    )
    assert told(renamed) == [("me.name", "SUBGRAPH_ERROR")]
    assert told(bubbled) == [("me", "SUBGRAPH_ERROR")]


async def test_a_shared_object_keeps_what_one_of_its_subgraphs_gave() -> None:
    """Of an object that two subgraphs fill, one failing leaves the other's fields and an error for each of its own."""
    node = Parallel((fetch("a", "{ viewer { a } }"), fetch("b", "{ viewer { b } }")))
    for answers in (
        {"a": {"data": {"viewer": {"a": "x"}}}, "b": SubgraphUnavailable("b", "gone")},
        {"a": {"data": {"viewer": {"a": "x"}}}, "b": {"data": {"viewer": None}, "errors": [failing("", "viewer")]}},
    ):
        result = await asked("{ viewer { a b } }", node, **answers)
        assert result.data == {"viewer": {"a": "x", "b": None}}
        assert [where for where, _ in told(result)] == ["viewer.b"]


async def test_a_shared_object_may_fail_first() -> None:
    """The order of the answers makes no difference to what a shared object keeps."""
    node = Parallel((fetch("a", "{ viewer { b } }"), fetch("b", "{ viewer { a } }")))
    answers = {"a": SubgraphUnavailable("a", "gone"), "b": {"data": {"viewer": {"a": "x"}}}}
    result = await asked("{ viewer { a b } }", node, **answers)
    assert (result.data, told(result)) == ({"viewer": {"a": "x", "b": None}}, [("viewer.b", DOWN)])


async def test_endless_errors_are_cut() -> None:
    """An answer with more errors than anybody reads is answered with a bounded number."""
    errors = [failing("no", "users", at, "name") for at in range(5000)]
    result = await asked("{ users { name } }", fetch("a", "{ users { name } }"), a={"data": None, "errors": errors})
    assert result.data == {"users": None}
    assert len(result.errors) == 1000
