"""How fast a gateway stays beside a silent subgraph and beside somebody who sends abusive documents (promises 14, 24).

    python -m benchmarks.bounds [--rounds 5]

The suite proves what a clock cannot disturb; this prints the figures of this machine at this moment:

- fifty clients of a subgraph that never answers: the longest time to their answers (target: 5.25 s, time-out 5 s), and
  the p95 of others' operations beside them and alone (target: at most twice);
- the same p95 beside abusive documents, twenty a second;
- the CPU time that refusing the dearest abusive document costs (target: 50 ms).
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from gateway.pipeline import Pipeline, PipelineOptions
from tests.gateway.http.world import World
from tests.gateway.limits.abuse import SCHEMA, documents

QUICK = "{ me { name } users { id } }"
SLOW = "{ me { name invoices { id } } invoices { id } }"
CLIENTS = 50


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder), rounds))
    slowest, text = max((_refusal_seconds(document), document) for _, document in documents())
    print(f"dearest of {len(documents())} refusals: {slowest * 1e3:.1f} ms of CPU (target 50): {text[:60]}")
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


async def _measure(folder: Path, rounds: int) -> None:
    settings = {"operation_timeout": 5.0, "fetch_timeout": 5.0, "fetch_connections": 32}
    world = await World(folder, settings).start()
    try:
        for _ in range(rounds):
            alone = await _p95_beside(world, asyncio.sleep(1))
            longest: list[float] = []
            slow = await _p95_beside(world, _silence(world, longest))
            abused = await _p95_beside(world, _abuse(world))
            print(
                f"longest {max(longest):.3f} s (target 5.25); others' p95 {alone * 1e3:.2f} ms alone, "
                f"{slow * 1e3:.2f} ms beside a silent subgraph, {abused * 1e3:.2f} ms beside abuse (target: twice)"
            )
    finally:
        await world.stop()


async def _p95_beside(world: World, other: Awaitable[Any]) -> float:
    beside, taken = asyncio.ensure_future(other), list[float]()
    while not beside.done() or len(taken) < 2:
        taken.append(await _seconds(lambda: world.ask(QUICK)))
    await beside
    return statistics.quantiles(sorted(taken), n=20)[18]


async def _silence(world: World, longest: list[float]) -> None:
    world.billing.mode = "slow"
    longest += await asyncio.gather(*(_seconds(lambda: world.ask(SLOW)) for _ in range(CLIENTS)))
    world.billing.mode = "ok"


async def _abuse(world: World) -> None:
    for _, document in documents()[::5]:
        await world.ask(document)
        await asyncio.sleep(0.05)


async def _seconds(ask: Callable[[], Awaitable[Any]]) -> float:
    began = time.perf_counter()
    await ask()
    return time.perf_counter() - began


def _refusal_seconds(document: str) -> float:
    """Return the CPU time of one refusal: the best of three, since others disturb the clock."""
    taken: list[float] = []
    for _ in range(3):
        pipeline = Pipeline(SCHEMA, _never, PipelineOptions())
        began = time.process_time()
        pipeline.prepare(document)
        taken.append(time.process_time() - began)
    return min(taken)


def _never(*_: Any) -> Any:
    raise AssertionError("planned")


if __name__ == "__main__":
    main()
