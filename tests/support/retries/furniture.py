"""What stands in the world in the beginning, made by real requests: something for every mutation to do."""

from datetime import timedelta
from typing import Any

from pyotp.totp import TOTP

from chassis.kernel import Principal, Role
from services.identity.application.ports import Link, LinkKind
from tests.support.identity.authenticator import Authenticator, encoded
from tests.support.identity.portal import SESSION
from tests.support.identity.world import PASSWORD
from tests.support.late import Business
from tests.support.retries.world import Scene, contact_principal
from tests.support.subgraph import Subgraph

ADDED = "contact { id } userErrors { code }"
EURO = {"amount": "10.00", "currency": "EUR"}


async def people(made: Scene) -> None:
    """Staff and contacts in every state, links that wait to be used, and a second organisation."""
    portal, business, names = made.held.identity, made.business, made.names
    owner = business.token
    settings = {"clientsMayEdit": True, "forwardingAllowed": True}
    await business.change("updatePortalSettings", **settings)
    shown = "organisation { portal { slug } }"
    renamed = await portal.mutate("updatePortalSettings", owner, shown, name="The portal")
    names["slug"] = renamed["organisation"]["portal"]["slug"]
    names["org"], names["customer"] = business.owner.organisation_id, business.customer
    names["company"] = await business.new_customer()
    made.people |= {"owner": business.owner, "owner's token": owner}
    for state in ("accepted", "disabled", "invited"):
        given = {"name": f"Staff {state}", "email": f"{state}@staff.example", "role": "ACCOUNTANT"}
        names[f"staff {state}"] = (await portal.mutate("inviteStaff", owner, "staffMember { id }", **given))[
            "staffMember"
        ]["id"]
        await portal.settle()
        if state != "invited":
            await _accept(made, f"{state}@staff.example")
    await portal.mutate("deactivateStaff", owner, "userErrors { code }", id=names["staff disabled"])
    for state in ("fresh", "also fresh", "invited", "accepted", "disabled", "forgetful", "guarded", "beginner"):
        given = {
            "customerId": names["customer"],
            "name": f"Contact {state}",
            "email": f"{state.replace(' ', '.')}@client.example",
        }
        names[f"contact {state}"] = (await portal.mutate("addContact", owner, ADDED, **given))["contact"]["id"]
        if "fresh" not in state:
            await portal.mutate("inviteContacts", owner, "userErrors { code }", contactIds=[names[f"contact {state}"]])
            await portal.settle()
        if state not in {"fresh", "also fresh", "invited"}:
            session = await _accept(made, given["email"])
            made.people[f"{state}'s token"] = session["accessToken"]
            names[f"{state}'s refresh token"] = session["refreshToken"]
    elsewhere = (await portal.log_in("accepted@client.example", PASSWORD, names["slug"]))["session"]["accessToken"]
    sessions = (await portal.data("{ mySessions { id isCurrent } }", elsewhere))["mySessions"]
    names["accepted's other session"] = next(one["id"] for one in sessions if one["isCurrent"])
    await portal.mutate("disableContact", owner, "userErrors { code }", id=names["contact disabled"])
    await _second_factors(made)
    await _passkeys(made)
    names["invite token"] = portal.link_token("invited@client.example")
    given = {"email": "forgetful@client.example", "portal": names["slug"]}
    await portal.mutate("requestPasswordReset", None, "userErrors { code }", **given)
    await portal.settle()
    names["reset token"] = portal.link_token("forgetful@client.example")
    client = contact_principal(names["contact accepted"], names["org"], names["customer"])
    made.people["client"] = business.contact = client
    details = {"name": "Elsewhere", "timeZone": "Europe/Berlin", "locale": "de-DE", "currency": "EUR"}
    other = {"name": "Eve", "email": "eve@elsewhere.example", "language": "de", "password": PASSWORD}
    registered = await portal.mutate(
        "registerOrganisation", None, f"organisation {{ id }} {SESSION}", owner=other, **details
    )
    made.people["other owner's token"] = registered["session"]["accessToken"]
    owner_id = registered["session"]["person"]["id"]
    link = Link(LinkKind.EMAIL_PROOF, registered["organisation"]["id"], owner_id, 1)
    names["proof token"] = portal.service.ports.links.issue(link)
    await made.held.hear()


async def _second_factors(made: Scene) -> None:
    """One contact has a second factor and is half-way in, another one is about to have one."""
    portal, names = made.held.identity, made.names
    guarded, beginner = await _begin(made, "guarded"), await _begin(made, "beginner")
    given = {"code": guarded.at(portal.clock.now()), "idempotencyKey": "furniture-1"}
    done = await portal.mutate("confirmSecondFactor", names["guarded's token"], "userErrors { code }", **given)
    assert done["userErrors"] == []
    portal.clock.advance(seconds=30)
    names["code"], names["beginner's code"] = (one.at(portal.clock.now()) for one in (guarded, beginner))
    document = "mutation($input: LogInInput!) { logIn(input: $input) { challenge { token } } }"
    log_in = {"email": "guarded@client.example", "password": PASSWORD, "portal": names["slug"]}
    names["challenge"] = (await portal.data(document, input=log_in))["logIn"]["challenge"]["token"]


async def _passkeys(made: Scene) -> None:
    """Who has a second factor has a passkey as well, and is about to show it; another one is about to add one."""
    portal, names, device = made.held.identity, made.names, Authenticator()
    attempt = "attempt { token options }"
    guarded, accepted = names["guarded's token"], str(made.people["accepted's token"])
    given = await portal.mutate("beginPasskey", guarded, attempt)
    added = {"token": given["attempt"]["token"], "credential": device.create(given["attempt"]["options"])}
    await portal.mutate("addPasskey", guarded, "userErrors { code }", name="Old", **added)
    asked = (await portal.mutate("beginPasskeyLogIn", None, attempt))["attempt"]
    other = (await portal.mutate("beginPasskey", accepted, attempt))["attempt"]
    names |= {"passkey": encoded(device.id), "passkey asked": asked["token"], "passkey token": other["token"]}
    names["passkey shown again"] = device.get(asked["options"])
    names |= {"passkey shown": device.get(asked["options"]), "passkey made": Authenticator().create(other["options"])}


async def _begin(made: Scene, state: str) -> TOTP:
    portal, token = made.held.identity, str(made.people[f"{state}'s token"])
    document = "mutation { setUpSecondFactor(input: {}) { generator { secret } } }"
    made.names[f"{state}'s token"] = token
    return TOTP((await portal.data(document, token))["setUpSecondFactor"]["generator"]["secret"])


async def _accept(made: Scene, email: str) -> Any:
    portal = made.held.identity
    token = portal.link_token(email)
    return (await portal.mutate("acceptInvite", None, SESSION, token=token, password=PASSWORD))["session"]


async def documents(made: Scene) -> None:
    """Estimates and invoices in every state."""
    business, names = made.business, made.names
    today = made.held.identity.clock.time.date()
    soon = {"expiresOn": (today + timedelta(days=20)).isoformat()}
    names["soon"] = (today + timedelta(days=14)).isoformat()
    names["today"] = today.isoformat()
    names["draft estimate"] = await business.draft("estimate", **soon)
    names["sent estimate"] = await business.sent("estimate", **soon)
    for state, mutation, more in (
        ("accepted", "acceptEstimate", {}), ("declined", "declineEstimate", {"reason": "Too dear"}),
    ):  # fmt: skip
        names[f"{state} estimate"] = await business.sent("estimate", **soon)
        given = {"estimateId": names[f"{state} estimate"], "revision": 1, **more}
        assert await business.do("billing", mutation, "estimate { id }", business.contact, **given)
    terms = {"paymentTerms": {"modes": ["CARD", "BANK_TRANSFER"], "dueOn": names["soon"]}}
    names["draft invoice"] = await business.draft("invoice", **terms)
    for name in ("sent invoice", "paid invoice", "waiting invoice"):
        names[name] = await business.sent("invoice", **terms)
    await made.held.hear()


async def reminders(made: Scene) -> None:
    """A reminder policy of the client company."""
    business, show = made.business, "reminderPolicy { isOwn }"
    policy: dict[str, Any] = {"customerId": made.names["customer"], "daysBefore": [1]}
    done = await business.do("billing", "setReminderPolicy", show, business.owner, **policy)
    assert isinstance(done, dict), done


async def money(made: Scene) -> None:
    """Payments that went through and that wait for their payer, and saved cards."""
    names = made.names
    for invoice, payment, card in (
        ("paid invoice", "payment", "tok_ok_000001"), ("waiting invoice", "waiting payment", "tok_challenge_1"),
    ):  # fmt: skip
        paid = await _do(made.business, "payInvoice", "payment { id }", invoiceId=names[invoice], cardToken=card)
        names[payment] = paid["payment"]["id"]
    for name, card in (("card", "tok_ok_000011"), ("other card", "tok_ok_000012")):
        kept = await _do(made.business, "addSavedCard", "savedCard { id }", cardToken=card)
        names[name] = kept["savedCard"]["id"]


async def news(made: Scene) -> None:
    """Entries in the owner's feed."""
    for text in ("First", "Second", "Third"):
        given = {"documentId": made.names["sent invoice"], "text": text}
        done = await made.business.do("collaboration", "addComment", "comment { id }", made.business.contact, **given)
        assert isinstance(done, dict), done
    await made.held.hear()
    owner: Principal = made.business.owner
    subgraph: Subgraph = made.held.services["notifications"].subgraph
    found = await subgraph.data("{ notifications { nodes { id } } }", owner)
    made.names["notification"], made.names["other notification"] = (
        one["id"] for one in found["notifications"]["nodes"][:2]
    )
    assert owner.role is Role.OWNER


async def _do(business: Business, mutation: str, show: str, **given: Any) -> Any:
    done = await business.do("billing", mutation, show, business.contact, **given)
    assert isinstance(done, dict), done
    return done
