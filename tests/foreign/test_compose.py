"""docker-compose.yml as Docker Compose loads it: merged, interpolated, with every default."""

import json
import re
import subprocess
from functools import cache
from typing import Any

import pytest

from chassis.web import FINISH_SECONDS
from payment_sandbox.__main__ import FINISH_SECONDS as SANDBOX_FINISH_SECONDS
from portal_cli.foreign import COMPOSELOAD
from portal_cli.paths import ROOT
from tests.support.foreign import program

Service = dict[str, Any]

_FILE = ROOT / "docker-compose.yml"
_IMAGE = "client-portal"
_AFTER_DRAINING = 3
"""By then a process has ended by itself, whatever it still wants to tell others."""
_TOOLS = {"client-portal": {"python"}, "mongo:8.0": {"mongosh"}, "rabbitmq": {"rabbitmq-diagnostics"}}
"""What each image has that a health check may call."""


def _loaded(text: str) -> subprocess.CompletedProcess[str]:
    command = [program(COMPOSELOAD) / "composeload", "/dev/stdin"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False, cwd=ROOT)


@cache
def _services() -> dict[str, Service]:
    done = _loaded(_FILE.read_text())
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)["services"]


def _ours() -> dict[str, Service]:
    return {name: one for name, one in _services().items() if one["image"] == _IMAGE}


def _started_with(name: str) -> set[str]:
    """Return a service and all that are started before it."""
    before = {one for needed in _services()[name].get("depends_on", {}) for one in _started_with(needed)}
    return {name, *before}


def _builders(services: dict[str, Service]) -> dict[str, list[str]]:
    """Return who builds each tag."""
    found: dict[str, list[str]] = {}
    for name, service in services.items():
        if service.get("build"):
            found.setdefault(service["image"], []).append(name)
    return found


def _seconds(text: str) -> float:
    units = {"h": 3600, "m": 60, "s": 1, "ms": 0.001}
    return sum(float(number) * units[unit] for number, unit in re.findall(r"([\d.]+)(ms|h|m|s)", text))


def test_each_tag_is_built_once() -> None:
    """Builds of one tag run side by side and race each other, so one service builds it."""
    assert {tag: len(names) for tag, names in _builders(_services()).items()} == {_IMAGE: 1}


def test_two_builds_of_a_tag_are_noticed() -> None:
    """A fragment that builds, shared by two services, is two builds in the loaded model."""
    text = "x-one: &one {image: one, build: .}\nservices:\n  a: *one\n  b:\n    <<: *one\n    command: [b]\n"
    model = json.loads(_loaded(text).stdout)

    assert _builders(model["services"]) == {"one": ["a", "b"]}


def test_whatever_is_asked_for_brings_the_build_along() -> None:
    """`docker compose up ONE` starts the builder too, and nobody looks for our image in a registry."""
    (builder,) = _builders(_services())[_IMAGE]

    assert [name for name in _ours() if builder not in _started_with(name)] == []
    policies = {name: service["pull_policy"] for name, service in _ours().items()}
    assert policies == {name: "build" if name == builder else "never" for name in _ours()}


def test_no_variable_is_without_a_value() -> None:
    """Every variable has a default; one without is a warning, which the test above would see."""
    assert _loaded("services:\n  a:\n    image: one:$NOBODY_SETS_THIS\n").stderr.count("NOBODY_SETS_THIS") == 1
    assert _services()


def test_what_is_waited_for_can_be_healthy() -> None:
    """Who is to be healthy first has a health check, whose program is in the image."""
    waited_for = {
        needed
        for service in _services().values()
        for needed, how in service.get("depends_on", {}).items()
        if how["condition"] == "service_healthy"
    }
    assert waited_for == {"mongodb", "rabbitmq"}
    for name, service in _services().items():
        check = service.get("healthcheck")
        assert check or name not in waited_for
        if check:
            image = next(known for known in _TOOLS if service["image"].startswith(known))
            assert check["test"][0] == "CMD"
            assert check["test"][1] in _TOOLS[image]


def test_every_process_of_ours_is_locked_in() -> None:
    """Read-only, without capabilities, with a place for temporary files, restarted, asked for its health."""
    for service in _ours().values():
        assert (service["read_only"], service["cap_drop"], service["restart"]) == (True, ["ALL"], "unless-stopped")
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["tmpfs"] == ["/tmp"]
        assert "readyz" in service["healthcheck"]["test"][-1]


@pytest.mark.parametrize("name", ["sandbox", "the others"])
def test_there_is_time_to_end(name: str) -> None:
    """What a process may take to drain, to finish and to say goodbye is within its grace."""
    for one, service in _ours().items():
        if (one == "sandbox") == (name == "sandbox"):
            finishing = SANDBOX_FINISH_SECONDS if one == "sandbox" else FINISH_SECONDS
            draining = float(service["environment"].get("PORTAL_DRAIN_SECONDS", 0))
            assert _seconds(service["stop_grace_period"]) > draining + finishing + _AFTER_DRAINING


def test_nothing_is_shared_by_accident() -> None:
    """No two services publish the same port, write to the same volume, or have a fixed name."""
    published = [port["published"] for one in _services().values() for port in one.get("ports", [])]
    volumes = [volume["source"] for one in _services().values() for volume in one.get("volumes", [])]

    assert len(published) == len(set(published))
    assert {port["host_ip"] for one in _services().values() for port in one.get("ports", [])} == {"127.0.0.1"}
    assert len(volumes) == len(set(volumes))
    assert [name for name, one in _services().items() if "container_name" in one or "profiles" in one] == []


def test_every_host_in_an_address_is_a_service() -> None:
    """The addresses that processes are told lead to services of this file, at ports that these listen on."""
    for service in _ours().values():
        for value in service["environment"].values():
            for host in re.findall(r"^\w+://(?:[^@/]+@)?([a-z-]+)", value):
                assert host in {*_services(), "localhost"}


def test_every_process_listens_everywhere() -> None:
    """Each listens at all addresses of its container, of whichever family."""
    for service in _ours().values():
        words: list[str] = [*(service["entrypoint"] or []), *service["command"]]
        assert words[words.index("--host") + 1] == "::"
