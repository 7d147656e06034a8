"""Mutations of payments and saved cards: build a command, call the application, show what became of it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, TypeVar

import strawberry

from services.billing.api import loading
from services.billing.api import payment_inputs as io
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
from services.billing.domain.payment_mode import PaymentMode
from services.chassis.graphql.idempotency import Seed
from services.chassis.graphql.refusals import Input
from services.chassis.graphql.types import After, First, connection, page_request
from services.chassis.kernel import Principal, id_from_bits
from services.chassis.left_out import shown_page

GIVEN = strawberry.argument(description="What to do.")
INVOICE = strawberry.argument(description="Only of this invoice, `inv_…`.")

P = TypeVar("P")


@strawberry.type
class PaymentQueries:
    """Questions about payments and cards."""

    @strawberry.field(description="One payment, when the caller may see it.")
    async def payment(
        self, info: AppInfo, id: Annotated[strawberry.ID, strawberry.argument(description="The id, `pay_…`.")]
    ) -> Payment | None:
        by = info.context.acting()
        return Payment.of(await info.context.app.payments.payment(id, by), by)

    @strawberry.field(description="The payments that the caller may see, latest first.")
    async def payments(
        self,
        info: AppInfo,
        first: First = 20,
        after: After = None,
        invoice_id: Annotated[strawberry.ID | None, INVOICE] = None,
    ) -> PaymentList | None:
        by, request = info.context.acting(), page_request(first, after)
        page = await info.context.app.payments.payments(request, by, invoice_id=invoice_id or None)
        return connection(shown_page(page, lambda payment: Payment.of(payment, by)), request)

    @strawberry.field(description="The caller's saved cards, oldest first; staff have none.")
    async def saved_cards(self, info: AppInfo) -> list[SavedCard] | None:
        return await saved_cards(info)

    @strawberry.field(
        description="What clients read about the ways of paying that are not paid online, as staff wrote it; for staff."
    )
    async def payment_instructions(self, info: AppInfo) -> list[PaymentInstructions] | None:
        written = await info.context.app.payments.written_instructions(info.context.acting())
        return [PaymentInstructions(mode=ShownMode[mode.name], text=text) for mode, text in written.items()]


@strawberry.type
class PaymentMutations:
    """What can be done with payments."""

    @strawberry.mutation(
        description="Open the payment provider's form for a card, for contacts. The card is typed in there, never here."
    )
    async def create_card_session(
        self, info: AppInfo, input: Annotated[io.CreateCardSessionInput, GIVEN]
    ) -> io.CreateCardSessionPayload:
        async def work() -> Mapping[str, Any]:
            command = OpenCardForm(return_url=input.return_url or None, origin=input.origin or None)
            return {"url": (await info.context.app.payments.open_card_form(command, info.context.acting())).url}

        return await DECISIONS.decide(io.CreateCardSessionPayload, work())

    @strawberry.mutation(
        description="Pay an invoice by card, for contacts. Answers within ten seconds: when the outcome is not known "
        "by then, the payment is `PROCESSING` and settles by itself."
    )
    async def pay_invoice(self, info: AppInfo, input: Annotated[io.PayInvoiceInput, GIVEN]) -> io.PayInvoicePayload:
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
            return (await info.context.app.payments.pay_invoice(command, by)).id

        return await _once(info, input, io.PayInvoicePayload, work, _show_payment)

    @strawberry.mutation(
        description="Ask the provider how a payment stands, after the payer came back from it. May be repeated freely."
    )
    async def confirm_payment(
        self, info: AppInfo, input: Annotated[io.ConfirmPaymentInput, GIVEN]
    ) -> io.ConfirmPaymentPayload:
        async def work() -> Mapping[str, Any]:
            command = ConfirmPayment(payment_id=input.payment_id)
            payment = await info.context.app.payments.confirm_payment(command, info.context.acting())
            return await _show_payment(info, payment.id)

        return await DECISIONS.decide(io.ConfirmPaymentPayload, work())

    @strawberry.mutation(
        description="Give up a payment that waits for its payer: it is cancelled at the provider, and its amount can "
        "be paid in another way. Contacts give up those of their company, staff any."
    )
    async def cancel_payment(
        self, info: AppInfo, input: Annotated[io.CancelPaymentInput, GIVEN]
    ) -> io.CancelPaymentPayload:
        async def work(by: Principal, _: Seed) -> str:
            command = CancelPayment(payment_id=input.payment_id)
            return (await info.context.app.payments.cancel_payment(command, by)).id

        return await _once(info, input, io.CancelPaymentPayload, work, _show_payment)

    @strawberry.mutation(
        description="Record money that came by bank transfer, cheque or cash, for staff. A card payment that still "
        "waits for its payer and stands in the way is cancelled."
    )
    async def record_payment(
        self, info: AppInfo, input: Annotated[io.RecordPaymentInput, GIVEN]
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
            return (await info.context.app.payments.record_payment(command, by)).id

        return await _once(info, input, io.RecordPaymentPayload, work, _show_payment)

    @strawberry.mutation(description="Give money of a payment back, for staff. It is owed on the invoice again.")
    async def refund_payment(
        self, info: AppInfo, input: Annotated[io.RefundPaymentInput, GIVEN]
    ) -> io.RefundPaymentPayload:
        async def work(by: Principal, seed: Seed) -> str:
            refund_id = id_from_bits("rfd", seed.bits)
            command = RefundPayment(
                refund_id=refund_id,
                payment_id=input.payment_id,
                amount=input.amount.value() if input.amount else None,
                reason=input.reason,
            )
            await info.context.app.payments.refund_payment(command, by)
            return refund_id

        return await _once(info, input, io.RefundPaymentPayload, work, _show_refund)


@strawberry.type
class SavedCardMutations:
    """What can be done with saved cards and payment instructions."""

    @strawberry.mutation(description="Keep a card at the payment provider, for contacts.")
    async def add_saved_card(
        self, info: AppInfo, input: Annotated[io.AddSavedCardInput, GIVEN]
    ) -> io.AddSavedCardPayload:
        async def work(by: Principal, seed: Seed) -> str:
            command = SaveCard(
                card_id=id_from_bits("crd", seed.bits),
                card_token=input.card_token,
                make_default=input.make_default,
            )
            return (await info.context.app.payments.save_card(command, by)).id

        async def show(info: AppInfo, card_id: str) -> Mapping[str, Any]:
            cards = await saved_cards(info)
            return {"saved_card": next((card for card in cards if card.id == card_id), None), "saved_cards": cards}

        return await _once(info, input, io.AddSavedCardPayload, work, show)

    @strawberry.mutation(description="Have the provider forget one of the caller's cards.")
    async def remove_saved_card(
        self, info: AppInfo, input: Annotated[io.RemoveSavedCardInput, GIVEN]
    ) -> io.RemoveSavedCardPayload:
        async def work(by: Principal, _: Seed) -> str:
            command = RemoveCard(card_id=input.saved_card_id)
            return (await info.context.app.payments.remove_card(command, by)).id

        return await _once(info, input, io.RemoveSavedCardPayload, work, _show_cards)

    @strawberry.mutation(description="Choose which of the caller's cards is offered first.")
    async def set_default_card(
        self, info: AppInfo, input: Annotated[io.SetDefaultCardInput, GIVEN]
    ) -> io.SetDefaultCardPayload:
        async def work(by: Principal, _: Seed) -> str:
            command = ChooseDefaultCard(card_id=input.saved_card_id)
            return (await info.context.app.payments.choose_default_card(command, by)).id

        return await _once(info, input, io.SetDefaultCardPayload, work, _show_cards)

    @strawberry.mutation(
        description="Write what clients read about a way of paying that is not paid online, for staff."
    )
    async def set_payment_instructions(
        self, info: AppInfo, input: Annotated[io.SetPaymentInstructionsInput, GIVEN]
    ) -> io.SetPaymentInstructionsPayload:
        async def work(by: Principal, _: Seed) -> str:
            return await info.context.app.payments.write_instructions(PaymentMode[input.mode.name], input.text, by)

        async def show(_: AppInfo, text: str) -> Mapping[str, Any]:
            return {"text": text}

        return await _once(info, input, io.SetPaymentInstructionsPayload, work, show)


async def _once(
    info: AppInfo,
    given: Input,
    payload: Callable[..., P],
    work: Callable[[Principal, Seed], Awaitable[str]],
    show: Callable[[AppInfo, str], Awaitable[Mapping[str, Any]]],
) -> P:
    by = info.context.acting()
    return await DECISIONS.decide_once(
        info, given, payload, lambda seed: work(by, seed), lambda answer: show(info, answer)
    )


async def _show_payment(info: AppInfo, payment_id: str) -> Mapping[str, Any]:
    by = info.context.acting()
    payment = await info.context.app.payments.payment(payment_id, by)
    return {"payment": Payment.of(payment, by), "invoice": await loading.invoice(info.context, payment.invoice_id)}


async def _show_refund(info: AppInfo, refund_id: str) -> Mapping[str, Any]:
    by = info.context.acting()
    payment = await info.context.app.payments.payment_with_refund(refund_id, by)
    shown = await _show_payment(info, payment.id)
    return {**shown, "refund": Refund.of(payment.refunds[refund_id], payment, by)}


async def _show_cards(info: AppInfo, _: str) -> Mapping[str, Any]:
    return {"saved_cards": await saved_cards(info)}
