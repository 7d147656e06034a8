"""Sending under a number that is taken once, and given back where the document turns out to need none."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from chassis.kernel import DomainError
from services.billing.domain.repositories import NumberSeries
from services.billing.domain.series import Series


class Numbered(Protocol):
    """A document that takes a number when it is sent."""

    @property
    def id(self) -> str: ...
    @property
    def organisation_id(self) -> str: ...
    @property
    def number(self) -> str | None: ...
    @property
    def needs_no_number(self) -> bool: ...


D = TypeVar("D", bound=Numbered)


async def send_numbered(
    draft: D,
    series: Series,
    numbers: NumberSeries,
    send: Callable[[str], Awaitable[D]],
    reload: Callable[[], Awaitable[D]],
) -> D:
    """Take the draft's number and send it; after a crash in between the same draft takes the same number.

    Where it was voided meanwhile, the number is given back; should the process die before that, `reclaim_numbers` does.

    Raises:
        DomainError: what `send` refuses.
    """
    number = draft.number or await numbers.take(draft.organisation_id, series, draft.id)
    try:
        return await send(number)
    except DomainError:
        if (await reload()).needs_no_number:
            await numbers.give_back(draft.organisation_id, series, draft.id)
        raise
