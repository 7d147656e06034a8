"""Representations: which objects give one, what is in it, and that each distinct one is sent once."""

from typing import Any

import pytest

from gateway.plan import (
    BatchFetch,
    BatchPart,
    DropTypename,
    Flatten,
    RenameKey,
    RequiredField,
    RequiredOnTypes,
    Requires,
    Sequence,
)
from tests.support.plans import entities, fetch, path, run
from tests.support.scripted_transport import ScriptedTransport

SCHEMA = """
scalar JSON
interface Media { id: ID! title: String }
type Book implements Media { id: ID! title: String pages: Int }
type Film implements Media { id: ID! title: String length: Int }
type Org { id: ID! name: String }
type User { id: ID! name: String org: Org friend: User friends: [User] shelf: [[Media]] }
type Payload { query: Query! }
type Query { me: User users: [User] you: User media: [Media] ping: String payload: Payload }
"""


def user(id_: Any, **more: Any) -> dict[str, Any]:
    """Return a user as a subgraph answers it."""
    return {"__typename": "User", "id": id_, **more}


async def representations(data: Any, *keys: Any, at: str = "users.@", on: str = "User", **more: Any) -> list[Any]:
    """Return what the entity fetch was sent for the objects in `data`."""
    node = Sequence((fetch("a", "{ users { id } }"), entities("b", at, "... on User { name }", *keys, on=on, **more)))
    transport = ScriptedTransport({"a": {"data": data}, "b": {"data": {"_entities": []}}})
    await run(SCHEMA, node, "{ users { id name } }", transport)
    return transport.representations(1) if len(transport.sent) > 1 else []


NAME_OF_ORG = RequiredField("org", "org", (RequiredField("name", "name"),))
BY_TYPE = RequiredField(
    "shelf", "shelf", (RequiredOnTypes(("Book",), (RequiredField("pages", "pages"),)), RequiredField("id", "id"))
)

# (name, keys, object, representation)
COPIES: list[tuple[str, tuple[Any, ...], dict[str, Any], Any]] = [
    ("one key", ("id",), user("1"), {"id": "1"}),
    ("a numeric key", ("id",), user(1), {"id": 1}),
    ("several fields", ("id", "name"), user("1", name="A"), {"id": "1", "name": "A"}),
    ("a null", ("id", "name"), user("1", name=None), {"id": "1", "name": None}),
    ("a key under another name", (RequiredField("id", "__id_0"),), user("1", __id_0="7"), {"id": "7"}),
    ("a nested object", ("id", NAME_OF_ORG), user("1", org={"id": "7", "name": "O"}),
     {"id": "1", "org": {"name": "O"}}),
    ("a nested null", ("id", NAME_OF_ORG), user("1", org=None), {"id": "1", "org": None}),
    ("a list of objects", (RequiredField("friends", "friends", (RequiredField("id", "id"),)),),
     user("1", friends=[{"id": "2", "x": 1}, None]), {"friends": [{"id": "2"}, None]}),
    ("lists of lists by type", (BY_TYPE,),
     user("1", shelf=[[{"__typename": "Book", "id": "b", "pages": 9}, {"__typename": "Film", "id": "f"}], None]),
     {"shelf": [[{"pages": 9, "id": "b"}, {"id": "f"}], None]}),
    ("one field selected twice", (NAME_OF_ORG, RequiredField("org", "org", (RequiredField("id", "id"),))),
     user("1", org={"id": "7", "name": "O"}), {"org": {"name": "O", "id": "7"}}),
    ("a custom scalar's object whole", ("meta",), user("1", meta={"a": [1]}), {"meta": {"a": [1]}}),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "found", "expected"), [c[1:] for c in COPIES], ids=[c[0] for c in COPIES])
async def test_a_representation_has_what_is_required(
    keys: tuple[Any, ...], found: dict[str, Any], expected: dict[str, Any]
) -> None:
    """The required fields are copied from the tree, no more, with the object's type."""
    assert [{"__typename": "User", **expected}] == await representations({"users": [found]}, *keys)


NONE_OF: list[tuple[str, tuple[Any, ...], Any]] = [
    ("null", ("id",), None),
    ("an object without the key", ("id",), {"__typename": "User"}),
    ("an object without a part of a nested key", (NAME_OF_ORG,), user("1", org={"id": "7"})),
    ("an object without a type", ("id",), {"id": "1"}),
    ("an object of another type", ("id",), {"__typename": "Org", "id": "1"}),
    ("a string", ("id",), "User"),
    ("a list", ("id",), [user("1")]),
]


@pytest.mark.parametrize(("keys", "found"), [c[1:] for c in NONE_OF], ids=[c[0] for c in NONE_OF])
async def test_what_gives_no_representation_causes_no_call(keys: tuple[Any, ...], found: Any) -> None:
    """Without a representation the subgraph is not asked."""
    assert await representations({"users": [found]}, *keys) == []


@pytest.mark.parametrize("users", [None, [], [None, None]], ids=["no list", "an empty list", "a list of nulls"])
async def test_no_objects_cause_no_call(users: Any) -> None:
    """Where the path leads to no object the subgraph is not asked."""
    assert await representations({"users": users}) == []


async def test_equal_representations_are_sent_once() -> None:
    """A hundred objects with three keys make three representations, in order of appearance."""
    sent = await representations({"users": [user("cab"[at % 3]) for at in range(100)]})
    assert [{"__typename": "User", "id": one} for one in "cab"] == sent


async def test_numbers_and_strings_are_different_keys() -> None:
    """1, "1", 1.5 and true are four representations."""
    sent = await representations({"users": [user(1), user("1"), user(True), user(1.5), user(1)]})
    assert [one["id"] for one in sent] == [1, "1", True, 1.5]


async def test_a_fixed_typename_replaces_the_object_s() -> None:
    """Where the receiver knows the type by another name, that one is sent, also for objects without a type."""
    data = {"users": [{"__typename": "Book", "id": "1"}, {"id": "2"}]}
    sent = await representations(data, "id", on="", typename="Media")
    assert [{"__typename": "Media", "id": one} for one in "12"] == sent


async def test_a_fixed_typename_may_be_of_some_types_only() -> None:
    """With types named, an object of another type gives none."""
    data = {"users": [{"__typename": "Book", "id": "1"}, {"__typename": "Film", "id": "2"}]}
    assert await representations(data, "id", on="Book", typename="Media") == [{"__typename": "Media", "id": "1"}]


async def test_a_path_s_type_condition_chooses_objects() -> None:
    """Only objects of the path's types give representations."""
    data = {"users": [{"__typename": "Book", "id": "1"}, {"__typename": "Film", "id": "2"}, None]}
    sent = await representations(data, at="users.@.|[Film]", on="Book|Film")
    assert sent == [{"__typename": "Film", "id": "2"}]


async def test_each_type_has_its_own_key() -> None:
    """A fetch for several types takes for each object the representation of its type."""
    requires = (
        Requires(("Book",), None, (RequiredField("id", "id"),)),
        Requires(("Film",), "Movie", (RequiredField("title", "title"),)),
    )
    part = BatchPart("_entities", "representations", (path("media.@"),), requires)
    batch = BatchFetch("b", "query($representations: [_Any!]!) { _entities { ... on Book { pages } } }", (), (part,))
    data = {"media": [{"__typename": "Film", "title": "F"}, {"__typename": "Book", "id": "1"}]}
    transport = ScriptedTransport({"a": {"data": data}, "b": {"data": {"_entities": [{"length": 90}, {"pages": 9}]}}})
    query = "{ media { ... on Book { pages } ... on Film { length } } }"
    answer = await run(SCHEMA, Sequence((fetch("a", "{ media { id } }"), batch)), query, transport)
    assert transport.representations(1) == [{"__typename": "Movie", "title": "F"}, {"__typename": "Book", "id": "1"}]
    assert answer.data == {"media": [{"length": 90}, {"pages": 9}]}


async def test_an_answer_is_merged_into_every_position() -> None:
    """Objects of one representation all get its entity, nested lists included."""
    data = {"users": [user("1", friends=[user("2"), user("1")]), user("2", friends=None)]}
    node = Sequence(
        (
            fetch("a", "{ users { id friends { id } } }"),
            entities("b", "users.@.friends.@", "... on User { name }"),
        )
    )
    answers = {"a": {"data": data}, "b": {"data": {"_entities": [{"name": "B"}, {"name": "A"}]}}}
    answer = await run(SCHEMA, node, "{ users { id friends { id name } } }", ScriptedTransport(answers))
    assert answer.data == {
        "users": [
            {"id": "1", "friends": [{"id": "2", "name": "B"}, {"id": "1", "name": "A"}]},
            {"id": "2", "friends": None},
        ]
    }


async def test_one_request_carries_entities_of_several_paths() -> None:
    """A batch asks with one variable for each part, distinct over a part's paths, and its answers part again."""
    requires = (Requires((), "User", (RequiredField("id", "id"),)),)
    batch = BatchFetch(
        "b",
        "query($r0: [_Any!]!, $r1: [_Any!]!) { e0: _entities(representations: $r0) { ... on User { name } }"
        " e1: _entities(representations: $r1) { ... on Org { name } } }",
        (),
        (
            BatchPart("e0", "r0", (path("me"), path("users.@")), requires),
            BatchPart("e1", "r1", (path("me.org"),), (Requires((), "Org", (RequiredField("id", "id"),)),)),
        ),
    )
    data = {"me": {"id": "1", "org": {"id": "7"}}, "users": [{"id": "2"}, {"id": "1"}]}
    answers = {"e0": [{"name": "A"}, {"name": "B"}], "e1": [{"name": "O"}]}
    transport = ScriptedTransport({"a": {"data": data}, "b": {"data": answers}})
    query = "{ me { name org { name } } users { name } }"
    answer = await run(SCHEMA, Sequence((fetch("a", query), batch)), query, transport)
    assert transport.sent[1][1]["variables"] == {
        "r0": [{"__typename": "User", "id": "1"}, {"__typename": "User", "id": "2"}],
        "r1": [{"__typename": "Org", "id": "7"}],
    }
    assert answer.data == {"me": {"name": "A", "org": {"name": "O"}}, "users": [{"name": "B"}, {"name": "A"}]}


async def test_a_part_without_representations_is_sent_an_empty_list() -> None:
    """A batch is one request as long as any part has work, and none if no part has."""
    requires = (Requires((), "User", (RequiredField("id", "id"),)),)
    operation = (
        "query($r0: [_Any!]!, $r1: [_Any!]!) { e0: _entities(representations: $r0) { ... on User { name } }"
        " e1: _entities(representations: $r1) { ... on User { name } } }"
    )
    parts = (BatchPart("e0", "r0", (path("me"),), requires), BatchPart("e1", "r1", (path("you"),), requires))
    node = Sequence((fetch("a", "{ me { id } you { id } }"), BatchFetch("b", operation, (), parts)))
    query = "{ me { name } you { name } }"
    half = ScriptedTransport(
        {
            "a": {"data": {"me": {"id": "1"}, "you": None}},
            "b": {"data": {"e0": [{"name": "A"}], "e1": []}},
        }
    )
    answer = await run(SCHEMA, node, query, half)
    assert half.sent[1][1]["variables"] == {"r0": [{"__typename": "User", "id": "1"}], "r1": []}
    assert answer.data == {"me": {"name": "A"}, "you": None}
    none = ScriptedTransport({"a": {"data": {"me": None, "you": None}}, "b": {}})
    await run(SCHEMA, node, query, none)
    assert none.asked == ["a"]


async def test_objects_of_equal_key_may_need_different_things_further_on() -> None:
    """Where a later fetch goes on from only some of the objects, the others keep their own values."""
    friends = {"id": "9", "__typename": "User"}
    data = {"media": [{"__typename": "Book", "by": user("1")}, {"__typename": "Film", "by": user("1")}]}
    node = Sequence(
        (
            fetch("a", "{ media { by { id } } }"),
            entities("b", "media.@.by", "... on User { friend { __typename id } }"),
            entities("c", "media.@.|[Book].by.friend", "... on User { name }"),
            entities("d", "media.@.|[Film].by.friend", "... on User { name: nick }"),
        )
    )
    answers = {
        "a": {"data": data},
        "b": {"data": {"_entities": [{"friend": friends}]}},
        "c": {"data": {"_entities": [{"name": "of the book"}]}},
        "d": {"data": {"_entities": [{"name": "of the film"}]}},
    }
    schema = """type Query { media: [Media] } union Media = Book | Film type Book { by: User } type Film { by: User }
    type User { id: ID! name: String nick: String friend: User }"""
    query = """{ media { ... on Book { by { friend { name } } } ... on Film { by { friend { name: nick } } } } }"""
    answer = await run(schema, node, query, ScriptedTransport(answers))
    names = [one["by"]["friend"]["name"] for one in (answer.data or {})["media"]]
    assert names == ["of the book", "of the film"]


async def test_internal_aliases_are_renamed_before_the_merge() -> None:
    """A rewrite renames a key of an answer, only on objects of its types where it says so."""
    rewrites = (RenameKey(path("media.@.|[Book].__t"), "title"), RenameKey(path("media.@.|[Film].__u"), "title"))
    data = {"media": [{"__typename": "Book", "__t": "B"}, {"__typename": "Film", "__u": "F"}]}
    query = "{ media { title } }"
    answer = await run(SCHEMA, fetch("a", query, rewrites=rewrites), query, ScriptedTransport({"a": {"data": data}}))
    assert answer.data == {"media": [{"title": "B"}, {"title": "F"}]}


async def test_a_rewrite_of_an_entity_starts_at_the_entity() -> None:
    """In an entity fetch a rewrite's path begins at each entity."""
    node = Sequence(
        (
            fetch("a", "{ me { id } }"),
            entities("b", "me", "... on User { __n: name }", on="", typename="User",
                     rewrites=(RenameKey(path("__n"), "name"),)),
        )
    )  # fmt: skip
    answers = {"a": {"data": {"me": {"id": "1"}}}, "b": {"data": {"_entities": [{"__n": "A"}]}}}
    answer = await run(SCHEMA, node, "{ me { name } }", ScriptedTransport(answers))
    assert answer.data == {"me": {"name": "A"}}


async def test_the_name_of_an_interface_object_never_hides_the_real_type() -> None:
    """`__typename` of a subgraph that knows only the interface is dropped; the one who knows tells it."""
    node = Sequence(
        (
            fetch("a", "{ media { __typename id } }", rewrites=(DropTypename(path("media.@")),)),
            entities("b", "media.@", "... on Media { __typename title }", on="", typename="Media"),
        )
    )
    answers = {
        "a": {"data": {"media": [{"__typename": "Media", "id": "1"}]}},
        "b": {"data": {"_entities": [{"__typename": "Film", "title": "F"}]}},
    }
    answer = await run(SCHEMA, node, "{ media { __typename title } }", ScriptedTransport(answers))
    assert answer.data == {"media": [{"__typename": "Film", "title": "F"}]}


async def test_a_payload_may_lead_back_to_the_root() -> None:
    """A fetch without representations below the root runs once for all objects at its path, or not at all."""
    node = Sequence((fetch("a", "{ payload { query { __typename } } }"), _under("payload.query", "{ ping }")))
    query = "{ payload { query { ping } } }"
    there = ScriptedTransport({"a": {"data": {"payload": {"query": {}}}}, "b": {"data": {"ping": "x"}}})
    assert (await run(SCHEMA, node, query, there)).data == {"payload": {"query": {"ping": "x"}}}
    gone = ScriptedTransport({"a": {"data": {"payload": None}}, "b": {}})
    assert (await run(SCHEMA, node, query, gone)).data == {"payload": None}
    assert gone.asked == ["a"]


def _under(at: str, operation: str) -> Any:
    return Flatten(path(at), fetch("b", operation))


async def test_values_of_two_subgraphs_merge_deeply() -> None:
    """Objects merge by key, lists item by item, and null never hides a value."""
    node = Sequence((fetch("a", "{ users { id } me { id } }"), fetch("b", "{ users { name } me { name } }")))
    answers = {
        "a": {"data": {"users": [{"id": "1", "org": {"id": "7"}}, None], "me": None}},
        "b": {"data": {"users": [{"name": "A", "org": {"name": "O"}}, {"name": "B"}], "me": {"name": "M"}}},
    }
    answer = await run(SCHEMA, node, "{ users { id name org { id name } } me { name } }", ScriptedTransport(answers))
    assert answer.data is not None
    assert answer.data["users"][0] == {"id": "1", "name": "A", "org": {"id": "7", "name": "O"}}
    assert answer.data["me"] == {"name": "M"}
