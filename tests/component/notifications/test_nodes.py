"""`node` and `nodes`: whoever owns a thing is asked, as the caller, and what nobody knows is never said to be null."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
from aiohttp import web
from graphql import GraphQLObjectType, build_schema, is_interface_type
from pydantic import SecretStr

from chassis.kernel import new_id
from portal_cli.paths import GATEWAY_SCHEMA, SUPERGRAPH
from services.notifications.adapters.http_look_ups import HttpLookUps
from services.notifications.api.nodes import STUBS
from services.notifications.application.nodes import OWNED
from tests.component.notifications.conftest import Running
from tests.support.notifications.makers import OLGA, principal_of

NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
KEY = "gateway-key-for-tests"


@dataclass
class Subgraphs:
    """All owners in one, on a real port: `answers` has the bodies by path, else all that was asked for is shown."""

    answers: dict[str, bytes] = field(default_factory=dict[str, bytes])
    asked: list[tuple[str, list[str], str | None]] = field(default_factory=list[tuple[str, list[str], str | None]])
    url: str = ""

    async def answer(self, asked: web.Request) -> web.Response:
        wanted = orjson.loads(await asked.read())["variables"]["wanted"]
        service = asked.path.split("/")[1]
        assert asked.headers["x-portal-gateway-key"] == KEY
        self.asked.append((service, [one["id"] for one in wanted], asked.headers.get("authorization")))
        entities = [{"__typename": one["__typename"]} for one in wanted]
        body = self.answers.get(service, orjson.dumps({"data": {"_entities": entities}}))
        return web.Response(body=body, content_type="application/json")


@pytest.fixture
async def subgraphs(running: Running) -> AsyncIterator[Subgraphs]:
    made = Subgraphs()
    app = web.Application()
    app.router.add_post("/{path:.*}", made.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    urls = {name: f"{url}/{name}" for name in ("identity", "billing", "collaboration")}
    look_ups = HttpLookUps(urls, SecretStr(KEY), seconds=30)
    object.__setattr__(running.service.application, "owners", look_ups)
    yield made
    await look_ups.close()
    await runner.cleanup()


def ids_of(*prefixes: str) -> list[str]:
    return [new_id(prefix) for prefix in prefixes]


async def test_owners_are_asked_once_each_as_the_caller(running: Running, subgraphs: Subgraphs) -> None:
    """However many ids are named, one question with the caller's token goes to each owner, and the order stays."""
    ids = ids_of("inv", "cus", "est", "com", "inv")
    answer = await running.subgraph.data(NODES, principal_of(OLGA), ids=ids)
    kinds = ["Invoice", "Customer", "Estimate", "Comment", "Invoice"]
    assert answer["nodes"] == [{"__typename": kind, "id": one} for kind, one in zip(kinds, ids, strict=True)]
    assert {service: sorted(named) for service, named, _ in subgraphs.asked} == {
        "billing": sorted([ids[0], ids[2], ids[4]]),
        "identity": [ids[1]],
        "collaboration": [ids[3]],
    }
    assert len(subgraphs.asked) == 3
    assert all((token or "").startswith("Bearer ") for _, _, token in subgraphs.asked)


async def test_what_is_no_such_id_is_null_and_nobody_is_asked(running: Running, subgraphs: Subgraphs) -> None:
    """Rubbish, unknown prefixes, ids of things that are not shown by themselves, and foreign notifications."""
    ids = ["", "inv_", "inv_1", "INV_" + "0" * 26, *ids_of("fwd", "ses", "ntf"), "é", "com_" + "u" * 26]
    answer = await running.subgraph.data(NODES, principal_of(OLGA), ids=ids)
    assert (answer["nodes"], subgraphs.asked) == ([None] * len(ids), [])


@pytest.mark.parametrize("code", ["NOT_FOUND", "FORBIDDEN", None])
async def test_what_its_owner_does_not_show_is_null(running: Running, subgraphs: Subgraphs, code: str | None) -> None:
    """An owner says so by null, or by an error that is about this caller and this thing."""
    said: dict[str, Any] = {"data": {"_entities": [None]}}
    if code:
        said["errors"] = [{"message": "No.", "path": ["_entities", 0], "extensions": {"code": code}}]
    subgraphs.answers["billing"] = orjson.dumps(said)
    status, body = await running.subgraph.answer(NODES, principal_of(OLGA), ids=ids_of("inv"))
    assert (status, body) == (200, {"data": {"nodes": [None]}})


AWAY = [
    b"",
    b"[]",
    b'{"data": null, "errors": [{"message": "?", "extensions": {"code": "UNAUTHENTICATED"}}]}',
    b'{"data": {"_entities": []}}',
    b'{"data": {"_entities": [null]}, "errors": [{"message": "?", "path": ["_entities", 0], "extensions": '
    b'{"code": "INTERNAL"}}]}',
]


@pytest.mark.parametrize("said", AWAY)
async def test_what_nobody_knows_is_an_error_of_its_own(running: Running, subgraphs: Subgraphs, said: bytes) -> None:
    """An owner that fails never makes a thing look as if it did not exist, and the others' things are shown."""
    subgraphs.answers["billing"] = said
    ids = ids_of("inv", "cus")
    _, body = await running.subgraph.answer(NODES, principal_of(OLGA), ids=ids)
    assert body["data"]["nodes"] == [None, {"__typename": "Customer", "id": ids[1]}]
    assert [(one["path"], one["extensions"]["code"]) for one in body["errors"]] == [
        (["nodes", 0], "DIRECTORY_UNAVAILABLE")
    ]


async def test_too_many_and_strangers_are_refused(running: Running, subgraphs: Subgraphs) -> None:
    """At most 100 ids; nobody asks without a log-in, not even for nothing."""
    assert await running.subgraph.codes(NODES, principal_of(OLGA), ids=["x"] * 101) == ["TOO_MANY_ENTRIES"]
    assert await running.subgraph.codes(NODES, None, ids=[]) == ["UNAUTHENTICATED"]
    assert await running.subgraph.codes('{ node(id: "x") { id } }') == ["UNAUTHENTICATED"]
    assert subgraphs.asked == []


def test_every_entity_is_a_node() -> None:
    """An entity that is added to a service needs a prefix in `OWNED` and a stub; nothing else is a node."""
    schema = build_schema(GATEWAY_SCHEMA.read_text())
    kinds = {kind for owned in OWNED.values() for kind in owned.values()}
    lines = SUPERGRAPH.read_text().splitlines()
    types = [place for place, line in enumerate(lines) if line.startswith("type ")]
    keyed = {
        lines[at].split()[1] for at in types if any('key: "id"' in line for line in _directives(lines, at))
    }  # fmt: skip
    node = schema.type_map["Node"]
    assert is_interface_type(node)
    assert {one.name for one in schema.get_implementations(node).objects} == kinds == keyed
    assert {one.__name__ for one in STUBS} == kinds - {"Notification"}
    for kind, prefix in {name: prefix for owned in OWNED.values() for prefix, name in owned.items()}.items():
        told = schema.type_map[kind]
        assert isinstance(told, GraphQLObjectType)
        assert f"{prefix}_" in (told.fields["id"].description or "")


def _directives(lines: list[str], at: int) -> list[str]:
    """Return the lines of directives below a type's first line."""
    end = next(place for place in range(at, len(lines)) if lines[place].rstrip().endswith("{"))
    return lines[at : end + 1]
