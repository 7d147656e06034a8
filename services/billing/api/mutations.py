"""Mutations of estimates and invoices: build a command, call its handler, show what became of the document."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry

from chassis.graphql.idempotency import Seed
from chassis.graphql.wording import given
from chassis.kernel import Principal, id_from_bits
from services.billing.api import inputs, payloads
from services.billing.api.deciding import estimate_decided, invoice_decided
from services.billing.api.documents import Estimate, Invoice
from services.billing.api.errors import DECISIONS
from services.billing.api.values import AppInfo
from services.billing.application.commands.accept_estimate import AcceptEstimate
from services.billing.application.commands.change_invoice_terms import ChangeInvoiceTerms
from services.billing.application.commands.convert_estimate import ConvertEstimate
from services.billing.application.commands.decline_estimate import DeclineEstimate
from services.billing.application.commands.draft_estimate import DraftEstimate
from services.billing.application.commands.draft_invoice import DraftInvoice
from services.billing.application.commands.revise_estimate import ReviseEstimate
from services.billing.application.commands.send_estimate import SendEstimate
from services.billing.application.commands.send_invoice import SendInvoice
from services.billing.application.commands.update_estimate import UpdateEstimate
from services.billing.application.commands.update_invoice import UpdateInvoice
from services.billing.application.commands.void_estimate import VoidEstimate
from services.billing.application.commands.void_invoice import VoidInvoice
from services.billing.application.commands.write_off_invoice import WriteOffInvoice


@strawberry.type
class EstimateMutations:
    """What can be done with estimates."""

    @strawberry.mutation(description="Create a draft estimate. Requires the owner or accountant role.")
    async def create_estimate(
        self, info: AppInfo, input: Annotated[inputs.CreateEstimateInput, given("createEstimate")]
    ) -> payloads.CreateEstimatePayload:
        handle = info.context.app.commands.draft_estimate

        async def work(by: Principal, seed: Seed) -> Any:
            command = DraftEstimate(
                estimate_id=id_from_bits("est", seed.bits),
                customer_id=input.customer_id,
                content=input.content(),
                expires_on=input.expires_on,
            )
            return await handle(command, by)

        return await estimate_decided(info, input, payloads.CreateEstimatePayload, work)

    @strawberry.mutation(description="Replace the content of a draft estimate. Requires the owner or accountant role.")
    async def update_estimate(
        self, info: AppInfo, input: Annotated[inputs.UpdateEstimateInput, given("updateEstimate")]
    ) -> payloads.UpdateEstimatePayload:
        handle = info.context.app.commands.update_estimate

        async def work(by: Principal, _: Seed) -> Any:
            command = UpdateEstimate(
                estimate_id=input.estimate_id,
                customer_id=input.customer_id,
                content=input.content(),
                expires_on=input.expires_on,
                expected_version=input.expected_version,
            )
            return await handle(command, by)

        return await estimate_decided(info, input, payloads.UpdateEstimatePayload, work)

    @strawberry.mutation(
        description="Send a draft estimate to the client; it gets its number the first time. Requires the owner or "
        "accountant role."
    )
    async def send_estimate(
        self, info: AppInfo, input: Annotated[inputs.SendEstimateInput, given("sendEstimate")]
    ) -> payloads.SendEstimatePayload:
        handle = info.context.app.commands.send_estimate

        async def work(by: Principal, _: Seed) -> Any:
            command = SendEstimate(estimate_id=input.estimate_id, recipient_ids=input.recipient_ids)
            return await handle(command, by)

        return await estimate_decided(info, input, payloads.SendEstimatePayload, work)

    @strawberry.mutation(description="Accept an estimate (contacts only); possible until the end of its last day.")
    async def accept_estimate(
        self, info: AppInfo, input: Annotated[inputs.AcceptEstimateInput, given("acceptEstimate")]
    ) -> payloads.AcceptEstimatePayload:
        handle = info.context.app.commands.accept_estimate

        async def work(by: Principal, _: Seed) -> Any:
            command = AcceptEstimate(estimate_id=input.estimate_id, revision=input.revision)
            return await handle(command, by)

        return await estimate_decided(info, input, payloads.AcceptEstimatePayload, work)

    @strawberry.mutation(description="Decline an estimate and give a reason (contacts only).")
    async def decline_estimate(
        self, info: AppInfo, input: Annotated[inputs.DeclineEstimateInput, given("declineEstimate")]
    ) -> payloads.DeclineEstimatePayload:
        handle = info.context.app.commands.decline_estimate

        async def work(by: Principal, _: Seed) -> Any:
            command = DeclineEstimate(estimate_id=input.estimate_id, revision=input.revision, reason=input.reason)
            return await handle(command, by)

        return await estimate_decided(info, input, payloads.DeclineEstimatePayload, work)

    @strawberry.mutation(
        description="Create a draft of the next revision of a declined or expired estimate. Requires the owner or "
        "accountant role."
    )
    async def revise_estimate(
        self, info: AppInfo, input: Annotated[inputs.ReviseEstimateInput, given("reviseEstimate")]
    ) -> payloads.ReviseEstimatePayload:
        handle = info.context.app.commands.revise_estimate

        async def work(by: Principal, _: Seed) -> Any:
            command = ReviseEstimate(estimate_id=input.estimate_id)
            return await handle(command, by)

        return await estimate_decided(info, input, payloads.ReviseEstimatePayload, work)

    @strawberry.mutation(
        description="Void an estimate that is a draft or is awaiting an answer. Requires the owner or accountant role."
    )
    async def void_estimate(
        self, info: AppInfo, input: Annotated[inputs.VoidEstimateInput, given("voidEstimate")]
    ) -> payloads.VoidEstimatePayload:
        handle = info.context.app.commands.void_estimate

        async def work(by: Principal, _: Seed) -> Any:
            command = VoidEstimate(estimate_id=input.estimate_id)
            return await handle(command, by)

        return await estimate_decided(info, input, payloads.VoidEstimatePayload, work)

    @strawberry.mutation(
        description="Create a draft invoice from an accepted estimate, once. Requires the owner or accountant role."
    )
    async def convert_estimate(
        self, info: AppInfo, input: Annotated[inputs.ConvertEstimateInput, given("convertEstimate")]
    ) -> payloads.ConvertEstimatePayload:
        by, handle = info.context.acting(), info.context.app.commands.convert_estimate

        async def work(_: Seed) -> list[str]:
            command = ConvertEstimate(estimate_id=input.estimate_id, terms=input.payment_terms.value())
            estimate, invoice = await handle(command, by)
            return [estimate.id, invoice.id]

        async def show(ids: list[str]) -> Mapping[str, Any]:
            estimate, invoice = ids
            return {
                "estimate": await Estimate.load(info.context, estimate),
                "invoice": await Invoice.load(info.context, invoice),
            }

        return await DECISIONS.decide_once(info, input, payloads.ConvertEstimatePayload, work, show)


@strawberry.type
class InvoiceMutations:
    """What can be done with invoices, payments apart."""

    @strawberry.mutation(description="Create a draft invoice. Requires the owner or accountant role.")
    async def create_invoice(
        self, info: AppInfo, input: Annotated[inputs.CreateInvoiceInput, given("createInvoice")]
    ) -> payloads.CreateInvoicePayload:
        handle = info.context.app.commands.draft_invoice

        async def work(by: Principal, seed: Seed) -> Any:
            command = DraftInvoice(
                invoice_id=id_from_bits("inv", seed.bits),
                customer_id=input.customer_id,
                content=input.content(),
                terms=input.payment_terms.value(),
            )
            return await handle(command, by)

        return await invoice_decided(info, input, payloads.CreateInvoicePayload, work)

    @strawberry.mutation(description="Replace the content of a draft invoice. Requires the owner or accountant role.")
    async def update_invoice(
        self, info: AppInfo, input: Annotated[inputs.UpdateInvoiceInput, given("updateInvoice")]
    ) -> payloads.UpdateInvoicePayload:
        handle = info.context.app.commands.update_invoice

        async def work(by: Principal, _: Seed) -> Any:
            command = UpdateInvoice(
                invoice_id=input.invoice_id,
                customer_id=input.customer_id,
                content=input.content(),
                terms=input.payment_terms.value(),
                expected_version=input.expected_version,
            )
            return await handle(command, by)

        return await invoice_decided(info, input, payloads.UpdateInvoicePayload, work)

    @strawberry.mutation(
        description="Send a draft invoice to the client; it gets its number and is owed from then on. Requires the "
        "owner or accountant role."
    )
    async def send_invoice(
        self, info: AppInfo, input: Annotated[inputs.SendInvoiceInput, given("sendInvoice")]
    ) -> payloads.SendInvoicePayload:
        handle = info.context.app.commands.send_invoice

        async def work(by: Principal, _: Seed) -> Any:
            command = SendInvoice(invoice_id=input.invoice_id, recipient_ids=input.recipient_ids)
            return await handle(command, by)

        return await invoice_decided(info, input, payloads.SendInvoicePayload, work)

    @strawberry.mutation(
        description="Change the payment terms of an open invoice. Requires the owner or accountant role."
    )
    async def change_invoice_terms(
        self, info: AppInfo, input: Annotated[inputs.ChangeInvoiceTermsInput, given("changeInvoiceTerms")]
    ) -> payloads.ChangeInvoiceTermsPayload:
        handle = info.context.app.commands.change_invoice_terms

        async def work(by: Principal, _: Seed) -> Any:
            command = ChangeInvoiceTerms(invoice_id=input.invoice_id, terms=input.payment_terms.value())
            return await handle(command, by)

        return await invoice_decided(info, input, payloads.ChangeInvoiceTermsPayload, work)

    @strawberry.mutation(
        description="Void an invoice that is a draft, or is open without payments. Requires the owner or accountant "
        "role."
    )
    async def void_invoice(
        self, info: AppInfo, input: Annotated[inputs.VoidInvoiceInput, given("voidInvoice")]
    ) -> payloads.VoidInvoicePayload:
        handle = info.context.app.commands.void_invoice

        async def work(by: Principal, _: Seed) -> Any:
            command = VoidInvoice(invoice_id=input.invoice_id, reason=input.reason)
            return await handle(command, by)

        return await invoice_decided(info, input, payloads.VoidInvoicePayload, work)

    @strawberry.mutation(description="Write off the balance of an invoice. Requires the owner or accountant role.")
    async def write_off_invoice(
        self, info: AppInfo, input: Annotated[inputs.WriteOffInvoiceInput, given("writeOffInvoice")]
    ) -> payloads.WriteOffInvoicePayload:
        handle = info.context.app.commands.write_off_invoice

        async def work(by: Principal, _: Seed) -> Any:
            command = WriteOffInvoice(invoice_id=input.invoice_id, reason=input.reason)
            return await handle(command, by)

        return await invoice_decided(info, input, payloads.WriteOffInvoicePayload, work)
