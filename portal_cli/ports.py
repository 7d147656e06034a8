"""TCP ports of this machine: which are free, and whether somebody answers."""

import random
import socket
from collections.abc import Iterable
from pathlib import Path

LOOPBACK = "127.0.0.1"
_LOWEST = 10_000
_EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")
_EPHEMERAL_BEGINS = 32_768
_GIVEN: set[int] = set()


def free_ports(count: int) -> list[int]:
    """Return `count` different ports that nobody listens on at this moment.

    They lie below those that the system gives to outgoing connections. One of these may get any port of its range at
    any time, and even the very port that it tries to reach: a server that starts later would find its port taken.
    This process gives none of them out again: whoever asked for one may take seconds until it listens.
    """
    chosen: list[int] = []
    ports = [port for port in range(_LOWEST, _highest()) if port not in _GIVEN]
    for port in random.sample(ports, k=min(2_000, len(ports))):
        if is_free(port):
            chosen.append(port)
        if len(chosen) == count:
            _GIVEN.update(chosen)
            return chosen
    raise OSError("no free ports")


def leave(ports: Iterable[int]) -> None:
    """Give none of these out: they are for another process, which is choosing ports beside this one."""
    _GIVEN.update(ports)


def _highest() -> int:
    """Return where the ports of outgoing connections begin; what the system says counts if it leaves enough room."""
    try:
        begins = int(_EPHEMERAL.read_text().split()[0])
    except OSError:
        return _EPHEMERAL_BEGINS
    return begins if begins >= 2 * _LOWEST else _EPHEMERAL_BEGINS


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Return whether a server could listen on this port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def answers(port: int, *, greeting: bytes = b"", reply: bytes = b"") -> bool:
    """Return whether a server accepts connections and, after `greeting`, sends something that starts with `reply`."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1) as connection:
            connection.sendall(greeting)
            return not reply or connection.recv(len(reply)) == reply
    except OSError:
        return False
