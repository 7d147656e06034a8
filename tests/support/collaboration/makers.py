"""The people and documents that collaboration's tests speak of."""

from dataclasses import dataclass, field

from chassis.kernel import Principal, Role, new_id
from services.collaboration.application.commands.add_comment import AddCommentHandler
from services.collaboration.application.commands.forward_document import ForwardDocumentHandler
from services.collaboration.application.commands.record_document_view import RecordDocumentViewHandler
from services.collaboration.application.documents import Documents, Portals
from services.collaboration.application.queries.show_discussion import ShowDiscussion
from services.collaboration.domain.document import DocumentType, KnownDocument
from tests.support.clock import FakeClock
from tests.support.collaboration.fakes import (
    FakeAllowance,
    FakeComments,
    FakeDocumentSource,
    FakeDocumentStore,
    FakeForwards,
    FakePortals,
    FakePortalSource,
    FakeViews,
)

ORG, OTHER_ORG = new_id("org"), new_id("org")
CUSTOMER, OTHER_CUSTOMER = new_id("cus"), new_id("cus")

OWNER = Principal(id=new_id("stf"), organisation_id=ORG, role=Role.OWNER)
VIEWER = Principal(id=new_id("stf"), organisation_id=ORG, role=Role.VIEWER)
CONTACT = Principal(id=new_id("con"), organisation_id=ORG, role=Role.CONTACT, customer_id=CUSTOMER)
COLLEAGUE = Principal(id=new_id("con"), organisation_id=ORG, role=Role.CONTACT, customer_id=CUSTOMER)
STRANGER = Principal(id=new_id("con"), organisation_id=ORG, role=Role.CONTACT, customer_id=OTHER_CUSTOMER)
FOREIGN_OWNER = Principal(id=new_id("stf"), organisation_id=OTHER_ORG, role=Role.OWNER)
OUTSIDERS = (STRANGER, FOREIGN_OWNER)


def estimate(*, sent: bool = True) -> KnownDocument:
    """Return an estimate of our client's."""
    return KnownDocument(
        id=new_id("est"),
        organisation_id=ORG,
        customer_id=CUSTOMER,
        type=DocumentType.ESTIMATE,
        number="EST-0042" if sent else None,
        sent=sent,
    )


def invoice(*, sent: bool = True) -> KnownDocument:
    """Return an invoice of our client's."""
    return KnownDocument(
        id=new_id("inv"),
        organisation_id=ORG,
        customer_id=CUSTOMER,
        type=DocumentType.INVOICE,
        number="INV-0007" if sent else None,
        sent=sent,
    )


@dataclass
class World:
    """All use cases over fakes; `store` and `source` hold the documents."""

    store: FakeDocumentStore
    source: FakeDocumentSource = field(default_factory=FakeDocumentSource)
    comments: FakeComments = field(default_factory=FakeComments)
    views: FakeViews = field(default_factory=FakeViews)
    forwards: FakeForwards = field(default_factory=FakeForwards)
    portals: FakePortals = field(default_factory=FakePortals)
    portal_source: FakePortalSource = field(default_factory=FakePortalSource)
    allowance: FakeAllowance = field(default_factory=FakeAllowance)
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        documents = Documents(self.store, self.source, Portals(self.portals, self.portal_source))
        self.add_comment = AddCommentHandler(self.comments, documents, self.allowance, self.clock)
        self.record_view = RecordDocumentViewHandler(self.views, documents, self.clock)
        self.forward = ForwardDocumentHandler(self.forwards, documents, self.allowance, self.clock)
        self.queries = ShowDiscussion(self.comments, self.views, self.forwards, documents)
