"""Whether an HTTP server of this machine answers 200."""

import socket
from collections.abc import Callable

from portal_cli.ports import LOOPBACK

_TIMEOUT = 2.0
_OK = b"HTTP/1.1 200"


def answers_ok(port: int, path: str, host: str = LOOPBACK) -> Callable[[], bool]:
    """Return a probe that succeeds when this address answers 200.

    Asked some hundred times while a portal starts, it reads no more than the status.
    """
    question = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode()

    def probe() -> bool:
        try:
            with socket.create_connection((host, port), timeout=_TIMEOUT) as connection:
                connection.sendall(question)
                status = connection.recv(len(_OK), socket.MSG_WAITALL)
        except OSError:
            return False
        return status.startswith(b"HTTP/1.") and status.endswith(b" 200")

    return probe
