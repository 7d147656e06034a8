"""Open the provider's own form for a card."""

from dataclasses import dataclass

from chassis.kernel import Principal, Role
from services.billing.application.payment_ports import CardForm, OutcomeUnknown, Payer, ProviderRefused
from services.billing.application.payment_steps import PaymentSteps
from services.billing.application.return_addresses import ReturnAddresses
from services.billing.domain.payment.errors import ProviderUnavailable


@dataclass(frozen=True, kw_only=True)
class OpenCardForm:
    """With a return address the form redirects there, with an origin it posts the token to its opener.

    With neither it leads to the portal's own address.
    """

    return_url: str | None = None
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class OpenCardFormHandler:
    """Asks the provider for its form."""

    steps: PaymentSteps
    return_addresses: ReturnAddresses

    async def __call__(self, command: OpenCardForm, by: Principal) -> CardForm:
        """Return a form that takes one card of this contact.

        Raises:
            ReturnUrlNotAllowed: the address is not ours.
            ProviderUnavailable: the provider does not answer.
        """
        by.require_role(Role.CONTACT)
        return_url, origin = (
            self.return_addresses.checked(command.return_url),
            self.return_addresses.checked(command.origin, "origin"),
        )
        if return_url is None and origin is None:
            return_url = self.return_addresses.home
        try:
            payer = Payer(contact_id=by.id, organisation_id=by.organisation_id)
            return await self.steps.card_desk().open_card_form(payer, return_url, origin)
        except (OutcomeUnknown, ProviderRefused):
            raise ProviderUnavailable from None
