"""Why a payment failed, in public words and in the provider's own.

A provider tells more than a payer may know: whoever holds a stolen card must not learn that it was reported. So a code
is public only when it is on the list here, with a sentence of ours; everything else is `generic_decline` to payers and
in events, and staff read beside it what the provider said. The list follows Stripe's table of decline codes
(docs.stripe.com/declines/codes): left out are those that it wants presented as a general decline, and those that hint
at the same reasons.
"""

from dataclasses import dataclass

from chassis.kernel import NotFound
from services.billing.domain.errors import (
    AmountExceedsBalance,
    AmountNotPositive,
    CurrencyMismatch,
    InvoiceNotOpen,
    PartialPaymentNotAllowed,
    PaymentAmountChanged,
    PaymentEnded,
    PaymentModeNotAllowed,
    TooManyPayments,
)

GENERAL = "generic_decline"
LONGEST_CODE = 100
_ASK_THE_BANK = "Your card was declined. Please contact your bank, or use another card."
_ANOTHER_CARD = "Your card does not support this payment. Please use another card."
_TRY_AGAIN = "Your bank could not process the payment. Nothing was charged; please try again."
_LIMIT = "Your card's limit does not allow this payment. Please contact your bank, or use another card."
_NUMBER = "Your card number is incorrect."
_EXPIRY = "Your card's expiry date is incorrect."
_CVC = "Your card's security code is incorrect."
_PIN = "Your card's PIN was wrong or is needed. Please use another card."
_CONFIRM = "Your bank wants you to confirm this payment. Please try again and confirm it."

SENTENCES = {
    GENERAL: _ASK_THE_BANK,
    "approve_with_id": _TRY_AGAIN,
    "authentication_failed": "Your bank did not confirm the payment. Nothing was charged; please try again.",
    "authentication_required": _CONFIRM,
    "call_issuer": _ASK_THE_BANK,
    "card_declined": "Your card was declined.",
    "card_not_supported": _ANOTHER_CARD,
    "card_velocity_exceeded": _LIMIT,
    "currency_not_supported": "Your card does not support this currency. Please use another card.",
    "do_not_honor": _ASK_THE_BANK,
    "do_not_try_again": _ASK_THE_BANK,
    "duplicate_transaction": "The same amount was charged to this card a moment ago.",
    "expired_card": "Your card has expired. Please use another card.",
    "incorrect_address": "Your card's billing address is incorrect.",
    "incorrect_cvc": _CVC,
    "incorrect_number": _NUMBER,
    "incorrect_pin": _PIN,
    "incorrect_zip": "Your card's postal code is incorrect.",
    "insufficient_funds": "Your card has insufficient funds. Please use another card.",
    "invalid_account": _ASK_THE_BANK,
    "invalid_amount": _LIMIT,
    "invalid_cvc": _CVC,
    "invalid_expiry_month": _EXPIRY,
    "invalid_expiry_year": _EXPIRY,
    "invalid_number": _NUMBER,
    "invalid_pin": _PIN,
    "issuer_not_available": _TRY_AGAIN,
    "mobile_device_authentication_required": _CONFIRM,
    "new_account_information_available": _ASK_THE_BANK,
    "no_action_taken": _ASK_THE_BANK,
    "not_permitted": _ANOTHER_CARD,
    "offline_pin_required": _PIN,
    "online_or_offline_pin_required": _PIN,
    "pin_try_exceeded": _PIN,
    "processing_error": _TRY_AGAIN,
    "reenter_transaction": _TRY_AGAIN,
    "service_not_allowed": _ANOTHER_CARD,
    "transaction_not_allowed": _ANOTHER_CARD,
    "try_again_later": _TRY_AGAIN,
    "withdrawal_count_limit_exceeded": _LIMIT,
}
"""What a payer may read about a card, by public code."""

_OTHER_NAMES = {"payment_intent_authentication_failure": "authentication_failed"}
_REFUSALS = (
    AmountExceedsBalance,
    AmountNotPositive,
    CurrencyMismatch,
    NotFound,
    InvoiceNotOpen,
    PartialPaymentNotAllowed,
    PaymentAmountChanged,
    PaymentModeNotAllowed,
    PaymentEnded,
    TooManyPayments,
)
OWN = frozenset(code.lower() for refusal in _REFUSALS for code in (refusal.code, *refusal.former_codes)) | {
    "abandoned",
    "amount_not_chargeable",
    "card_form_unfinished",
    "ended_by_staff",
    "failed",
    "no_cards",
    "not_found_at_provider",
    "not_sent",
    "payment_refused",
    "refund_failed",
    "token_invalid",
    "token_used",
    "undecided",
}
"""Our own codes, earlier versions' included: nobody but us can have written the sentence that stands beside them."""


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why no money moved: a public code, a sentence for the person who paid, and for staff the provider's own code.

    Made of whatever a provider said, it is public as soon as it exists; so is one that an earlier version stored.
    """

    code: str
    message: str
    provider_code: str | None = None

    def __post_init__(self) -> None:
        said = self.provider_code[:LONGEST_CODE] if self.provider_code else None
        if self.code in OWN:
            object.__setattr__(self, "provider_code", said)
            return
        said = said or self.code[:LONGEST_CODE]
        public = _OTHER_NAMES.get(self.code, self.code)
        public = public if public in SENTENCES else GENERAL
        object.__setattr__(self, "provider_code", said)
        object.__setattr__(self, "code", public)
        object.__setattr__(self, "message", SENTENCES[public])
