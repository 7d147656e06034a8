"""Stores that ask who somebody is: a database and a virtual host of a broker, each with two users of the same rights.

Door: `stores_with_users`. `Users.leave` takes the first one away, as the last step of a change of passwords does.
"""

import asyncio
import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pymongo

from portal_cli import secantusdb
from portal_cli.ports import LOOPBACK, free_ports
from portal_cli.processes import Child
from portal_cli.rabbitmq import RabbitMQNode

USERS = ("first", "second")
_OWNER = "owner"
_RIGHTS = ["readWriteAnyDatabase", "dbAdminAnyDatabase"]
_ROLES = {_OWNER: ["userAdminAnyDatabase"], **dict.fromkeys(USERS, _RIGHTS)}
Client = pymongo.MongoClient[dict[str, Any]]


@dataclass(frozen=True)
class Users:
    """Both stores, as one of the users reaches them."""

    database_port: int
    node: RabbitMQNode
    host: str

    def urls(self, user: str) -> dict[str, str]:
        """Return the variables that name the stores for a user."""
        broker = f"amqp://{self._broker_user(user)}:{_password(user)}@{LOOPBACK}:{self.node.port}/{self.host}"
        return {"PORTAL_MONGO_URL": self._database(user), "PORTAL_AMQP_URL": broker}

    async def leave(self, user: str) -> None:
        """Take a user away from both; the broker ends the connections that it still has."""
        await asyncio.to_thread(self.node.ctl, "delete_user", self._broker_user(user))
        with Client(self._database(_OWNER)) as client:
            client.admin.command("dropUser", user)

    def make(self, folder: Path) -> None:
        """Make the broker's users, as an operator does: by a file of definitions."""
        names = [self._broker_user(user) for user in USERS]
        rights = {"vhost": self.host, "configure": ".*", "write": ".*", "read": ".*"}
        made: dict[str, Any] = {
            "vhosts": [{"name": self.host}],
            "users": [{"name": self._broker_user(user), "password": _password(user), "tags": []} for user in USERS],
            "permissions": [{"user": name, **rights} for name in names],
        }
        file = folder / "definitions.json"
        file.write_text(json.dumps(made))
        self.node.ctl("import_definitions", str(file))

    def _broker_user(self, user: str) -> str:
        return f"{user}-{self.host}"

    def _database(self, user: str) -> str:
        return f"mongodb://{user}:{_password(user)}@{LOOPBACK}:{self.database_port}/?authSource=admin"


def _password(user: str) -> str:
    return f"the-password-of-{user}"


@contextmanager
def stores_with_users(folder: Path, node: RabbitMQNode) -> Generator[Users]:
    """Run a database that lets nobody in without a password, beside a node with a virtual host of its own."""
    (port,) = free_ports(1)
    program = secantusdb.program("accounts", folder / "accounts", port, durable=False)
    users = Users(port, node, f"accounts-{uuid4().hex[:8]}")
    users.make(folder)
    open_to_all = Child.start(program)
    open_to_all.wait_until_ready()
    with Client(secantusdb.url(port)) as client:
        for user, roles in _ROLES.items():
            client.admin.command("createUser", user, pwd=_password(user), roles=roles)
    open_to_all.stop()
    child = Child.start(replace(program, argv=(*program.argv, "--auth")))
    try:
        child.wait_until_ready()
        yield users
    finally:
        child.kill()
