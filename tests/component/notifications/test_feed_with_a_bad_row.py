"""A feed shows the rest, whatever one of its entries holds; the others are told though one cannot be."""

from typing import Any

import pytest

from tests.component.notifications.conftest import Running
from tests.component.notifications.test_notifications import comment_by_carl, principal_of
from tests.support.notifications.makers import OLGA, STAN
from tests.support.storage import quickest

pytestmark = pytest.mark.parametrize("mongo_url", [quickest()], indirect=True)
FEED = "{ notifications { nodes { id kind title } } unreadNotificationCount }"
STRANGE = "a_newer_word"
BAD: dict[str, dict[str, Any]] = {
    "a kind of a newer version": {"news.kind": STRANGE},
    "no news": {"news": None},
    "an audience that is none": {"recipient.audience": 7},
}


@pytest.mark.parametrize("changes", BAD.values(), ids=BAD)
async def test_a_bad_entry_costs_only_itself(running: Running, changes: dict[str, Any]) -> None:
    """The others are shown, the count is honest, and the answer says that something was left out."""
    await running.tell_of_people()
    for _ in range(3):
        await comment_by_carl(running)
    stored = running.service.database["notifications"]
    own = await stored.find_one({"recipient_id": OLGA.id, "channel": "in_app"})
    assert own is not None
    await stored.update_one({"_id": own["_id"]}, {"$set": changes})
    _, body = await running.subgraph.answer(FEED, principal_of(OLGA))
    assert (len(body["data"]["notifications"]["nodes"]), body["data"]["unreadNotificationCount"]) == (2, 3)
    assert [error["extensions"] for error in body["errors"]] == [{"code": "LEFT_OUT", "ids": [own["_id"]]}]


async def test_one_person_who_cannot_be_read_keeps_no_other_from_being_told(running: Running) -> None:
    """A person as a newer version tells of one is passed over; the colleagues are told."""
    await running.tell_of_people()
    people = running.service.database["people"]
    await people.update_one({"_id": OLGA.id}, {"$unset": {"email": ""}})
    await comment_by_carl(running)
    _, body = await running.subgraph.answer(FEED, principal_of(STAN))
    assert len(body["data"]["notifications"]["nodes"]) == 1


async def test_a_choice_of_a_newer_version_hides_none_of_the_others(running: Running) -> None:
    """Preferences for a kind that this version does not know stay stored and are not shown."""
    await running.tell_of_people()
    kinds = {STRANGE: {"email": False, "in_app": False}, "comment_added": {"email": False, "in_app": True}}
    fields = {"organisation_id": principal_of(OLGA).organisation_id, "kinds": kinds}
    await running.service.database["preferences"].update_one({"_id": OLGA.id}, {"$set": fields}, upsert=True)
    data = await running.subgraph.data("{ notificationPreferences { kind email } }", principal_of(OLGA))
    assert {"kind": "COMMENT_ADDED", "email": False} in data["notificationPreferences"]
