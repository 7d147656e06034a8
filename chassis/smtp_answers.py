"""Whom a mail server's answer speaks of, where its place says "the recipient" or "the content".

Servers judge client, name, sender and recipient together when the recipient is named (Postfix: `smtpd_delay_reject`,
its default), or after the content. So the place alone blames a recipient for our host name. What tells is the code of
RFC 3463 (with RFC 4954, 5248, 7372 and Exchange's own), else the words that servers have written for decades.
"""

import re

_COMMANDS_AND_ACCOUNTS = frozenset({500, 502, 503, 504, 530, 534, 535, 538})
"""Unknown or misplaced commands, and what AUTH answers (RFC 4954): never of a recipient, whenever it is said."""
_CODE = re.compile(r"[45]\.(\d{1,3})\.(\d{1,3})(?![\w.])")
_OF_US = frozenset(
    {
        *(("1", "7"), ("1", "8")),  # the sender's address, and its domain
        *(("7", "3"), ("7", "8"), ("7", "9"), ("7", "11"), ("7", "12"), ("7", "13")),  # account and encryption
        *(("7", str(detail)) for detail in range(20, 31)),  # DKIM, SPF, reverse DNS, DMARC, too many mails
        *(("7", detail) for detail in ("57", "60", "64")),  # Exchange: no log-in, not this sender
        # Exchange Online: spam, banned, HELO, DMARC, our addresses and tenant; 504, 508, 510, 512 are the recipient's.
        *(("7", detail) for detail in ("501", "502", "503", "505", "506", "509", "511", "705", "708", "750")),
        *(("7", str(detail)) for detail in range(606, 650)),
    }
)
_WORDS_OF_US = re.compile(
    r"(?<![\w.@-])relay(?:ing)?(?![\w@-]|\.\w)"  # not the name of a host
    r"|\b(?:client host|sender address|helo command) (?:\[[^\]]*\] )?(?:rejected|blocked)\b"
    r"|\bsender verify failed\b|\bauthentication (?:is )?required\b"
    r"|\bpermissions? to send as\b|\bemail address is not verified\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"<[^>]*>")
_OF_THE_SERVER = frozenset({("3", "1"), ("3", "2"), ("3", "5")})
"""Its disk is full, it takes nothing now, it is set up wrongly (RFC 3463, section 3.4)."""


def speaks_of_us(code: int, text: str) -> bool:
    """Say whether the answer is about our account, host, sender or signature, so about no mail in particular."""
    enhanced = _enhanced(text)
    if code in _COMMANDS_AND_ACCOUNTS or enhanced in _OF_US:
        return True
    names_the_mailbox = enhanced is not None and enhanced[0] in "12" and enhanced[1] != "0"
    return not names_the_mailbox and _WORDS_OF_US.search(_QUOTED.sub("", text)) is not None


def speaks_of_the_server(code: int, text: str) -> bool:
    """Say whether the answer is about the server itself. `4.3.0` is as well; `5.3.0` gateways say of mailboxes."""
    enhanced = _enhanced(text)
    return code == 421 or enhanced in _OF_THE_SERVER or (code < 500 and enhanced == ("3", "0"))


def _enhanced(text: str) -> tuple[str, str] | None:
    found = _CODE.match(text.lstrip())
    return (found.group(1), found.group(2)) if found else None
