"""Several processes behind one port: each answers, one page of metrics shows all, and none is missed for long."""

import asyncio
import json
import os
import re
import signal
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families

from chassis.metrics_page import LABEL
from portal_cli.ports import free_ports
from tests.support.waiting import LIMIT, eventually, eventually_answered

ROOT = Path(__file__).parents[3]


@asynccontextmanager
async def gateway_of(world, tmp_path, *more: str):
    """A gateway of two processes for this world; ends with the block."""
    file = tmp_path / "s.graphql"
    file.write_text(world.sdl())
    (world.port,) = free_ports(1)
    arguments = ["--supergraph", str(file), "--port", str(world.port), "--processes", "2", *more]
    environment = {**os.environ, "PORTAL_RELOAD_SECONDS": "600"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", "serve", *arguments, cwd=ROOT, env=environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.communicate()


async def page(world) -> str:
    """The metrics page as one of the processes tells it; empty while nobody listens."""
    try:
        async with world.client.get(f"http://127.0.0.1:{world.port}/metrics") as answer:
            return await answer.text()
    except OSError:
        return ""


async def those_told(world) -> set[str]:
    """The processes that the page tells of."""
    return set(re.findall(rf'process_start_time_seconds{{{LABEL}="(\d)"}}', await page(world)))


async def both(world) -> bool:
    """Whether both processes tell what they counted."""
    return await those_told(world) == {"0", "1"}


def children_of(process) -> list[int]:
    """The ids of the processes that serve."""
    return [int(one) for one in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def requests_in(text: str) -> float:
    """How many operations all the processes have answered."""
    return sum(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "gateway_request_seconds_count"
    )


async def test_processes_share_a_port_and_one_page_of_metrics(world, tmp_path):
    """What two processes answered is on one page, each family once, whichever of them is asked."""
    async with gateway_of(world, tmp_path) as process:
        await eventually_answered(lambda: both(world), "both processes")
        for _ in range(20):
            assert (await world.ask("{ me { name } }"))["data"]["me"]["name"]
        text = await page(world)
        assert requests_in(text) == 20
        helps = re.findall(r"^# HELP (\S+)", text, re.MULTILINE)
        assert len(helps) == len(set(helps))
        process.send_signal(signal.SIGTERM)
        out, _ = await asyncio.wait_for(process.communicate(), LIMIT)
        assert process.returncode == 0
        assert all(isinstance(json.loads(line), dict) for line in out.splitlines())


async def test_a_killed_process_is_started_again(world, tmp_path):
    """The others go on answering; the new one is counted as the one it replaces, from zero."""
    async with gateway_of(world, tmp_path) as process:
        await eventually_answered(lambda: both(world), "both processes")
        before = children_of(process)
        os.kill(before[0], signal.SIGKILL)
        await eventually(lambda: before[0] not in children_of(process), "its end")
        await world.client.close()  # with the connections to the one that is gone
        world.client = ClientSession()
        for _ in range(20):
            assert (await world.ask("{ me { name } }"))["data"]["me"]["name"]

        async def replaced() -> bool:
            now = children_of(process)
            return len(now) == 2 and before[0] not in now and await both(world)

        await eventually_answered(replaced, "another process")


async def test_nobody_serves_on_after_the_parent(world, tmp_path):
    """A parent that is killed takes its processes with it, so that another start finds the port free."""
    async with gateway_of(world, tmp_path) as process:
        await eventually_answered(lambda: both(world), "both processes")
        process.kill()
        out, _ = await asyncio.wait_for(process.communicate(), LIMIT)  # ends when nobody holds it any more
        assert out is not None
        assert await page(world) == ""


async def test_a_gateway_that_cannot_listen_says_so_once(world, tmp_path):
    """An address that is taken is one sentence, not one for each process."""
    async with gateway_of(world, tmp_path) as first:
        await eventually_answered(lambda: both(world), "both processes")
        second = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "gateway", "serve", "--supergraph", str(tmp_path / "s.graphql"),
            "--port", str(world.port), "--processes", "2", cwd=ROOT,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        out, _ = await asyncio.wait_for(second.communicate(), LIMIT)
        assert second.returncode
        assert out.decode().count("Nothing can listen") == 1, out
        assert first.returncode is None


def test_processes_that_could_not_tell_each_other_are_refused(monkeypatch):
    """A service without a broker has a bus in its own process: several of them would lose each other's events."""
    from portal_cli import serving
    from portal_cli.refusals import Refusal

    monkeypatch.setenv("PORTAL_PROCESSES", "2")
    monkeypatch.setattr(serving, "settings_of", lambda _: SimpleNamespace(amqp_url=""))
    with pytest.raises(Refusal, match="needs PORTAL_AMQP_URL"):
        serving._serve_service("billing", "127.0.0.1", 0)


@pytest.mark.parametrize("given", ["0", "65", "two", "-1", "1.5", "²"])
def test_a_number_of_processes_that_makes_no_sense_is_said(monkeypatch, given):
    """`PORTAL_PROCESSES` is a whole number from 1 to 64, or nothing starts."""
    from portal_cli.refusals import Refusal
    from portal_cli.serving import _processes

    monkeypatch.setenv("PORTAL_PROCESSES", given)
    with pytest.raises(Refusal, match="PORTAL_PROCESSES must be a whole number from 1 to 64"):
        _processes()
