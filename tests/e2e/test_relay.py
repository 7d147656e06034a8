"""Relay's own compiler and runtime page through lists in both directions, and refetch by `node`."""

import json

from portal_cli.paths import GATEWAY_SCHEMA
from tests.e2e.running import RunningPortal
from tests.e2e.world import Organisation, sent_invoice
from tests.support.npm import installed, run_node


async def test_relay_pages_and_refetches(portal: RunningPortal, organisation: Organisation) -> None:
    """Its compiler accepts the schema's connections and `Node`; its store has every row once, in the list's order."""
    customer = organisation.add_customer("Relay Ltd")
    made = [sent_invoice(organisation, customer) for _ in range(5)]
    about = made[0]["id"]
    organisation.owner.once("addComment", "comment { id }", documentId=about, text="Seen", displayInPortal=True)
    folder, url = installed("graphql-clients"), f"{portal.gateway_url}/graphql"
    arguments = (url, organisation.owner.token or "", str(GATEWAY_SCHEMA), about)
    status, out, errors = await run_node(folder, "relay-pages.mjs", *arguments)
    assert status == 0, errors
    found = json.loads(out)
    newest = [one["number"] for one in reversed(made)]
    assert found["forward"] == [newest[:2], newest[:4], newest]
    assert found["backward"] == [newest[-2:], newest[-4:], newest]
    assert found["refetched"] == [[made[0]["number"], ["Seen"]]] * 2
    assert found["asked"][-1] == "PagesRefetchQuery"
