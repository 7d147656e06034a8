"""Forget a contact, because identity says so."""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.erasing import Erasure
from chassis.kernel import Principal
from services.billing.application.payment_ports import OutcomeUnknown, ProviderRefused
from services.billing.application.payment_steps import PaymentSteps
from services.billing.application.ports import Personal
from services.billing.domain.payment.errors import ProviderUnavailable


@dataclass(frozen=True, slots=True)
class ForgetContact:
    """Has the providers forget the cards, then forgets all else that need not be kept; again is harmless."""

    steps: PaymentSteps
    personal: Personal

    async def __call__(self, erasure: Erasure) -> Sequence[str]:
        """Return the mails that have to go as well: none is billing's.

        A payment under way goes on by its ids; what its provider tells of the card is cut short once it is booked.

        Raises:
            ProviderUnavailable: a provider does not answer; the cards are still there.
        """
        by, now = Principal.for_service(erasure.organisation_id), self.steps.clock.now()
        for card in await self.steps.cards.of_contact(erasure.organisation_id, erasure.contact_id):
            try:
                await self.steps.provider_named(card.provider).forget_card(card.details)
            except (OutcomeUnknown, ProviderRefused):
                raise ProviderUnavailable from None
            await self.steps.cards.update(by, card.id, lambda it: it.remove(now))
        await self.personal.forget(erasure)
        return ()
