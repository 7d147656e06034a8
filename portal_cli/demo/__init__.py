"""The demo organisation of `portal up`, made through the portal's own API like anybody else would.

Entry: `fill`. Every step carries an idempotency key of its own, so a start that was interrupted goes on where it was.
One thing no API can do: what is overdue was sent by billing with its clock turned back (`earlier`).
"""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from portal_cli.demo.api import Api, DemoFailed
from portal_cli.demo.people import OWNER, STAFF, Person, log_ins_of
from portal_cli.demo.story import SendEarlier, Story
from portal_cli.paths import ROOT

__all__ = ["DemoFailed", "LogIn", "fill"]

_STATE = "demo.json"


@dataclass(frozen=True)
class LogIn:
    """A person of the demo organisation, and how to become it."""

    who: str
    email: str
    password: str
    where: str
    """What `logIn` needs besides: the organisation for staff, the portal for clients."""


def fill(graphql_url: str, folder: Path, environment: Mapping[str, str], tell: Callable[[str], None]) -> list[LogIn]:
    """Make the demo organisation unless this folder has it; return the log-ins. `environment` is that of the services.

    Raises:
        DemoFailed: when the portal refuses a step; the next start goes on with it.
    """
    state = folder / _STATE
    known: dict[str, str] = json.loads(state.read_text()) if state.exists() else {}
    api = Api(graphql_url)
    if "organisation" not in known:
        known["organisation"] = Story.register(api, folder / "mail")
        _remember(state, known)
    if "done" not in known:
        tell("making the demo organisation …")
        Story(api, known["organisation"], folder / "mail", _earlier(environment)).tell()
        _remember(state, known | {"done": "yes"})
    return [LogIn(p.who, p.email, p.password, _argument(p, known["organisation"])) for p in log_ins_of()]


def _earlier(environment: Mapping[str, str]) -> SendEarlier:
    def send(organisation: str, invoice: str, days: int) -> None:
        command = [sys.executable, "-m", "portal_cli.demo.earlier", organisation, invoice, str(days)]
        done = subprocess.run(command, cwd=ROOT, env=dict(environment), capture_output=True, text=True, check=False)
        if done.returncode:
            raise DemoFailed(f"sending an earlier invoice: {done.stderr.strip().splitlines()[-1:]}")

    return send


def _argument(person: Person, organisation: str) -> str:
    return f'organisationId: "{organisation}"' if person in (OWNER, *STAFF) else 'portal: "northwind"'


def _remember(state: Path, known: dict[str, str]) -> None:
    draft = state.with_suffix(".part")
    draft.write_text(json.dumps(known))
    draft.replace(state)
