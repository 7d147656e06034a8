"""Promise 22 in identity: every query, mutation and entity look-up, asked by everybody who must not see the answer."""

from dataclasses import dataclass
from typing import Any

import orjson
import pytest
from graphql import GraphQLObjectType
from starlette.applications import Starlette

from chassis.web import SERVICE_KEY_HEADER
from services.identity.api.schema import SCHEMA
from tests.support.asgi import request
from tests.support.identity.portal import SERVICE_KEY, Business, Portal
from tests.support.identity.world import PASSWORD

CANARY = "Zebrafink"


@dataclass
class Scene:
    """Our organisation with its secrets, and the tokens of those who must not learn them."""

    portal: Portal
    ids: dict[str, str]
    outsiders: dict[str, str | None]


@pytest.fixture
async def scene(portal: Portal, business: Business) -> Scene:
    """Everything of ours is called by the canary's name."""
    ours = await business.customer(f"{CANARY} GmbH", notes=f"{CANARY} note", email=f"{CANARY}@x.example")
    contact = await business.contact(f"{CANARY}@krause.example", ours, f"{CANARY} Person")
    shown = "staffMember { id } userErrors { code }"
    given = {"name": f"{CANARY} Staff", "email": f"{CANARY}@nordlicht.example", "role": "VIEWER"}
    staff = (await portal.mutate("inviteStaff", business.owner, shown, **given))["staffMember"]["id"]
    await portal.mutate("updateOrganisation", business.owner, "userErrors { code }", name=f"{CANARY} Inc")
    session = (await portal.data("{ mySessions { id } }", business.owner))["mySessions"][0]["id"]
    other_business = await portal.register("suedwind")
    other_client = await business.client("other@client.example", await business.customer("Other client"))
    disabled = await business.client("disabled@client.example", ours)
    await portal.mutate("disableContact", business.owner, "userErrors { code }", id=disabled["person"]["id"])
    await portal.settle()
    return Scene(
        portal,
        {"customer": ours, "contact": contact, "staff": staff, "organisation": business.id, "session": session},
        {
            "another organisation": other_business.owner,
            "another client": other_client["accessToken"],
            "a disabled contact": disabled["accessToken"],
            "nobody": None,
        },
    )


QUERIES = {
    "me": "me { id name }",
    "mySessions": "mySessions { id device }",
    "mySecondFactor": "mySecondFactor { isOn }",
    "organisation": "organisation { id name }",
    "portal": 'portal(slug: "nordlicht-x") { name organisationName }',
    "previewInvite": 'previewInvite(token: "x") { name email }',
    "customer": 'customer(id: "{customer}") {{ id name notes contacts {{ nodes {{ name }} }} }}',
    "customers": "customers { nodes { id name } }",
    "contact": 'contact(id: "{contact}") {{ id name email }}',
    "personalData": 'personalData(contactId: "{contact}") {{ id identity {{ items {{ data }} }} }}',
    "contacts": 'contacts(filter: { customerId: "CUSTOMER" }) { nodes { id name email } }',
    "staffMember": 'staffMember(id: "{staff}") {{ id name email }}',
    "staffMembers": "staffMembers { nodes { id name } }",
}

NOBODYS = {
    "registerOrganisation", "acceptInvite", "logIn", "refreshSession", "logOut", "requestPasswordReset",
    "resetPassword", "confirmEmail", "beginPasskey", "addPasskey", "beginPasskeyLogIn", "logInWithPasskey",
    "completeLogIn", "setUpSecondFactor", "confirmSecondFactor",
}  # fmt: skip
ONES_OWN = {
    "updateMyAccount", "changePassword", "logOutEverywhere", "endOtherSessions", "updateMyCompany",
    "updateOrganisation", "enablePortal", "updatePortalSettings", "disablePortal", "createCustomer", "inviteStaff",
    "renamePasskey", "removePasskey", "beginPasskeyStepUp", "resendConfirmation",
    "stepUp", "renewRecoveryCodes", "removeSecondFactor", "updateLogInPolicy",
}  # fmt: skip
MUTATIONS: dict[str, dict[str, Any]] = {
    "resetSecondFactor": {"id": "contact"},
    "endSession": {"sessionId": "session"},
    "updateCustomer": {"id": "customer", "name": "Mine"},
    "addContact": {"customerId": "customer", "name": "Mine", "email": "mine@x.example"},
    "updateContact": {"id": "contact", "name": "Mine"},
    "disableContact": {"id": "contact"},
    "eraseContact": {"id": "contact"},
    "enableContact": {"id": "contact"},
    "inviteContacts": {"contactIds": ["contact"]},
    "resendInvite": {"id": "contact"},
    "revokeInvite": {"id": "contact"},
    "updateStaff": {"id": "staff", "name": "Mine"},
    "deactivateStaff": {"id": "staff"},
    "reactivateStaff": {"id": "staff"},
}


def fields_of(root: str) -> set[str]:
    kind = SCHEMA._schema.type_map[root]
    assert isinstance(kind, GraphQLObjectType)
    return {name for name in kind.fields if not name.startswith("_")}


def test_every_operation_has_a_row() -> None:
    """A new query or mutation without a row here fails."""
    assert fields_of("Query") == set(QUERIES)
    assert fields_of("Mutation") == set(MUTATIONS) | NOBODYS | ONES_OWN


async def test_no_query_shows_anything_to_outsiders(scene: Scene) -> None:
    """Every query by every outsider, and nothing of ours in any answer."""
    leaks, asked = [], 0
    for name, query in QUERIES.items():
        text = query.format(**scene.ids) if "{{" in query else query.replace("CUSTOMER", scene.ids["customer"])
        for who, token in scene.outsiders.items():
            if who == "another client" and name == "organisation":
                continue
            answer = await scene.portal.answer(f"{{ {text} }}", token)
            asked += 1
            if CANARY.lower() in answer.text.lower() or answer.status != 200:
                leaks.append((name, who, answer.text))
    print(f"promise 22: {asked} queries, {len(leaks)} leaks")
    assert leaks == []


async def test_no_mutation_touches_what_belongs_to_others(scene: Scene) -> None:
    """Every mutation with an id, by every outsider: refused, and the thing is as it was."""
    database, asked = scene.portal.service.database, 0
    names = ("customers", "contacts", "staff", "sessions")
    before = [await database[name].find({}, {"outbox": 0, "relay_lease": 0, "relay_by": 0}).to_list() for name in names]
    for name, given in MUTATIONS.items():
        shown = "results { contact { id } userError { code } } userErrors { code }"
        key_taken = name != "endSession"
        shown = shown if name == "inviteContacts" else "userErrors { code }"
        filled = {key: scene.ids.get(value, value) if isinstance(value, str) else [scene.ids[v] for v in value]
                  for key, value in given.items()}  # fmt: skip
        for who, token in scene.outsiders.items():
            kind = name[0].upper() + name[1:]
            document = f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ {shown} }} }}"
            key = {"idempotencyKey": f"tenant-key-{name}-{who.replace(' ', '-')}"} if key_taken else {}
            body = orjson.loads((await scene.portal.answer(document, token, input={**filled, **key})).body)
            payload = (body.get("data") or {}).get(name)
            refused = body.get("errors") or payload["userErrors"] or payload["results"][0]["userError"]
            assert refused, (name, who, body)
            asked += 1
    after = [await database[name].find({}, {"outbox": 0, "relay_lease": 0, "relay_by": 0}).to_list() for name in names]
    print(f"promise 22: {asked} mutations refused")
    assert after == before


async def test_entities_of_others_are_null(scene: Scene) -> None:
    """A representation of what belongs to others resolves to null, like one that does not exist."""
    kinds = {
        "Customer": ("customer", "name notes"),
        "Contact": ("contact", "name email"),
        "StaffMember": ("staff", "name email"),
        "Organisation": ("organisation", "name"),
    }
    for kind, (key, shown) in kinds.items():
        document = f"query($r: [_Any!]!) {{ _entities(representations: $r) {{ ... on {kind} {{ {shown} }} }} }}"
        for who, token in scene.outsiders.items():
            if who == "another client" and kind in {"StaffMember", "Organisation"}:
                continue
            unknown = scene.ids[key][:-4] + "0000"
            representations = [{"__typename": kind, "id": one} for one in (scene.ids[key], unknown)]
            body = orjson.loads((await scene.portal.answer(document, token, r=representations)).body)
            entities = (body.get("data") or {}).get("_entities") or [None, None]
            assert entities == [None, None], (kind, who, body)


async def test_clients_see_names_of_staff_and_no_more(scene: Scene) -> None:
    """A client of the organisation reads who replied, never addresses, roles or notes."""
    document = (
        "query($r: [_Any!]!) { _entities(representations: $r) {"
        " ... on StaffMember { name email phone role status language } } }"
    )
    representations = [{"__typename": "StaffMember", "id": scene.ids["staff"]}]
    data = await scene.portal.data(document, scene.outsiders["another client"], r=representations)
    (seen,) = data["_entities"]
    assert seen.pop("name") == f"{CANARY} Staff"
    assert set(seen.values()) == {None}


async def test_a_client_sees_its_own_company_without_the_notes(portal: Portal, business: Business) -> None:
    """Its colleagues and details, never what staff wrote about it."""
    customer = await business.customer(notes="pays late")
    session = await business.client("jona@krause.example", customer)
    document = f'{{ customer(id: "{customer}") {{ name notes contacts {{ nodes {{ name inviteExpiresAt }} }} }} }}'
    seen = (await portal.data(document, session["accessToken"]))["customer"]
    assert (seen["name"], seen["notes"], len(seen["contacts"]["nodes"])) == ("Krause OHG", None, 1)
    contacts = (await portal.data("{ contacts { nodes { name } } }", session["accessToken"]))["contacts"]["nodes"]
    assert len(contacts) == 1


async def test_entities_come_in_order_and_one_bad_one_spoils_none(portal: Portal, business: Business) -> None:
    """Promise: batches keep their order; unknown types and broken representations fail alone."""
    ids = [await business.customer(f"Customer {number}") for number in range(5)]
    representations = [{"__typename": "Customer", "id": one} for one in [*ids, *reversed(ids)]]
    representations[2:2] = [{"__typename": "Nonsense", "id": "x"}, {"__typename": "Customer"}]
    document = "query($r: [_Any!]!) { _entities(representations: $r) { ... on Customer { name } } }"
    body = orjson.loads((await portal.answer(document, business.owner, r=representations)).body)
    names = [entity and entity["name"] for entity in body["data"]["_entities"]]
    numbers = [0, 1, None, None, 2, 3, 4, 4, 3, 2, 1, 0]
    assert names == [None if number is None else f"Customer {number}" for number in numbers]


async def test_only_the_gateway_and_services_get_in(portal: Portal, business: Business) -> None:
    """Promise 23: without the right key every door but the key set and health answers 401."""

    app = Starlette(routes=portal.service.routes)
    for headers in ({}, {"x-portal-gateway-key": "wrong"}, {SERVICE_KEY_HEADER: SERVICE_KEY}):
        answer = await request(app, "/graphql", method="POST", headers=headers, body=b'{"query":"{_service{sdl}}"}')
        assert answer.status == 401
    path = f"/internal/organisations/{business.id}?organisation={business.id}"
    assert (await request(app, path)).status == 401
    assert (await request(app, path, headers={SERVICE_KEY_HEADER: "wrong"})).status == 401
    assert (await request(app, "/.well-known/jwks.json")).status == 200


async def test_services_read_facts_on_request(portal: Portal, business: Business) -> None:
    """`/internal/` repeats the last facts with their sequence, for the asked organisation only."""

    app, headers = Starlette(routes=portal.service.routes), {SERVICE_KEY_HEADER: SERVICE_KEY}
    customer = await business.customer("Krause OHG", notes="pays late")
    await portal.settle()
    found = await request(app, f"/internal/customers/{customer}?organisation={business.id}", headers=headers)
    (event,) = portal.events("identity.customer_created.v1")
    assert orjson.loads(found.body) == {**event.data, "sequence": event.sequence}
    answer = await request(app, f"/internal/organisations/{business.id}?organisation={business.id}", headers=headers)
    told = orjson.loads(answer.body)
    assert (told["name"], told["portal"]["slug"], told["logo"]) == ("Nordlicht", "nordlicht", None)
    other = await portal.register("suedwind")
    for path in (
        f"/internal/customers/{customer}?organisation={other.id}",
        f"/internal/customers/{customer}",
        f"/internal/organisations/{business.id}?organisation={other.id}",
        "/internal/customers/x?organisation=",
    ):
        assert (await request(app, path, headers=headers)).status == 404


async def test_services_ask_which_sessions_count(portal: Portal, business: Business) -> None:
    """`/internal/sessions` names the organisation's sessions that count, whether or not anybody was told of an end."""
    app, headers = Starlette(routes=portal.service.routes), {SERVICE_KEY_HEADER: SERVICE_KEY}
    client = await business.client("jona@krause.example")
    rows = await portal.service.database["sessions"].find({}).to_list()
    asked = "&".join(f"id={row['_id']}" for row in rows)

    async def counting(organisation: str) -> set[str]:
        answer = await request(app, f"/internal/sessions?organisation={organisation}&{asked}", headers=headers)
        return {row["id"] for row in orjson.loads(answer.body)["found"]}

    theirs = {row["_id"] for row in rows if row["principal_id"] == client["person"]["id"]}
    assert await counting(business.id) == {row["_id"] for row in rows}
    assert await counting((await portal.register("suedwind")).id) == set()
    await portal.mutate("disableContact", business.owner, "userErrors { code }", id=client["person"]["id"])
    assert await counting(business.id) == {row["_id"] for row in rows} - theirs
    await portal.data("mutation { logOutEverywhere { done } }", business.owner)
    assert await counting(business.id) == set()


async def test_secrets_stay_where_they_belong(
    portal: Portal, business: Business, capsys: pytest.CaptureFixture[str]
) -> None:
    """Promise 27: passwords, tokens and links are in no log line, event, error or stored answer."""
    session = await business.client("jona@krause.example")
    await portal.log_in("jona@krause.example", "canary-password-1", "nordlicht")
    await portal.mutate("requestPasswordReset", None, "done", email="jona@krause.example", portal="nordlicht")
    await portal.settle()
    reset = portal.link_token("jona@krause.example")
    given = {"token": reset, "newPassword": "canary-password-2"}
    await portal.mutate("resetPassword", None, "done userErrors { message }", **given)
    bad = await portal.answer(
        'mutation { logIn(input: { email: 5, password: "canary-password-3" }) { userErrors { message } } }'
    )
    await portal.settle()
    output = capsys.readouterr()
    events = repr([event.to_json() for event in portal.bus.published])
    stored = repr(await portal.service.database["idempotency"].find({}).to_list())
    text = output.out + output.err + events + stored + bad.text
    secrets = (
        *(PASSWORD, "canary-password-1", "canary-password-2", "canary-password-3", reset),
        *(session["refreshToken"], session["accessToken"]),
    )
    assert [secret for secret in secrets if secret in text] == []
