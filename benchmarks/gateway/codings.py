"""What an answer of 80 kB costs to compress, and how small it gets: `python -m benchmarks.gateway.codings`."""

import random
import time
from collections.abc import Callable

import orjson

from gateway.http.coding import PREFERRED, Codings

_WORDS = ("invoice", "estimate", "status", "open", "paid", "overdue", "customer", "project", "message", "amount")
_ROUNDS = 50


def answer() -> bytes:
    """Return the JSON of a page of invoices, the same every time."""
    chance = random.Random(1)
    line = lambda: {"text": " ".join(chance.choices(_WORDS, k=6)), "amount": chance.randint(1, 9_999)}  # noqa: E731
    rows = [
        {
            "id": f"inv_{chance.getrandbits(64):x}",
            "number": f"2026-{number}",
            "total": chance.randint(1, 10**6),
            "customer": {"id": f"cus_{chance.getrandbits(64):x}", "name": " ".join(chance.choices(_WORDS, k=4))},
            "lines": [line() for _ in range(3)],
        }
        for number in range(220)
    ]
    return orjson.dumps({"data": {"invoices": rows}})


def cpu(work: Callable[[], object]) -> float:
    """Return the least CPU of several runs, in microseconds."""
    best = float("inf")
    for _ in range(_ROUNDS):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best * 1e6


def main() -> None:
    """Print one line for each coding, as ratios beside gzip."""
    codings, body = Codings(), answer()
    base, size = cpu(lambda: codings.encode("gzip", body)), len(codings.encode("gzip", body))
    print(f"{len(body):,} bytes; gzip: {base:,.0f} µs, {size:,} bytes")
    for name in PREFERRED:
        taken, coded = cpu(lambda name=name: codings.encode(name, body)), len(codings.encode(name, body))
        print(f"{name:5} CPU x{taken / base:.2f}  size x{coded / size:.2f}")


if __name__ == "__main__":
    main()
