"""What comes back: notices of failure (RFC 3464; RFC 6533 for EAI), and complaints of who got a mail (RFC 5965).

Only the machine's part is read, never prose: `message/delivery-status` or `message/global-delivery-status` inside a
report, and `message/feedback-report`. Codes are RFC 3463's; words beside a code that says nothing can only keep an
address open. A mail of ours has one recipient; of several groups the worst counts.
"""

import base64
import quopri
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import Message
from enum import IntEnum
from typing import Any

STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
FEEDBACK_TYPE = "message/feedback-report"
_UNWANTED = frozenset({"abuse", "fraud", "opt-out", "opt-out-list"})
"""Complaints of a person; the others are of machines (`auth-failure`, `virus`), or take one back (`not-spam`)."""
LARGEST = 10_000_000
REASON = 200
_CODE = re.compile(r"(?<![\w.])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\w)")
"""A code, which is no part of an IP address or of a host's name."""
_REPLY = re.compile(r"\W{0,3}([45]\d\d)\b")
_REPLIES_OF_AN_ADDRESS = frozenset({"521", "550", "551", "553", "556"})
"""RFC 5321, 4.2.3, and of hosts that never take mail RFC 7504: the others speak of the transaction, its size, or of who
sends it."""
_ADDRESS = re.compile(r"\S+@\S+")
_SPEAKS_OF_SOMETHING_ELSE = re.compile(
    r"(?<![a-z])(?:spf|dkim|dmarc|rbl|dnsbl|ptr|(?:anti)?spam\w*|unsolicited|polic(?:y|ies)|reputation|banned"
    r"|(?:black|block|deny)[ -]?list\w*|blocked|reverse dns|sender|helo|ehlo|relay\w*|virus|content|ip"
    r"|(?:over)?quota|full|size|too (?:many|large|big)|rate|limit\w*|(?:un)?authenti\w*|access denied"
    r"|gr[ae]y ?list\w*)(?![a-z])",
    re.IGNORECASE,
)
"""What servers that have no code for it say of us, the mail or a full mailbox, under the reply for a mailbox: 550 is
"command rejected for policy reasons" as well (RFC 5321, 4.2.3). Read only where no code says anything."""
_FAILED = frozenset({"failed", "failure", "error"})
"""RFC 3464 has `failed`; servers that write one of the others mean it as well."""
_OF_AN_ADDRESS = frozenset(
    {
        *(("1", detail) for detail in ("0", "1", "2", "3", "4", "6", "10")),
        *(("2", "1"), ("4", "1"), ("4", "4"), ("4", "310"), ("5", "0"), ("0", "0"), ("1", "351")),
    }
)
"""What speaks of the address itself, by subject and detail: no such mailbox or host, a closed mailbox, and codes
that name nothing (5.5.0 is what Outlook.com says of a mailbox that it does not have). Everything else speaks of
something that may be another tomorrow: the sender (1.7, 1.8), a full mailbox, the system, a time-out, a policy.
"""


class Fate(IntEnum):
    """What became of it, the worst last."""

    NOTHING_NEW = 0
    DELAYED = 1
    SOFT = 2
    HARD = 3


@dataclass(frozen=True, slots=True)
class Report:
    """What a notice says: its code (`5.1.1`), and what the server said, for people."""

    fate: Fate
    code: str
    reason: str


def read_report(content: bytes) -> Report | None:
    """Return what a notice says; None when it is none, or not one that machines can read."""
    try:
        message: Message = message_from_bytes(content[:LARGEST], policy=policy.compat32)
        parts = [part for part in message.walk() if part.get_content_type() in STATUS_TYPES]
        groups = [group for part in parts for group in _groups(part)]
        complaints = [part for part in message.walk() if part.get_content_type() == FEEDBACK_TYPE]
        told = [_complaint(group) for part in complaints for group in _groups(part)]
    except (MessageError, RecursionError, ValueError, LookupError):
        return None
    reports = [_report(group) for group in groups if group.get("action") and group.get("final-recipient")]
    return max(told + reports, key=lambda one: one.fate, default=None)


def _groups(part: Message) -> list[dict[str, str]]:
    """Return the groups of fields, names in lower case; the first speaks of the message, the others of recipients."""
    blocks: Any = part.get_payload() if part.is_multipart() else ()
    written = b"\n".join(block.as_bytes() for block in blocks)
    text = _decoded(written, str(part.get("content-transfer-encoding", ""))).decode("utf-8", "replace")
    return [_fields(block) for block in re.split(r"\r?\n[ \t]*\r?\n", text) if block.strip()]


def _decoded(written: bytes, encoding: str) -> bytes:
    """Undo the transfer encoding: a status that holds addresses in Unicode may have one."""
    match encoding.strip().lower():
        case "base64":
            return base64.b64decode(written)
        case "quoted-printable":
            return quopri.decodestring(written)
        case _:
            return written


def _fields(block: str) -> dict[str, str]:
    unfolded = re.sub(r"\r?\n[ \t]+", " ", block)
    pairs = (line.partition(":") for line in unfolded.splitlines())
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}


def _complaint(group: dict[str, str]) -> Report:
    kind = group.get("feedback-type", "").lower()
    fate = Fate.HARD if kind in _UNWANTED else Fate.NOTHING_NEW
    return Report(fate, "", f"the recipient reported it as unwanted ({kind})"[:REASON])


def _report(group: dict[str, str]) -> Report:
    action = group["action"].split("(")[0].strip().lower()
    said = (group.get("diagnostic-code") or group.get("x-supplementary-info", "")).partition(";")[2].strip()
    found = _telling(group.get("status", ""), said)
    code = found.group(0) if found else ""
    reason = " ".join(f"{code} {said}".split())[:REASON]
    if action == "delayed":
        return Report(Fate.DELAYED, code, reason)
    if action not in _FAILED:
        return Report(Fate.NOTHING_NEW, code, reason)
    return Report(Fate.HARD if found and _is_of_the_address(found, said) else Fate.SOFT, code, reason)


def _telling(status: str, said: str) -> re.Match[str] | None:
    """Return the code that tells most, the first of those: `5.0.0` says nothing, and `5.1.0` little.

    What passes an answer on gives it a code of its own (`5.1.0 - Unknown address error 550-'5.7.1 …'`).
    """
    codes = [*_CODE.finditer(status), *_CODE.finditer(said)]
    return max(codes, key=lambda code: (code.group(2) != "0", code.group(3) != "0"), default=None)


def _is_of_the_address(code: re.Match[str], said: str) -> bool:
    kind, subject, detail = code.groups()
    reply, words = _REPLY.match(said), _ADDRESS.sub(" ", said)
    if (subject, detail) == ("0", "0") and reply:
        of_an_address = reply.group(1) in _REPLIES_OF_AN_ADDRESS and not _SPEAKS_OF_SOMETHING_ELSE.search(words)
        return kind == "5" and of_an_address
    return kind == "5" and (subject, detail) in _OF_AN_ADDRESS
