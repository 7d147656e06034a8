"""State outlives the process, and secrets never reach the disk."""

from pathlib import Path

import aiohttp

from portal_cli.ports import free_ports
from portal_cli.processes import Child
from tests.support.sandbox import GOOD, Sandbox, running_sandbox, sandbox_program


async def test_what_was_answered_survives_kill_9(tmp_path: Path) -> None:
    """After SIGKILL the payment is there, its idempotency key still answers, and the card pays on."""
    (port,) = free_ports(1)
    folder = tmp_path / "sandbox"
    child = Child.start(sandbox_program(folder, port))
    try:
        child.wait_until_ready()
        async with aiohttp.ClientSession() as http:
            sandbox = Sandbox(f"http://127.0.0.1:{port}", http)
            body = {"reference": "pay_1", "amount": 5, "currency": "EUR", **await sandbox.card()}
            before = await sandbox.call("POST", "/v1/payments", body, idempotency_key="k")
        child.kill()
        child = Child.start(sandbox_program(folder, port))
        child.wait_until_ready()
        async with aiohttp.ClientSession() as http:
            sandbox = Sandbox(f"http://127.0.0.1:{port}", http)
            after = await sandbox.call("POST", "/v1/payments", body, idempotency_key="k")
            _, paid = await sandbox.call("POST", f"/v1/payments/{before[1]['id']}/confirm", {})
    finally:
        child.stop()

    assert before == after
    assert paid["status"] == "succeeded"


async def test_neither_number_nor_cvv_is_stored(tmp_path: Path) -> None:
    """After a payment no file of the sandbox holds what was typed."""
    folder = tmp_path / "sandbox"
    async with running_sandbox(folder) as sandbox:
        await sandbox.fill_in(await sandbox.open_form(), cvv="739")
        stored = b"".join(file.read_bytes() for file in folder.iterdir())

    assert GOOD.encode() not in stored
    assert b'"739"' not in stored
    assert b'"last4":"4242"' in stored
