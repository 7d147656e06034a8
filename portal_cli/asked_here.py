"""How commands reach what services keep: the databases that the environment names, or the portal that runs here."""

import http.client
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from pymongo.errors import PyMongoError

from chassis.mongo.client import Database, connect
from portal_cli.data_folder import read_running
from portal_cli.ports import LOOPBACK
from portal_cli.refusals import Refusal

T = TypeVar("T")


def mongo_url(service: str) -> str | None:
    """Return the address of a service's database; None when the environment names none."""
    return os.environ.get(f"PORTAL_MONGO_URL_{service.upper()}") or os.environ.get("PORTAL_MONGO_URL")


async def in_database(service: str, url: str, ask: Callable[[Database], Awaitable[T]]) -> T:
    """Return what is asked of a service's database. Raises Refusal when it cannot be read."""
    database = connect(url, f"{os.environ.get('PORTAL_DATABASE_PREFIX', 'portal_')}{service}")
    try:
        return await ask(database)
    except PyMongoError:
        raise Refusal(f"The database of {service} that PORTAL_MONGO_URL names cannot be read.") from None
    finally:
        await database.close()


def ask_portal(method: str, path: str, data: Path, instead: str = "PORTAL_MONGO_URL") -> bytes:
    """Return what the portal that runs on this folder answers. Raises Refusal when none runs, or it does not.

    `instead` is the variable that would have named somebody else to ask.
    """
    try:
        running = read_running(data)
    except Refusal:
        raise Refusal(f"No running portal uses {data}, and {instead} is not set.") from None
    connection = http.client.HTTPConnection(LOOPBACK, running.services_port, timeout=60)
    try:
        connection.request(method, path, headers={"x-portal-service-key": running.service_key})
        answer = connection.getresponse()
        if answer.status == 503:
            raise Refusal(f"The portal on {data} is still starting: try again in a moment.")
        if answer.status != 200:
            raise Refusal(f"The portal on {data} does not answer this: {answer.status}.")
        return answer.read()
    except OSError:
        raise Refusal(f"No running portal uses {data}, and {instead} is not set.") from None
    finally:
        connection.close()
