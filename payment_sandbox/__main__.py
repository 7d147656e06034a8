"""`python -m payment_sandbox --port P --data DIR`: runs the sandbox on its own.

Secrets come from the environment: `PAYMENT_SANDBOX_SECRET_KEY` and `PAYMENT_SANDBOX_WEBHOOK_SECRET`.
"""

import argparse
import os
from pathlib import Path

import uvicorn

from payment_sandbox.app import Settings, create_app


def main() -> None:
    """Parse the command line and serve until a signal ends it."""
    parser = argparse.ArgumentParser(prog="payment_sandbox", description="A card provider for development and tests.")
    parser.add_argument("--port", type=int, required=True, help="where to listen")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--data", type=Path, required=True, help="folder that keeps the state")
    parser.add_argument("--public-url", help="address under which browsers reach it")
    parser.add_argument("--webhook-url", default=os.environ.get("PAYMENT_SANDBOX_WEBHOOK_URL"), help="who gets events")
    parser.add_argument("--delay", type=float, default=2.0, help="seconds of the scripted delay")
    given = parser.parse_args()
    settings = Settings(
        folder=given.data,
        public_url=given.public_url or f"http://{given.host}:{given.port}",
        secret_key=os.environ.get("PAYMENT_SANDBOX_SECRET_KEY", "sk_sandbox"),
        webhook_secret=os.environ.get("PAYMENT_SANDBOX_WEBHOOK_SECRET", "whsec_sandbox"),
        webhook_url=given.webhook_url,
        delay=given.delay,
    )
    uvicorn.run(create_app(settings), host=given.host, port=given.port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
