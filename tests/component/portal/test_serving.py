"""`portal serve`: a service's two processes, alone."""

import http.client
import json
import signal

import pytest

from chassis.world.releases import releases
from tests.support.processes import Served, StartProcess
from tests.support.waiting import LIMIT

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def environment(mongo_urls: dict[str, str]) -> dict[str, str]:
    """What the processes are told."""
    return {
        "PORTAL_MONGO_URL": mongo_urls["collaboration"],
        "PORTAL_GATEWAY_KEY": "g" * 32,
        "PORTAL_SERVICE_KEY": "s" * 32,
    }


def _status(served: Served, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=LIMIT)
    connection.request("GET", path)
    status = connection.getresponse().status
    connection.close()
    return status


def _data_in_use(served: Served) -> dict[str, str]:
    """Return the releases of zones, locales, currencies and countries that a process logged when it started."""
    lines = [json.loads(line) for line in served.log.splitlines() if '"data_in_use"' in line]
    (told,) = lines
    return {kind: told[kind] for kind in releases()}


def test_a_web_process_answers_probes_and_ends_on_sigterm(
    start_process: StartProcess, environment: dict[str, str]
) -> None:
    """It is alive, ready and measured, says which data it reads, and SIGTERM ends it with exit code 0."""
    web = start_process("serve", "collaboration", "web", env=environment)

    assert [_status(web, path) for path in ("/livez", "/readyz", "/metrics")] == [200, 200, 200]
    assert _data_in_use(web) == releases()
    assert web.child.stop(LIMIT) in {0, -signal.SIGTERM}


def test_a_worker_answers_probes_and_ends_on_sigterm(start_process: StartProcess, environment: dict[str, str]) -> None:
    """A worker has no other door than its probes and its metrics, and SIGTERM ends it with exit code 0."""
    worker = start_process("serve", "collaboration", "worker", env=environment)

    assert [_status(worker, path) for path in ("/livez", "/readyz", "/metrics", "/graphql")] == [200, 200, 200, 404]
    assert _data_in_use(worker) == releases()
    assert worker.child.stop(LIMIT) == 0


def test_missing_settings_are_named(start_process: StartProcess) -> None:
    """Without its settings a process does not start, and says which are missing."""
    from portal_cli.processes import ProcessDied

    with pytest.raises(ProcessDied, match="PORTAL_GATEWAY_KEY"):
        start_process("serve", "collaboration", "web", env={"PORTAL_GATEWAY_KEY": "", "PORTAL_SERVICE_KEY": ""})
