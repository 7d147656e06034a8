"""`portal replay`: a service gets its parked messages once more, on RabbitMQ or in the portal that runs here."""

import asyncio
import getpass
import http.client
import json
import os
import socket
from pathlib import Path
from urllib.parse import quote

from rich.console import Console

from portal_cli.data_folder import read_running
from portal_cli.ports import LOOPBACK
from portal_cli.refusals import Refusal


def run(service: str, data: Path) -> int:
    """Replay the parked messages of a service; return the exit code."""
    amqp_url = os.environ.get("PORTAL_AMQP_URL")
    count = asyncio.run(_on_rabbitmq(amqp_url, service)) if amqp_url else _in_running_portal(data, service)
    Console(highlight=False).print(f"{count} parked messages were delivered to {service} again.")
    return 0


async def _on_rabbitmq(amqp_url: str, service: str) -> int:
    from aio_pika.exceptions import AMQPConnectionError, ChannelNotFoundEntity

    from chassis.bus import PublishFailed
    from chassis.bus.rabbitmq import RabbitBus

    bus = RabbitBus(amqp_url)
    try:
        return await bus.replay(service, _who())
    except ChannelNotFoundEntity:
        raise Refusal(f"The service {service} is not known on this broker.") from None
    except PublishFailed as error:
        raise Refusal(
            f"The broker does not accept the messages ({error}). Those not accepted are still parked; try again later."
        ) from None
    except (AMQPConnectionError, OSError):
        raise Refusal("The broker at PORTAL_AMQP_URL cannot be reached; check the address and try again.") from None
    finally:
        await bus.close()


def _in_running_portal(data: Path, service: str) -> int:
    running = read_running(data)
    connection = http.client.HTTPConnection(LOOPBACK, running.services_port, timeout=60)
    try:
        connection.request(
            "POST", f"/replay/{service}?by={quote(_who())}", headers={"x-portal-service-key": running.service_key}
        )
        answer = connection.getresponse()
        if answer.status == 503:
            raise Refusal(f"The portal on {data} is still starting: try again in a moment.")
        if answer.status != 200:
            raise Refusal(f"The service {service} is not known; see `portal serve --help` for the services.")
        return int(json.loads(answer.read())["replayed"])
    except OSError:
        raise Refusal(f"No running portal uses {data}, and PORTAL_AMQP_URL is not set.") from None
    finally:
        connection.close()


def _who() -> str:
    """Return who replays, for the log: the user of this machine and its name."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        user = str(os.getuid())
    return f"{user}@{socket.gethostname()}"
