"""The lines of `docs/subscribing.md`, as they stand there, read real messages from a real broker.

Each client runs as a program of its own, in an environment of its own, and is ended when it has printed every event.
"""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from chassis.cloudevents import CloudEvent
from portal_cli.event_examples import all_examples
from portal_cli.foreign import JAVA_JARS, SUBSCRIBERS
from portal_cli.paths import ROOT
from tests.support.broker import BROKERS, running_node
from tests.support.event_models import said
from tests.support.foreign import program
from tests.support.npm import installed
from tests.support.soak import LONG, soak
from tests.support.subscribers import subscribers_exchange, tell
from tests.support.waiting import eventually, wait_until

BLOCK = re.compile(r"```(\w+) (setup|choose|hash|(?:client|sdk)=[\w.-]+)\n(.*?)```", re.DOTALL)
PAGE = (ROOT / "docs" / "subscribing.md").read_text()
BLOCKS = {name.removeprefix("client="): (language, code) for language, name, code in BLOCK.findall(PAGE)}
CLIENTS = [name for name in BLOCKS if name not in {"setup", "choose", "hash"} and not name.startswith("sdk=")]
ADDRESS = "amqp://user:password@rabbitmq.portal.example:5672"
PAID = next(event for event in all_examples() if event.type == "billing.invoice_paid.v1")
QUEUE, FAILED = "acme.portal", "acme.portal.failed"

_STRANGERS = {
    **{name: value for name, value in os.environ.items() if name != "PYTHONTZPATH"},
    "PYTHONUNBUFFERED": "1",
    "PYTHONWARNINGS": "default",
}
"""What a client's program is given: the zones of the machine, not only those that our own processes read."""


def code_of(name: str, amqp_url: str) -> str:
    """Return a block of the page with the address of the test's broker; who asks once a minute asks twice a second."""
    return BLOCKS[name][1].replace(ADDRESS, amqp_url).replace("60_000", "500")


def python_program(code: str, folder: Path) -> Sequence[str | Path]:
    (folder / "acme.py").write_text(code)
    python = program(SUBSCRIBERS) / "bin" / "python"
    if "bootsteps" in code:
        return [python, "-m", "celery", "-A", "acme", "worker", "--pool", "solo"]
    return [python, "acme.py"]


def node_program(code: str, folder: Path) -> Sequence[str | Path]:
    (folder / "node_modules").symlink_to(installed("subscribers") / "node_modules")
    (folder / "acme.mjs").write_text(code)
    return ["node", "acme.mjs"]


def typescript_program(code: str, folder: Path) -> Sequence[str | Path]:
    tool = installed("subscribers")
    (folder / "node_modules").symlink_to(tool / "node_modules")
    (folder / "acme.mts").write_text(code)
    options = ["--target", "es2022", "--module", "nodenext", "--moduleResolution", "nodenext", "--skipLibCheck"]
    options += ["--experimentalDecorators", "--emitDecoratorMetadata"]
    said(["node", tool / "node_modules/typescript/bin/tsc", *options, "acme.mts"], folder=folder)
    return ["node", "acme.mjs"]


def go_program(code: str, folder: Path) -> Sequence[str | Path]:
    if shutil.which("go") is None:
        pytest.skip("amqp091-go needs go, which this machine lacks")
    for file in (ROOT / "tools" / "subscribers-go").iterdir():
        shutil.copy(file, folder)
    (folder / "main.go").write_text(code)
    said(["go", "build", "-o", "acme", "."], folder=folder)
    return [folder / "acme"]


def java_program(code: str, folder: Path) -> Sequence[str | Path]:
    jars = f"{program(JAVA_JARS)}/*:{folder}"
    (folder / "Acme.java").write_text(code)
    said(["javac", "-proc:none", "-cp", jars, "Acme.java"], folder=folder)
    return ["java", "-cp", jars, "Acme"]


PROGRAMS = {
    "python": python_program,
    "js": node_program,
    "ts": typescript_program,
    "go": go_program,
    "java": java_program,
}


@contextmanager
def running(command: Sequence[str | Path], folder: Path) -> Generator[tuple[Path, subprocess.Popen[bytes]]]:
    """Run a program until the block ends; yield the file with what it says, and the process."""
    output = folder / "said.txt"
    with output.open("w") as file:
        child = subprocess.Popen(
            [*map(str, command)],
            cwd=folder,
            env=_STRANGERS,
            stdout=file,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            yield output, child
        finally:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()


@pytest.fixture
async def channel(amqp_url: str) -> AsyncIterator[AbstractChannel]:
    """A channel beside the client's; the queues of the page are there, and empty."""
    async with subscribers_exchange(amqp_url) as made:
        python = program(SUBSCRIBERS) / "bin" / "python"
        said([python, "-c", code_of("setup", amqp_url)], folder=ROOT)
        yield made
        for name in (QUEUE, FAILED):
            await made.queue_delete(name)
        await made.exchange_delete("acme.failed")


def paid(sequence: int) -> CloudEvent:
    return replace(PAID, id=f"{PAID.subject}-{sequence}", sequence=sequence)


async def waiting(channel: AbstractChannel, name: str) -> int:
    queue = await channel.declare_queue(name, passive=True)
    return queue.declaration_result.message_count or 0


PAIRS = [
    pytest.param(version, client, id=f"rabbitmq-{version}-{client}")
    for place, client in enumerate(CLIENTS)
    for version in (BROKERS if LONG else [[*BROKERS][place % len(BROKERS)]])
]
"""Each client on one version of the broker, the versions in turn; in the long run each on all of them."""


@soak
@pytest.mark.parametrize(("broker", "client"), PAIRS, indirect=["broker"])
async def test_a_client_reads_and_acknowledges_with_the_lines_of_the_page(
    client: str, amqp_url: str, channel: AbstractChannel, tmp_path: Path
) -> None:
    """It prints every event, acknowledges it, and rejects none. When its queue is made anew, it reads on or ends."""
    language, _ = BLOCKS[client]
    command = PROGRAMS[language](code_of(client, amqp_url), tmp_path)
    events = [paid(sequence) for sequence in range(1, 5)]
    await tell(channel, *events)

    with running(command, tmp_path) as (output, child):
        for event in events:
            wait_until(lambda event=event: _says(output, event.id))
        await tell(channel, paid(5))
        wait_until(lambda: _says(output, paid(5).id))

        assert await waiting(channel, FAILED) == 0
        assert await waiting(channel, QUEUE) <= 1

        await channel.queue_delete(QUEUE)
        said([program(SUBSCRIBERS) / "bin" / "python", "-c", code_of("setup", amqp_url)], folder=ROOT)
        await tell(channel, paid(6))
        wait_until(lambda: child.poll() is not None or _says(output, paid(6).id))
        assert child.returncode != 0


def _says(output: Path, text: str) -> bool:
    assert text in output.read_text(), output.read_text()[-2000:]
    return True


async def test_what_a_client_rejects_is_kept(channel: AbstractChannel) -> None:
    """The page's dead-letter queue holds a message that was rejected, whole."""
    await tell(channel, paid(1))
    message = await (await channel.get_queue(QUEUE)).get()
    await message.reject(requeue=False)

    failed = await channel.get_queue(FAILED)
    kept = None
    while kept is None:
        kept = await failed.get(no_ack=True, fail=False)
    assert (kept.body, kept.message_id) == (paid(1).to_json(), paid(1).id)


async def test_the_lines_about_choosing_choose(newest_amqp_url: str, tmp_path: Path) -> None:
    """A headers exchange passes one organisation's events; what is of others never gets to the queue."""
    url = newest_amqp_url
    async with subscribers_exchange(url) as made:
        lines = code_of("setup", url).replace("connection.close()", code_of("choose", url))
        lines = lines.replace('channel.queue_bind("acme.portal", "portal.subscribers", "billing.#")', "")
        said([program(SUBSCRIBERS) / "bin" / "python", "-c", lines], folder=tmp_path)
        await tell(made, paid(2), replace(paid(1), organisation_id="org_01k9v00000000000000000a0aa"))
        queue = await made.get_queue(QUEUE)
        assert (await queue.get(no_ack=True)).message_id == paid(1).id
        assert await queue.get(no_ack=True, fail=False) is None
        for name in (QUEUE, FAILED):
            await made.queue_delete(name)
        for name in ("acme.failed", "acme.chosen"):
            await made.exchange_delete(name)


async def test_the_lines_about_several_workers_spread_subjects(tmp_path: Path) -> None:
    """With the broker's plugin each subject's events are in one queue, in their order, and every queue has some."""
    with running_node(tmp_path / "node", plugins=["rabbitmq_consistent_hash_exchange"]) as node:
        async with subscribers_exchange(node.url) as channel:
            lines = code_of("setup", node.url).replace("connection.close()", code_of("hash", node.url))
            said([program(SUBSCRIBERS) / "bin" / "python", "-c", f"{lines}\nconnection.close()"], folder=tmp_path)
            subjects = [f"inv_{n}" for n in range(60)]
            for sequence in (1, 2, 3):
                for one in subjects:
                    await tell(channel, replace(paid(sequence), subject=one, id=f"{one}-{sequence}"))
            queues = [list[str](), list[str](), list[str]()]
            for n, ids in enumerate(queues, start=1):

                async def take(message: AbstractIncomingMessage, ids: list[str] = ids) -> None:
                    ids.append(message.message_id or "")

                await (await channel.get_queue(f"acme.portal.{n}")).consume(take, no_ack=True)
            await eventually(lambda: sum(map(len, queues)) == 3 * len(subjects), "every event in one of the queues")
    assert all(queues)
    where = {one: [place for place, ids in enumerate(queues) if f"{one}-1" in ids] for one in subjects}
    assert {len(places) for places in where.values()} == {1}
    for one, (place,) in where.items():
        assert [each for each in queues[place] if each.startswith(f"{one}-")] == [f"{one}-{n}" for n in (1, 2, 3)]


async def test_pythons_sdk_reads_an_event_with_the_lines_of_the_page(tmp_path: Path) -> None:
    """Given the content type and the bytes, it makes the same event."""
    ask = (
        "import sys, types\n"
        "properties = types.SimpleNamespace(content_type='application/cloudevents+json')\n"
        "event = read(properties, sys.stdin.buffer.read())\n"
        "print(event['id'], event['sequence'], event.data['invoiceId'])\n"
    )
    python = program(SUBSCRIBERS) / "bin" / "python"
    printed = said([python, "-c", f"{BLOCKS['sdk=python'][1]}\n{ask}"], folder=tmp_path, given=PAID.to_json().decode())
    assert printed.split() == [PAID.id, format(PAID.sequence, "010d"), PAID.data["invoiceId"]]


async def test_javascripts_sdk_reads_an_event_with_the_lines_of_the_page(tmp_path: Path) -> None:
    """Given an object it keeps the id, the sequence and the data."""
    ask = (
        "import { readFileSync } from 'node:fs';\n"
        "const properties = { contentType: 'application/cloudevents+json' };\n"
        "const event = read({ properties, content: readFileSync(0) });\n"
        "console.log(event.id, event.sequence, event.data.invoiceId);\n"
    )
    command = node_program(f"{BLOCKS['sdk=javascript'][1]}\n{ask}", tmp_path)
    printed = said(command, folder=tmp_path, given=PAID.to_json().decode())
    assert printed.split() == [PAID.id, format(PAID.sequence, "010d"), PAID.data["invoiceId"]]


def test_the_page_has_every_client_that_is_run() -> None:
    """The list that the page ends with is the list of what runs here."""
    shown = PAGE.rpartition("## What our tests run")[2].replace("the\nJava client", "java").lower()
    assert [client for client in CLIENTS if client.lower() not in shown] == []
    assert len(CLIENTS) == 11
