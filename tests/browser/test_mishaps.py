"""What goes wrong in front of a person: tokens that end, connections that break, releases that change under a page."""

import json
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Request, Route, WebSocketRoute, expect

from portal_cli.demo.people import MARY, OWNER
from tests.browser.conftest import Enter
from tests.browser.people import Person
from tests.browser.test_client import PORTAL, logged_in
from tests.browser.test_journeys import log_in, write_invoice

_GATEWAY = re.compile(r"/graphql$")
_UNKNOWN_ID = "0" * 64


def _name(request: Request) -> str:
    return str(_body(request).get("operationName", ""))


def _body(request: Request) -> dict[str, Any]:
    return json.loads(request.post_data or "{}")


def asked(person: Person) -> list[str]:
    """Return a list in which the names of all operations appear that the page sends from now on."""
    names: list[str] = []
    person.page.on("request", lambda one: names.append(_name(one)) if _GATEWAY.search(one.url) else None)
    return names


def _once(person: Person, operation: str, answer: Callable[[Route], None]) -> None:
    """Let the first request of this name be answered in another way."""
    left = [operation]

    def choose(route: Route) -> None:
        if _name(route.request) in left:
            left.clear()
            answer(route)
        else:
            route.fallback()

    person.page.route(_GATEWAY, choose)


def test_a_token_that_ends_in_the_middle_of_a_form_costs_nothing(someone: Enter) -> None:
    """Refused by the gateway, the page gets another token and sends the same again: one draft, of all that is typed."""
    olivia = someone("Olivia")
    log_in(olivia, "/staff", OWNER.email)
    olivia.heading("Overview")
    write_invoice(olivia, "Written while a token ended")
    olivia.expects("401")
    _once(
        olivia,
        "CreateInvoice",
        lambda route: route.continue_(headers={**route.request.headers, "authorization": "Bearer ended"}),
    )
    names = asked(olivia)

    olivia.presses("Save draft")

    olivia.heading("Invoice draft")
    olivia.sees("Written while a token ended")
    olivia.sees("Signage")
    assert [one for one in names if one in {"CreateInvoice", "RefreshSession"}] == [
        "CreateInvoice",
        "RefreshSession",
        "CreateInvoice",
    ]


def test_what_was_typed_outlives_a_lost_connection_and_is_sent_once(someone: Enter) -> None:
    """Offline it is said, and the text stays; an answer that got lost is asked for again with the same key."""
    mary = logged_in(someone, MARY, "/invoices")
    mary.page.locator("a.row").first.click()
    expect(mary.page.locator(".paper")).to_be_visible()
    mary.expects("ERR_INTERNET_DISCONNECTED|ERR_FAILED")
    text = mary.page.locator("textarea[name=text]")
    text.fill("Is this still open?")

    mary.context.set_offline(True)
    mary.sees("No connection.")
    mary.presses("Send comment")
    expect(mary.page.locator(".comments").get_by_role("alert")).to_be_visible()
    expect(text).to_have_value("Is this still open?")
    mary.context.set_offline(False)
    expect(mary.page.get_by_text("No connection.")).to_have_count(0)

    _once(mary, "AddComment", lambda route: (route.fetch(), route.abort())[1])
    mary.presses("Send comment")
    expect(mary.page.locator(".comments").get_by_role("alert")).to_be_visible()
    expect(text).to_have_value("Is this still open?")
    mary.presses("Send comment")
    expect(text).to_have_value("")
    expect(mary.page.locator(".comment-text", has_text="Is this still open?")).to_have_count(1)


def test_who_logs_out_in_one_tab_is_out_in_all_and_the_back_button_leads_to_no_page(someone: Enter) -> None:
    """The other tab shows the log-in page by itself, and neither shows a page of before again."""
    mary = logged_in(someone, MARY, "/invoices")
    other = mary.context.new_page()
    other.goto(f"{mary.address}{PORTAL}/statement")
    expect(other.get_by_role("heading", name="Statement")).to_be_visible()
    other.get_by_role("navigation", name="Pages").get_by_role("link", name="Invoices").click()
    expect(other.get_by_role("heading", name="Invoices")).to_be_visible()

    mary.page.get_by_role("button", name=re.compile("Account of")).click()
    mary.page.get_by_role("menuitem", name="Log out").click()

    for tab in (mary.page, other):
        expect(tab.get_by_role("button", name="Log in")).to_be_visible()
    other.go_back()
    expect(other.get_by_role("button", name="Log in")).to_be_visible()
    expect(other.get_by_role("heading", name="Statement")).to_have_count(0)


def test_a_page_whose_files_are_gone_loads_itself_anew(someone: Enter) -> None:
    """During a rollout the first address may be one release's and its script another's."""
    mary = someone("Mary")
    mary.expects("404")
    left = [404]
    mary.page.route(
        re.compile(r"/assets/index-.*\.js"),
        lambda route: route.fulfill(status=left.pop()) if left else route.continue_(),
    )

    mary.opens(f"{PORTAL}/log-in")

    expect(mary.page.get_by_role("button", name="Log in")).to_be_visible()
    assert left == []


def test_documents_travel_by_their_ids(someone: Enter) -> None:
    """A request names its document; no text of one leaves the browser, by HTTP or over the socket."""
    mary = someone("Mary")
    sent: list[dict[str, Any]] = []
    mary.page.on("request", lambda one: sent.append(_body(one)) if _GATEWAY.search(one.url) else None)
    mary.page.on(
        "websocket",
        lambda socket: socket.on("framesent", lambda frame: sent.extend(_subscribed(str(frame)))),
    )
    log_in(mary, PORTAL, MARY.email)
    mary.heading("Maple Ridge Inc.")
    expect(mary.page.locator("a.row").first).to_be_visible()
    mary.page.locator("a.row").first.click()
    expect(mary.page.locator(".paper")).to_be_visible()

    assert {len(one["extensions"]["persistedQuery"]["sha256Hash"]) for one in sent} == {64}
    assert [one for one in sent if one.get("query")] == []


def _subscribed(frame: str) -> list[dict[str, Any]]:
    message = json.loads(frame)
    return [message["payload"]] if message["type"] == "subscribe" else []


def test_a_gateway_that_knows_no_ids_gets_texts(someone: Enter) -> None:
    """That of the release before: each refused id is asked again as text, live updates as well."""
    mary, olivia = someone("Mary"), someone("Olivia")
    mary.expects("400")

    def forgets(route: Route) -> None:
        body = route.request.post_data or ""
        route.continue_(post_data=_forgotten(body))

    def relays(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(lambda message: server.send(_forgotten(str(message))))

    mary.page.route(_GATEWAY, forgets)
    mary.page.route_web_socket(_GATEWAY, relays)
    log_in(mary, PORTAL, MARY.email)
    mary.heading("Maple Ridge Inc.")

    log_in(olivia, "/staff", OWNER.email)
    olivia.heading("Overview")
    write_invoice(olivia, "News for who knows no ids")
    olivia.presses("Save draft")
    olivia.heading("Invoice draft")
    olivia.presses("Send")
    olivia.page.get_by_role("dialog").get_by_role("button", name="Send").click()
    olivia.heading(re.compile(r"Invoice INV-\d+"))
    number = re.findall(r"INV-\d+", olivia.page.get_by_role("heading", level=1).inner_text())[0]
    mary.sees(re.compile(number))


def _forgotten(body: str) -> str:
    """Return a request in which every id is one that no gateway knows."""
    return re.sub(r'("sha256Hash": ?")[0-9a-f]{64}', rf"\g<1>{_UNKNOWN_ID}", body)
