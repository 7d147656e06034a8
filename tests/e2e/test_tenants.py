"""Nobody sees or changes what is another's: every operation of the schema × everybody who must not.

The rows are in `matrix.py`; an operation of the schema without a row fails the suite.
"""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from graphql import GraphQLObjectType, build_schema
from websockets.sync.client import ClientConnection, connect

from portal_cli.paths import GATEWAY_SCHEMA
from tests.e2e.client import Client
from tests.e2e.matrix import MUTATIONS, QUERIES, SUBSCRIPTIONS, UNKEYED, Row
from tests.e2e.running import SECRET, SERVICES, RunningPortal
from tests.e2e.world import Contact, Organisation, card_token, line, register, sent_estimate, sent_invoice
from tests.support.waiting import wait_until

CANARY = "Zebrafink"
CHECKED: Counter[str] = Counter()


@dataclass
class Scene:
    """The victim's things, and who must not have them."""

    victim: Organisation
    zoe: Contact
    ids: dict[str, str]
    outsiders: dict[str, Client]
    locked_out: dict[str, Client]
    viewer: Client
    colleague: Client

    def snapshot(self) -> Any:
        """Return what an intruder could have changed, as the owner and the contact see it."""
        documents = "nodes { id number notes status total { amount } comments { nodes { text } } }"
        people = "customers { nodes { name phone notes } } contacts(first: 100) { nodes { name email status } }"
        owner = self.victim.owner.ask(
            f"{{ organisation {{ name portal {{ enabled name }} }} {people} staffMembers {{ nodes {{ name status }} }}"
            f" invoices {{ {documents} }} estimates {{ {documents} }} payments {{ nodes {{ status }} }} }}"
        )
        contact = self.zoe.client.ask(
            "{ savedCards { id isDefault } notifications(first: 100) { nodes { id readAt } } }"
        )
        notifications = contact["notifications"]["nodes"]  # new ones come while others look
        read = [one["readAt"] for one in notifications if one["id"] == self.ids["notification"]]
        return owner, contact["savedCards"], read


@pytest.fixture(scope="module")
def scene(portal: RunningPortal) -> Iterator[Scene]:
    visitor = Client(portal.http, portal.gateway_url)
    victim = register(portal, visitor, "Victim Business")
    customer = victim.add_customer(f"{CANARY} Ltd", notes=f"{CANARY} note")
    zoe = victim.welcome(customer, f"{CANARY} Zoe")
    ids = {**things(victim, zoe), "customer": customer, "contact": zoe.id, "email": zoe.email, "slug": victim.slug}
    disabled = victim.welcome(customer, "Dora Disabled")
    victim.owner.once("disableContact", "contact { status }", id=disabled.id)
    wait_until(lambda: all(is_shut_out(portal, service, disabled.client, ids) for service in SERVICES))
    other = register(portal, visitor, "Other Business")
    stranger = other.welcome(other.add_customer("Stranger Ltd"), "Sam Stranger")
    rival = victim.welcome(victim.add_customer("Rival Ltd"), "Rita Rival")
    found = Scene(
        victim,
        zoe,
        ids,
        {"another owner": other.owner, "another's contact": stranger.client, "another client": rival.client},
        {"nobody": visitor, "a disabled contact": disabled.client},
        add_viewer(victim),
        victim.welcome(customer, "Karl Colleague").client,
    )
    yield found
    print(f"\ntenant matrix: {sum(CHECKED.values())} checks, leaks 0: {dict(CHECKED)}")


def things(victim: Organisation, zoe: Contact) -> dict[str, str]:
    """Make one of everything, all of it named by the canary."""
    notes = f"{CANARY} notes"
    estimate = sent_estimate(victim, zoe.customer_id, notes=notes)
    invoice = sent_invoice(victim, zoe.customer_id, notes=notes, lines=[line(CANARY, "100.00")])
    victim.owner.once("addComment", "comment { id }", documentId=invoice["id"], text=f"{CANARY} secret")
    comment = zoe.client.once("addComment", "comment { id }", documentId=invoice["id"], text=f"{CANARY} question")
    paid = victim.owner.once(
        "recordPayment",
        "payment { id }",
        invoiceId=invoice["id"],
        mode="BANK_TRANSFER",
        amount={"amount": "10.00", "currency": "EUR"},
        receivedOn="2026-01-05",
        note=CANARY,
    )
    card = zoe.client.once("addSavedCard", "savedCard { id }", cardToken=card_token(zoe.client))["savedCard"]
    feed = "{ notifications { nodes { id } } staffMembers: me { id } }"
    notification = wait_until(lambda: zoe.client.ask(feed)["notifications"]["nodes"])[0]
    owner = victim.owner.ask("{ me { id } }")["me"]
    return {
        "estimate": estimate["id"],
        "invoice": invoice["id"],
        "comment": comment["comment"]["id"],
        "payment": paid["payment"]["id"],
        "card": card["id"],
        "notification": notification["id"],
        "staff": owner["id"],
        "session": victim.owner.ask("{ mySessions { id } }")["mySessions"][0]["id"],
    }


def add_viewer(victim: Organisation) -> Client:
    """Invite a viewer and log them in."""
    email = f"viewer.{uuid4().hex[:8]}@business.example"
    victim.owner.once("inviteStaff", "staffMember { id }", name="Vera Viewer", email=email, role="VIEWER")
    token = victim.link_token(email)
    session = victim.visitor.do(
        "acceptInvite", "session { accessToken refreshToken }", token=token, password="correct horse battery 7"
    )
    return victim.visitor.as_session(session["session"])


def fill(value: Any, ids: dict[str, str]) -> Any:
    """Put ids into a row's `{name}` places."""
    if isinstance(value, str):
        for name, one in ids.items():
            value = value.replace(f"{{{name}}}", one)
        return value
    if isinstance(value, list):
        return [fill(item, ids) for item in value]
    if isinstance(value, dict):
        return {key: fill(item, ids) for key, item in value.items()}
    return value


def of_nothing(ids: dict[str, str]) -> dict[str, str]:
    """Return well-formed ids of nothing."""
    named = {name: f"{one[:4]}{'0' * 26}" for name, one in ids.items()}
    return {**named, "email": "nobody@nowhere.example", "slug": ids["slug"]}


def query(client: Client, row: Row, ids: dict[str, str]) -> dict[str, Any]:
    return client.send(f"{{ {fill(row.text, ids)} }}")


def mutate(client: Client, name: str, row: Row, ids: dict[str, str]) -> dict[str, Any]:
    """Run a row's mutation with a new idempotency key and return the whole answer."""
    errors = "userErrors { code message field }"
    if row.given is None:
        return client.send(f"mutation {{ {name} {{ {errors} }} }}")
    key = {} if name in UNKEYED else {"idempotencyKey": uuid4().hex}
    kind = f"{name[0].upper()}{name[1:]}Input"
    return client.send(
        f"mutation($input: {kind}!) {{ {name}(input: $input) {{ {row.text} {errors} }} }}",
        input={**fill(row.given, ids), **key},
    )


def assert_no_leak(answer: dict[str, Any], ids: dict[str, str], who: str) -> None:
    """Nothing of the victim is in the answer."""
    text = json.dumps(answer, ensure_ascii=False)
    assert CANARY not in text, f"{who}: {text}"
    assert [name for name, one in ids.items() if one in text and name != "slug"] == [], f"{who}: {text}"


def codes(answer: dict[str, Any], name: str) -> list[str]:
    """Return the codes of all refusals in an answer."""
    top = [error["extensions"]["code"] for error in answer.get("errors", [])]
    payload = (answer.get("data") or {}).get(name) or {}
    inner = payload.get("userErrors", []) if isinstance(payload, dict) else []
    results = payload.get("results") or [] if isinstance(payload, dict) else []
    single = [one["userError"] for one in results if one["userError"]]
    return top + [error["code"] for error in [*inner, *single]]


def test_every_operation_has_a_row() -> None:
    """An operation that is added to the schema needs a row in `matrix.py`, and one that went has none."""
    schema = build_schema(GATEWAY_SCHEMA.read_text())
    told = [
        *rows_that_differ("QUERIES", schema.query_type, QUERIES),
        *rows_that_differ("MUTATIONS", schema.mutation_type, MUTATIONS),
        *rows_that_differ("SUBSCRIPTIONS", schema.subscription_type, SUBSCRIPTIONS),
    ]
    if told:
        pytest.fail("\n".join(told), pytrace=False)


def rows_that_differ(table: str, kind: GraphQLObjectType | None, rows: dict[str, Row]) -> Iterator[str]:
    """Yield what to do about each operation without a row, and each row without an operation."""
    assert kind is not None
    for name in kind.fields.keys() - rows.keys():
        yield f"`{name}` is in the schema and has no row: add it to {table} in tests/e2e/matrix.py"
    for name in rows.keys() - kind.fields.keys():
        yield f"`{name}` has a row and is not in the schema: take it out of {table} in tests/e2e/matrix.py"


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_shows_nothing_of_others(scene: Scene, name: str) -> None:
    """Outsiders get what they would get for nothing at all; those who are not logged in get nothing."""
    row = QUERIES[name]
    for who, client in scene.outsiders.items():
        answer = query(client, row, scene.ids)
        assert_no_leak(answer, scene.ids, who)
        if row.aims:
            assert answer == query(client, row, of_nothing(scene.ids)), who
        CHECKED["query"] += 1
    for who, client in {} if row.public else scene.locked_out.items():
        assert codes(query(client, row, scene.ids), name) == ["UNAUTHENTICATED"], who
        CHECKED["query"] += 1


@pytest.mark.parametrize("name", sorted(set(MUTATIONS) - {"registerOrganisation"}))  # names nothing of others
def test_a_mutation_changes_nothing_of_others(scene: Scene, name: str) -> None:
    """Outsiders are refused as for nothing at all; lower roles are refused; nobody anonymous gets in."""
    row = MUTATIONS[name]
    before = scene.snapshot()
    if row.aims:
        for who, client in scene.outsiders.items():
            answer = mutate(client, name, row, scene.ids)
            assert_no_leak(answer, scene.ids, who)
            assert codes(answer, name) or row.silent, (who, answer)
            assert answer == mutate(client, name, row, of_nothing(scene.ids)), who
            CHECKED["mutation"] += 1
    if not row.public:
        for who, client in scene.locked_out.items():
            assert codes(mutate(client, name, row, scene.ids), name) == ["UNAUTHENTICATED"], who
            CHECKED["mutation"] += 1
        if not row.everybody:
            assert codes(mutate(scene.viewer, name, row, scene.ids), name), "a viewer"
            CHECKED["mutation"] += 1
        if not row.contacts:
            assert codes(mutate(scene.colleague, name, row, scene.ids), name), "a contact of the same client"
            CHECKED["mutation"] += 1
    assert scene.snapshot() == before


@pytest.mark.parametrize("name", ["removeSavedCard", "setDefaultCard", "payInvoice"])
def test_a_card_belongs_to_its_contact(scene: Scene, name: str) -> None:
    """Even a colleague of the same client can neither use nor change another's saved card."""
    row = MUTATIONS[name]
    assert codes(mutate(scene.colleague, name, row, scene.ids), name) == ["NOT_FOUND"]
    CHECKED["mutation"] += 1


@pytest.mark.parametrize("service", SERVICES)
def test_an_entity_is_not_looked_up_for_others(scene: Scene, portal: RunningPortal, service: str) -> None:
    """Every entity of every subgraph, asked for directly with the gateway's key and an outsider's token, is null."""
    kinds = entity_kinds(service)
    named = {"SavedCard": "card", "StaffMember": "staff", "PersonalData": "contact"}
    keys: dict[str, Any] = {"PersonalData": {"customerId": scene.ids["customer"], "addressMarks": []}}
    for who, client in {**scene.outsiders, **scene.locked_out}.items():
        for kind in kinds - {"Organisation", "Refund"}:
            thing = scene.ids[named.get(kind, kind.lower())]
            answer = look_up(portal, service, client, kind, thing, **keys.get(kind, {}))
            entity = ((answer.get("data") or {}).get("_entities") or [None])[0]
            inside = {key: value for key, value in (entity or {}).items() if key != "id" and value not in _NOTHING}
            assert inside == {}, (who, kind, answer)
            assert CANARY not in json.dumps(answer), (who, kind)
            CHECKED["entity"] += 1


NODES = {
    "estimate": ("Estimate", "notes"),
    "invoice": ("Invoice", "notes"),
    "payment": ("Payment", "note"),
    "card": ("SavedCard", "lastFour"),
    "comment": ("Comment", "text"),
    "notification": ("Notification", "title"),
    "customer": ("Customer", "name"),
    "contact": ("Contact", "name"),
    "staff": ("StaffMember", "name"),
}


def test_a_node_is_shown_to_whom_its_owner_shows_it(scene: Scene) -> None:
    """The client's contact gets all their things by id alone, with fields of their owners; others get null.

    Another client of the same business may see what its staff are called.
    """
    asked = " ".join(
        f'{name}: node(id: "{scene.ids[name]}") {{ __typename id ... on {kind} {{ {field} }} }}'
        for name, (kind, field) in NODES.items()
    )
    own = scene.zoe.client.ask(f"{{ {asked} }}")
    for name, (kind, field) in NODES.items():
        assert (own[name]["__typename"], own[name]["id"]) == (kind, scene.ids[name])
        assert field == "note" or own[name][field]
    for who, client in scene.outsiders.items():
        answer = client.send(f"{{ {asked} }}")
        if who == "another client":
            assert answer["data"].pop("staff")["name"] == own["staff"]["name"]
        assert answer == {"data": dict.fromkeys(answer["data"])}, who
        CHECKED["node"] += len(NODES)


def is_shut_out(portal: RunningPortal, service: str, client: Client, ids: dict[str, str]) -> bool:
    """Whether a service has heard that a session has ended."""
    kind = {"identity": "Contact", "notifications": "Notification"}.get(service, "Invoice")
    answer = look_up(portal, service, client, kind, ids[kind.lower()])
    return codes(answer, "_entities") == ["UNAUTHENTICATED"]


def entity_kinds(service: str) -> set[str]:
    from importlib import import_module

    schema = import_module(f"services.{service}.api.schema").SCHEMA._schema
    return {kind.name for kind in schema.type_map["_Entity"].types}


_NOTHING = (None, {"items": []})
FIELDS = {
    **{(name, "PersonalData"): f"{name} {{ items {{ data }} }}" for name in SERVICES},
    ("identity", "Contact"): "name email",
    ("identity", "Customer"): "name notes",
    ("identity", "StaffMember"): "email",
    ("billing", "Customer"): "outstanding { invoices } invoices { nodes { notes } }",
    ("billing", "Estimate"): "notes",
    ("billing", "Invoice"): "notes",
    ("billing", "Payment"): "invoiceNumber",
    ("billing", "SavedCard"): "lastFour",
    ("collaboration", "Comment"): "text",
    ("collaboration", "Estimate"): "comments { nodes { text } } views { count }",
    ("collaboration", "Invoice"): "comments { nodes { text } } views { count }",
    ("notifications", "Notification"): "title",
}


def look_up(portal: RunningPortal, service: str, client: Client, kind: str, thing: str, **key: Any) -> dict[str, Any]:
    """Ask a subgraph for one entity as the gateway would; `key` is what its key has beside the id."""
    fields = FIELDS.get((service, kind), "id")
    text = f"query($r: [_Any!]!) {{ _entities(representations: $r) {{ ... on {kind} {{ {fields} }} }} }}"
    headers = {"x-portal-gateway-key": f"gateway-{SECRET}"}
    if client.token:
        headers["authorization"] = f"Bearer {client.token}"
    answer = portal.http.post(
        f"{portal.service_url(service)}/graphql",
        json={"query": text, "variables": {"r": [{"__typename": kind, "id": thing, **key}]}},
        headers=headers,
    )
    return answer.json()


@pytest.mark.parametrize("service", SERVICES)
def test_a_subgraph_answers_only_the_gateway(scene: Scene, portal: RunningPortal, service: str) -> None:
    """Without the gateway's key, or with a wrong one, even the owner gets 401, for look-ups and SDL alike."""
    for key in (None, "", "guess", f"service-{SECRET}"):
        headers = {"authorization": f"Bearer {scene.victim.owner.token}"}
        if key is not None:
            headers["x-portal-gateway-key"] = key
        for text in ("{ _service { sdl } }", "{ __typename }"):
            answer = portal.http.post(f"{portal.service_url(service)}/graphql", json={"query": text}, headers=headers)
            assert answer.status_code == 401
            CHECKED["direct"] += 1


def test_a_file_link_opens_its_file_only(scene: Scene, portal: RunningPortal) -> None:
    """A link that is changed in any part opens nothing; a whole one needs no log-in and marks no view."""
    invoice = scene.ids["invoice"]
    url = scene.zoe.client.ask(f'{{ invoice(id: "{invoice}") {{ file {{ url }} }} }}')["invoice"]["file"]["url"]
    assert portal.http.get(url).status_code == 200
    start, _, token = url.rpartition("/")
    for place in range(0, len(token), 7):
        changed = f"{start}/{token[:place]}{'A' if token[place] != 'A' else 'B'}{token[place + 1 :]}"
        assert portal.http.get(changed).status_code in {400, 403, 404, 410}, place
        CHECKED["file"] += 1
    views = scene.victim.owner.ask(f'{{ invoice(id: "{invoice}") {{ views {{ count }} }} }}')["invoice"]["views"]
    assert views == []


def test_a_subscription_tells_nothing_of_others(scene: Scene, portal: RunningPortal) -> None:
    """While the victim's own sockets hear a new comment, the outsiders' sockets hear nothing."""
    with ExitStack() as open_sockets:
        heard_by_zoe, *outsiders = (
            Listening(open_sockets.enter_context(socket(portal)), client, scene.ids)
            for client in (scene.zoe.client, *scene.outsiders.values(), *scene.locked_out.values())
        )
        wait_until(lambda: say_and_hear(scene, heard_by_zoe))
        for one in outsiders:
            assert CANARY not in json.dumps(one.hear(0.3))
            assert [one for one in one.heard if one["type"] == "next" and one["payload"].get("data")] == []
            CHECKED["subscription"] += 3


def say_and_hear(scene: Scene, zoe: "Listening") -> bool:
    scene.victim.owner.once(
        "addComment", "comment { id }", documentId=scene.ids["invoice"], text=f"{CANARY} aloud", displayInPortal=True
    )
    return any(message["id"] == "commentAdded" and message["type"] == "next" for message in zoe.hear(1))


def socket(portal: RunningPortal) -> Any:
    """Return a WebSocket to the gateway, to be entered."""
    url = portal.gateway_url.replace("http", "ws") + "/graphql"
    return connect(url, subprotocols=["graphql-transport-ws"])  # pyright: ignore[reportArgumentType]


class Listening:
    """A socket with every subscription of the schema."""

    def __init__(self, socket: ClientConnection, client: Client, ids: dict[str, str]) -> None:
        self.socket = socket
        self.heard: list[dict[str, Any]] = []
        payload = {"authorization": f"Bearer {client.token}"} if client.token else {}
        self.socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        assert json.loads(self.socket.recv(5))["type"] == "connection_ack"
        for name, row in SUBSCRIPTIONS.items():
            text = f"subscription {{ {fill(row.text, ids)} }}"
            self.socket.send(json.dumps({"id": name, "type": "subscribe", "payload": {"query": text}}))

    def hear(self, seconds: float) -> list[dict[str, Any]]:
        """Return everything that came until the socket was silent for `seconds`."""
        while True:
            try:
                self.heard.append(json.loads(self.socket.recv(seconds)))
            except TimeoutError:
                return self.heard
