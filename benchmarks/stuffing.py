"""How long people wait to log in while thousands of addresses try passwords (issue 15, point 3).

    python -m benchmarks.stuffing [--seconds 20] [--at-once 400]

Hashes as in production, in one service on an embedded database. Two attacks: one account from an address of its own for
each try, and as many accounts. Meanwhile the victim logs in on a device known before, and somebody else on a new one,
one after the other. Printed are medians and 95th percentiles in milliseconds, how many were told to come back, and
beside them those of a quiet service; and what the attacker got answered.
"""

import argparse
import asyncio
import logging
import os
import statistics
import tempfile
import time
from itertools import count
from pathlib import Path

import structlog

from chassis.mongo.indexes import ensure_indexes
from services.identity.application import commands_of
from services.identity.application.accounts import Account
from services.identity.application.commands.log_in import LogIn
from services.identity.application.signing_in import SignedIn
from services.identity.bootstrap import INDEXES
from services.identity.domain.errors import LogInRefused, TooBusy
from tests.support.identity.portal import Portal, make_portal, make_settings
from tests.support.identity.world import PASSWORD
from tests.support.storage import running_secantusdb

VICTIM, OTHER = "victim@krause.example", "other@krause.example"


class Tried:
    """What became of tries: milliseconds of those let in, and how many were refused or told to come back."""

    def __init__(self, portal: Portal) -> None:
        self._commands = commands_of(portal.service.ports)
        self.milliseconds: list[float] = []
        self.refused = self.busy = 0

    async def log_in(self, email: str, password: str, address: str, device: str | None = None) -> SignedIn | None:
        """Try once."""
        began = time.perf_counter()
        account = Account(email=email, portal="nordlicht")
        try:
            done = await self._commands.log_in(
                LogIn(account=account, password=password, address=address, device=device)
            )
        except LogInRefused:
            self.refused += 1
        except TooBusy:
            self.busy += 1
        else:
            self.milliseconds.append((time.perf_counter() - began) * 1_000)
            return done if isinstance(done, SignedIn) else None
        return None

    def __str__(self) -> str:
        if not self.milliseconds:
            return f"nobody let in; refused {self.refused}, told to come back {self.busy}"
        cut = statistics.quantiles(self.milliseconds, n=20)[-1] if len(self.milliseconds) > 1 else 0
        median = statistics.median(self.milliseconds)
        return f"median {median:.0f}, p95 {cut:.0f} of {len(self.milliseconds)}; told to come back {self.busy}"


async def _attacked(portal: Portal, device: str, seconds: float, at_once: int, name: str) -> None:
    numbers, attacker, known, new = count(), Tried(portal), Tried(portal), Tried(portal)
    end = time.perf_counter() + seconds

    async def attack() -> None:
        while time.perf_counter() < end:
            number = next(numbers)
            email = VICTIM if name == "one account" else f"somebody{number}@krause.example"
            await attacker.log_in(
                email, f"guess-number-{number}", f"10.{number >> 8 & 255}.{number & 255}.{number >> 16}"
            )
            await asyncio.sleep(0.1)

    async def people() -> None:
        while time.perf_counter() < end:
            await known.log_in(VICTIM, PASSWORD, "203.0.113.1", device)
            await new.log_in(OTHER, PASSWORD, "203.0.113.2")
            await asyncio.sleep(0.02)

    await asyncio.gather(people(), *(attack() for _ in range(at_once if name != "quiet" else 0)))
    print(f"{name}: {next(numbers):,} tries; refused {attacker.refused:,}, told to come back {attacker.busy:,}")
    print(f"  a known device:  {known}\n  another address: {new}", flush=True)


async def _measure(url: str, seconds: float, at_once: int) -> None:
    portal = make_portal(make_settings(url, "benchmark", argon2_memory_kib=19 * 1024, argon2_passes=2))
    await ensure_indexes(portal.service.database, INDEXES)
    await portal.service.inbox.start(portal.bus)
    business = await portal.register("nordlicht")
    customer = await business.customer()
    for email in (VICTIM, OTHER):
        await business.client(email, customer)
    seen = await Tried(portal).log_in(VICTIM, PASSWORD, "203.0.113.1")
    assert seen is not None
    for name in ("quiet", "one account", "as many accounts"):
        await _attacked(portal, seen.device_token, seconds, at_once, name)
    await portal.service.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--at-once", type=int, default=400)
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as folder, running_secantusdb(Path(folder) / "identity") as [url]:
        asyncio.run(_measure(url, given.seconds, given.at_once))
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
