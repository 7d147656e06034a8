"""The Dockerfile's steps, run on this checkout, and every process of ours started in what they made."""

import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml

from portal_cli.foreign import DEBIAN
from portal_cli.paths import ROOT, SERVICES
from portal_cli.ports import free_ports
from portal_cli.processes import Child, Program
from tests.support.foreign import program
from tests.support.image import Image, Step, steps
from tests.support.waiting import LIMIT, wait_until

pytestmark = pytest.mark.slow

_K8S = ROOT / "deploy" / "k8s"


@pytest.fixture(scope="module")
def image() -> Iterator[Image]:
    """The image of this checkout, as a folder."""
    base = program(DEBIAN) / "root" if os.geteuid() == 0 else None
    uv = shutil.which("uv") or str(ROOT / ".venv" / "uv" / "bin" / "uv")
    cache = Path(subprocess.run([uv, "cache", "dir"], check=True, capture_output=True, text=True).stdout.strip())
    cache.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="client-portal-image-") as folder:
        started = time.monotonic()
        made = Image((ROOT / "Dockerfile").read_text(), ROOT, base, Path(folder), cache)
        print(f"the image was made in {time.monotonic() - started:.0f} s")
        yield made


def test_steps_are_read_as_an_engine_reads_them() -> None:
    """Comments and empty lines are none, continued lines are one step."""
    text = "# one\nFROM a AS b\n\nRUN one \\\n    && two \\\n    # why\n    && three\nENV A=1 B=$A\n"

    expected = [Step("FROM", "a AS b"), Step("RUN", "one && two && three"), Step("ENV", "A=1 B=$A")]
    assert steps(text) == expected


def test_every_step_works(image: Image) -> None:
    """All RUN steps succeed in order, as written, and what the last stage is made of is there."""
    written = [step.value for step in steps((ROOT / "Dockerfile").read_text()) if step.instruction == "RUN"]

    assert image.ran == [step for step in written if not (image.stage.plain and step.startswith("useradd "))]
    assert image.stage.place("/app/sbom.cdx.json").stat().st_size > 10_000
    assert image.stage.place("/app/.venv/bin/portal").exists()


def test_every_process_starts_in_the_image(image: Image) -> None:
    """As nobody, in a read-only root, told only what the manifests tell: all of them are alive at both families."""
    with TemporaryDirectory(prefix="client-portal-logs-") as logs, ExitStack() as running:
        started = {name: _start(image, name, argv, Path(logs), running) for name, argv in _processes().items()}
        for name, (child, port) in started.items():
            for host in ("127.0.0.1", "::1"):
                wait_until(lambda name=name, child=child, port=port, host=host: _is_alive(name, child, port, host))
        ended = {name: child.stop(LIMIT) for name, (child, _) in started.items()}
        assert {name: code for name, code in ended.items() if code not in {0, -signal.SIGTERM}} == {}


def test_nothing_can_be_written_but_temporary_files(image: Image) -> None:
    """The user is nobody, the root is read-only, and nothing of the outer environment gets in."""
    if image.stage.plain:
        pytest.skip("only root can change the root folder and the user")
    script = (
        "import os, pathlib\n"
        "assert (os.getuid(), os.getgid()) == (10001, 10001)\n"
        "told = {name for name in os.environ if name.startswith(('PORTAL_', 'PYTEST_', 'PIP_', 'UV_', 'HOME'))}\n"
        "interface = {'PORTAL_INTERFACE_FOLDER', 'PORTAL_INTERFACE_PERSISTED', 'PORTAL_PERSISTED_DOCUMENTS'}\n"
        "assert told == interface, told\n"
        "pathlib.Path('/tmp/one').write_text('1')\n"
        "for folder in ('/app', '/', '/usr/local', '/etc'):\n"
        "    try: pathlib.Path(folder, 'one').write_text('1')\n"
        "    except OSError: continue\n"
        "    raise SystemExit(folder)\n"
    )
    command = image.process(["-c", script], {}, entrypoint=["python"])
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def _processes() -> dict[str, list[str]]:
    """Return the arguments of every process as the manifests write them."""
    found: dict[str, list[str]] = {"sandbox": []}
    for file in (*SERVICES, "gateway", "interface"):
        for manifest in yaml.safe_load_all((_K8S / "base" / f"{file}.yaml").read_text()):
            if manifest["kind"] == "Deployment":
                (container,) = manifest["spec"]["template"]["spec"]["containers"]
                found[manifest["metadata"]["name"]] = container["args"]
    return found


def _start(image: Image, name: str, argv: list[str], logs: Path, running: ExitStack) -> tuple[Child, int]:
    (port,) = free_ports(1)
    told = [str(port) if word == "8000" else word for word in argv]
    command = image.process(told, _told(name))
    if name == "sandbox":
        options = ["--host", "::", "--port", str(port), "--data", "/data"]
        command = image.process(options, {}, entrypoint=["python", "-m", "payment_sandbox"])
    child = Child.start(Program(name=name, argv=tuple(command), log=logs / f"{name}.log", env={"PATH": _PATH}))
    running.callback(child.stop)
    return child, port


_PATH = "/usr/bin:/usr/sbin:/bin:/sbin"


def _told(name: str) -> dict[str, str]:
    """Return the settings of the manifests, and a value for every secret that they name."""
    settings = dict(line.split("=", 1) for line in (_K8S / "base" / "settings.env").read_text().split())
    secrets = yaml.safe_load_all((_K8S / "secrets.example.yaml").read_text())
    owner = name.removesuffix("-web").removesuffix("-worker")
    names = {key for one in secrets if one["metadata"]["name"] == f"portal-{owner}" for key in one["stringData"]}
    values = {"PORTAL_MONGO_URL": "mongodb://mongodb.data.invalid/", "PORTAL_AMQP_URL": "amqp://rabbitmq.data.invalid/"}
    return {**settings, **{key: values.get(key, "a-secret-of-the-tests-0123456789abc") for key in names}}


def _is_alive(name: str, child: Child, port: int, host: str) -> bool:
    if not child.running:
        pytest.fail(f"{name} ended with {child.exit_code}: {child.program.log.read_text()[-2000:]}")
    connection = http.client.HTTPConnection(host, port, timeout=LIMIT)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


if sys.platform != "linux":  # pragma: no cover
    pytest.skip("chroot and mount namespaces are Linux", allow_module_level=True)
