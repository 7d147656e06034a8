"""Security events (OWASP ASVS 5.0, V16.3): what attacks look like, as log lines and counters.

A line has the event's name, a reason, who is meant (ids, never what somebody typed) and, from the request it happened
in, the caller's address, principal and request id. `portal_security_events_total` counts by event and reason.
"""

from enum import StrEnum

import structlog

from chassis.telemetry import SECURITY_EVENTS

_LOG = structlog.stdlib.get_logger("security")


class SecurityEvent(StrEnum):
    """The names under which alerts and searches find them."""

    LOG_IN_REFUSED = "log_in_refused"
    LOCKED_OUT = "locked_out"
    PASSWORD_REFUSED = "password_refused"  # noqa: S105 - an event's name
    PASSKEY_REFUSED = "passkey_refused"
    RESET_REFUSED = "reset_refused"
    REFRESH_TOKEN_REPLAYED = "refresh_token_replayed"  # noqa: S105 - an event's name
    REGISTRATION_REFUSED = "registration_refused"
    INVITE_REFUSED = "invite_refused"
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - an event's name
    FORBIDDEN = "forbidden"
    QUOTA_EXCEEDED = "quota_exceeded"


def notice(event: str, reason: str, subject: str | None = None) -> None:
    """Log and count one event. `reason` is one of few words of ours; `subject` the id of whom it is about."""
    named = SecurityEvent(event)
    SECURITY_EVENTS.labels(named.value, reason).inc()
    _LOG.warning(named.value, reason=reason, subject=subject, outcome="refused")
