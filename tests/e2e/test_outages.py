"""Promises 13 and 14 on the portal itself: each service killed, then frozen, under what its front ends ask."""

import signal
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from benchmarks.portal import PAGES
from tests.e2e.client import Client
from tests.e2e.running import SERVICES, RunningPortal
from tests.e2e.test_journey import DOCUMENT, FEED, INVOICE
from tests.e2e.world import register, sent_estimate, sent_invoice
from tests.support.partial import gaps_are_told
from tests.support.waiting import wait_until

PEOPLE = """{
  me { __typename name }
  organisation { id name }
  savedCards { id }
  unreadNotificationCount
}"""
NEEDED_BY = {
    "identity": {"document", "feed", "InvoicePage", "people"},
    "billing": {"document", "invoice", "feed", "people", *PAGES},
    "collaboration": {"document", "InvoicePage"},
    "notifications": {"feed", "people"},
}
"""Which of the operations ask which service."""

Answers = Mapping[str, dict[str, Any]]


class Scene:
    """A contact with an estimate that was discussed, an invoice and a feed, and what the portal answers then."""

    def __init__(self, portal: RunningPortal) -> None:
        self.portal = portal
        self.organisation = register(portal, Client(portal.http, portal.gateway_url), "Steady Business")
        customer = self.organisation.add_customer("Client Ltd")
        self.zoe = self.organisation.welcome(customer, "Zoe Client")
        estimate = sent_estimate(self.organisation, customer)["id"]
        invoice = sent_invoice(self.organisation, customer)["id"]
        answer = {"documentId": estimate, "text": "Let us talk", "displayInPortal": True}
        self.organisation.owner.once("addComment", "comment { id }", **answer)
        self.zoe.client.once("addComment", "comment { id }", documentId=estimate, text="Is there a discount?")
        self.operations: dict[str, tuple[str, dict[str, Any]]] = {
            "document": (DOCUMENT, {"id": estimate}),
            "invoice": (INVOICE, {"id": invoice}),
            "feed": (FEED, {}),
            "people": (PEOPLE, {}),
            **{name: (page.replace("INVOICE", invoice), {}) for name, page in PAGES.items()},
        }
        wait_until(lambda: len(self.zoe.client.ask(FEED)["notifications"]["nodes"]) == 3)
        self.whole = self.ask_all(self.zoe.client)
        assert [name for name, answer in self.whole.items() if "errors" in answer] == []

    def ask_all(self, client: Client) -> Answers:
        """Ask everything at once, as a front end with many parts does."""
        with ThreadPoolExecutor(len(self.operations)) as threads:
            sent = {
                name: threads.submit(client.send, query, **given) for name, (query, given) in self.operations.items()
            }
        return {name: answer.result() for name, answer in sent.items()}

    def assert_partial(self, answers: Answers, service: str, code: str) -> None:
        """Exactly the operations that need the service have gaps, each told by its path and this code."""
        told = {name: gaps_are_told(self.whole[name], answer, {code}) for name, answer in answers.items()}
        print(f"\n{service}: { ({name: len(gaps) for name, gaps in told.items() if gaps}) } gaps")
        assert {name for name, gaps in told.items() if gaps} == NEEDED_BY[service]

    def assert_gateway_ready(self) -> None:
        """The gateway stays in service, whatever happens behind it."""
        answer = self.portal.http.get(f"{self.portal.gateway_url}/readyz")
        assert (answer.status_code, answer.json()["ready"]) == (200, True)


@pytest.fixture(scope="module")
def scene(portal: RunningPortal) -> Scene:
    return Scene(portal)


@pytest.fixture
def client(scene: Scene) -> Client:
    """The contact, with a token that will not end during the test and is not renewed while identity is away."""
    client = scene.organisation.log_in(scene.zoe.email)
    client.refresh_token = None
    return client


@pytest.mark.parametrize("service", SERVICES)
def test_a_killed_service_costs_its_own_part(scene: Scene, client: Client, service: str) -> None:
    """Parts of other services are identical, gaps are told; once it is back, answers are whole again by themselves."""
    name, gateway = f"{service} web", scene.portal.children["gateway"]
    scene.portal.children[name].kill()
    try:
        for _ in range(2):
            scene.assert_partial(scene.ask_all(client), service, "SUBGRAPH_UNAVAILABLE")
            scene.assert_gateway_ready()
    finally:
        scene.portal.restart(name)
    wait_until(lambda: scene.ask_all(client) == scene.whole)
    assert gateway.running


@pytest.mark.parametrize("service", ["identity", "billing"])
def test_a_frozen_service_costs_bounded_time(scene: Scene, client: Client, service: str) -> None:
    """With a service that takes requests and never answers, everything is answered while it still stands still.

    These are the service whose keys all others check tokens with, and the one that most operations begin at. That an
    operation's time is what ends it is proven on a clock of its own, in `gateway/http/test_failing_subgraphs.py`.
    """
    child = scene.portal.children[f"{service} web"]
    with scene.portal.impatient_gateway() as url:
        impatient = client.at(url)
        assert scene.ask_all(impatient) == scene.whole
        child.signal(signal.SIGSTOP)
        try:
            answers = scene.ask_all(impatient)
            scene.assert_gateway_ready()
        finally:
            child.signal(signal.SIGCONT)
    scene.assert_partial(answers, service, "SUBGRAPH_TIMEOUT")
    wait_until(lambda: scene.ask_all(client) == scene.whole)
