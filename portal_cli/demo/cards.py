"""A client's card, given to the payment sandbox as the client's browser would."""

import http.client
import json
from urllib.parse import urlencode, urlsplit

from portal_cli.demo.api import Api, DemoFailed
from portal_cli.demo.people import Person

_TIMEOUT = 30.0
_CARD = {"number": "4242424242424242", "expiry": "12/40", "cvv": "123"}
_BILLING = {"line1": "Am Kai 12", "city": "Bremen", "postal_code": "28195", "country": "DE"}


def saved_card(client: Api, person: Person) -> str:
    """Return the client's saved card; there is one afterwards.

    Raises:
        DemoFailed: when the portal or the sandbox refuses it.
    """
    cards = client.ask("{ savedCards { id } }")["savedCards"]
    if not cards:
        token = _card_token(client, person)
        values = {"cardToken": token, "makeDefault": True, "idempotencyKey": f"demo-{token}"}
        cards = client.do("addSavedCard", "savedCards { id }", **values)["savedCards"]
    return cards[0]["id"]


def _card_token(client: Api, person: Person) -> str:
    portal = urlsplit(client.url)
    form: str = client.do("createCardSession", "url", origin=f"{portal.scheme}://{portal.netloc}")["url"]
    typed = urlencode(_CARD | _BILLING | {"name": person.name})
    address = urlsplit(form)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=_TIMEOUT)
    headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
    try:
        connection.request("POST", address.path, typed, headers)
        answer = connection.getresponse()
        given = json.loads(answer.read())
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise DemoFailed(f"the payment sandbox did not answer: {error}") from None
    finally:
        connection.close()
    if answer.status != 200:
        raise DemoFailed(f"the payment sandbox refused the card: {given}")
    return given["token"]
