"""No mutation refuses with a code that it does not declare: every test fails in which one does.

Fields are held against what is declared where all of them are tried (`test_blame.py`): `undeclared` tells of both.
`PORTAL_WRITE_REFUSALS=1` notes the fields that are seen, in `services/*/api/refusals.json` (in one process).
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portal_cli.paths import ROOT, SERVICES

Told = tuple[str, str, str]
NOTE = "for codes run `./portal errors`; for fields this test with PORTAL_WRITE_REFUSALS=1, then `./portal errors`"


def undeclared(service: str) -> list[Told]:
    """Return the refusals in this process that a service does not declare: mutation, code, path; and forget them."""
    module: Any = sys.modules.get(f"services.{service}.api.errors")
    seen: set[Told] = module.DECLARED.undeclared if module else set()
    found = sorted(seen)
    seen.clear()
    if os.environ.get("PORTAL_WRITE_REFUSALS"):
        _note(service, found)
        return []
    return found


@pytest.fixture(autouse=True)
def every_code_is_declared() -> Iterator[None]:
    """Fail the test in which a mutation has refused with a code that it does not declare."""
    yield
    for service in SERVICES:
        known = _known(service) if (found := undeclared(service)) else {}
        if codes := [one for one in found if one[1] not in known.get(one[0], {})]:
            pytest.fail(f"{service} does not declare {codes}; {NOTE}", pytrace=False)


def _file(service: str) -> Path:
    return ROOT / "services" / service / "api" / "refusals.json"


def _known(service: str) -> dict[str, dict[str, list[str]]]:
    return json.loads(_file(service).read_text("utf-8"))


def _note(service: str, found: list[Told]) -> None:
    known = _known(service) if found else {}
    for mutation, code, path in found:
        if path and code in known.get(mutation, {}):
            known[mutation][code] = sorted({*known[mutation][code], path})
    if found:
        _file(service).write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", "utf-8")
