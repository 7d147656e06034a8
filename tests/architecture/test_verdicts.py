"""No verdict of the suite hangs on a clock: what is measured is printed, by a benchmark or beside a test."""

import re
from pathlib import Path

from hypothesis import settings

from tests.support.soak import LONG

TESTS = Path(__file__).parents[1]
READS_A_CLOCK = re.compile(r"\b(?:perf_counter|monotonic|process_time|thread_time|quantiles|time\.time)\b")
KNOWN = {
    "support/waiting.py": "safety nets of two minutes, for what only a defect keeps from happening",
    "support/loop_clock.py": "the same",
    "e2e/client.py": "a front end that renews its token in good time",
    "component/chassis/test_broker_faults.py": "prints how long a broker was missed",
    "component/portal/test_idle.py": "counts commands in the seconds that passed: a busy machine brings fewer",
    "component/billing/test_payment_promises.py": "prints how long 250 payments took",
    "foreign/test_image.py": "prints how long the image took to make",
    "gateway/differential/__main__.py": "a program that prints what it did",
}


def test_only_these_files_look_at_a_clock() -> None:
    """Whoever measures does it in `benchmarks/`, or says here why no verdict depends on it."""
    found = {str(file.relative_to(TESTS)) for file in TESTS.rglob("*.py") if READS_A_CLOCK.search(file.read_text())} - {
        "architecture/test_verdicts.py"
    }
    assert found == set(KNOWN)


def test_generated_examples_depend_on_neither_clock_nor_chance() -> None:
    """A busy machine may take as long as it likes for each, and only the long run tries others than the run before."""
    assert settings.default.deadline is None
    assert settings.default.derandomize is not LONG
