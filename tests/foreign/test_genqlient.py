"""Go: `genqlient` generates a client from the published schema that compiles, asks and reads an answer."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from portal_cli.foreign import GENQLIENT
from portal_cli.paths import GATEWAY_SCHEMA, ROOT
from tests.support.foreign import program
from tests.support.waiting import LIMIT

OPERATIONS = """
query Invoices($after: String, $filter: InvoiceFilterInput) {
  invoices(first: 3, after: $after, filter: $filter) { nodes { id total { amount currency } dueOn createdAt } }
}
mutation LogIn($input: LogInInput!) { logIn(input: $input) { session { accessToken } userErrors { code } } }
"""
INVOICE = {
    "id": "inv_1",
    "total": {"amount": "12.30", "currency": "EUR"},
    "dueOn": "2026-11-29",
    "createdAt": "2026-11-29T12:00:00Z",
}
ANSWERS = {"Invoices": {"invoices": {"nodes": [INVOICE]}}, "LogIn": {"logIn": {"session": None, "userErrors": []}}}
POINTERS = "optional: pointer\n"


@pytest.mark.slow
async def test_a_generated_client_sends_null_for_what_is_left_out(tmp_path: Path) -> None:
    """With the options of docs/frontend.md nothing is sent as an empty text, and every scalar is read."""
    out, asked = await _ran(tmp_path, _documented(), "nil")
    assert out == {"invoices": {"nodes": [INVOICE]}}
    assert asked[0]["variables"] == {"after": None, "filter": None}
    assert asked[1]["variables"]["input"] == {
        "email": "a@b.example", "password": "p", "portal": None, "organisationId": None}  # fmt: skip


@pytest.mark.slow
async def test_its_default_sends_empty_texts(tmp_path: Path) -> None:
    """Without `optional: pointer` it sends the empty texts that the portal takes for none (see `test_absent.py`)."""
    _, asked = await _ran(tmp_path, _documented().replace(POINTERS, "optional: value\n"), '""')
    assert asked[0]["variables"]["after"] == ""
    assert (asked[1]["variables"]["input"]["portal"], asked[1]["variables"]["input"]["organisationId"]) == ("", "")


def _documented() -> str:
    """Return the configuration that the documentation gives."""
    text = (ROOT / "docs" / "frontend.md").read_text("utf-8")
    return text.split("```yaml\n")[1].split("```")[0]


async def _ran(folder: Path, configuration: str, after: str) -> tuple[Any, list[dict[str, Any]]]:
    """Generate, compile and run a client; return what it printed and what it asked."""
    tool = program(GENQLIENT)
    for name in ("go.mod", "go.sum"):
        shutil.copy(tool / name, folder / name)
    (folder / "genqlient.yaml").write_text(configuration.replace("package: portal", "package: main"))
    (folder / "schema.graphql").write_text(GATEWAY_SCHEMA.read_text("utf-8"))
    (folder / "operations").mkdir()
    (folder / "operations" / "all.graphql").write_text(OPERATIONS)
    source = (Path(__file__).parent / "genqlient.go.txt").read_text("utf-8")
    filter_ = ", nil)" if after == "nil" else ", InvoiceFilterInput{})"
    (folder / "main.go").write_text(source.replace(", nil)", filter_).replace("AFTER", after))
    await _run(folder, tool / "genqlient")
    asked: list[dict[str, Any]] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(await request.json())
        return web.json_response({"data": ANSWERS[asked[-1]["operationName"]]})

    app = web.Application()
    app.router.add_post("/graphql", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        port = runner.addresses[0][1]
        out = await _run(folder, "go", "run", ".", f"http://127.0.0.1:{port}/graphql")
    finally:
        await runner.cleanup()
    return json.loads(out), asked


async def _run(folder: Path, *command: str | Path) -> str:
    process = await asyncio.create_subprocess_exec(
        *map(str, command), cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await asyncio.wait_for(process.communicate(), 10 * LIMIT)
    assert process.returncode == 0, err.decode()
    return out.decode()
