"""What operators type: exit codes and sentences of `portal replay`, `events`, `serve` and `test`."""

import os
import subprocess
import sys
from pathlib import Path

from portal_cli.ports import free_ports
from tests.support.waiting import LIMIT


def portal(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `portal ARGUMENTS` as a process of its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "PYTEST_"))}
    command = [sys.executable, "-m", "portal_cli.main", *arguments]
    env = {**inherited, "COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb", **environment}
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=3 * LIMIT, check=False)


def test_replay_needs_a_portal_or_a_broker(tmp_path: Path) -> None:
    """Where neither a portal ran nor a broker is named, one sentence says so."""
    done = portal("replay", "billing", "--data", str(tmp_path))

    said = f"portal: No running portal uses {tmp_path}, and PORTAL_AMQP_URL is not set.\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


def test_replay_says_that_the_broker_is_away() -> None:
    """A broker that nobody finds is one sentence, not a traceback."""
    (port,) = free_ports(1)
    done = portal("replay", "billing", PORTAL_AMQP_URL=f"amqp://portal:portal@127.0.0.1:{port}")

    assert (done.returncode, done.stdout) == (1, "")
    said = "portal: The broker at PORTAL_AMQP_URL cannot be reached; check the address and try again."
    assert done.stderr.splitlines()[-1] == said
    assert "Traceback" not in done.stderr


def test_replay_knows_the_services_of_a_broker(amqp_url: str) -> None:
    """A service without a queue is one sentence."""
    done = portal("replay", "biling", PORTAL_AMQP_URL=amqp_url)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1] == "portal: The service biling is not known on this broker."
    assert "Traceback" not in done.stderr


def test_the_event_contract_can_be_checked() -> None:
    """`events --check` writes nothing and says how many files are up to date."""
    done = portal("events", "--check")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("files are up to date.\n")


def test_an_unknown_service_is_a_usage_error() -> None:
    """`serve` names what it can serve."""
    done = portal("serve", "biling")

    assert done.returncode == 2
    assert "'billing'" in done.stderr
    assert "Traceback" not in done.stderr


def test_tests_can_be_chosen(tmp_path: Path) -> None:
    """`test -k … FILE` runs only what matches, fails with what fails, and says so in its last line."""
    file = tmp_path / "test_two.py"
    file.write_text("def test_good():\n    pass\n\n\ndef test_bad():\n    assert 0\n")

    good, bad = portal("test", "-k", "good", str(file)), portal("test", str(file))

    assert good.returncode == 0, good.stdout
    assert "0 failed" in good.stdout.splitlines()[-1]
    assert bad.returncode == 1
    assert "1 failed" in bad.stdout.splitlines()[-1]
