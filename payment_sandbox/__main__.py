"""`python -m payment_sandbox --port P --data DIR`: runs the sandbox on its own.

Secrets come from the environment: `PAYMENT_SANDBOX_SECRET_KEY` and `PAYMENT_SANDBOX_WEBHOOK_SECRET`; so does for how
long it answers on after SIGTERM, `PAYMENT_SANDBOX_DRAIN_SECONDS` (0).
"""

import argparse
import os
import socket
from pathlib import Path

import uvicorn

from payment_sandbox.app import Settings, create_app
from payment_sandbox.leaving import Leaving, Server

FINISH_SECONDS = 5
"""How long open requests may take when it ends."""


def main() -> None:
    """Parse the command line and serve until a signal ends it."""
    parser = argparse.ArgumentParser(prog="payment_sandbox", description="A card provider for development and tests.")
    parser.add_argument("--port", type=int, required=True, help="where to listen")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on; `::` is all, of both families")
    parser.add_argument("--data", type=Path, required=True, help="folder that keeps the state")
    parser.add_argument("--public-url", help="address under which browsers reach it")
    parser.add_argument("--webhook-url", default=os.environ.get("PAYMENT_SANDBOX_WEBHOOK_URL"), help="who gets events")
    parser.add_argument("--delay", type=float, default=2.0, help="seconds of the scripted delay")
    given = parser.parse_args()
    settings = Settings(
        folder=given.data,
        public_url=given.public_url or reached_at(given.host, given.port),
        secret_key=os.environ.get("PAYMENT_SANDBOX_SECRET_KEY", "sk_sandbox"),
        webhook_secret=os.environ.get("PAYMENT_SANDBOX_WEBHOOK_SECRET", "whsec_sandbox"),
        webhook_url=given.webhook_url,
        delay=given.delay,
    )
    app = Leaving(create_app(settings))
    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=FINISH_SECONDS)
    Server(config, app, float(os.environ.get("PAYMENT_SANDBOX_DRAIN_SECONDS", "0"))).run(
        [_listening(given.host, given.port)]
    )


def reached_at(host: str, port: int) -> str:
    """Return the address for browsers of this machine; one that listens everywhere is reached by its name."""
    if host.strip(":.0") == "":
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens there; `::` is both families, which a server left to itself takes for IPv6 only."""
    everywhere = host == "::"
    both = everywhere and socket.has_dualstack_ipv6()
    family = socket.AF_INET6 if both or (":" in host and not everywhere) else socket.AF_INET
    address = ("" if everywhere and not both else host, port)
    try:
        return socket.create_server(address, family=family, backlog=2048, dualstack_ipv6=both)
    except OSError as error:
        raise SystemExit(f"payment_sandbox: nothing can listen at {host}, port {port}: {error.strerror}") from None


if __name__ == "__main__":
    main()
