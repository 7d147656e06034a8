"""Follow documents live: who listens sees exactly what a query would show at that moment."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from chassis.kernel import Clock, NewerVersion, NotFound, Principal, Unreadable
from services.billing.application.ports import DocumentFeed, EndedSessions
from services.billing.application.queries.show_documents import ShowEstimates, ShowInvoices
from services.billing.application.views import EstimateView, InvoiceView


@dataclass(frozen=True, slots=True)
class DocumentChanges:
    """Every changed document is read again for the principal before it is shown; an ended session ends the stream."""

    estimates: ShowEstimates
    invoices: ShowInvoices
    feed: DocumentFeed
    ended: EndedSessions
    clock: Clock

    async def of(self, by: Principal, document_id: str | None = None) -> AsyncIterator[EstimateView | InvoiceView]:
        """Yield one document, or every one that the principal may see, each time that something happens to it.

        Raises:
            NotFound: before the first, when the named document is none that the principal may see.
        """
        since = self.clock.now()
        if document_id is not None:
            await self._read(by, document_id)
        async for changed_id in self.feed.changed_ids(by.organisation_id):
            if self.ended.has_ended(by, since):
                return
            if document_id not in {None, changed_id}:
                continue
            try:
                yield await self._read(by, changed_id)
            except (NotFound, NewerVersion, Unreadable):
                continue

    async def _read(self, by: Principal, document_id: str) -> EstimateView | InvoiceView:
        if document_id.startswith("est_"):
            return await self.estimates.one(by, document_id)
        if document_id.startswith("inv_"):
            return await self.invoices.one(by, document_id)
        raise NotFound("document")
