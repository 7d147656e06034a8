"""Send a document on to somebody else."""

from dataclasses import dataclass
from datetime import timedelta

from chassis.kernel import AlreadyExists, Clock, Principal
from services.collaboration.application.documents import Documents
from services.collaboration.application.ports import Allowance
from services.collaboration.domain.document import KnownDocument, PortalRules
from services.collaboration.domain.errors import TooManyForwards
from services.collaboration.domain.forward import Forward, Recipient
from services.collaboration.domain.repositories import Forwards

PER_HOUR = 20


@dataclass(frozen=True, slots=True)
class ForwardDocument:
    """A document and the person who shall get it. The same id is one forward."""

    forward_id: str
    document_id: str
    recipient: Recipient


@dataclass(frozen=True, slots=True)
class ForwardDocumentHandler:
    """Checks the document and the portal's setting, stores the forward; mail and contact follow from its event."""

    forwards: Forwards
    documents: Documents
    allowance: Allowance
    clock: Clock

    async def __call__(self, command: ForwardDocument, by: Principal) -> Forward:
        """Return the stored forward. Raises what `Forward.send` raises, DirectoryUnavailable, TooManyForwards."""
        now = self.clock.now()

        def send(document: KnownDocument, rules: PortalRules) -> Forward:
            allowed = rules.forwarding_allowed
            return Forward.send(command.forward_id, document, command.recipient, by=by, allowed=allowed, now=now)

        forward = await self.documents.decide_by_rules(by, command.document_id, send)
        if not await self.allowance.take(by, "forwards", PER_HOUR, timedelta(hours=1), now):
            raise TooManyForwards(PER_HOUR)
        try:
            await self.forwards.add(forward)
        except AlreadyExists:
            return await self.forwards.get(by, command.forward_id)
        return forward
