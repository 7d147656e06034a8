"""Finds the addresses in texts that the business itself wrote, and says where they lead: http, https and mail only."""

import re
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

from chassis.email_domains import ascii_domain

_ADDRESS = re.compile(
    r"https?://[^\s<>\"“”„«»()（）「」『』、。，；]+(?:\([^\s()]*\)[^\s<>\"“”„«»()（）「」『』、。，；]*)*"
    r"|(?<![\w.+\-@/])[A-Za-z0-9.!#$%&'*+/=?^_{|}~\-]+@[^\W_](?:[\w\-]*[^\W_])?(?:\.[^\W_](?:[\w\-]*[^\W_])?)+",
    re.IGNORECASE,
)
_NOT_AT_ITS_END = ".,;:!?'’*_"


def addresses(text: str) -> Iterator[tuple[str, str]]:
    """Yield the text piece by piece: what is shown, and where it leads (nowhere for what is no address)."""
    end = 0
    for found in _ADDRESS.finditer(text):
        shown = found.group().rstrip(_NOT_AT_ITS_END)
        target = target_of(shown)
        if not target:
            continue
        if found.start() > end:
            yield text[end : found.start()], ""
        yield shown, target
        end = found.start() + len(shown)
    if end < len(text):
        yield text[end:], ""


def target_of(address: str) -> str:
    """Return the URI of an e-mail address or of a web site as typed; nothing for what is neither."""
    if "://" in address:
        return _uri(address) if address.lower().startswith(("http://", "https://")) else ""
    return f"mailto:{_ascii(address)}" if "@" in address else ""


def _uri(address: str) -> str:
    """Write an address (RFC 3987) in ASCII: the host by IDNA 2008, as browsers do, the rest in percent.

    ASCII stays as it is. An address whose host is no name leads nowhere: spelled otherwise it would be another's.
    """
    try:
        name = urlsplit(address).netloc.rpartition("@")[2].partition(":")[0]
        if not name.isascii():
            address = address.replace(name, ascii_domain(name), 1)
    except ValueError:
        return ""
    return _ascii(address)


def _ascii(text: str) -> str:
    return re.sub(r"[^\x21-\x7e]+", lambda found: quote(found.group()), text)
