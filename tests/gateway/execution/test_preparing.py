"""New documents are prepared beside the event loop: once each, within bounds, and nobody else waits for them."""

import asyncio
import threading
from pathlib import Path

import pytest
from graphql import DocumentNode, build_schema
from pydantic import SecretStr

from gateway.bootstrap import Gateway
from gateway.deferral import Deferral
from gateway.pipeline import NO_LABELS, Labels, Pipeline, Prepared
from gateway.plan import QueryPlan
from gateway.preparing import AT_ONCE, Preparing
from gateway.requests import Refused
from gateway.settings import GatewaySettings
from tests.gateway.http.world import SUPERGRAPH
from tests.support.waiting import LIMIT, eventually

SCHEMA = build_schema("type Query { a: Int }")


class Planner:
    """Plans nothing; documents whose operation is called `Held` wait until they are let go."""

    def __init__(self) -> None:
        self.begun: list[str | None] = []
        self.go = threading.Event()

    def __call__(self, _: DocumentNode, name: str | None, labels: Labels, deferral: Deferral) -> QueryPlan:
        self.begun.append(name)
        if name == "Held":
            assert self.go.wait(LIMIT)
        if name == "Broken":
            raise RecursionError
        return QueryPlan("query", None)


@pytest.fixture
def planner():
    made = Planner()
    yield made
    made.go.set()


def held(number: int) -> tuple[str, str]:
    return f"query Held {{ a{number}: a }}", "Held"


async def test_a_document_that_many_ask_for_is_prepared_once(planner: Planner) -> None:
    """All of them get the same object, and those who come later find it."""
    pipeline, preparing = Pipeline(SCHEMA, planner), Preparing()
    waiting = [asyncio.ensure_future(preparing.prepare(pipeline, *held(0))) for _ in range(50)]
    await eventually(lambda: planner.begun == ["Held"], "the document is begun")
    planner.go.set()
    found = await asyncio.gather(*waiting)
    assert {id(one) for one in found} == {id(pipeline.known(*held(0), NO_LABELS))}
    assert planner.begun == ["Held"]


async def test_others_are_prepared_and_known_ones_found_meanwhile(planner: Planner) -> None:
    """A document that takes long holds up neither the loop nor the next new document."""
    pipeline, preparing = Pipeline(SCHEMA, planner), Preparing()
    slow = asyncio.ensure_future(preparing.prepare(pipeline, *held(0)))
    await eventually(lambda: planner.begun == ["Held"], "the document is begun")
    for number in range(10):
        assert isinstance(await preparing.prepare(pipeline, f"{{ b{number}: a }}"), Prepared)
        assert pipeline.known(f"{{ b{number}: a }}", None, NO_LABELS) is not None
    assert not slow.done()
    planner.go.set()
    assert isinstance(await slow, Prepared)


async def test_so_many_at_once_are_prepared_and_so_many_wait(planner: Planner) -> None:
    """Beyond that a request is refused at once; one that gives up takes its document along only for itself."""
    pipeline, preparing = Pipeline(SCHEMA, planner), Preparing(most=4)
    waiting = [asyncio.ensure_future(preparing.prepare(pipeline, *held(number))) for number in range(4)]
    await eventually(lambda: len(planner.begun) == AT_ONCE, "as many as there are threads are begun")
    with pytest.raises(Refused) as refused:
        await preparing.prepare(pipeline, *held(4))
    assert (refused.value.code, refused.value.status) == ("TOO_BUSY", 503)
    also = asyncio.ensure_future(preparing.prepare(pipeline, *held(3)))
    waiting[3].cancel()
    planner.go.set()
    assert isinstance(await also, Prepared)
    assert all(isinstance(one, Prepared) for one in await asyncio.gather(*waiting[:3]))
    assert len(planner.begun) == 4


async def test_what_fails_is_not_remembered(planner: Planner) -> None:
    """Errors are told to all who wait, and made anew for those who come later."""
    pipeline, preparing = Pipeline(SCHEMA, planner), Preparing()
    assert isinstance(await preparing.prepare(pipeline, "{ b }"), list)
    for _ in range(2):
        with pytest.raises(RecursionError):
            await preparing.prepare(pipeline, "query Broken { a }", "Broken")
    assert planner.begun == ["Broken", "Broken"]
    assert isinstance(await preparing.prepare(pipeline, "{ a }"), Prepared)


def test_the_most_used_come_first() -> None:
    """Not those that were merely asked for last."""
    pipeline = Pipeline(SCHEMA, Planner())
    for text, times in (("{ a }", 3), ("{ b: a }", 5), ("{ c: a }", 1)):
        for _ in range(times):
            pipeline.prepare(text)
    assert [text for text, _, _ in pipeline.most_used(2)] == ["{ b: a }", "{ a }"]


async def test_a_new_supergraph_knows_the_operations_in_use_before_it_is_served(tmp_path: Path) -> None:
    """What it no longer has is passed over."""
    file = tmp_path / "supergraph.graphql"
    text = SUPERGRAPH.replace("ACCOUNTS_URL", "http://127.0.0.1:9/a").replace("BILLING_URL", "http://127.0.0.1:9/b")
    file.write_text(text)
    gateway = Gateway(GatewaySettings(supergraph=file, gateway_key=SecretStr("k"), metrics=False))
    async with gateway.running():
        registry = gateway.registry
        old = registry.current.served.pipeline
        for query in ("{ me { id name } }", "{ seen }"):
            assert isinstance(old.prepare(query), Prepared)
        file.write_text(text.replace("seen:", "found:"))
        assert await registry.reload()
        new = registry.current.served.pipeline
        assert new is not old
        assert new.known("{ me { id name } }", None, NO_LABELS) is not None
        assert new.known("{ seen }", None, NO_LABELS) is None
