"""Where a process listens: one rule for all of them, whichever server answers.

`::` is every address of the machine, of both families. Servers differ in that: asyncio's takes it for IPv6 alone,
Python's own HTTP servers fail on it. So the sockets are made here and given to them.
"""

import errno
import os
import socket
from collections.abc import Sequence
from typing import Any

BACKLOG = 2048
_EVERYWHERE = "::"
_ALL_OF_IPV4 = ""
_NOT_HERE = frozenset({errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL})


class CannotListen(Exception):
    """Nothing can listen there. The message says where, and why."""


def listen(host: str, port: int, backlog: int = BACKLOG) -> Sequence[socket.socket]:
    """Return sockets that listen at every address that `host` names.

    `::` stands for all addresses of both families, and still does on a machine that has IPv4 only. `0.0.0.0` is IPv4
    alone; a name, such as `localhost`, is every address that it has.

    Raises:
        CannotListen: there is no such address here, or somebody else listens there.
    """
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        if host == _EVERYWHERE:
            return [_everywhere(port, backlog)]
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        addresses = list(dict.fromkeys((family, address) for family, _, _, _, address in found))
        return _those_there_are(addresses, backlog)
    except socket.gaierror as error:
        raise CannotListen(f"{where} is not an address of this machine ({error.strerror}).") from error
    except OSError as error:
        raise CannotListen(f"Nothing can listen at {where} ({os.strerror(error.errno or 0)}).") from error


def _everywhere(port: int, backlog: int) -> socket.socket:
    if socket.has_dualstack_ipv6():
        try:
            return socket.create_server(
                (_EVERYWHERE, port), family=socket.AF_INET6, backlog=backlog, dualstack_ipv6=True
            )
        except OSError as error:
            if error.errno not in _NOT_HERE:
                raise
    return socket.create_server((_ALL_OF_IPV4, port), backlog=backlog)


def _those_there_are(addresses: Sequence[tuple[int, Any]], backlog: int) -> list[socket.socket]:
    """Listen at those that exist: `localhost` may have an address of a family that is switched off."""
    made: list[socket.socket] = []
    for family, address in addresses:
        try:
            made.append(socket.create_server(address, family=family, backlog=backlog))
        except OSError as error:
            last = (family, address) == addresses[-1]
            if error.errno not in _NOT_HERE or (last and not made):
                for one in made:
                    one.close()
                raise
    return made
