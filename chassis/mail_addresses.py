"""Address headers of mails (RFC 5322 §3.4), written by ourselves: the standard library's folding drops quotes.

Python folds a long quoted name into parts without quotes (CPython issue 80222), so that a comma in it begins another
address. Here a name is either plain words or encoded words (RFC 2047 §5), in which nothing can end a name.
"""

import base64
import re
from email.policy import EmailPolicy
from typing import Any

from chassis.email_addresses import plain_address

LONGEST_NAME = 500
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_PLAIN = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
_PLAIN_FITS = 60
_BYTES_A_WORD = 45
"""Which makes encoded words of 72 characters: 75 are allowed, and 78 to a line."""


class ExactHeader(str):
    """A header's value as it goes out, folded already."""

    __slots__ = ()


class ExactPolicy(EmailPolicy):
    """The policy of SMTP, but for values that are written exactly as given."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        return (name, value) if isinstance(value, ExactHeader) else super().header_store_parse(name, value)

    def header_fetch_parse(self, name: str, value: Any) -> Any:
        if not isinstance(value, ExactHeader):
            return super().header_fetch_parse(name, value)
        return self.header_factory(name, value.replace("\r\n", ""))

    def fold(self, name: str, value: Any) -> str:
        return f"{name}: {value}\r\n" if isinstance(value, ExactHeader) else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode() if isinstance(value, ExactHeader) else super().fold_binary(name, value)


def mailbox(name: str, address: str) -> ExactHeader:
    """Return a header's value that names exactly this address, whatever is in the name (cut after 500 characters).

    Raises:
        NotAnAddress: when the address is none.
    """
    exact = plain_address(address, within=True)
    words = _words(_CONTROL.sub(" ", name).strip()[:LONGEST_NAME])
    return ExactHeader("\r\n ".join([*words, f"<{exact}>"]))


def _words(name: str) -> list[str]:
    if not name or (len(name) <= _PLAIN_FITS and _PLAIN.fullmatch(name)):
        return [name] if name else []
    parts, part = list[bytes](), b""
    for character in name:
        encoded = character.encode()
        if len(part) + len(encoded) > _BYTES_A_WORD:
            parts.append(part)
            part = b""
        part += encoded
    return [f"=?utf-8?b?{base64.b64encode(each).decode()}?=" for each in [*parts, part]]
