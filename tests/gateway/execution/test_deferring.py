"""Deferred fragments in execution: what is announced, what follows, and what becomes of errors and nulls."""

import asyncio
from typing import Any

import pytest
from graphql import parse, validate
from graphql.execution import ExperimentalIncrementalExecutionResults

from gateway.executor.answer import Answer
from gateway.executor.ports import Forwarded, SubgraphTimeout, SubgraphUnavailable
from gateway.pipeline import Prepared
from tests.support.composed import Federation, federation2
from tests.support.memory_subgraphs import MemorySubgraph, MemoryTransport, refuse

USERS = MemorySubgraph(
    "users",
    federation2("""
    type Query { me: User  users: [User!]!  any: [Being!]!  version: String }
    type Mutation { rename(name: String!): User  touch: User }
    interface Being { id: ID! }
    type User implements Being @key(fields: "id") { id: ID!  name: String!  age: Int  home: Home  strict: Home! }
    type Robot implements Being { id: ID!  model: String }
    type Home { city: String  street: Street!  }
    type Street { name: String! }
    """),
    rows={
        "User": [
            {"id": "1", "name": "Ada", "age": 36, "home": {"city": "London", "street": {"name": "S"}}},
            {"id": "2", "name": "Zoë", "home": {"city": "Bern", "street": {"name": "T"}}},
        ]
    },
    resolvers={
        "Query.me": lambda *_: USERS.rows["User"][0],
        "Query.users": lambda *_: USERS.rows["User"],
        "Query.any": lambda *_: [
            {"__typename": "User", **USERS.rows["User"][0]},
            {"__typename": "Robot", "id": "r", "model": "R2"},
        ],
        "Query.version": "7",
        "Mutation.rename": lambda _source, name: {**USERS.rows["User"][0], "name": name},
        "Mutation.touch": lambda *_: USERS.rows["User"][1],
    },
)
BILLS = MemorySubgraph(
    "bills",
    federation2("""
    type User @key(fields: "id") { id: ID!  bills: [Bill!]  due: Int!  lost: Int!  odd: Int  plan: Plan }
    type Bill @key(fields: "id") { id: ID!  total: Int }
    type Plan { title: String }
    """),
    rows={
        "User": [
            {
                "id": "1",
                "bills": [{"id": "b1", "total": 1}, {"id": "b2", "total": 2}],
                "due": 3,
                "plan": {"title": "P"},
            },
            {"id": "2", "bills": [], "due": 0},
        ],
        "Bill": [{"id": "b1", "total": 1}, {"id": "b2", "total": 2}],
    },
    resolvers={"User.lost": refuse("gone", code="LOST"), "User.odd": refuse("odd", code="ODD")},
)
NOTES = MemorySubgraph(
    "notes",
    federation2(
        'type Bill @key(fields: "id") { id: ID!  note: String } type User @key(fields: "id") { id: ID! memo: String }'
    ),
    rows={"Bill": [{"id": "b1", "note": "n1"}, {"id": "b2", "note": "n2"}], "User": [{"id": "1", "memo": "m"}]},
)
FEDERATION = Federation("deferring", USERS, BILLS, NOTES)


class Gates(MemoryTransport):
    """Holds the answers of some subgraphs back until they are let through."""

    def hold(self, *subgraphs: str) -> dict[str, asyncio.Event]:
        """Hold back what these answer from now on."""
        self.gates = {name: asyncio.Event() for name in subgraphs}
        self.given_up: list[str] = []
        return self.gates

    def post(self, subgraph: str, body: bytes, kind: str, forwarded: Forwarded) -> "asyncio.Future[bytes]":
        """Answer when let through."""
        answer = super().post(subgraph, body, kind, forwarded)
        gate = getattr(self, "gates", {}).get(subgraph)
        return asyncio.ensure_future(self._held(subgraph, gate, answer)) if gate else answer

    async def _held(self, subgraph: str, gate: asyncio.Event, answer: "asyncio.Future[bytes]") -> bytes:
        try:
            await gate.wait()
        except asyncio.CancelledError:
            self.given_up.append(subgraph)
            raise
        return await answer


def prepared(query: str) -> Prepared:
    """Prepare a valid operation."""
    found = FEDERATION.pipeline.prepare(query)
    assert isinstance(found, Prepared), found
    return found


async def start(
    query: str, variables: dict[str, Any] | None = None, hold: tuple[str, ...] = (), **instead: Any
) -> tuple[Any, Gates]:
    """Run an operation in parts until the first one."""
    transport = Gates({one.name: one for one in FEDERATION.subgraphs}, instead)
    transport.hold(*hold)
    return await prepared(query).execute_incrementally(variables, transport, Forwarded()), transport


async def parts(query: str, variables: dict[str, Any] | None = None, **instead: Any) -> list[Any]:
    """Run an operation in parts to its end; return them as they are written."""
    result, _ = await start(query, variables, **instead)
    assert isinstance(result, ExperimentalIncrementalExecutionResults), result
    return [result.initial_result.formatted, *[part.formatted async for part in result.subsequent_results]]


async def test_an_entity_of_another_subgraph() -> None:
    """The first part has what is not deferred; the fragment follows under its label."""
    assert await parts('{ me { name ... @defer(label: "b") { bills { id } } } }') == [
        {
            "data": {"me": {"name": "Ada"}},
            "pending": [{"id": "0", "path": ["me"], "label": "b"}],
            "hasNext": True,
        },
        {
            "incremental": [{"data": {"bills": [{"id": "b1"}, {"id": "b2"}]}, "id": "0"}],
            "completed": [{"id": "0"}],
            "hasNext": False,
        },
    ]


async def test_fields_of_the_same_subgraph_do_not_hold_up_the_first_part() -> None:
    """They are fetched on their own by the entity's key, after the first part has been answered."""
    result, transport = await start("{ me { name ... @defer { age } } }")
    assert result.initial_result.data == {"me": {"name": "Ada"}}
    assert [one.subgraph for one in transport.sent] == ["users"]
    assert [part.incremental[0].data async for part in result.subsequent_results] == [{"age": 36}]
    assert [one.subgraph for one in transport.sent] == ["users", "users"]


async def test_a_type_without_a_key_comes_with_its_object() -> None:
    """No second fetch is made for it, yet it is delivered as the fragment that it is."""
    result, transport = await start("{ me { home { city ... @defer { street { name } } } } }")
    assert result.initial_result.data == {"me": {"home": {"city": "London"}}}
    [part] = [part async for part in result.subsequent_results]
    assert part.incremental[0].data == {"street": {"name": "S"}}
    assert len(transport.sent) == 1


async def test_one_pending_for_each_object_of_a_list() -> None:
    """Every object announces its own fragment, and all are fetched by one request."""
    result, transport = await start("{ users { id ... @defer { due } } }")
    assert [(one.id, one.path) for one in result.initial_result.pending] == [("0", ["users", 0]), ("1", ["users", 1])]
    [part] = [part async for part in result.subsequent_results]
    assert [(one.id, one.data) for one in part.incremental] == [("0", {"due": 3}), ("1", {"due": 0})]
    assert len(transport.sent) == 2


async def test_nested_fragments_follow_one_another() -> None:
    """The inner fragment is announced when the outer one is complete, and comes later if its subgraph does."""
    query = """{ me { id ... @defer(label: "outer") { bills { id ... @defer(label: "inner") { note } } } } }"""
    result, transport = await start(query, hold=("notes",))
    rest = result.subsequent_results
    first = (await anext(rest)).formatted
    assert first["completed"] == [{"id": "0"}]
    assert [(one["path"], one["label"]) for one in first["pending"]] == [
        (["me", "bills", 0], "inner"),
        (["me", "bills", 1], "inner"),
    ]
    transport.gates["notes"].set()
    last = (await anext(rest)).formatted
    assert [(one["id"], one["data"]) for one in last["incremental"]] == [("1", {"note": "n1"}), ("2", {"note": "n2"})]
    assert last["hasNext"] is False


async def test_fragments_come_as_they_are_ready() -> None:
    """A fragment does not wait for another one's subgraph."""
    query = '{ me { id ... @defer(label: "slow") { memo } ... @defer(label: "quick") { due } } }'
    result, transport = await start(query, hold=("notes",))
    assert [one.label for one in result.initial_result.pending] == ["slow", "quick"]
    part = await anext(result.subsequent_results)
    assert (part.incremental[0].data, part.has_next) == ({"due": 3}, True)
    transport.gates["notes"].set()
    part = await anext(result.subsequent_results)
    assert (part.incremental[0].data, part.has_next) == ({"memo": "m"}, False)


async def test_overlapping_fields_come_once() -> None:
    """What the first part has is not sent again, and what two fragments share comes with the first of them."""
    query = '{ me { name ... @defer(label: "a") { name due } ... @defer(label: "b") { due bills { total } } } }'
    first, *rest = await parts(query)
    brought = [one for part in rest for one in part.get("incremental", ())]
    assert first["data"] == {"me": {"name": "Ada"}}
    assert [one["data"] for one in brought] == [{"due": 3}, {"bills": [{"total": 1}, {"total": 2}]}]


async def test_fields_below_an_object_of_the_first_part() -> None:
    """A fragment brings fields of objects that came already: `subPath` leads to them."""
    first, second = await parts("{ me { home { city } ... @defer { home { street { name } } } } }")
    assert first["pending"] == [{"id": "0", "path": ["me"]}]
    assert second["incremental"] == [{"data": {"street": {"name": "S"}}, "id": "0", "subPath": ["home"]}]


async def test_fragments_at_the_root() -> None:
    """Root fields can be deferred, all of them even, and introspection with them."""
    first, second = await parts('{ ... @defer(label: "r") { version me { id } __schema { queryType { name } } } }')
    assert first["data"] == {}
    assert first["pending"] == [{"id": "0", "path": [], "label": "r"}]
    data = second["incremental"][0]["data"]
    assert data == {"version": "7", "me": {"id": "1"}, "__schema": {"queryType": {"name": "Query"}}}


async def test_fragments_on_abstract_types() -> None:
    """Only objects of the fragment's type announce it."""
    first, second = await parts("{ any { id ... on User @defer { name memo } ... on Robot { model } } }")
    assert first["data"] == {"any": [{"id": "1"}, {"id": "r", "model": "R2"}]}
    assert [one["path"] for one in first["pending"]] == [["any", 0]]
    assert second["incremental"][0]["data"] == {"name": "Ada", "memo": "m"}


@pytest.mark.parametrize(
    "query",
    [
        "{ me { name ... @defer { name } } }",
        "{ me { name ... @defer { age @skip(if: true) } } }",
        "{ me { name ... @defer(if: false) { age } } }",
        "{ me { name ... @skip(if: true) @defer { age } } }",
        "{ any { id ... on User @skip(if: true) @defer { name } } }",
        "query($d: Boolean = false) { me { name ... @defer(if: $d) { age } } }",
    ],
)
async def test_nothing_to_follow_is_one_answer(query: str) -> None:
    """Fragments that bring nothing are not announced: without any the answer is complete at once."""
    result, _ = await start(query)
    assert isinstance(result, Answer)
    assert result.errors == []


async def test_if_is_decided_by_each_request() -> None:
    """One document answers in parts or not, as its variables say; a variable left out defers."""
    query = "query($d: Boolean) { me { name ... @defer(if: $d) { due } } }"
    for variables, in_parts in (({"d": True}, True), ({"d": False}, False), ({}, True)):
        result, _ = await start(query, variables)
        assert isinstance(result, Answer) is not in_parts


async def test_null_objects_announce_nothing() -> None:
    """A fragment of an object that is null never comes, nor is anything fetched for it."""
    USERS.rows["User"][0]["home"], kept = None, USERS.rows["User"][0]["home"]
    result, transport = await start("{ me { home { ... @defer { city } } ... @defer { name } } }")
    USERS.rows["User"][0]["home"] = kept
    assert [one.path for one in result.initial_result.pending] == [["me"]]
    assert [part.incremental[0].data async for part in result.subsequent_results] == [{"name": "Ada"}]
    assert len(transport.sent) == 2


async def test_errors_carry_the_clients_path() -> None:
    """A nullable field that fails is null in its part, with the error at the place in the whole answer."""
    first, second = await parts("{ users { id ... @defer { mine: odd } } }")
    assert "errors" not in first
    told = [(one["data"], [(e["path"], e["extensions"]) for e in one["errors"]]) for one in second["incremental"]]
    assert told == [({"mine": None}, [(["users", n, "mine"], {"code": "ODD"})]) for n in range(2)]


async def test_an_error_that_costs_no_value_comes_with_the_fields_it_is_about() -> None:
    """A subgraph may warn of a value that it gives all the same: the warning is told with the deferred part."""
    warning = {"message": "old", "path": ["_entities", 0, "due"], "extensions": {"code": "OLD"}}
    first, second = await parts(
        "{ me { id ... @defer { due } } }", bills=lambda answer: {**answer, "errors": [warning]}
    )
    assert "errors" not in first
    [brought] = second["incremental"]
    assert brought["data"] == {"due": 3}
    assert [(e["path"], e["message"]) for e in brought["errors"]] == [(["me", "due"], "old")]


async def test_a_null_that_bubbles_out_of_the_fragment_completes_it_with_errors() -> None:
    """Nothing of the fragment comes, and its `completed` says why; fragments inside of it are never announced."""
    first, second = await parts("{ me { id ... @defer { due lost bills { ... @defer { total } } } } }")
    assert first["data"] == {"me": {"id": "1"}}
    assert "incremental" not in second
    [completed] = second["completed"]
    assert [(e["path"], e["extensions"]["code"]) for e in completed["errors"]] == [(["me", "lost"], "LOST")]
    assert second["hasNext"] is False


@pytest.mark.parametrize(
    ("failure", "code"),
    [(SubgraphUnavailable("bills", ""), "SUBGRAPH_UNAVAILABLE"), (SubgraphTimeout("bills", ""), "SUBGRAPH_TIMEOUT")],
)
async def test_a_subgraph_that_fails_in_a_deferred_part(failure: Exception, code: str) -> None:
    """It costs the fields that it has, and no others."""
    query = '{ me { id ... @defer(label: "a") { plan { title } } ... @defer(label: "b") { memo } } }'
    first, *rest = await parts(query, bills=failure)
    assert "errors" not in first
    brought = {next(iter(one["data"])): one for part in rest for one in part["incremental"]}
    assert brought["memo"]["data"] == {"memo": "m"}
    assert brought["plan"]["data"] == {"plan": None}
    assert [(e["path"], e["extensions"]["code"]) for e in brought["plan"]["errors"]] == [(["me", "plan"], code)]


async def test_mutations_run_before_any_deferred_part() -> None:
    """Deferred fragments below a mutation's result follow when every mutation has run."""
    query = 'mutation { rename(name: "N") { name ... @defer { due } } touch { id } }'
    result, transport = await start(query)
    assert result.initial_result.data == {"rename": {"name": "N"}, "touch": {"id": "2"}}
    assert {one.kind for one in transport.sent} == {"mutation"}
    assert [part.incremental[0].data async for part in result.subsequent_results] == [{"due": 3}]


async def test_closing_gives_up_the_fetches() -> None:
    """Whoever leaves while a deferred fetch is under way takes it along."""
    result, transport = await start("{ me { id ... @defer { memo } ... @defer { due } } }", hold=("notes",))
    rest = result.subsequent_results
    await anext(rest)
    await rest.aclose()
    assert transport.given_up == ["notes"]


async def test_nothing_is_fetched_for_who_never_reads_on() -> None:
    """Deferred fetches start when what follows is asked for."""
    result, transport = await start("{ me { id ... @defer { due } } }")
    await result.subsequent_results.aclose()
    assert [one.subgraph for one in transport.sent] == ["users"]


async def test_plain_execution_ignores_defer() -> None:
    """Who does not ask for parts gets the complete answer, planned as if there were no `@defer`."""
    transport = MemoryTransport.of(*FEDERATION.subgraphs)
    operation = prepared("{ me { name ... @defer { age } } }")
    assert await operation.execute_body(None, transport, Forwarded()) == b'{"data":{"me":{"name":"Ada","age":36}}}'
    assert len(transport.sent) == 1


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ('{ me { ... @defer(label: "a") { id } ... @defer(label: "a") { age } } }', "unique"),
        ("query($l: String) { me { ... @defer(label: $l) { id } } }", "static string"),
        ("mutation { ... @defer { touch { id } } }", "root mutation"),
        ("{ me @defer { id } }", "may not be used on"),
        ("{ me { ... @defer @defer { id } } }", "can only be used once"),
        ('{ me { ... @defer(if: "yes") { id } } }', "Boolean"),
    ],
)
def test_validation(query: str, text: str) -> None:
    """The rules of the proposal are checked."""
    errors = validate(FEDERATION.schema, parse(query))
    assert any(text in error.message for error in errors), errors


def test_the_schema_shows_the_directive() -> None:
    """Tools see `@defer` with its arguments and places."""
    found = FEDERATION.schema.get_directive("defer")
    assert found is not None
    assert [str(one.type) for one in found.args.values()] == ["Boolean!", "String"]
    assert {one.name for one in found.locations} == {"FRAGMENT_SPREAD", "INLINE_FRAGMENT"}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ me { id " + "...@defer{id}" * 10_000 + "} }", "DOCUMENT_TOO_LARGE"),
        ("{ me { id " + "...@defer{id}" * 51 + "} }", "TOO_MANY_DIRECTIVES"),
        (
            "{ me { ...F0 } } "
            + " ".join(f"fragment F{n} on User {{ ...F{n + 1} @defer ...F{n + 1} @defer }}" for n in range(20))
            + " fragment F20 on User { id }",
            "TOO_MANY_FIELDS",
        ),
    ],
    ids=["many", "as many as fit", "multiplied by fragments"],
)
def test_too_many_are_refused(query: str, code: str) -> None:
    """Deferred fragments count as directives, and what they select at every spread, before anything is planned."""
    errors = FEDERATION.pipeline.prepare(query)
    assert isinstance(errors, list)
    assert (errors[0].extensions or {})["code"] == code
