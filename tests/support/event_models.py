"""The events as other people's models see them: examples as lines of text, and what a program made of each."""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from portal_cli.event_examples import example_event
from portal_cli.event_schemas import public_models, type_name
from tests.support.waiting import LIMIT

MODELS = public_models()
NAMES = [type_name(model) for model in MODELS]
EXAMPLES: list[dict[str, Any]] = [json.loads(example_event(model).to_json()) for model in MODELS]
LINES = "".join(f"{name}\t{json.dumps(example)}\n" for name, example in zip(NAMES, EXAMPLES, strict=True))


def said(command: Sequence[str | Path], *, folder: Path, given: str = "") -> str:
    """Run a program to its end with low priority and return what it printed; fail the test with its errors."""
    done = subprocess.run(
        ["nice", *map(str, command)],
        cwd=folder,
        env={**os.environ, "GOFLAGS": "-p=2 -mod=mod", "PYTHONWARNINGS": "ignore", "NO_COLOR": "1"},
        input=given,
        capture_output=True,
        text=True,
        timeout=10 * LIMIT,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def written_again(printed: str) -> list[Any]:
    """Return the events that a program printed, a line each."""
    return [json.loads(line) for line in printed.splitlines()]
