"""The subgraph's manners: bad input, idempotency, paging, updates."""

import asyncio
import base64
import os
import signal
from typing import Any

import orjson
import pytest
from starlette.applications import Starlette

from chassis.kernel import new_id
from chassis.service_app import service_app
from services.identity.settings import IdentitySettings
from services.identity.worker import run
from tests.support.asgi import ready, request
from tests.support.identity.portal import GATEWAY_KEY, PASSWORD, Business, Portal, make_portal, make_settings
from tests.support.pictures import png as picture
from tests.support.waiting import LIMIT, eventually

CUSTOMER = "customer { id name phone taxId billingAddress { line1 country } } userErrors { code field message }"
CONTACT = "contact { id status email } userErrors { code field message }"
BIG = "x" * 200_000
NOWHERE = {"line1": "A", "city": "B", "country": "XX"}
EMPTY = {"line1": " ", "city": "B", "country": "DE"}


async def error(portal: Portal, name: str, token: str | None, /, **given: Any) -> tuple[str, list[str] | None]:
    """Return code and field of the one refusal of a mutation."""
    payload = await portal.mutate(name, token, "userErrors { code field message }", **given)
    (refusal,) = payload["userErrors"]
    return refusal["code"], refusal["field"]


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"name": ""}, "TEXT_REQUIRED", ["name"]),
        ({"name": BIG}, "TEXT_TOO_LONG", ["name"]),
        ({"name": "a\u0000b"}, "CONTROL_CHARACTERS", ["name"]),
        ({"name": "4242 4242 4242 4242"}, "LOOKS_LIKE_CARD_NUMBER", ["name"]),
        ({"currency": "EURO"}, "UNKNOWN_CURRENCY", ["currency"]),
        ({"currency": BIG}, "UNKNOWN_CURRENCY", ["currency"]),
        ({"currency": "BGN"}, "CURRENCY_ENDED", ["currency"]),
        ({"currency": "HRK"}, "CURRENCY_ENDED", ["currency"]),
        ({"language": "klingon"}, "UNKNOWN_LOCALE", ["language"]),
        ({"language": "root"}, "UNKNOWN_LOCALE", ["language"]),
        ({"email": "nobody"}, "INVALID_EMAIL", ["email"]),
        ({"phone": "call me"}, "INVALID_PHONE", ["phone"]),
        ({"website": "javascript:alert(1)"}, "INVALID_WEBSITE", ["website"]),
        ({"website": "//host.example"}, "INVALID_WEBSITE", ["website"]),
        ({"notes": "pay with 4242/4242/4242/4242"}, "LOOKS_LIKE_CARD_NUMBER", ["notes"]),
        ({"notes": "x\u202ey"}, "CONTROL_CHARACTERS", ["notes"]),
        ({"billingAddress": NOWHERE}, "UNKNOWN_COUNTRY", ["billingAddress", "country"]),
        ({"shippingAddress": EMPTY}, "TEXT_REQUIRED", ["shippingAddress", "line1"]),
        ({"idempotencyKey": "short"}, "INVALID_IDEMPOTENCY_KEY", ["idempotencyKey"]),
    ],
)  # fmt: skip
async def test_bad_details_are_refused_by_name(
    portal: Portal, business: Business, given: dict[str, Any], code: str, field: list[str]
) -> None:
    """Each kind of bad input has its code and its field, changes nothing and echoes nothing."""
    details = {"name": "Krause", "currency": "EUR", **given}
    payload = await portal.mutate("createCustomer", business.owner, CUSTOMER, **details)
    (refusal,) = payload["userErrors"]
    assert (payload["customer"], refusal["code"], refusal["field"]) == (None, code, field)
    assert "4242" not in refusal["message"]
    assert len(refusal["message"]) < 200
    listed = await portal.data("{ customers { nodes { id } } }", business.owner)
    assert listed["customers"]["nodes"] == []


async def test_numbers_and_addresses_are_kept_as_people_know_them(portal: Portal, business: Business) -> None:
    """Tax and register numbers that look like cards, a phone with an extension, a bare web address, a state."""
    given = {
        "taxId": "4030118053878",
        "registrationNumber": "38000000000014",
        "phone": "+51 1 1234567 Anexo 123",
        "website": "www.example-boutique.example",
        "billingAddress": {
            "line1": "12 Mill Road",
            "line2": "BE",
            "city": "Springfield",
            "region": "MA",
            "postalCode": "01101",
            "country": "us",
        },
    }
    details = {"name": "Null", "currency": "USD", **given}
    fields = "customer { taxId registrationNumber phone website billingAddress { line2 region country } }"
    kept = (await portal.mutate("createCustomer", business.owner, fields, **details))["customer"]
    expected = {**given, "website": "https://www.example-boutique.example"}
    expected["billingAddress"] = {"line2": "BE", "region": "MA", "country": "US"}
    assert kept == expected


async def test_ids_are_checked(portal: Portal, business: Business) -> None:
    """Unknown ids do not exist, ids of another kind are named, and nonsense is neither."""
    unknown, wrong = new_id("con"), new_id("inv")
    for name in ("updateContact", "disableContact", "enableContact", "resendInvite", "revokeInvite"):
        assert (await error(portal, name, business.owner, id=unknown))[0] == "NOT_FOUND"
        assert (await error(portal, name, business.owner, id=wrong))[0] == "WRONG_ID_KIND"
    for bad in ("", "con_", "con_" + "u" * 26, "con_$ne", BIG, '{"$gt": ""}', "con_" + "0" * 26 + "\n"):
        assert (await error(portal, "disableContact", business.owner, id=bad))[0] == "WRONG_ID_KIND"
    for query in ("customer", "contact", "staffMember"):
        assert await portal.codes(f'{{ {query}(id: "x") {{ id }} }}', business.owner) == ["WRONG_ID_KIND"]


async def test_steps_out_of_turn_are_refused(portal: Portal, business: Business) -> None:
    """States that do not allow a step say so and stay as they are."""
    contact = await business.contact("jona@krause.example")
    steps = (
        ("resendInvite", "NOT_INVITED"),
        ("revokeInvite", "NOT_INVITED"),
        ("disableContact", "NO_ACCESS_TO_DISABLE"),
        ("enableContact", "NOT_DISABLED"),
    )
    for name, code in steps:
        assert (await error(portal, name, business.owner, id=contact))[0] == code
    settings = {"name": "P", "slug": "other-slug"}
    assert (await error(portal, "enablePortal", business.owner, **settings))[0] == "PORTAL_ALREADY_ENABLED"
    await portal.mutate("disablePortal", business.owner, "userErrors { code }")
    assert (await error(portal, "updatePortalSettings", business.owner, name="X"))[0] == "PORTAL_NOT_ENABLED"
    assert (await error(portal, "inviteContacts", business.owner, contactIds=[contact]))[0] == "PORTAL_NOT_ENABLED"


@pytest.mark.parametrize("token", ["", "x", BIG, "\u0000", "../..", "a.b.c", "💥", '{"$ne": null}'])
async def test_nonsense_links_and_refresh_tokens_are_refused(portal: Portal, token: str) -> None:
    """Whatever is no token of ours opens nothing and breaks nothing."""
    password = "violet-teapot-42"
    assert (await error(portal, "acceptInvite", None, token=token, password=password))[0] == "LINK_NOT_VALID"
    assert (await error(portal, "resetPassword", None, token=token, newPassword=password))[0] == "LINK_NOT_VALID"
    assert (await error(portal, "refreshSession", None, refreshToken=token))[0] == "SESSION_ENDED"
    await portal.mutate("logOut", None, "done", refreshToken=token)
    preview = await portal.data("query($t: String!) { previewInvite(token: $t) { state name } }", t=token)
    assert preview["previewInvite"] == {"state": "GONE", "name": None}


@pytest.mark.parametrize(
    "text", ["", "x", BIG, "\u0000", "a@b", "💥@x.example", '{"$ne": null}', "a@b.example\r\nbcc: c"]
)
async def test_nonsense_log_ins_are_refused_like_all_others(portal: Portal, business: Business, text: str) -> None:
    """No e-mail, password, slug or organisation makes log-in or reset fail in another way."""
    for given in (
        {"email": text, "password": "x"},
        {"email": "ada@nordlicht.example", "password": text},
        {"email": "ada@nordlicht.example", "password": "x", "portal": text},
        {"email": "ada@nordlicht.example", "password": "x", "organisationId": text},
    ):
        assert (await error(portal, "logIn", None, **given))[0] == "LOG_IN_REFUSED"
    for given in ({"email": text}, {"email": "a@b.example", "portal": text}):
        assert (await portal.mutate("requestPasswordReset", None, "done", **given))["done"] is True
    assert (await portal.data("query($s: String!) { portal(slug: $s) { name } }", s=text))["portal"] is None


async def test_the_same_key_gives_the_same_answer(portal: Portal, business: Business) -> None:
    """Twenty requests with one key enter one customer; another input with that key is refused."""
    given = {"name": "Krause", "currency": "EUR", "idempotencyKey": "the-same-key-1"}
    tries = [portal.mutate("createCustomer", business.owner, CUSTOMER, **given) for _ in range(20)]
    payloads = await asyncio.gather(*tries)
    ids = {payload["customer"]["id"] for payload in payloads if payload["customer"]}
    codes = {refusal["code"] for payload in payloads for refusal in payload["userErrors"]}
    assert len(ids) == 1
    assert codes <= {"IDEMPOTENCY_KEY_IN_FLIGHT"}
    again = await portal.mutate("createCustomer", business.owner, CUSTOMER, **given)
    assert again["customer"]["id"] in ids
    other = {**given, "name": "Other"}
    assert (await error(portal, "createCustomer", business.owner, **other))[0] == "IDEMPOTENCY_KEY_REUSED"
    listed = await portal.data("{ customers { nodes { id } } }", business.owner)
    assert len(listed["customers"]["nodes"]) == 1


async def test_a_repeated_registration_makes_one_organisation(portal: Portal) -> None:
    """The same key logs the same owner in again; other details, or another password, are refused."""
    owner = {"name": "Ada", "email": "ada@twice.example", "password": PASSWORD}
    given = {"name": "Twice", "timeZone": "Europe/Berlin", "locale": "de-DE", "currency": "EUR", "owner": owner}
    shown = "organisation { id } session { accessToken } userErrors { code field message }"
    again = {**given, "idempotencyKey": "register-1"}

    payloads = [await portal.mutate("registerOrganisation", None, shown, **again) for _ in range(2)]
    other = await portal.mutate("registerOrganisation", None, shown, **{**again, "name": "Other"})
    guess = await portal.mutate(
        "registerOrganisation", None, shown, **{**again, "owner": {**owner, "password": "violet-teapot-43"}}
    )
    anew = await portal.mutate("registerOrganisation", None, shown, **given)

    assert payloads[0]["organisation"] == payloads[1]["organisation"]
    assert await portal.data("{ me { id } }", payloads[1]["session"]["accessToken"])
    assert [one["code"] for one in other["userErrors"]] == ["IDEMPOTENCY_KEY_REUSED"]
    assert [one["code"] for one in guess["userErrors"]] == ["LOG_IN_REFUSED"]
    assert guess["session"] is None
    assert anew["organisation"] != payloads[0]["organisation"]


async def test_updates_change_what_was_given_and_nothing_else(portal: Portal, business: Business) -> None:
    """What is left out stays, null empties what may be empty, and addresses are replaced whole."""
    address = {"line1": "A 1", "city": "B", "country": "de"}
    customer = await business.customer(phone="123 456", taxId="DE1", billingAddress=address)
    changed = await portal.mutate("updateCustomer", business.owner, CUSTOMER, id=customer, phone=None, name=None)
    assert changed["customer"] == {
        "id": customer,
        "name": "Krause OHG",
        "phone": None,
        "taxId": "DE1",
        "billingAddress": {"line1": "A 1", "country": "DE"},
    }
    await portal.settle()
    (event,) = portal.events("identity.customer_updated.v1")
    assert (event.data["phone"], event.data["taxId"]) == (None, "DE1")


async def test_a_logo_is_shown_to_everybody(portal: Portal, business: Business) -> None:
    """The public portal shows name, banner and logo; a file that is no picture is refused."""
    png = base64.b64encode(picture(200, 150)).decode()
    await portal.mutate("updatePortalSettings", business.owner, "userErrors { code }", logo=png, bannerMessage="Hi")
    shown = (await portal.data('{ portal(slug: "nordlicht") { name bannerMessage logo organisationName } }'))["portal"]
    assert (shown["bannerMessage"], shown["organisationName"]) == ("Hi", "Nordlicht")
    assert shown["logo"] == f"data:image/png;base64,{png}"
    svg = base64.b64encode(b"<svg onload='alert(1)'/>").decode()
    assert await error(portal, "updatePortalSettings", business.owner, logo=svg) == ("INVALID_LOGO", ["logo"])


async def test_several_invites_have_a_result_each(portal: Portal, business: Business) -> None:
    """S4: the payload says of each contact whether it was invited, and a repeated request says the same."""
    customer = await business.customer()
    good = [await business.contact(f"c{number}@krause.example", customer) for number in range(3)]
    given = {"contactIds": [*good, new_id("con"), "nonsense"], "idempotencyKey": "invite-several-1"}
    shown = "results { contactId contact { status } userError { code field } } userErrors { code }"
    first = await portal.mutate("inviteContacts", business.owner, shown, **given)
    again = await portal.mutate("inviteContacts", business.owner, shown, **given)
    assert first == again
    assert [result["contact"] for result in first["results"]] == [{"status": "INVITED"}] * 3 + [None] * 2
    codes = [result["userError"] and result["userError"]["code"] for result in first["results"]]
    assert codes == [None, None, None, "NOT_FOUND", "WRONG_ID_KIND"]
    await portal.settle()
    assert [len(portal.mailbox.to(f"c{number}@krause.example")) for number in range(3)] == [1, 1, 1]


async def test_lists_are_pages(portal: Portal, business: Business) -> None:
    """Cursors lead through a list once; wrong ones and greedy pages are refused."""
    for number in range(5):
        await business.customer(f"Customer {number}")
    document = """query($after: String, $first: Int!, $search: String) {
      customers(first: $first, after: $after, filter: { search: $search }, sort: NEWEST) {
        edges { cursor node { name } } pageInfo { hasNextPage endCursor } } }"""
    seen, after = [], None
    while True:
        page = (await portal.data(document, business.owner, first=2, after=after))["customers"]
        seen += [edge["node"]["name"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert sorted(seen) == [f"Customer {number}" for number in range(5)]
    found = (await portal.data(document, business.owner, first=5, search="ER 3"))["customers"]["edges"]
    assert [edge["node"]["name"] for edge in found] == ["Customer 3"]
    for first, cursor in ((0, None), (101, None), (-1, None), (2, "nonsense"), (2, " "), (2, "W10")):
        assert await portal.codes(document, business.owner, first=first, after=cursor) == ["INVALID_PAGE"]
    first, again = [await portal.data(document, business.owner, first=2, after=cursor) for cursor in (None, "")]
    assert first == again


async def test_people_and_companies_are_sorted_and_filtered_as_documents_are(
    portal: Portal, business: Business
) -> None:
    """`orderBy` and `filter` as in billing's lists; the former arguments say the same alone, and are refused beside."""
    for name in ("Beta", "alpha", "Gamma"):
        await business.customer(name)
        portal.clock.advance(seconds=1)

    async def names(given: str) -> list[str]:
        page = (await portal.data(f"{{ customers({given}) {{ nodes {{ name }} }} }}", business.owner))["customers"]
        return [node["name"] for node in page["nodes"]]

    assert await names("orderBy: {}") == await names("sort: NAME") == ["alpha", "Beta", "Gamma"]
    assert await names("orderBy: { direction: DESC }") == ["Gamma", "Beta", "alpha"]
    assert await names("orderBy: { field: CREATED }") == await names("sort: OLDEST") == ["Beta", "alpha", "Gamma"]
    newest = await names("orderBy: { field: CREATED, direction: DESC }")
    assert newest == await names("sort: NEWEST") == ["Gamma", "alpha", "Beta"]
    for listed in ("customers", "contacts", "staffMembers"):
        both = f"{{ {listed}(orderBy: {{}}, sort: NAME) {{ nodes {{ id }} }} }}"
        assert await portal.codes(both, business.owner) == ["GIVEN_TWICE"]
    twice = "{ contacts(filter: { status: INVITED, statuses: [INVITED] }) { nodes { id } } }"
    assert await portal.codes(twice, business.owner) == ["GIVEN_TWICE"]


async def test_contacts_of_several_statuses(portal: Portal, business: Business) -> None:
    """`statuses` finds people of any of them; `status`, which it replaces, those of one."""
    await business.contact("fresh@client.example")
    invited = await business.contact("invited@client.example")
    await portal.mutate("inviteContacts", business.owner, "userErrors { code }", contactIds=[invited])

    async def found(given: str) -> list[str]:
        question = f"{{ contacts(filter: {{ {given} }}) {{ nodes {{ status }} }} }}"
        return sorted(node["status"] for node in (await portal.data(question, business.owner))["contacts"]["nodes"])

    assert await found("statuses: [INVITED, NOT_INVITED]") == await found("statuses: []") == ["INVITED", "NOT_INVITED"]
    assert await found("statuses: [INVITED]") == await found("status: INVITED") == ["INVITED"]
    assert await found("statuses: [EXPIRED, ACCEPTED]") == []


async def test_nobody_in_particular_may_do_nothing_in_particular(portal: Portal, business: Business) -> None:
    """Without a token, everything that needs one is UNAUTHENTICATED."""
    for document in (
        "{ me { id } }",
        "{ organisation { id } }",
        "{ customers { nodes { id } } }",
        "mutation { logOutEverywhere { done } }",
        'mutation { updateMyAccount(input: { name: "x", idempotencyKey: "key-12345" }) { userErrors { code } } }',
    ):
        assert await portal.codes(document) == ["UNAUTHENTICATED"]


async def test_one_process_runs_web_and_worker(mongo_url: str, database_name: str) -> None:
    """With `run_worker` the web process relays and mails by itself, and readiness follows the database."""
    settings: IdentitySettings = make_settings(mongo_url, database_name, run_worker=True)
    portal = make_portal(settings)
    app: Starlette = service_app("identity", portal.service, settings)
    async with app.router.lifespan_context(app):
        assert (await ready(app)).status == 200
        business = await portal.register("nordlicht")
        await portal.mutate(
            "inviteStaff", business.owner, "userErrors { code }", name="G", email="g@nordlicht.example", role="VIEWER"
        )
        await eventually(lambda: portal.mailbox.to("g@nordlicht.example"), "the mail")
        headers = {"x-portal-gateway-key": GATEWAY_KEY, "content-type": "application/json"}
        body = orjson.dumps({"query": '{ portal(slug: "nordlicht") { name } }'})
        answer = await request(app, "/graphql", method="POST", headers=headers, body=body)
        assert orjson.loads(answer.body)["data"]["portal"] == {"name": "nordlicht Portal"}


async def test_the_worker_stops_on_sigterm(mongo_url: str, database_name: str) -> None:
    """The worker process ends by itself when the system asks it to."""
    loop, before = asyncio.get_running_loop(), signal.getsignal(signal.SIGTERM)
    working = asyncio.create_task(run(make_settings(mongo_url, database_name)))
    try:
        await eventually(lambda: signal.getsignal(signal.SIGTERM) != before, "the worker's handler")
        os.kill(os.getpid(), signal.SIGTERM)
        async with asyncio.timeout(LIMIT):
            await working
    finally:
        for one in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(one)
