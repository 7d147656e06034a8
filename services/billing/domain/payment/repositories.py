"""How payments are stored and found."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from chassis.kernel import Page, PageRequest, Principal
from services.billing.domain.payment.payment import Payment
from services.billing.domain.repositories import Whereabouts


class Payments(Protocol):
    """All payments. (provider, provider payment id) is unique."""

    async def add(self, payment: Payment, /) -> None:
        """Store a new payment; raises `AlreadyExists` when its id is taken."""
        ...

    async def get(self, by: Principal, payment_id: str, /) -> Payment:
        """Return a payment that the principal may see; raises `NotFound`."""
        ...

    async def update(self, by: Principal, payment_id: str, change: Callable[[Payment], None], /) -> Payment:
        """Apply a pure change and save it; returns the saved payment."""
        ...

    async def find(self, payment_id: str) -> Payment | None:
        """Return the payment with this id, whosever it is: for requests that no principal makes."""
        ...

    async def find_by_provider(self, provider: str, provider_payment_id: str) -> Payment | None:
        """Return the payment that a provider knows by this id, whosever it is."""
        ...

    async def with_refund(self, by: Principal, refund_id: str) -> Payment:
        """Return the payment to which a refund belongs; raises `NotFound`."""
        ...

    async def due(
        self,
        now: datetime,
        limit: int,
        *,
        provider: str | None = None,
        apart_from: Sequence[str] = (),
        without: Sequence[str] = (),
    ) -> Sequence[Whereabouts]:
        """Return where payments are whose `check_at` has come, oldest first, organisations in turns.

        Only those of a provider, or of all `apart_from` some; `without` are ids to pass over.
        """
        ...

    async def of_invoice(self, by: Principal, invoice_id: str) -> Sequence[Payment]:
        """Return the payments of an invoice, oldest first."""
        ...

    async def page(self, by: Principal, request: PageRequest, *, invoice_id: str | None = None) -> Page[Payment]:
        """Return payments, newest first."""
        ...
