"""Discussions, views and forwards show the rest, whatever one row holds."""

from typing import Any

import pytest

from tests.component.collaboration.conftest import Running
from tests.support.collaboration.makers import CONTACT, OWNER, invoice
from tests.support.storage import quickest

pytestmark = pytest.mark.parametrize("mongo_url", [quickest()], indirect=True)
STRANGE = "a_newer_word"
BAD: dict[str, dict[str, Any]] = {
    "a visibility of a newer version": {"visibility": STRANGE},
    "an author of a newer version": {"author_kind": STRANGE},
    "an instant that is none": {"written_at": "yesterday"},
    "a text that is none": {"text": 7},
}
SHOWN_ALL_THE_SAME = {"an author of a newer version"}


@pytest.mark.parametrize("name", BAD)
async def test_a_bad_comment_costs_only_itself(running: Running, name: str) -> None:
    """The others are shown and the count is honest."""
    document = invoice()
    await running.tell_of(document)
    for text in ("one", "two", "three"):
        assert (await running.comment(document, CONTACT, text))["userErrors"] == []
    await running.service.database["comments"].update_one({"text": "two"}, {"$set": BAD[name]})
    fields = "comments { totalCount nodes { text } }"
    entities, codes = await running.subgraph.entities("Invoice", [document.id], fields, OWNER)
    texts = sorted(node["text"] for node in entities[0]["comments"]["nodes"])
    if name in SHOWN_ALL_THE_SAME:
        assert (texts, codes) == (["one", "three", "two"], [])
    else:
        assert (texts, codes) == (["one", "three"], ["LEFT_OUT"])
    assert entities[0]["comments"]["totalCount"] == 3
