"""What comes back: a notice of failure is booked on the mail that it names, and its address is not tried again."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from chassis.kernel import Clock, Principal
from chassis.mailing.dsn import Fate, read_report
from chassis.mailing.return_path import ReturnPaths
from services.notifications.application.ports import Suppressed


class Booked(StrEnum):
    """What became of a message that came in."""

    NOT_OURS = "names no mail of ours"
    NO_REPORT = "is no delivery status notification"
    NOTHING = "ends nothing: the mail is delayed, or arrived"
    BOUNCED = "is booked: the mail came back"
    SUPPRESSED = "is booked: the mail came back, and nothing more is sent to its address"


@dataclass(frozen=True, kw_only=True)
class BookBounce:
    """A message that came to this address, or that names the return path somewhere inside."""

    content: bytes
    envelope_to: str = ""


class Mails(Protocol):
    """Where the mails of one service are kept."""

    async def organisation_of(self, mail_id: str, /) -> str | None:
        """Return whose a mail is; None when there is none."""
        ...

    async def update(self, by: Principal, mail_id: str, change: Callable[[Any], Any], /) -> Any:
        """Change one mail and save it."""
        ...


@dataclass(frozen=True, slots=True)
class BookBounceHandler:
    """Reads what comes in. The same message again changes nothing.

    `suppressed` is None where mails go to an address whatever came back: what identity mails is asked for by people.
    """

    mails: Mails
    suppressed: Suppressed | None
    return_paths: ReturnPaths
    clock: Clock

    async def __call__(self, command: BookBounce) -> Booked:
        """Book it, and tell what became of it."""
        content, envelope_to = command.content, command.envelope_to
        returned = self.return_paths.read(f"{envelope_to}\n{content.decode('latin-1')}")
        organisation_id = await self.mails.organisation_of(returned.mail_id) if returned else None
        if returned is None or organisation_id is None:
            return Booked.NOT_OURS
        report = read_report(content)
        if report is None:
            return Booked.NO_REPORT
        if report.fate < Fate.SOFT:
            return Booked.NOTHING
        now, by = self.clock.now(), Principal.for_service(organisation_id)
        suppressed = self.suppressed if report.fate is Fate.HARD else None
        if suppressed is not None:
            await suppressed.put(organisation_id, returned.mark, returned.mail_id, report.reason, now)
        await self.mails.update(by, returned.mail_id, lambda mail: mail.bounced(report.reason, now))
        return Booked.SUPPRESSED if suppressed is not None else Booked.BOUNCED
