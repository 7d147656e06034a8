"""How far apart the times of refused log-ins are, for accounts that exist and accounts that do not (promise 18).

    python -m benchmarks.log_in [--rounds 6]

Hashes as in production. Each round asks for every kind of account fifteen times, in turns of random order. Printed are
the medians in milliseconds, by the clock and by the CPU time of the service (its hashes included, the database not);
the gap is that between the kinds (target: less than 5 ms). A second unknown account is the control: its distance from
the first is what the machine's noise makes of no difference.
"""

import argparse
import asyncio
import os
import random
import statistics
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from chassis.mongo.indexes import ensure_indexes
from services.identity.bootstrap import INDEXES
from tests.support.identity.portal import Business, Portal, make_portal, make_settings
from tests.support.storage import running_secantusdb

_KINDS = ("existing", "disabled", "unknown", "control")
_TURNS = 15
Cost = tuple[float, float]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=6)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder, running_secantusdb(Path(folder) / "identity") as [url]:
        asyncio.run(_measure(url, rounds))


async def _measure(url: str, rounds: int) -> None:
    portal = make_portal(make_settings(url, "benchmark", argon2_memory_kib=19 * 1024, argon2_passes=2))
    await ensure_indexes(portal.service.database, INDEXES)
    await portal.service.inbox.start(portal.bus)
    await _accounts(await portal.register("nordlicht"))
    costs: dict[str, list[Cost]] = defaultdict(list)
    for number in range(rounds):
        for kind, times in (await _round(portal, number)).items():
            costs[kind] += times
    await portal.service.close()
    _tell("by the clock", {kind: statistics.median(wall for wall, _ in costs[kind]) for kind in _KINDS})
    _tell("by CPU time", {kind: statistics.median(cpu for _, cpu in costs[kind]) for kind in _KINDS})
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def _tell(name: str, medians: dict[str, float]) -> None:
    accounts = [median for kind, median in medians.items() if kind != "control"]
    each = ", ".join(f"{kind} {median:.2f}" for kind, median in medians.items())
    gap, noise = max(accounts) - min(accounts), abs(medians["unknown"] - medians["control"])
    print(f"{name}, in ms: {each}; gap {gap:.2f} (target 5), noise {noise:.2f}")


async def _accounts(business: Business) -> None:
    customer = await business.customer()
    await business.client("existing@krause.example", customer)
    session = await business.client("disabled@krause.example", customer)
    contact = session["person"]["id"]
    await business.portal.mutate("disableContact", business.owner, "userErrors { code }", id=contact)


async def _round(portal: Portal, number: int) -> dict[str, list[Cost]]:
    times: dict[str, list[Cost]] = defaultdict(list)
    for turn in range(_TURNS):
        portal.clock.advance(minutes=2)
        for kind in random.sample(_KINDS, len(_KINDS)):
            began = time.perf_counter(), time.process_time()
            payload = await portal.log_in(
                f"{kind}@krause.example", "wrong-password-1", "nordlicht", f"172.{number}.{turn}.{kind}"
            )
            wall, cpu = time.perf_counter() - began[0], time.process_time() - began[1]
            times[kind].append((wall * 1000, cpu * 1000))
            assert payload["session"] is None
    return times


if __name__ == "__main__":
    main()
