"""Babel: the lowest and the newest release that we allow print every amount so that it reads back."""

import json
import os
import subprocess
import tomllib
from pathlib import Path

import pytest

from chassis.world.currencies import PUBLISHED
from portal_cli.foreign import BABELS
from portal_cli.toolbox import Tool
from tests.support.foreign import program

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("tool", BABELS, ids=lambda tool: tool.version)
def test_every_amount_reads_back(tool: Tool) -> None:
    """170,000 amounts of every currency, in every language that the release has, with nothing lost."""
    python = program(tool) / "bin" / "python"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    done = subprocess.run(
        [python, "-m", "tests.support.printed_money"], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    said = json.loads(done.stdout)

    print(f"Babel {tool.version}: {said['written']} amounts in {said['languages']} languages")
    assert said["wrong"] == []
    assert said["written"] > 170_000
    assert f"(Babel {tool.version})" in said["releases"]["locales"]
    assert said["releases"]["currencies"] == PUBLISHED.isoformat()


def test_what_we_allow_was_tried() -> None:
    """The range in `pyproject.toml` begins with the lowest and ends behind the newest of these."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lowest, newest = (tool.version.rpartition(".")[0] for tool in BABELS)
    major, minor = newest.split(".")
    assert f"babel>={lowest},<{major}.{int(minor) + 1}" in project["dependencies"]
