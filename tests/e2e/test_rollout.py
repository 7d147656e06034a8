"""Promise 15, and secrets that are changed meanwhile: nobody notices that processes are replaced.

Two replicas of each, behind a layer-4 round robin. `PORTAL_ROLLOUT_ROUNDS=20` makes it the whole: that many rounds of
restarts; `PORTAL_ROLLOUT_SERVICES=4` all services instead of identity and the gateway alone.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from portal_cli.paths import SERVICES
from tests.support.fleet import Fleet, Visitors

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

ROUNDS = int(os.environ.get("PORTAL_ROLLOUT_ROUNDS", "3"))
OF_THEM = SERVICES[: int(os.environ.get("PORTAL_ROLLOUT_SERVICES", "1"))]
PEOPLE = 5
FIRST, SECOND = (
    {name: f"the-{which}-{name.lower()}-0123456789" for name in ("GATEWAY_KEY", "SERVICE_KEY", "IDENTITY_SECRET")}
    | {"BILLING_SECRET": f"the-{which}-billing-secret-0123456789"}
    for which in ("first", "second")
)
OF_IDENTITY = "{ me { id } }"
OF_ALL = "{ me { id } invoices { totalCount } notifications { totalCount } }"


def told(secrets: Mapping[str, str], **beside: Mapping[str, str]) -> dict[str, str]:
    """Return secrets as variables, with their successors (`next`) or predecessors (`before`)."""
    others = {f"PORTAL_{name}_{kind.upper()}": value for kind, those in beside.items() for name, value in those.items()}
    return {**{f"PORTAL_{name}": value for name, value in secrets.items()}, **others}


def steps() -> Iterator[dict[str, str]]:
    """Yield what processes are told, round by round: the sequence of docs/rotating-secrets.md, then no more changes."""
    yield told(FIRST, next=SECOND)
    yield told(SECOND, before=FIRST)
    for _ in range(ROUNDS - 2):
        yield told(SECOND)


async def test_replaced_processes_and_changed_secrets_fail_no_request(
    tmp_path: Path, mongo_urls: Mapping[str, str]
) -> None:
    """Every process is replaced, and every secret with it, while people work on kept connections: nothing fails.

    They ask, change and refresh their sessions, and nobody repeats a request; sockets are told to come back.
    """
    fleet = Fleet(tmp_path, OF_THEM, mongo_urls, told(FIRST), workers=("identity",))
    async with (
        fleet.running(),
        Visitors(fleet.url, OF_ALL if OF_THEM == SERVICES else OF_IDENTITY).at_work(PEOPLE) as visitors,
    ):
        for number, environment in enumerate(steps()):
            fleet.environment = environment
            # A gateway shows one key only: it need not know what follows, or was before.
            await fleet.roll(*(["gateway"] if number in (0, 2) else []))
            print(f"\n{visitors.asked} requests, {len(visitors.failed)} failed; {len(visitors.closed)} sockets closed")
    assert visitors.failed == []
    assert set(visitors.closed) == {1012}
