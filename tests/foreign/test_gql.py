"""Python's `gql` asks the gateway with its own settings: over HTTP and over a socket."""

import asyncio
import json
from asyncio.subprocess import PIPE
from pathlib import Path

from portal_cli.foreign import GQL
from tests.gateway.http.world import World
from tests.support.foreign import program
from tests.support.waiting import LIMIT, eventually

CLIENT = Path(__file__).with_name("gql_client.py")


async def test_python_asks(tmp_path: Path) -> None:
    """It reads the schema, checks by it, and takes answers, refusals, lost parts and events for what they are."""
    python = program(GQL) / "bin" / "python"
    world = await World(tmp_path, {}).start()
    try:
        world.accounts.mode = "tokens"
        process = await asyncio.create_subprocess_exec(python, CLIENT, world.url, stdout=PIPE, stderr=PIPE)
        out, errors = await asyncio.wait_for(process.communicate(), LIMIT)
        assert process.returncode == 0, errors.decode()
        assert json.loads(out) == {
            "query": {"me": {"id": "1", "name": "Ada"}},
            "mutation": {"logIn": {"id": "1"}},
            "partial": {"data": None, "codes": ["SUBGRAPH_ERROR"]},
            "invalid": {"data": None, "codes": ["GRAPHQL_VALIDATION_FAILED"]},
            "batch": {"status": 400},
            "refused": {"data": {"me": None}, "codes": ["UNAUTHENTICATED"]},
            "socket": {"me": {"id": "1", "name": "Ada"}},
            "subscription": [1, 2],
        }
        await eventually(lambda: world.accounts.open_sockets == 0, "the subscription ends at its subgraph")
    finally:
        await world.stop()
