"""What identity's refusals point at."""

from typing import Any

import orjson
import pytest

from services.identity.api import schema
from tests.support.blaming import misplaced
from tests.support.identity.portal import Business, Portal
from tests.support.refusals import NOTE, undeclared
from tests.support.storage import quickest

pytestmark = pytest.mark.parametrize("mongo_url", [quickest()], indirect=True)


async def test_a_refusal_points_at_a_field_of_the_input(portal: Portal, business: Business) -> None:
    """Each field of each mutation made bad in turn: what is blamed is that field of that input, or none."""
    contact = await business.contact("jona@client.example")
    given = {
        "": {
            "id": contact,
            "email": "new@business.example",
            "language": "en",
            "country": "DE",
            "timeZone": "Europe/Berlin",
            "locale": "de-DE",
            "currency": "EUR",
            "website": "https://business.example",
            "password": "a phrase that nobody knows",
            "newPassword": "a phrase that nobody knows",
        },
        "stepUp": {"passkey": {"token": "made up", "credential": "{}"}},
    }

    async def ask(document: str, variables: dict[str, Any]) -> dict[str, Any]:
        return orjson.loads((await portal.answer(document, business.owner, **variables)).body)

    seen, wrong = await misplaced(schema.SCHEMA._schema, ask, given)
    assert wrong == []
    assert undeclared("identity") == [], NOTE
    assert seen > 300


async def test_an_invite_that_is_refused_points_at_its_place(portal: Portal, business: Business) -> None:
    """Each result's refusal names the place of its contact among those that were given."""
    contacts = ["con_" + "0" * 26, "nobody"]
    shown = "results { contactId userError { code field } } userErrors { code }"
    payload = await portal.mutate("inviteContacts", business.owner, shown, contactIds=contacts)
    assert [(one["userError"]["code"], one["userError"]["field"]) for one in payload["results"]] == [
        ("NOT_FOUND", ["contactIds", "0"]),
        ("WRONG_ID_KIND", ["contactIds", "1"]),
    ]
