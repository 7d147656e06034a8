"""`portal doctor`: looks at everything that the portal needs, and says for each what to do.

It reads the settings from the environment as the services do, or asks the portal that runs on a data folder.
"""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

from portal_cli.asked_here import ask_portal
from portal_cli.examining import Finding, examine_environment

NEEDED = ("PORTAL_MONGO_URL", "PORTAL_GATEWAY_KEY", "PORTAL_SERVICE_KEY", "PORTAL_AMQP_URL")
"""Who sets one of these means the environment, not the portal of a data folder."""


def run(data: Path, *, as_json: bool) -> int:
    """Print the findings; return 0 when all is well, else 1.

    Raises:
        Refusal: where the environment names nothing and no portal runs on `data`.
    """
    findings = asyncio.run(_environment()) if any(map(os.environ.get, NEEDED)) else _of_portal(data)
    if as_json:
        print(json.dumps([finding.as_json() for finding in findings], indent=2))
    else:
        for finding in findings:
            print(told(finding))
        wrong = sum(not finding.is_well for finding in findings)
        print(f"{len(findings)} looked at, {wrong} to be mended")
    return int(any(not finding.is_well for finding in findings))


def told(finding: Finding) -> str:
    """Return a finding as a person reads it."""
    mark = "ok   " if finding.is_well else "WRONG"
    head = f"{mark} {finding.service}: {finding.what}: {finding.found}"
    return head if finding.is_well else f"{head}\n      {finding.todo}"


async def _environment() -> list[Finding]:
    return [finding async for finding in examine_environment(os.environ)]


def _of_portal(data: Path) -> list[Finding]:
    rows: list[dict[str, Any]] = json.loads(ask_portal("GET", "/doctor", data))["findings"]
    return [Finding(row["service"], row["what"], row["found"], row["todo"]) for row in rows]
