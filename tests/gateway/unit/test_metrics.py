"""The histogram."""

import asyncio

from prometheus_client import CollectorRegistry, generate_latest

from gateway import observe
from gateway.executor.ports import Forwarded
from gateway.metrics import Timings


def test_counts_like_prometheus():
    """Buckets are cumulative and include their bound, sums and counts are exact, labels are apart."""
    registry = CollectorRegistry()
    timings = Timings("t_seconds", "A test.", ("who",), registry)
    for seconds in (0.0005, 0.001, 0.3, 99.0):
        timings.add(("a",), seconds)
    timings.add(("b",), 0.02)
    lines = generate_latest(registry).decode().splitlines()
    assert 't_seconds_bucket{le="0.001",who="a"} 2.0' in lines
    assert 't_seconds_bucket{le="0.25",who="a"} 2.0' in lines
    assert 't_seconds_bucket{le="0.5",who="a"} 3.0' in lines
    assert 't_seconds_bucket{le="+Inf",who="a"} 4.0' in lines
    assert 't_seconds_count{who="a"} 4.0' in lines
    assert 't_seconds_sum{who="a"} 99.3015' in lines
    assert 't_seconds_count{who="b"} 1.0' in lines


class Stopwatch:
    """Hands out the times that it was given."""

    def __init__(self, *times):
        self._times = list(times)

    def __call__(self):
        return self._times.pop(0)


class Held:
    """A transport whose fetches end when they are told."""

    def post(self, *_):
        """Return a future that nobody has answered."""
        return asyncio.get_running_loop().create_future()


async def test_what_was_waited_is_the_union_of_fetches(monkeypatch):
    """Fetches at once count once, gaps do not, and one that is still open counts until now."""
    monkeypatch.setattr(observe, "perf_counter", Stopwatch(1.0, 2.0, 3.0, 5.0, 7.0, 9.0))
    forwarded, transport = Forwarded(), observe.MeasuredTransport(Held())

    async def end(fetch):
        fetch.set_result(b"")
        await asyncio.sleep(0)

    first, second = (transport.post("held", b"", "query", forwarded) for _ in range(2))
    await end(first)
    await end(second)
    third = transport.post("held", b"", "query", forwarded)
    assert forwarded.waits.until(8.5) == 5.5
    await end(third)
    assert forwarded.waits.until(20.0) == 6.0
