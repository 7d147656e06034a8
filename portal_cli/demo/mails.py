"""Reading the demo's own mails, as their recipients would."""

import email
import re
import time
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from urllib.parse import unquote

from portal_cli.demo.api import DemoFailed

_TOKEN = re.compile(r"#token=([\w%.~-]+)")


def mailed_token(folder: Path, address: str, timeout: float = 30.0) -> str:
    """Return the token of the newest link to this address, when its mail is there.

    Raises:
        DemoFailed: when there is none after so many seconds.
    """
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        for file in sorted(folder.glob("*.eml"), reverse=True):
            token = _token_for(file, address)
            if token:
                return token
        time.sleep(0.1)
    raise DemoFailed(f"no link reached {address}")


def _token_for(file: Path, address: str) -> str | None:
    message = email.message_from_bytes(file.read_bytes(), EmailMessage, policy=default)
    body = message.get_body(("plain",))
    found = _TOKEN.search(str(body.get_content())) if body is not None and address in str(message["To"]) else None
    return unquote(found[1]) if found else None
