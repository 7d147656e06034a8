"""The histogram."""

from prometheus_client import CollectorRegistry, generate_latest

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
