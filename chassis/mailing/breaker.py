"""One dependency that mails need, asked less and less while it does not answer."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar

from chassis.kernel import Clock, NoAnswer
from chassis.mailing.outcomes import Away

FAILURES_THAT_MEAN_DOWN = 3
LONGEST_REST = timedelta(minutes=1)

T = TypeVar("T")


class Breaker:
    """After three failures in a row one question is let through every 1 to 60 s; the others fail without asking."""

    def __init__(self, dependency: str, clock: Clock) -> None:
        self.dependency = dependency
        self.failures = 0
        self._clock = clock
        self._again_at: datetime | None = None

    async def ask(self, question: Callable[[], Awaitable[T]]) -> T:
        """Return the answer.

        Raises:
            Away: when it does not answer, or did not a moment ago.
        """
        now = self._clock.now()
        if self._again_at is not None and now < self._again_at:
            raise Away(f"{self.dependency} does not answer", self.dependency)
        try:
            answer = await question()
        except NoAnswer as error:
            self._failed(now)
            raise Away(str(error) or f"{self.dependency} does not answer", self.dependency) from error
        self.failures, self._again_at = 0, None
        return answer

    def _failed(self, now: datetime) -> None:
        self.failures += 1
        over = self.failures - FAILURES_THAT_MEAN_DOWN
        if over >= 0:
            self._again_at = now + min(timedelta(seconds=2 ** min(over, 10)), LONGEST_REST)
