"""What a test prepares through the API in place of clicking: a business or an invoice that no other test knows."""

from uuid import uuid4

from pyotp.totp import TOTP

from portal_cli.demo.api import Api
from portal_cli.demo.mails import mailed_token
from portal_cli.demo.people import OWNER, Person
from tests.e2e.test_up import Portal


def api(portal: Portal) -> Api:
    """Return the gateway as nobody yet."""
    return Api(f"http://127.0.0.1:{portal.port}/graphql")


def key() -> str:
    """Return an idempotency key of its own."""
    return f"browser-{uuid4()}"


def _new_owner() -> Person:
    """Return somebody who has no business yet."""
    return Person("owner", "Rosa Dahl", f"rosa-{uuid4().hex[:12]}@rosendahl.example")


def _registration(owner: Person) -> dict[str, object]:
    """Return the input of `registerOrganisation`."""
    given = {"name": owner.name, "email": owner.email, "language": "en", "password": owner.password}
    business = {"name": "Rosendahl", "timeZone": "Europe/Berlin", "locale": "en", "currency": "EUR"}
    return {**business, "owner": given, "idempotencyKey": key()}


def confirmed(portal: Portal) -> tuple[Person, Api]:
    """Return the owner of a new business whose address is confirmed, and the API as this owner."""
    owner, anybody = _new_owner(), api(portal)
    anybody.do("registerOrganisation", "organisation { id }", **_registration(owner))
    token = mailed_token(portal.data / "mail", owner.email)
    anybody.do("confirmEmail", "__typename", token=token, currentPassword=owner.password)
    return owner, anybody.log_in(owner)


def colleague_with_app(portal: Portal, owner: Api) -> Person:
    """Return a colleague who logs in with the codes of an app."""
    nora = Person("staff, viewer", "Nora Falk", f"nora-{uuid4().hex[:12]}@rosendahl.example")
    owner.do("inviteStaff", "staffMember { id }", name=nora.name, email=nora.email, role="VIEWER", idempotencyKey=key())
    token = mailed_token(portal.data / "mail", nora.email)
    accepted = api(portal).do(
        "acceptInvite", "session { accessToken }", token=token, password=nora.password, idempotencyKey=key()
    )
    own = Api(owner.url, accepted["session"]["accessToken"])
    secret = own.do("setUpSecondFactor", "generator { secret }")["generator"]["secret"]
    own.do("confirmSecondFactor", "recoveryCodes", code=TOTP(secret).now(), idempotencyKey=key())
    return nora


def sent_invoice(portal: Portal) -> str:
    """Send an invoice to Mary's company, and return its id: nobody but the caller pays it."""
    terms = {"modes": ["CARD"], "partialPaymentsAllowed": False}
    return _sent(portal, "Invoice", "Maple Ridge Inc.", "USD", paymentTerms=terms)


def sent_estimate(portal: Portal) -> str:
    """Send an estimate to Clara's company, and return its id: nobody but the caller answers it."""
    return _sent(portal, "Estimate", "Blue Harbour GmbH", "EUR")


def _sent(portal: Portal, kind: str, company: str, currency: str, **more: object) -> str:
    owner, name = api(portal).log_in(OWNER, organisationId=portal.organisation), kind.lower()
    found = owner.ask("{ customers(first: 100) { nodes { id name } } }")["customers"]["nodes"]
    made: str = owner.do(
        f"create{kind}",
        f"{name} {{ id }}",
        idempotencyKey=key(),
        customerId=next(one["id"] for one in found if one["name"] == company),
        currency=currency,
        subject="Signs for one test",
        lines=[{"description": "Signs", "quantity": "2", "unitPrice": "120.00"}],
        **more,
    )[name]["id"]
    owner.do(f"send{kind}", f"{name} {{ id }}", **{"idempotencyKey": key(), f"{name}Id": made})
    return made
