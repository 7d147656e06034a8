"""The layering rules of `pyproject.toml`: they hold, and each of them can fail."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from portal_cli.paths import ROOT

_PACKAGES = ("chassis", "services", "gateway", "portal_cli", "payment_sandbox")
_CONTRACTS: list[str] = [
    contract["id"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
]
_FORBIDDEN = {
    "bounded-contexts": ("services/billing/domain/__init__.py", "services.identity.domain"),
    "service-layers": ("services/billing/domain/__init__.py", "services.billing.application"),
    "pure-core": ("services/billing/domain/__init__.py", "starlette"),
    "chassis-below": ("chassis/web.py", "services.billing.domain"),
    "chassis-layers": ("chassis/kernel.py", "chassis.web"),
    "driver-owners": ("services/billing/domain/__init__.py", "aio_pika"),
    "gateway-layers": ("gateway/plan.py", "gateway.executor.ports"),
    "gateway-acyclic": ("gateway/planner/decisions.py", "gateway.planner.walker"),
    "services-acyclic": ("services/billing/api/loading.py", "services.billing.api.documents"),
    "gateway-alone": ("gateway/pipeline.py", "chassis.mongo"),
    "gateway-pure": ("gateway/limits/__init__.py", "asyncio"),
    "sandbox-alone": ("payment_sandbox/app.py", "chassis.kernel"),
    "cli-on-top": ("chassis/web.py", "portal_cli.ports"),
}


def _lint(tree: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", *options]
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the packages and of the rules."""
    for package in _PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_rule_holds() -> None:
    """The tree as it is breaks no layering rule."""
    done = _lint(ROOT)

    assert done.returncode == 0, done.stdout
    assert f"Contracts: {len(_CONTRACTS)} kept, 0 broken." in done.stdout


@pytest.mark.parametrize("contract", _CONTRACTS)
def test_every_rule_can_fail(contract: str, copy: Path) -> None:
    """One forbidden import breaks its rule, and the report names the import."""
    file, imported = _FORBIDDEN[contract]
    with (copy / file).open("a") as module:
        module.write(f"\nimport {imported}\n")

    done = _lint(copy, "--contract", contract)

    assert done.returncode == 1, done.stdout
    assert "0 kept, 1 broken." in done.stdout
    # Of a circle the report names the package, and the imports that would have to go.
    assert imported in done.stdout or f"No cycles are allowed in {imported.rpartition('.')[0]}." in done.stdout


def test_a_new_room_must_be_placed(copy: Path) -> None:
    """A module that no layer mentions breaks the rule of its container."""
    (copy / "chassis" / "attic.py").write_text('"""A room without a sign."""\n')

    done = _lint(copy, "--contract", "chassis-layers")

    assert done.returncode == 1, done.stdout
    assert "attic" in done.stdout
