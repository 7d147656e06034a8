#!/usr/bin/env bash
# Guess: `asyncio.timeout` around aio_pika.connect_robust ends the attempt: when TimeoutError is raised, nothing is connecting any more.
# So: only the waiting ends; a task that nobody holds goes on, each interval anew, and since 2026 it takes its own cancellation for a failed attempt. When the broker is back it has connections that no code knows of, one per timeout.
# Source: aio-pika 10.2.1 (PyPI, 2026), robust_connection.py, __connection_factory; the cancelled waiter's future counts as an answered first attempt
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check aio-pika==10.2.1 aiormq==7.2.4
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import importlib.metadata
import logging

import aio_pika

logging.disable()
print("aio-pika", importlib.metadata.version("aio-pika"), "aiormq", importlib.metadata.version("aiormq"))


async def main() -> int:
    taken: list[asyncio.StreamWriter] = []

    async def take(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        taken.append(writer)

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    connection = None

    def made(*args: object, **kwargs: object) -> aio_pika.RobustConnection:
        nonlocal connection
        connection = aio_pika.RobustConnection(*args, **kwargs)
        return connection

    try:
        async with asyncio.timeout(1):  # the listener takes the connection and says nothing
            await aio_pika.connect_robust(
                f"amqp://127.0.0.1:{port}/", connection_class=made, reconnect_interval=0.2
            )
    except TimeoutError:
        print("TimeoutError after", len(taken), "connection")
    for _ in range(3):  # each attempt that the listener ends is followed by another one
        before = len(taken)
        taken[-1].close()
        async with asyncio.timeout(10):
            while len(taken) == before:
                await asyncio.sleep(0.05)
    print("connections that came afterwards:", len(taken) - 1)
    await connection.close()  # what ends it, for whoever kept the object
    server.close()
    return len(taken) - 1


raise SystemExit(0 if asyncio.run(main()) == 3 else 1)
PYTHON
