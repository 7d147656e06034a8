"""Whether an HTTP server of this machine answers 200."""

import http.client
from collections.abc import Callable

from portal_cli.ports import LOOPBACK


def answers_ok(port: int, path: str) -> Callable[[], bool]:
    """Return a probe that succeeds when this address answers 200."""

    def probe() -> bool:
        connection = http.client.HTTPConnection(LOOPBACK, port, timeout=2)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return probe
