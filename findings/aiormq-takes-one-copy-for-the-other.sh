#!/usr/bin/env bash
# Guess: publisher confirms go by delivery tag, so that of two messages published at once on a channel the one that no queue takes is the one whose `publish` raises.
# So: a returned message is looked up by its message id. Two copies under one id (a retry, one for a second queue): the copy that nobody has counts as confirmed, and the one that is safe raises.
# Source: aiormq 7.2.4 (PyPI, 2026), channel.py, message_id_delivery_tag (the later copy overwrites the earlier one), with RabbitMQ's server of this system
set -eu
command -v rabbitmq-server >/dev/null || { echo "needs Debian's package rabbitmq-server"; exit 2; }
folder=$(mktemp -d)
chmod 755 "$folder"
node=
trap '[ -z "$node" ] || { kill "$node"; wait "$node" 2>/dev/null || true; }; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check aio-pika==10.2.1 aiormq==7.2.4
free() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
port=$(free)
: >"$folder/rabbitmq.conf"
HOME=$folder RABBITMQ_NODENAME="finding$port@localhost" RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT=$port \
    RABBITMQ_DIST_PORT=$(free) RABBITMQ_MNESIA_BASE=$folder/mnesia RABBITMQ_LOG_BASE=$folder/log \
    RABBITMQ_CONFIG_FILE=$folder/rabbitmq.conf RABBITMQ_ENABLED_PLUGINS_FILE=$folder/plugins \
    RABBITMQ_CONF_ENV_FILE=/dev/null RABBITMQ_PID_FILE=$folder/pid /usr/lib/rabbitmq/bin/rabbitmq-server >"$folder/out" 2>&1 &
node=$!
"$folder/venv/bin/python" - "$port" <<'PYTHON'
import asyncio
import importlib.metadata
import logging
import sys

import aio_pika

logging.disable()

print("aio-pika", importlib.metadata.version("aio-pika"), "aiormq", importlib.metadata.version("aiormq"))


async def connected() -> aio_pika.abc.AbstractConnection:
    for _ in range(240):
        try:
            return await aio_pika.connect(f"amqp://127.0.0.1:{sys.argv[1]}/")
        except (OSError, aio_pika.exceptions.AMQPError):
            await asyncio.sleep(0.5)
    raise SystemExit("the broker did not start")


async def main() -> int:
    async with await connected() as connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        queue = await channel.declare_queue(exclusive=True)
        exchange = channel.default_exchange
        wrong = 0
        for ids in (("one", "other"), ("same", "same")):
            nobody, somebody = await asyncio.gather(
                exchange.publish(aio_pika.Message(b"to nobody", message_id=ids[0]), "no-such-queue"),
                exchange.publish(aio_pika.Message(b"to a queue", message_id=ids[1]), queue.name),
                return_exceptions=True,
            )
            print(f"message ids {ids}: to nobody: {type(nobody).__name__}; to a queue: {type(somebody).__name__}")
            wrong += type(nobody).__name__ == "Ack" and type(somebody).__name__ == "PublishError"
        print("in the queue:", queue.declaration_result.message_count, "->", (await channel.declare_queue(queue.name, passive=True)).declaration_result.message_count)
        return 0 if wrong == 1 else 1


raise SystemExit(asyncio.run(main()))
PYTHON
