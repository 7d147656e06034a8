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
    "support/fleet.py": "prints how long processes took to end; signs webhooks with their time",
    "e2e/client.py": "a front end that renews its token in good time",
    "component/chassis/test_broker_faults.py": "prints how long a broker was missed",
    "component/portal/test_idle.py": "counts commands in the seconds that passed: a busy machine brings fewer",
    "component/billing/test_payment_promises.py": "prints how long the payments took",
    "foreign/test_image.py": "prints how long the image took to make",
    "gateway/differential/__main__.py": "a program that prints what it did",
    "gateway/http/test_authorization.py": "makes tokens that are valid for an hour",
    "gateway/unit/test_metrics.py": "puts a clock of its own in the place of one",
}


SLEEPS = re.compile(r"\bsleep\((?!0\))")
WAIT = {
    "support/waiting.py": "the probes themselves",
    "support/balancing.py": "a balancer that looks now and then",
    "support/dying_service.py": "a process of its own that works now and then, until it is killed",
    "support/fleet.py": "the pause of a probe",
    "support/sandbox.py": "the pause of a probe",
    "support/smtp.py": "a mail server that hangs",
    "gateway/http/world.py": "the pause of a probe",
    "gateway/http/test_leaving.py": "other requests go on meanwhile; what must not happen may only be missed",
    "gateway/transport/test_answers.py": "the loop turns with what has arrived; a subgraph that trickles",
    "gateway/transport/test_requests.py": "the loop turns with what has arrived; a connection that idles too long",
    "gateway/transport/test_subscriptions.py": "a reader that has begun to wait, or not: cancelled all the same",
    "unit/billing/payments/test_recovery_side_by_side.py": "a provider that hangs",
    "unit/chassis/test_deadlines.py": "what must not happen may only be missed",
    "unit/chassis/test_mail.py": "a mail server that hangs",
    "component/billing/test_payment_promises.py": "the pause of a probe",
    "component/chassis/test_broker_faults.py": "a broker that is frozen for longer than its heartbeat",
    "component/chassis/test_http_edge.py": "the pause of a probe; a client that trickles",
    "component/portal/test_idle.py": "a while in which only little may happen",
    "component/portal/test_supervisor.py": "a program that goes on",
    "component/support/test_storage.py": "a sweep that comes each minute, in the long run only",
    "e2e/test_thousand_readers.py": "readers that begin again one after the other",
}
CHANCE = re.compile(
    r"^import random$.*\brandom\.(?!Random\b)\w+\(|\bRandom\(\)|\bSystemRandom\b", re.MULTILINE | re.DOTALL
)
"""What draws from the module's own generator, which has no seed, or makes one that has none."""


def _files_with(pattern: re.Pattern[str]) -> set[str]:
    """Return the files of the tests, this one apart, in which a pattern is found."""
    texts = {str(file.relative_to(TESTS)): file.read_text() for file in TESTS.rglob("*.py")}
    return {name for name, text in texts.items() if pattern.search(text)} - {"architecture/test_verdicts.py"}


def test_only_these_files_wait_for_a_while() -> None:
    """Whoever waits for something uses a probe; who sleeps says here why no verdict depends on how long."""
    assert _files_with(SLEEPS) == set(WAIT)


def test_chance_has_a_seed() -> None:
    """What is drawn is drawn by a generator that was given a number: the same in every run."""
    assert _files_with(CHANCE) == set()


def test_only_these_files_look_at_a_clock() -> None:
    """Whoever measures does it in `benchmarks/`, or says here why no verdict depends on it."""
    assert _files_with(READS_A_CLOCK) == set(KNOWN)


def test_generated_examples_depend_on_neither_clock_nor_chance() -> None:
    """A busy machine may take as long as it likes for each, and only the long run tries others than the run before."""
    assert settings.default.deadline is None
    assert settings.default.derandomize is not LONG
