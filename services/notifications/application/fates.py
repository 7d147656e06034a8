"""Where a mail stands, and why, in words for staff. The mail server's own text is kept behind ours."""

import re
from enum import StrEnum

from services.notifications.domain.notification import SHUT_OUT, Notification, Status

_ANSWERED = re.compile(r"SMTP (\d{3})$")


class MailState(StrEnum):
    """Where a mail stands for whoever asks."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    BOUNCED = "bounced"
    DROPPED = "dropped"


def state_of(mail: Notification) -> MailState:
    """Return where it stands: one that was taken and came back has bounced."""
    return MailState.BOUNCED if mail.bounced_at is not None else MailState(mail.status.value)


def why(mail: Notification) -> str | None:
    """Return why a mail waits, failed, came back or was dropped, as a sentence; None for one that is on its way."""
    reason = mail.failure
    if not reason or (mail.status is Status.SENT and mail.bounced_at is None):
        return None
    if mail.bounced_at is not None:
        return f"The mail was taken and came back: {reason}".strip()
    answered = _ANSWERED.search(reason)
    if mail.status is Status.FAILED and answered:
        return f"The recipient's mail server refused the mail (SMTP {answered.group(1)})."
    if mail.status is Status.QUEUED:
        return f"The mail could not be sent yet and is tried again: {reason}."
    return f"{SAID.get(reason, reason[:1].upper() + reason[1:]).rstrip('.')}."


SAID = {SHUT_OUT: "The recipient does not have access any more"}
