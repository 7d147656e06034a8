"""Lists of people and companies show the rest, whatever one of them holds; settings show the words that are known."""

from typing import Any

import orjson
import pytest

from chassis.kernel import new_id
from tests.support.identity.portal import Business, Portal
from tests.support.storage import quickest

pytestmark = pytest.mark.parametrize("mongo_url", [quickest()], indirect=True)
STRANGE = "a_newer_word"
STAFF = "{ staffMembers { nodes { id role status } } }"
SETTINGS = "{ organisation { portal { documentTypes notifyStaffOf } } }"
BAD: dict[str, dict[str, Any]] = {
    "a role of a newer version": {"role": STRANGE},
    "a status of a newer version": {"status": STRANGE},
    "a name that is none": {"name": 7},
}


async def asked(portal: Portal, document: str, token: str) -> tuple[Any, list[str]]:
    body = orjson.loads((await portal.answer(document, token)).body)
    return body["data"], [error["extensions"]["code"] for error in body.get("errors") or []]


@pytest.mark.parametrize("changes", BAD.values(), ids=BAD)
async def test_a_bad_member_of_staff_costs_only_itself(
    portal: Portal, business: Business, changes: dict[str, Any]
) -> None:
    """The others are listed, and the answer says that somebody is missing."""
    staff = portal.service.database["staff"]
    known = await staff.find_one({"organisation_id": business.id})
    assert known is not None
    for number in range(2):
        await staff.insert_one({**known, "_id": new_id("stf"), "email_key": f"{number}@x", "outbox": []})
    await staff.update_one({"email_key": "1@x"}, {"$set": changes})
    data, codes = await asked(portal, STAFF, business.owner)
    assert (len(data["staffMembers"]["nodes"]), codes) == (2, ["LEFT_OUT"])


async def test_settings_show_the_words_that_are_known(portal: Portal, business: Business) -> None:
    """A notice that a newer version added is carried, and not shown."""
    organisations = portal.service.database["organisations"]
    await organisations.update_one({"_id": business.id}, {"$push": {"portal.notify_staff_of": STRANGE}})
    before = await organisations.find_one({"_id": business.id})
    data, codes = await asked(portal, SETTINGS, business.owner)
    assert (codes, STRANGE.upper() in data["organisation"]["portal"]["notifyStaffOf"]) == ([], False)
    assert before is not None
    payload = await portal.mutate("updatePortalSettings", business.owner, "userErrors { code }", name="A new name")
    assert payload["userErrors"] == []
    after = await organisations.find_one({"_id": business.id})
    assert after is not None
    assert after["portal"]["name"] == "A new name"
    assert {*after["portal"]["notify_staff_of"]} == {*before["portal"]["notify_staff_of"]}
