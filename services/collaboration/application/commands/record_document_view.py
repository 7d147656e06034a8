"""Note that a contact has opened a document in the portal."""

from dataclasses import dataclass

from chassis.kernel import AlreadyExists, Clock, Principal
from services.collaboration.application.documents import Documents
from services.collaboration.domain.repositories import Views
from services.collaboration.domain.view import View, may_view


@dataclass(frozen=True, slots=True)
class RecordDocumentView:
    """Sent by the front end when a person has the document on screen; never by a query, a PDF or a print view."""

    document_id: str


@dataclass(frozen=True, slots=True)
class RecordDocumentViewHandler:
    """Opens the one view of this contact, or notes another look at it."""

    views: Views
    documents: Documents
    clock: Clock

    async def __call__(self, command: RecordDocumentView, by: Principal) -> View:
        """Return the view as stored. Raises OnlyClientsView, NotFound."""
        document = await self.documents.get(by, command.document_id)
        may_view(document, by)
        now = self.clock.now()
        first = View.open(document, by=by, now=now)
        try:
            await self.views.add(first)
        except AlreadyExists:
            return await self.views.update(by, first.id, lambda view: view.again(document, now=now))
        return first
