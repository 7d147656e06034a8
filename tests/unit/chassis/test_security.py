"""Security events are lines and counts."""

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from chassis.logging import ALLOWED
from chassis.security import SecurityEvent, notice


def counted(event: str, reason: str) -> float:
    return REGISTRY.get_sample_value("portal_security_events_total", {"event": event, "reason": reason}) or 0


@pytest.mark.parametrize("event", list(SecurityEvent))
def test_an_event_is_a_line_and_a_count(event: SecurityEvent) -> None:
    """The line has the name, the reason and the id, under keys that the log keeps; the counter goes up by one."""
    before = counted(event, "tried")
    with capture_logs() as lines:
        notice(event, "tried", "con_1")
    (line,) = lines
    assert {"event": event.value, "reason": "tried", "subject": "con_1", "outcome": "refused"}.items() <= line.items()
    assert {*line} - {"log_level"} <= ALLOWED
    assert counted(event, "tried") == before + 1


def test_an_event_without_a_name_is_a_mistake() -> None:
    """Names that nobody listed would be searched for in vain."""
    with pytest.raises(ValueError, match="unheard"):
        notice("unheard", "of")
