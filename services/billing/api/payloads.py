"""The payloads of the mutations."""

import strawberry

from chassis.graphql.wording import ERRORS
from services.billing.api.documents import Estimate, Invoice
from services.billing.api.errors import UserError


@strawberry.type(description="The result of an estimate mutation.")
class EstimateOutcome:
    """Fields of payloads with an estimate; never used alone."""

    estimate: Estimate | None = strawberry.field(
        default=None, description="The estimate; null if the request was refused."
    )
    user_errors: list[UserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="The result of an invoice mutation.")
class InvoiceOutcome:
    """Fields of payloads with an invoice; never used alone."""

    invoice: Invoice | None = strawberry.field(
        default=None, description="The invoice; null if the request was refused."
    )
    user_errors: list[UserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="The outcome of `createEstimate`.")
class CreateEstimatePayload(EstimateOutcome):
    """Payload of `createEstimate`."""


@strawberry.type(description="The outcome of `updateEstimate`.")
class UpdateEstimatePayload(EstimateOutcome):
    """Payload of `updateEstimate`."""


@strawberry.type(description="The outcome of `sendEstimate`.")
class SendEstimatePayload(EstimateOutcome):
    """Payload of `sendEstimate`."""


@strawberry.type(description="The outcome of `resendEstimate`.")
class ResendEstimatePayload(EstimateOutcome):
    """Payload of `resendEstimate`."""


@strawberry.type(description="The outcome of `acceptEstimate`.")
class AcceptEstimatePayload(EstimateOutcome):
    """Payload of `acceptEstimate`."""


@strawberry.type(description="The outcome of `declineEstimate`.")
class DeclineEstimatePayload(EstimateOutcome):
    """Payload of `declineEstimate`."""


@strawberry.type(description="The outcome of `reviseEstimate`.")
class ReviseEstimatePayload(EstimateOutcome):
    """Payload of `reviseEstimate`."""


@strawberry.type(description="The outcome of `voidEstimate`.")
class VoidEstimatePayload(EstimateOutcome):
    """Payload of `voidEstimate`."""


@strawberry.type(description="The outcome of `createInvoice`.")
class CreateInvoicePayload(InvoiceOutcome):
    """Payload of `createInvoice`."""


@strawberry.type(description="The outcome of `updateInvoice`.")
class UpdateInvoicePayload(InvoiceOutcome):
    """Payload of `updateInvoice`."""


@strawberry.type(description="The outcome of `sendInvoice`.")
class SendInvoicePayload(InvoiceOutcome):
    """Payload of `sendInvoice`."""


@strawberry.type(description="The outcome of `resendInvoice`.")
class ResendInvoicePayload(InvoiceOutcome):
    """Payload of `resendInvoice`."""


@strawberry.type(description="The outcome of `remindOfInvoice`.")
class RemindOfInvoicePayload(InvoiceOutcome):
    """Payload of `remindOfInvoice`."""


@strawberry.type(description="The outcome of `changeInvoiceTerms`.")
class ChangeInvoiceTermsPayload(InvoiceOutcome):
    """Payload of `changeInvoiceTerms`."""


@strawberry.type(description="The outcome of `voidInvoice`.")
class VoidInvoicePayload(InvoiceOutcome):
    """Payload of `voidInvoice`."""


@strawberry.type(description="The outcome of `writeOffInvoice`.")
class WriteOffInvoicePayload(InvoiceOutcome):
    """Payload of `writeOffInvoice`."""


@strawberry.type(description="The outcome of `convertEstimate`.")
class ConvertEstimatePayload(EstimateOutcome):
    """Payload of `convertEstimate`."""

    invoice: Invoice | None = strawberry.field(
        default=None, description="The draft invoice; null if the request was refused."
    )
