"""What a document that is new costs, and how long others wait for it: on the event loop, and beside it.

    python -m benchmarks.gateway.cold [--rounds 5]

Prints CPU by size, and the most CPU that the process spent between two wakes of a loop that wakes every millisecond,
while documents that are all new were prepared one after the other. Where a core is free that is how long others wait;
CPU and not the clock, so that what else the machine does counts for nothing.
"""

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable

from gateway.bootstrap import build_pipeline
from gateway.pipeline import NO_LABELS, Pipeline, Prepared
from gateway.preparing import Preparing
from portal_cli.paths import SUPERGRAPH

INVOICE = """  a{n}: invoice(id: "inv_{n}_{salt}") {{
    id
    number
    notes
    total {{
      amount
      currency
    }}
    lines {{
      description
    }}
    customer {{
      id
      name
    }}
    comments(first: 2) {{
      nodes {{
        id
        text
        author {{
          id
          name
        }}
      }}
    }}
    payments {{
      id
      status
    }}
  }}
"""
SIZES = (1, 4, 12, 15)


def document(invoices: int, salt: int) -> str:
    """Return a query that nobody has asked before, of about 30 lines for each invoice."""
    return "query Cold {\n" + "".join(INVOICE.format(n=n, salt=salt) for n in range(invoices)) + "}\n"


def cpu_ms(pipeline: Pipeline, invoices: int, rounds: int) -> float:
    """Return the least CPU of preparing one."""
    took: list[float] = []
    for salt in range(rounds):
        began = time.process_time()
        made = pipeline.make((document(invoices, salt), None, NO_LABELS))
        took.append(time.process_time() - began)
        if not isinstance(made, Prepared):
            raise SystemExit(f"the query is refused: {made[0].message}")
    return min(took) * 1000


async def held_up_ms(prepare: Callable[[str], Awaitable[object]], invoices: int, rounds: int) -> float:
    """Return the most CPU between two wakes of the loop."""
    longest, stop = 0.0, asyncio.Event()

    async def tick() -> None:
        nonlocal longest
        while not stop.is_set():
            began = time.process_time()
            await asyncio.sleep(0.001)
            longest = max(longest, time.process_time() - began)

    ticking = asyncio.ensure_future(tick())
    for salt in range(rounds):
        await prepare(document(invoices, 1_000 + salt))
        await asyncio.sleep(0.005)
    stop.set()
    await ticking
    return longest * 1000


async def measure(rounds: int) -> None:
    """Print a line for each size."""
    pipeline, preparing = build_pipeline(SUPERGRAPH.read_text()), Preparing()

    async def on_the_loop(text: str) -> None:
        pipeline.make((text, None, NO_LABELS))

    async def beside(text: str) -> None:
        await preparing.prepare(pipeline, text)

    print("lines   CPU, ms   others wait, ms: on the loop   beside it   ratio")
    for invoices in SIZES:
        lines = document(invoices, 0).count("\n")
        cpu = cpu_ms(pipeline, invoices, rounds)
        loop = await held_up_ms(on_the_loop, invoices, rounds)
        thread = await held_up_ms(beside, invoices, rounds)
        print(f"{lines:5} {cpu:9.1f} {loop:30.1f} {thread:11.1f} {thread / loop:7.2f}")
    preparing.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    asyncio.run(measure(parser.parse_args().rounds))
