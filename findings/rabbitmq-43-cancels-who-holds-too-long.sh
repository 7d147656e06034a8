#!/usr/bin/env bash
# Guess: who holds a delivery longer than RabbitMQ's consumer_timeout has the channel closed with 406 PRECONDITION_FAILED, on every kind of queue, as since 3.8.15.
# So: on 4.3 the channel stays open. On a quorum queue the consumer alone is cancelled (basic.cancel, which many clients pass over in silence); on a classic queue nothing happens at all, however long it is held.
# Source: RabbitMQ 4.3.6 (2026; Debian sid) beside Debian's own (12: 3.10.8), asked with aiormq 7.2.4, which prints what the broker says; its channel.py knows of the cancel ("RabbitMQ 4.3 and later keeps the consumer tag until the client answers")
# Needs root, for a Debian sid in a folder of its own (600 MB, some minutes); nothing is installed here but rabbitmq-server and debootstrap, if you install them.
set -eu
for program in rabbitmq-server debootstrap unshare; do command -v "$program" >/dev/null || { echo "needs $program"; exit 2; }; done
folder=$(mktemp -d)
chmod 755 "$folder"
nodes=
trap 'for one in $nodes; do kill "$one" 2>/dev/null && wait "$one" 2>/dev/null || true; done; rm -rf --one-file-system "$folder"' EXIT
sid=$folder/sid
debootstrap --variant=minbase sid "$sid" >"$folder/log" 2>&1
printf '#!/bin/sh\nexit 101\n' >"$sid/usr/sbin/policy-rc.d"
chmod 755 "$sid/usr/sbin/policy-rc.d"
echo '127.0.0.1 localhost' >"$sid/etc/hosts"
cat >"$folder/in-sid" <<'SHELL'
#!/bin/sh
exec unshare --mount sh -c 'root=$0; for one in dev proc; do mount --rbind /$one $root/$one; done; mkdir -p "$root$HOME"; mount --bind "$HOME" "$root$HOME"; exec chroot "$root" "$@"' "$SID" "$@"
SHELL
chmod 755 "$folder/in-sid"
export SID=$sid
mkdir "$folder/new" "$folder/old"
HOME=$folder/new DEBIAN_FRONTEND=noninteractive "$folder/in-sid" apt-get -qq install --yes --no-install-recommends rabbitmq-server >>"$folder/log" 2>&1
version=$(dpkg-query --root="$sid" --show --showformat='${Version}' rabbitmq-server)
case $version in 4.3.*) ;; *) echo "Debian sid now has $version: look again"; exit 1 ;; esac
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check aiormq==7.2.4
free() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
start() { # start HOME PORT PREFIX…: a node that takes a delivery for held too long after two seconds, and looks each second
    home=$1 port=$2
    shift 2
    echo "[{rabbit, [{consumer_timeout, 2000}, {channel_tick_interval, 1000}]}]." >"$home/advanced.config"
    : >"$home/rabbitmq.conf"
    env HOME="$home" LC_ALL=C.UTF-8 ERL_EPMD_PORT="$(free)" RABBITMQ_NODENAME="finding$port@localhost" RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 \
        RABBITMQ_NODE_PORT="$port" RABBITMQ_DIST_PORT="$(free)" RABBITMQ_MNESIA_BASE="$home/mnesia" RABBITMQ_LOG_BASE="$home/logs" \
        RABBITMQ_CONFIG_FILE="$home/rabbitmq.conf" RABBITMQ_ADVANCED_CONFIG_FILE="$home/advanced.config" \
        RABBITMQ_ENABLED_PLUGINS_FILE="$home/plugins" RABBITMQ_GENERATED_CONFIG_DIR="$home/generated" RABBITMQ_CONF_ENV_FILE=/dev/null \
        RABBITMQ_PID_FILE="$home/pid" RUNNING_UNDER_SYSTEMD=true "$@" /usr/lib/rabbitmq/bin/rabbitmq-server >"$home/out" 2>&1 &
    nodes="$nodes $!"
}
old=$(free)
new=$(free)
start "$folder/old" "$old"
start "$folder/new" "$new" "$folder/in-sid"
"$folder/venv/bin/python" - "$old" "$new" <<'PYTHON'
import asyncio
import logging
import sys

import aiormq

logging.disable()


async def connected(port: str) -> aiormq.abc.AbstractConnection:
    for _ in range(240):
        try:
            return await aiormq.connect(f"amqp://127.0.0.1:{port}/")
        except (OSError, aiormq.exceptions.AMQPError):
            await asyncio.sleep(0.5)
    raise SystemExit("the broker did not start")


async def held(connection: aiormq.abc.AbstractConnection, kind: str) -> str:
    channel = await connection.channel()
    await channel.queue_declare(kind, durable=True, arguments={"x-queue-type": kind})
    await channel.basic_publish(b"held", routing_key=kind)
    got: asyncio.Queue[object] = asyncio.Queue()
    cancelled = asyncio.Event()
    channel.on_consumer_cancel_callbacks.add(lambda _: cancelled.set())
    await channel.basic_consume(kind, got.put)
    await got.get()
    ended = asyncio.ensure_future(channel.closing)
    cancel = asyncio.ensure_future(cancelled.wait())
    await asyncio.wait([ended, cancel], timeout=30, return_when=asyncio.FIRST_COMPLETED)
    said = "the channel is closed" if channel.is_closed else "the consumer is cancelled" if cancelled.is_set() else "nothing in 30 s"
    cancel.cancel()
    return said


async def main() -> int:
    answers = []
    for port in sys.argv[1:]:
        connection = await connected(port)
        version = connection.server_properties["version"]
        for kind in ("quorum", "classic"):
            answers.append(await held(connection, kind))
            print(f"RabbitMQ {version.decode() if isinstance(version, bytes) else version}, {kind} queue: {answers[-1]}", flush=True)
        await connection.close()
    closed = "the channel is closed"
    return 0 if answers == [closed, closed, "the consumer is cancelled", "nothing in 30 s"] else 1


raise SystemExit(asyncio.run(main()))
PYTHON
