"""Keep a card for later."""

from contextlib import suppress
from dataclasses import dataclass

from chassis.kernel import AlreadyExists, Principal, Role
from services.billing.application.card_tokens import read_token, spend_token
from services.billing.application.payment_ports import OutcomeUnknown, Payer, ProviderRefused
from services.billing.application.payment_steps import PaymentSteps
from services.billing.domain.payment import CardDetails
from services.billing.domain.payment.errors import CardRefused, ProviderUnavailable
from services.billing.domain.saved_card import SavedCard


@dataclass(frozen=True, kw_only=True)
class SaveCard:
    """The token of the card form. `card_id` derives from the idempotency key."""

    card_id: str
    card_token: str
    make_default: bool = False


@dataclass(frozen=True, slots=True)
class SaveCardHandler:
    """Has the provider keep a card."""

    steps: PaymentSteps

    async def __call__(self, command: SaveCard, by: Principal) -> SavedCard:
        """Have the provider keep the card, and list it for this contact; the same card again renews the one listed.

        Raises:
            CardsNotAccepted: no provider is set up.
            CardTokenInvalid, CardTokenUsed, CardFormUnfinished: the token is not this contact's, or of no more use.
            CardRefused: the provider does not keep the card.
            ProviderUnavailable: the provider does not answer.
        """
        by.require_recent_proof(self.steps.clock.now())
        by.require_role(Role.CONTACT)
        now, provider = self.steps.clock.now(), self.steps.card_desk()
        token = await read_token(command.card_token, command.card_id, provider, by=by, steps=self.steps)
        await spend_token(command.card_token, command.card_id, provider, steps=self.steps)
        try:
            details = await provider.save_card(Payer(contact_id=by.id, organisation_id=by.organisation_id), token)
        except ProviderRefused as refused:
            raise CardRefused(refused.failure.message, field=("cardToken",)) from None
        except OutcomeUnknown:
            raise ProviderUnavailable from None
        listed = await _listed(details, provider.name, by, self.steps)
        if listed is not None:
            return await _renew(listed, details, command.make_default, by, self.steps)
        card = SavedCard(
            id=command.card_id,
            organisation_id=by.organisation_id,
            customer_id=by.customer_id or "",
            contact_id=by.id,
            provider=provider.name,
            details=details,
            added_at=now,
            chosen_at=now if command.make_default else None,
        )
        try:
            await self.steps.cards.add(card)
        except AlreadyExists:
            return await self.steps.cards.get(by, command.card_id)
        await self.steps.forget_if_erased(card)
        return card


async def _listed(details: CardDetails, provider: str, by: Principal, steps: PaymentSteps) -> SavedCard | None:
    """Return the contact's listed card with this number, as far as the provider tells numbers apart."""
    for card in await steps.cards.of_contact(by.organisation_id, by.id):
        if card.provider == provider and card.details.fingerprint and card.details.fingerprint == details.fingerprint:
            return card
    return None


async def _renew(card: SavedCard, details: CardDetails, choose: bool, by: Principal, steps: PaymentSteps) -> SavedCard:
    """Keep what was entered last, and have the provider forget what it replaces."""
    now, replaced = steps.clock.now(), card.details
    renewed = await steps.cards.update(by, card.id, lambda it: it.renew(details, now, choose=choose))
    if replaced.token != details.token:
        with suppress(OutcomeUnknown, ProviderRefused):
            await steps.provider_named(card.provider).forget_card(replaced)
    return renewed
