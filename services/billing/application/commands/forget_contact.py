"""Forget a contact, because identity says so."""

from chassis.erasing import Erasure
from chassis.kernel import Principal
from services.billing.application.payment_ports import OutcomeUnknown, ProviderRefused
from services.billing.application.payment_steps import PaymentSteps
from services.billing.application.ports import Personal
from services.billing.domain.payment.errors import ProviderUnavailable


async def forget_contact(erasure: Erasure, *, steps: PaymentSteps, personal: Personal) -> None:
    """Have the providers forget the cards, then forget all else that need not be kept; doing it again is harmless.

    A payment under way goes on by its ids; what its provider tells of the card is cut short once it is booked.

    Raises:
        ProviderUnavailable: a provider does not answer; the cards are still there.
    """
    by, now = Principal.for_service(erasure.organisation_id), steps.clock.now()
    for card in await steps.cards.of_contact(erasure.organisation_id, erasure.contact_id):
        try:
            await steps.provider_named(card.provider).forget_card(card.details)
        except (OutcomeUnknown, ProviderRefused):
            raise ProviderUnavailable from None
        await steps.cards.update(by, card.id, lambda it: it.remove(now))
    await personal.forget(erasure)
