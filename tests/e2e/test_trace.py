"""Promise 32: what one click causes can be followed through every process by one trace id."""

from uuid import uuid4

import pytest

from tests.e2e.running import RunningPortal
from tests.e2e.world import Organisation, sent_invoice
from tests.support.waiting import wait_until

pytestmark = pytest.mark.e2e


def test_one_trace_from_click_to_notification(portal: RunningPortal, organisation: Organisation) -> None:
    """The trace id of a request is in the logs of the gateway, of the service and of the worker that notifies."""
    customer = organisation.add_customer("Client Ltd")
    zoe = organisation.welcome(customer, "Zoe Client")
    invoice = sent_invoice(organisation, customer)["id"]
    trace = uuid4().hex
    query = """mutation($input: AddCommentInput!) { addComment(input: $input) { comment { id } } }"""
    given = {"documentId": invoice, "text": "Thank you", "idempotencyKey": uuid4().hex}

    answer = portal.http.post(
        f"{portal.gateway_url}/graphql",
        json={"query": query, "variables": {"input": given}},
        headers={"authorization": f"Bearer {zoe.client.token}", "traceparent": f"00-{trace}-b7ad6b7169203331-01"},
    )

    assert "errors" not in answer.json()
    for process in ("gateway", "collaboration web", "notifications worker"):
        wait_until(lambda process=process: trace in portal.log(process))
