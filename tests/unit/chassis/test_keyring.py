"""Secrets with a successor and a predecessor: all are accepted, one makes, and those that do not fit are refused."""

import pytest
from pydantic import SecretStr

from chassis.keyring import Keyring, keyring
from chassis.settings import ServiceSettings, SettingsError, load_settings
from services.billing.settings import BillingSettings

GIVEN = {"gateway_key": "the-gateway-key-of-now", "service_key": "the-service-key-of-now"}


def test_every_secret_of_a_ring_is_accepted_and_nothing_else() -> None:
    """The present one, the next and the one before; an empty one is none."""
    settings = ServiceSettings(**{**GIVEN, "gateway_key_next": "the-gateway-key-that-follows"})  # pyright: ignore
    ring = keyring(settings, "gateway_key")
    assert ring.texts == ["the-gateway-key-of-now", "the-gateway-key-that-follows"]
    accepted = [ring.accepts(shown) for shown in (*ring.texts, "", "the-gateway-key-of-nobody", "é")]
    assert accepted == [True, True, False, False, False]
    assert not Keyring(SecretStr("a"), (SecretStr("b"),)).accepts("")


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        (
            {"gateway_key_next": "the-gateway-key-of-now"},
            "PORTAL_GATEWAY_KEY_NEXT: This is the same secret as PORTAL_GATEWAY_KEY; set another one, or leave it out.",
        ),
        (
            {"service_key_next": "one-and-the-same-key", "service_key_before": "one-and-the-same-key"},
            "PORTAL_SERVICE_KEY_BEFORE: This is the same secret as PORTAL_SERVICE_KEY_NEXT; set another one, or leave "
            "it out.",
        ),
        ({"service_key_before": "short"}, "PORTAL_SERVICE_KEY_BEFORE: Set at least 16 random characters."),
    ],
)
def test_secrets_that_do_not_fit_are_refused(beside: dict[str, str], said: str) -> None:
    """One that is equal, or too short, is a sentence that names its variable and shows no value."""
    with pytest.raises(SettingsError) as refused:
        load_settings(ServiceSettings, **GIVEN, **beside)
    assert str(refused.value) == f"The settings do not fit each other.\n{said}"


@pytest.mark.parametrize("name", ["billing_secret", "billing_secret_next", "billing_secret_before"])
def test_a_secret_of_links_that_is_too_short_is_a_sentence(name: str) -> None:
    """It is said before anything serves, and not by a traceback later; empty means that there is none."""
    with pytest.raises(SettingsError) as refused:
        load_settings(BillingSettings, **GIVEN, **{name: "short-by-far-0123456789"})
    said = f"PORTAL_{name.upper()}: Set at least 32 random characters, or leave it out."
    assert str(refused.value) == f"The settings are not complete.\n{said}"
    assert load_settings(BillingSettings, **GIVEN, **{name: ""})


def test_a_successor_that_is_published_is_refused() -> None:
    """What is not safe as a secret is not safe as the next one."""
    with pytest.raises(SettingsError, match="PORTAL_GATEWAY_KEY_NEXT: This secret is published"):
        load_settings(
            ServiceSettings,
            **GIVEN,
            portal_url="https://portal.example",
            gateway_key_next="a-gateway-key-for-this-machine",
        )


def test_links_made_from_the_service_key_outlive_it() -> None:
    """Where billing has no secret of its own, links to files follow each of the service's keys."""
    before = BillingSettings(**GIVEN).link_secrets()  # pyright: ignore
    changed = {**GIVEN, "service_key": "the-service-key-to-come", "service_key_before": GIVEN["service_key"]}
    assert BillingSettings(**changed).link_secrets()[1:] == before  # pyright: ignore
