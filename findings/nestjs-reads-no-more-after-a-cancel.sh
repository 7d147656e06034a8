#!/usr/bin/env bash
# Guess: a NestJS microservice on RabbitMQ, built on a manager that "automatically reconnects and sets up again", consumes again or at least logs when the broker cancels its consumer (here: an operator makes its queue anew).
# So: neither. The connection stays open, nothing is logged, and no message is read until somebody restarts it; aio-pika's robust connection reads on, in the same minute on the same queue.
# Source: @nestjs/microservices 11.2.6 with amqp-connection-manager 5.0.0 and amqplib 2.3.1 (npm, 2026): amqplib calls the consumer with null, as the broker's extension Consumer Cancel Notification asks; server-rmq returns at once when the message is nil
set -eu
command -v rabbitmq-server >/dev/null || { echo "needs Debian's package rabbitmq-server"; exit 2; }
folder=$(mktemp -d)
chmod 755 "$folder"
node=
service=
trap 'for one in $service $node; do kill "$one" 2>/dev/null && wait "$one" 2>/dev/null || true; done; rm -rf "$folder"' EXIT
free() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
port=$(free)
: >"$folder/rabbitmq.conf"
HOME=$folder RABBITMQ_NODENAME="finding$port@localhost" RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT=$port \
    RABBITMQ_DIST_PORT=$(free) RABBITMQ_MNESIA_BASE=$folder/mnesia RABBITMQ_LOG_BASE=$folder/log \
    RABBITMQ_CONFIG_FILE=$folder/rabbitmq.conf RABBITMQ_ENABLED_PLUGINS_FILE=$folder/plugins \
    RABBITMQ_CONF_ENV_FILE=/dev/null RABBITMQ_PID_FILE=$folder/pid /usr/lib/rabbitmq/bin/rabbitmq-server >"$folder/out" 2>&1 &
node=$!
cd "$folder"
echo '{"type": "module"}' >package.json
npm install --silent --no-audit --no-fund @nestjs/common@11.2.10 @nestjs/core@11.2.10 @nestjs/microservices@11.2.6 \
    amqp-connection-manager@5.0.0 amqplib@2.3.1 reflect-metadata@0.2.2 rxjs@7.8.2
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check aio-pika==10.2.1 aiormq==7.2.4
cat >service.mjs <<'NODE'
import "reflect-metadata";
import { Controller, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { EventPattern, Transport } from "@nestjs/microservices";

class Orders {
  handle(order) {
    console.log("nest read", order);
  }
}
Controller()(Orders);
EventPattern("order")(Orders.prototype, "handle", Object.getOwnPropertyDescriptor(Orders.prototype, "handle"));
class App {}
Module({ controllers: [Orders] })(App);
const options = { urls: [process.env.URL], queue: "nest", noAck: true, noAssert: true };
await (await NestFactory.createMicroservice(App, { transport: Transport.RMQ, options })).listen();
NODE
cat >ask.py <<'PYTHON'
import asyncio
import logging
import sys

import aio_pika

logging.disable()
url, said = sys.argv[1], "service.log"


async def connected():
    for _ in range(240):
        try:
            return await aio_pika.connect(url)
        except (OSError, aio_pika.exceptions.AMQPError):
            await asyncio.sleep(0.5)
    raise SystemExit("the broker did not start")


async def read(text: str, within: float) -> bool:
    for _ in range(int(within * 5)):
        if text in open(said).read():
            return True
        await asyncio.sleep(0.2)
    return False


async def main() -> int:
    async with await connected() as connection:
        channel = await connection.channel()
        for name in ("nest", "robust"):
            await channel.declare_queue(name, durable=True)
        service = await asyncio.create_subprocess_exec(
            "node", "service.mjs", env={**__import__("os").environ, "URL": url, "NO_COLOR": "1"},
            stdout=open(said, "w"), stderr=asyncio.subprocess.STDOUT,
        )
        seen = []

        async def robust(message):
            seen.append(message.body)

        other = await aio_pika.connect_robust(url)
        await (await (await other.channel()).get_queue("robust")).consume(robust, no_ack=True)

        async def tell(order: str) -> None:
            for name in ("nest", "robust"):
                body = f'{{"pattern": "order", "data": "{order}"}}'.encode()
                await channel.default_exchange.publish(aio_pika.Message(body), name)

        await tell("first")
        before = await read("nest read first", 60)
        for name in ("nest", "robust"):
            await channel.queue_delete(name)
            await channel.declare_queue(name, durable=True)
        await asyncio.sleep(1)
        lines = len(open(said).readlines())
        await tell("second")
        after = await read("nest read second", 20)
        logged = len(open(said).readlines()) - lines
        print("Nest: read before:", before, "· after its queue was made anew:", after, "· lines logged since:", logged, "· still running:", service.returncode is None)
        print("aio-pika, robust: read", len(seen), "of 2")
        waiting = (await channel.declare_queue("nest", durable=True, passive=True)).declaration_result
        print("queue nest:", waiting.message_count, "message,", waiting.consumer_count, "consumers")
        service.kill()
        await service.wait()
        await other.close()
        return 0 if (before, after, logged, len(seen)) == (True, False, 0, 2) else 1


raise SystemExit(asyncio.run(main()))
PYTHON
echo "node $(node --version), @nestjs/microservices $(node -p 'require("./node_modules/@nestjs/microservices/package.json").version')"
venv/bin/python ask.py "amqp://127.0.0.1:$port/"
