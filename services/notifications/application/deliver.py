"""Send the mails that wait: the chassis's loop, over notifications."""

from services.chassis.mailing.delivering import (
    CLAIM,
    FAILURES_THAT_MEAN_DOWN,
    LONGEST_REST,
    LOOP,
    Deliver,
    Wake,
)

__all__ = ["CLAIM", "FAILURES_THAT_MEAN_DOWN", "LONGEST_REST", "LOOP", "Deliver", "Wake"]
