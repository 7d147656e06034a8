"""Mutations of payments and saved cards: build a command, call the application, show what became of it."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import strawberry

from chassis.graphql.idempotency import Seed, of_kind
from chassis.graphql.order import either
from chassis.graphql.types import USUAL_ROWS, After, Before, First, Last, Span, connection, page_request
from chassis.graphql.wording import given
from chassis.kernel import Principal, id_from_bits
from chassis.left_out import shown_page
from services.billing.api import payment_inputs as io
from services.billing.api.deciding import decided
from services.billing.api.documents import Invoice
from services.billing.api.errors import DECISIONS
from services.billing.api.payments import Payment, PaymentInstructions, PaymentList, Refund, SavedCard, saved_cards
from services.billing.api.values import AppInfo
from services.billing.api.values import PaymentMode as ShownMode
from services.billing.application.commands.cancel_payment import CancelPayment
from services.billing.application.commands.choose_default_card import ChooseDefaultCard
from services.billing.application.commands.confirm_payment import ConfirmPayment
from services.billing.application.commands.open_card_form import OpenCardForm
from services.billing.application.commands.pay_invoice import PayInvoice
from services.billing.application.commands.record_payment import RecordPayment
from services.billing.application.commands.refund_payment import RefundPayment
from services.billing.application.commands.remove_card import RemoveCard
from services.billing.application.commands.save_card import SaveCard
from services.billing.application.commands.write_payment_instructions import WritePaymentInstructions
from services.billing.domain.payment_mode import PaymentMode

FILTER = strawberry.argument(name="filter", description="A filter; by default all.")
INVOICE = strawberry.argument(
    description="Only payments of this invoice, `inv_…`.", deprecation_reason="Use `filter: { invoiceId }`."
)

RECENT = " Needs a log-in of the last 15 minutes, or `stepUp` (`PROOF_NEEDED`)."


@strawberry.type
class PaymentQueries:
    """Questions about payments and cards."""

    @strawberry.field(description="A payment, if the caller may see it.")
    async def payment(
        self, info: AppInfo, id: Annotated[strawberry.ID, strawberry.argument(description="The ID, `pay_…`.")]
    ) -> Payment | None:
        by = info.context.acting()
        return Payment.of(await info.context.app.queries.payments.one(by, id), by)

    @strawberry.field(description="The payments that the caller may see, newest first.")
    async def payments(
        self,
        info: AppInfo,
        first: First = USUAL_ROWS,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: Annotated[io.PaymentFilterInput | None, FILTER] = None,
        invoice_id: Annotated[strawberry.ID | None, INVOICE] = None,
    ) -> PaymentList | None:
        of_filter = where.invoice_id if where else None
        wanted = either(of_filter or None, invoice_id or None, name="filter.invoiceId", former_name="invoiceId")
        by, request = info.context.acting(), page_request(Span(first, after, last, before), "payments")
        page = await info.context.app.queries.payments.page(by, request, invoice_id=wanted)
        return connection(shown_page(page, lambda payment: Payment.of(payment, by)), request)

    @strawberry.field(description="The caller's saved cards, oldest first (contacts only; empty for staff).")
    async def saved_cards(self, info: AppInfo) -> list[SavedCard] | None:
        return await saved_cards(info)

    @strawberry.field(
        description="The instructions to clients for payment modes that are not paid online, as staff wrote them "
        "(staff only)."
    )
    async def payment_instructions(self, info: AppInfo) -> list[PaymentInstructions] | None:
        written = await info.context.app.queries.instructions.written(info.context.acting())
        return [PaymentInstructions(mode=ShownMode[mode.name], text=text) for mode, text in written.items()]


@strawberry.type
class PaymentMutations:
    """What can be done with payments."""

    @strawberry.mutation(
        description="Open the payment provider's card form (contacts only). The card number is entered there, never "
        "here. Sent again, it opens another form; a form that nobody fills in has no effect."
    )
    async def create_card_session(
        self, info: AppInfo, input: Annotated[io.CreateCardSessionInput, given("createCardSession")]
    ) -> io.CreateCardSessionPayload:
        async def work() -> Mapping[str, Any]:
            command = OpenCardForm(return_url=input.return_url or None, origin=input.origin or None)
            return {"url": (await info.context.app.commands.open_card_form(command, info.context.acting())).url}

        return await DECISIONS.decide(info, io.CreateCardSessionPayload, work())

    @strawberry.mutation(
        description="Pay an invoice by card (contacts only). Returns within ten seconds; if the outcome is not known"
        " by then, the payment is `PROCESSING` and is completed in the background."
    )
    async def pay_invoice(
        self, info: AppInfo, input: Annotated[io.PayInvoiceInput, given("payInvoice")]
    ) -> io.PayInvoicePayload:
        async def work(by: Principal, seed: Seed) -> str:
            command = PayInvoice(
                payment_id=id_from_bits("pay", seed.bits),
                invoice_id=input.invoice_id,
                mode=PaymentMode[input.mode.name],
                amount=input.amount.value() if input.amount else None,
                card_token=input.card_token or None,
                saved_card_id=input.saved_card_id or None,
                save_card=input.save_card,
                return_url=input.return_url or None,
            )
            return (await info.context.app.commands.pay_invoice(command, by)).id

        return await decided(info, input, io.PayInvoicePayload, work, _show_payment)

    @strawberry.mutation(
        description="Check the status of a payment with the provider, after the payer has returned from it. Can be "
        "repeated at any time. When staff ask, refunds and disputes made at the provider are taken over as well."
    )
    async def confirm_payment(
        self, info: AppInfo, input: Annotated[io.ConfirmPaymentInput, given("confirmPayment")]
    ) -> io.ConfirmPaymentPayload:
        async def work() -> Mapping[str, Any]:
            command = ConfirmPayment(payment_id=input.payment_id)
            payment = await info.context.app.commands.confirm_payment(command, info.context.acting())
            return await _show_payment(info, payment.id)

        return await DECISIONS.decide(info, io.ConfirmPaymentPayload, work())

    @strawberry.mutation(
        description="Cancel a payment that is waiting for the payer, so that the amount can be paid in another way. "
        "Contacts can cancel payments of their own company, owners and accountants any. Staff can also end a payment "
        "that its provider no longer knows, or whose provider is no longer set up; `endedBy` names who did."
    )
    async def cancel_payment(
        self, info: AppInfo, input: Annotated[io.CancelPaymentInput, given("cancelPayment")]
    ) -> io.CancelPaymentPayload:
        async def work(by: Principal, _: Seed) -> str:
            command = CancelPayment(payment_id=input.payment_id)
            return (await info.context.app.commands.cancel_payment(command, by)).id

        return await decided(info, input, io.CancelPaymentPayload, work, _show_payment)

    @strawberry.mutation(
        description="Record a payment received by bank transfer, cheque or cash. A card payment that is still "
        "waiting for the payer is cancelled if it is in the way. Requires the owner or accountant role."
    )
    async def record_payment(
        self, info: AppInfo, input: Annotated[io.RecordPaymentInput, given("recordPayment")]
    ) -> io.RecordPaymentPayload:
        async def work(by: Principal, seed: Seed) -> str:
            command = RecordPayment(
                payment_id=id_from_bits("pay", seed.bits),
                invoice_id=input.invoice_id,
                mode=PaymentMode[input.mode.name],
                amount=input.amount.value(),
                received_on=input.received_on,
                note=input.note,
            )
            return (await info.context.app.commands.record_payment(command, by)).id

        return await decided(info, input, io.RecordPaymentPayload, work, _show_payment)

    @strawberry.mutation(
        description="Refund a payment or part of it, which is then owed on the invoice again. Requires the owner or "
        "accountant role."
    )
    async def refund_payment(
        self, info: AppInfo, input: Annotated[io.RefundPaymentInput, given("refundPayment")]
    ) -> io.RefundPaymentPayload:
        async def work(by: Principal, seed: Seed) -> str:
            refund_id = id_from_bits("rfd", seed.bits)
            command = RefundPayment(
                refund_id=refund_id,
                payment_id=input.payment_id,
                amount=input.amount.value() if input.amount else None,
                reason=input.reason,
            )
            await info.context.app.commands.refund_payment(command, by)
            return refund_id

        return await decided(info, input, io.RefundPaymentPayload, work, _show_refund, _asked_for)


@strawberry.type
class SavedCardMutations:
    """What can be done with saved cards and payment instructions."""

    @strawberry.mutation(description="Save a card at the payment provider (contacts only)." + RECENT)
    async def add_saved_card(
        self, info: AppInfo, input: Annotated[io.AddSavedCardInput, given("addSavedCard")]
    ) -> io.AddSavedCardPayload:
        async def work(by: Principal, seed: Seed) -> str:
            command = SaveCard(
                card_id=id_from_bits("crd", seed.bits),
                card_token=input.card_token,
                make_default=input.make_default,
            )
            return (await info.context.app.commands.save_card(command, by)).id

        async def show(info: AppInfo, card_id: str) -> Mapping[str, Any]:
            cards = await saved_cards(info)
            return {"saved_card": next((card for card in cards if card.id == card_id), None), "saved_cards": cards}

        return await decided(info, input, io.AddSavedCardPayload, work, show, of_kind("crd"))

    @strawberry.mutation(description="Remove a saved card of the caller from the payment provider." + RECENT)
    async def remove_saved_card(
        self, info: AppInfo, input: Annotated[io.RemoveSavedCardInput, given("removeSavedCard")]
    ) -> io.RemoveSavedCardPayload:
        async def work(by: Principal, _: Seed) -> str:
            command = RemoveCard(card_id=input.saved_card_id)
            return (await info.context.app.commands.remove_card(command, by)).id

        return await decided(info, input, io.RemoveSavedCardPayload, work, _show_cards, of_kind("crd"))

    @strawberry.mutation(description="Choose the caller's default card." + RECENT)
    async def set_default_card(
        self, info: AppInfo, input: Annotated[io.SetDefaultCardInput, given("setDefaultCard")]
    ) -> io.SetDefaultCardPayload:
        async def work(by: Principal, _: Seed) -> str:
            command = ChooseDefaultCard(card_id=input.saved_card_id)
            return (await info.context.app.commands.choose_default_card(command, by)).id

        return await decided(info, input, io.SetDefaultCardPayload, work, _show_cards, of_kind("crd"))

    @strawberry.mutation(
        description="Set the instructions to clients for a payment mode that is not paid online. Requires the owner "
        "or accountant role." + RECENT
    )
    async def set_payment_instructions(
        self, info: AppInfo, input: Annotated[io.SetPaymentInstructionsInput, given("setPaymentInstructions")]
    ) -> io.SetPaymentInstructionsPayload:
        async def work(by: Principal, _: Seed) -> str:
            command = WritePaymentInstructions(mode=PaymentMode[input.mode.name], text=input.text)
            return await info.context.app.commands.write_payment_instructions(command, by)

        async def show(_: AppInfo, text: str) -> Mapping[str, Any]:
            return {"text": text}

        return await decided(info, input, io.SetPaymentInstructionsPayload, work, show)


def _asked_for(seed: Seed, payments: Sequence[str]) -> str | None:
    """Return the refund of a payment that carries the decision: the money is asked for, or gone."""
    return id_from_bits("rfd", seed.bits) if payments else None


async def _show_payment(info: AppInfo, payment_id: str) -> Mapping[str, Any]:
    by = info.context.acting()
    payment = await info.context.app.queries.payments.one(by, payment_id)
    return {"payment": Payment.of(payment, by), "invoice": await Invoice.load(info.context, payment.invoice_id)}


async def _show_refund(info: AppInfo, refund_id: str) -> Mapping[str, Any]:
    by = info.context.acting()
    payment = await info.context.app.queries.payments.with_refund(by, refund_id)
    shown = await _show_payment(info, payment.id)
    return {**shown, "refund": Refund.of(payment.refunds[refund_id], payment, by)}


async def _show_cards(info: AppInfo, _: str) -> Mapping[str, Any]:
    return {"saved_cards": await saved_cards(info)}
