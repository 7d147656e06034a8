"""An answer is the same whether rows or whole invoices are read for it, in every state, for staff and for clients."""

from typing import Any, cast

import pytest

from chassis.kernel import Principal
from chassis.mongo.histories import LISTING
from services.billing.domain.invoice import Invoice
from tests.component.billing.test_one_bad_thing import invoices_of
from tests.contract.test_billing_repositories import invoices_in_every_status
from tests.support.billing.makers import CLIENT, OWNER
from tests.support.billing.running import Running
from tests.support.storage import quickest

ROW = """id number status isOverdue dueOn issuedOn sentAt createdAt version currency customer { id }
  total { amount currency } paid { amount } balance { amount }"""
LISTS = "{ invoices(first: 50) { totalCount nodes { %s } edges { cursor node { id } } pageInfo { endCursor } } }"
HOME = "{ home { lastPaidInvoices { %s } } }"


@pytest.mark.parametrize("mongo_url", [quickest()], indirect=True)
@pytest.mark.parametrize("by", [OWNER, CLIENT], ids=["staff", "client"])
async def test_rows_say_what_whole_invoices_say(billing: Running, by: Principal) -> None:
    """`subject` is in no row, so that with it all is read; an older version's document is read as a whole anyway."""
    made: list[Invoice] = list(invoices_in_every_status().values())
    for invoice in made:
        await invoices_of(billing).add(invoice)
    await billing.service.database["invoices"].update_one({"_id": made[1].id}, {"$set": {LISTING: 1}})
    for query in (LISTS, HOME):
        rows = await billing.query(query % ROW, by)
        whole = await billing.query(f"{query % f'{ROW} ...Whole'} fragment Whole on Invoice {{ subject }}", by)
        assert rows == _without_subject(whole)


def _without_subject(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_subject(one) for one in cast(list[Any], value)]
    if isinstance(value, dict):
        fields = cast(dict[str, Any], value)
        return {name: _without_subject(one) for name, one in fields.items() if name != "subject"}
    return value
