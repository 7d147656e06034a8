"""Stripe's objects, readable or not: a state that can be read is never lost because something beside it cannot.

The kinds of next steps are those of Stripe's OpenAPI document of 2026-08-26 (`payment_intent_next_action`); it marks
the status of an intent as one to which values may be added.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.adapters.providers.stripe_shapes import outcome_of, refund_of, with_token
from services.billing.application.payment_ports import OutcomeUnknown
from services.billing.domain.payment import OutcomeStatus
from tests.support.recorded_stripe import recorded

NEXT_ACTIONS = [
    "alipay_handle_redirect", "blik_authorize", "boleto_display_details", "card_await_notification",
    "cashapp_handle_redirect_or_display_qr_code", "display_bank_transfer_instructions", "klarna_display_qr_code",
    "konbini_display_details", "multibanco_display_details", "oxxo_display_details", "paynow_display_qr_code",
    "pix_display_qr_code", "promptpay_display_qr_code", "redirect_to_url", "swish_handle_redirect_or_display_qr_code",
    "upi_handle_redirect_or_display_qr_code", "use_stripe_sdk", "verify_with_microdeposits",
    "wechat_pay_display_qr_code", "wechat_pay_redirect_to_android_app", "wechat_pay_redirect_to_ios_app",
]  # fmt: skip
STATES = {
    "requires_payment_method": OutcomeStatus.UNCONFIRMED,
    "requires_confirmation": OutcomeStatus.UNCONFIRMED,
    "requires_capture": OutcomeStatus.UNCONFIRMED,
    "requires_action": OutcomeStatus.REQUIRES_ACTION,
    "processing": OutcomeStatus.PROCESSING,
    "succeeded": OutcomeStatus.SUCCEEDED,
    "canceled": OutcomeStatus.CANCELLED,
    "requires_source_action": OutcomeStatus.REQUIRES_ACTION,
}
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
DETAILS = (
    "next_action", "payment_method", "last_payment_error", "metadata", "latest_charge", "customer", "amount",
    "amount_received", "currency", "charges", "a_field_of_next_year",
)  # fmt: skip


@pytest.mark.parametrize("status", STATES)
@pytest.mark.parametrize("kind", NEXT_ACTIONS)
def test_every_next_action_leaves_the_state_readable(kind: str, status: str) -> None:
    """All 21 kinds in every state: only a page that a browser can open becomes an address."""
    action = {"type": kind, kind: {"url": "https://hooks.stripe.com/x", "qr_code": {"data": "x"}}}

    outcome = outcome_of(recorded("payment_intent", status=status, next_action=action))

    shown = kind == "redirect_to_url" and STATES[status] is OutcomeStatus.REQUIRES_ACTION
    assert outcome.status is STATES[status]
    assert outcome.redirect_url == ("https://hooks.stripe.com/x" if shown else None)


@pytest.mark.parametrize(
    "action",
    [
        None, {}, [], "redirect_to_url", {"type": "redirect_to_url"},
        {"type": "redirect_to_url", "redirect_to_url": None},
        {"type": "redirect_to_url", "redirect_to_url": {"url": None}}, {"redirect_to_url": {"url": 5}},
        {"redirect_to_url": {"url": "javascript:alert(1)"}}, {"redirect_to_url": {"url": ""}}, {"type": "a_new_kind"},
    ],
)  # fmt: skip
def test_a_step_that_cannot_be_shown_is_a_step_without_an_address(action: Any) -> None:
    """Whatever stands there, the payer's turn is the payer's turn."""
    outcome = outcome_of(recorded("payment_intent", status="requires_action", next_action=action))

    assert (outcome.status, outcome.redirect_url) == (OutcomeStatus.REQUIRES_ACTION, None)


@given(st.sampled_from(sorted(STATES)), st.dictionaries(st.sampled_from(DETAILS), junk, max_size=6))
def test_no_detail_costs_a_state(status: str, details: dict[str, Any]) -> None:
    """Any junk in any other field, missing fields included, leaves a state that can be read as it is."""
    outcome = outcome_of({"id": "pi_1", "status": status, **details})

    failed = status == "requires_payment_method" and isinstance(details.get("last_payment_error"), dict)
    declined = failed and bool(details["last_payment_error"])
    assert outcome.status is (OutcomeStatus.FAILED if declined else STATES[status])


@given((st.text(max_size=30) | junk).filter(lambda said: said not in [*STATES, "requires_source"]))
def test_a_state_that_we_do_not_know_is_said_to_be_unreadable(status: Any) -> None:
    """A state that Stripe adds next year, or no state at all, is neither a success nor a failure."""
    assert outcome_of({"id": "pi_1", "status": status}).status is OutcomeStatus.UNREADABLE


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ({"canceled_at": 1741608200}, OutcomeStatus.CANCELLED),
        ({"amount": 1230, "amount_received": 1230}, OutcomeStatus.SUCCEEDED),
        ({"amount": 1230, "amount_received": 1229}, OutcomeStatus.UNREADABLE),
        ({"amount": 1230, "amount_received": 0}, OutcomeStatus.UNREADABLE),
        ({"amount": 0, "amount_received": 0}, OutcomeStatus.UNREADABLE),
        ({"amount": "1230", "amount_received": "1230"}, OutcomeStatus.UNREADABLE),
    ],
)
def test_a_new_state_is_understood_by_what_has_happened(said: dict[str, Any], read: OutcomeStatus) -> None:
    """An intent that was cancelled, or whose money has all come, has ended whatever its state is called."""
    assert outcome_of({"id": "pi_1", "status": "a_new_state", **said}).status is read


def test_an_intent_without_an_id_says_nothing() -> None:
    """What cannot be tied to a payment of ours is no answer."""
    with pytest.raises(OutcomeUnknown):
        outcome_of({"status": "succeeded"})


@pytest.mark.parametrize("brand", ["visa", "cartes_bancaires", "eftpos_au", "a_new_brand", None])
@pytest.mark.parametrize("funding", ["credit", "prepaid", None, "a_new_funding"])
@pytest.mark.parametrize("wallet", [None, {"type": "apple_pay"}, {"type": "a_new_wallet"}, "link"])
def test_a_card_of_any_brand_is_a_card(brand: Any, funding: Any, wallet: Any) -> None:
    """Brands, fundings and wallets are open lists."""
    method = recorded("payment_method")
    method["card"].update(brand=brand, funding=funding, wallet=wallet)

    outcome = outcome_of(recorded("payment_intent", status="succeeded", payment_method=method))

    assert outcome.card is not None
    assert (outcome.card.brand, outcome.card.last_four) == (brand or "unknown", "4242")


@pytest.mark.parametrize("method", ["pm_1", None, {"id": "pm_1", "type": "link", "link": {}}, {"card": {}}, 5, []])
def test_money_that_came_without_a_readable_card_has_come(method: Any) -> None:
    """A payment method that is not expanded, or is none of cards, costs the card and not the success."""
    outcome = outcome_of(recorded("payment_intent", status="succeeded", payment_method=method))

    assert (outcome.status, outcome.card) == (OutcomeStatus.SUCCEEDED, None)


@pytest.mark.parametrize("status", ["pending", "requires_action", None, "a_new_state", "SUCCEEDED", 5])
def test_a_refund_is_under_way_until_it_has_ended(status: Any) -> None:
    """Only `succeeded`, `failed` and `canceled` are ends."""
    refund = refund_of(recorded("refund", status=status))

    assert (refund.succeeded, refund.failure) == (False, None)


@pytest.mark.parametrize(
    ("back", "expected"),
    [
        ("https://p.test", "https://p.test?card_token={CHECKOUT_SESSION_ID}"),
        ("https://p.test/", "https://p.test/?card_token={CHECKOUT_SESSION_ID}"),
        ("https://p.test/?", "https://p.test/?card_token={CHECKOUT_SESSION_ID}"),
        ("https://p.test/pay?a=1&b=%26", "https://p.test/pay?a=1&b=%26&card_token={CHECKOUT_SESSION_ID}"),
        ("https://p.test/pay?a=1&", "https://p.test/pay?a=1&card_token={CHECKOUT_SESSION_ID}"),
        ("https://p.test/#/pay", "https://p.test/?card_token={CHECKOUT_SESSION_ID}#/pay"),
        ("https://p.test/a?x=1#/pay?y=2", "https://p.test/a?x=1&card_token={CHECKOUT_SESSION_ID}#/pay?y=2"),
        ("https://p.test/?card_token=cs_old&a=1", "https://p.test/?a=1&card_token={CHECKOUT_SESSION_ID}"),
        ("https://p.test/?my_card_token=1", "https://p.test/?my_card_token=1&card_token={CHECKOUT_SESSION_ID}"),
    ],
)
def test_the_token_comes_back_in_the_query(back: str, expected: str) -> None:
    """An address with a query, an empty one, a fragment or an earlier token stays an address."""
    assert with_token(back) == expected
