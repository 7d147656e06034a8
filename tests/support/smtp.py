"""A mail server for tests, on loopback, that answers as told and keeps what it took.

Its answers are methods and not properties: aiosmtpd reads every property of its handler at each connection.
"""

import asyncio
import email
import email.policy
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from portal_cli.ports import LOOPBACK, free_ports


@dataclass
class MailServer:
    """`answer` is called for each mail: a reply line, `hang` or `drop`. `accepted` keeps taken mails in order."""

    answer: Callable[[int], str] = lambda _: "250 OK"
    accepted: list[bytes] = field(default_factory=list[bytes])
    seen: int = 0
    port: int = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.seen += 1
        reply = self.answer(self.seen)
        if reply == "hang":
            await asyncio.sleep(30)
        if reply == "drop":
            server.transport.abort()
            return "421 gone"
        if reply.startswith("2"):
            self.accepted.append(envelope.content)
        return reply

    def mails(self) -> list[EmailMessage]:
        """The taken mails, parsed."""
        parsed = [email.message_from_bytes(raw, policy=email.policy.default) for raw in self.accepted]
        return [mail for mail in parsed if isinstance(mail, EmailMessage)]

    def copies(self) -> Counter[str]:
        """How often each Message-ID was taken."""
        return Counter(str(mail["Message-ID"]) for mail in self.mails())

    @contextmanager
    def running(self, port: int | None = None) -> Iterator["MailServer"]:
        """Listen while the block runs."""
        self.port = port or free_ports(1)[0]
        controller = Controller(self, hostname=LOOPBACK, port=self.port)
        controller.start()
        try:
            yield self
        finally:
            controller.stop()
