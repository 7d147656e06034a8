"""What pages ask of their databases, word for word: each question is bounded, or docs/queries.md says why it is not."""

import os
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from chassis.mongo.client import Database, connect
from portal_cli.paths import SERVICES
from tests.component.queries.questions import WHOLE_GROUPS, all_questions
from tests.support.checked_in import assert_made_by
from tests.support.commands import recorded
from tests.support.queries import BOTH_ENDS, BY_ID, WHOLE_GROUP, Shape, shape_of
from tests.support.storage import quickest

pytestmark = pytest.mark.parametrize("mongo_url", [quickest()], indirect=True)
FILE = Path(__file__).parents[3] / "docs" / "queries.md"
COMMAND = "PORTAL_WRITE_QUERIES=1 ./portal test -k test_the_table_of_questions_is_up_to_date"
READS = {"find", "aggregate", "distinct", "count"}


@pytest.fixture
async def kept(mongo_url: str, database_name: str) -> AsyncIterator[Mapping[str, Database]]:
    made = {name: connect(mongo_url, f"{database_name}_{name}") for name in SERVICES}
    yield made
    for database in made.values():
        await database.drop()
        await database.close()


async def shapes(databases: Mapping[str, Database]) -> dict[tuple[str, str], list[Shape]]:
    """Ask everything, and return what reached the databases by service and question, each shape once."""
    found: dict[tuple[str, str], list[Shape]] = {}
    for service, asked in all_questions(databases).items():
        for name, question in asked.questions.items():
            with recorded(databases[service].name) as commands:
                await question()
            read = [shape_of(one, asked.indexes) for one in commands if one["_name"] in READS]
            found[service, name] = list(dict.fromkeys(read))
    return found


async def test_every_question_is_bounded_or_says_why_it_is_not(kept: Mapping[str, Database]) -> None:
    """By ids, or between two values of an index; all of a group only where that is named, and never everything."""
    found = await shapes(kept)
    assert all(found.values())
    bad = {
        f"{service}: {name}": shape
        for (service, name), asked in found.items()
        for shape in asked
        if shape.bounds not in {BY_ID, BOTH_ENDS, *_allowed(name, shape)}
    }
    assert bad == {}


async def test_the_table_of_questions_is_up_to_date(kept: Mapping[str, Database]) -> None:
    """docs/queries.md holds every shape that was sent."""
    made = _page(await shapes(kept))
    if os.environ.get("PORTAL_WRITE_QUERIES"):
        FILE.write_text(made, "utf-8")
    assert_made_by(COMMAND, {FILE: made})


def _allowed(name: str, shape: Shape) -> set[str]:
    if name.endswith("feed"):  # the embedded servers take the first field that has an index: one person's
        return {WHOLE_GROUP, "all of its recipient_id"}
    return {WHOLE_GROUP} if _reason(name) or _is_few(shape) else set()


def _reason(name: str) -> str | None:
    return WHOLE_GROUPS.get(name.rsplit(": ", 1)[-1])


def _is_few(shape: Shape) -> bool:
    """Whether it asks only for what is an exception: what waits to be counted, or lacks a value to be sorted by."""
    equal = {field.split()[0] for field in shape.match.split(", ") if field.endswith((" =", " $in"))}
    return bool(equal & {"uncounted", "listing"}) or any(field.startswith(("listed.", "created_at")) for field in equal)


def _page(found: Mapping[tuple[str, str], list[Shape]]) -> str:
    head = (Path(__file__).parent / "queries.head.md").read_text("utf-8")
    reasons = "\n".join(f"- *{name}*: {reason}." for name, reason in WHOLE_GROUPS.items())
    rows = [
        f"| {service} | {name} | {shape.row} |" for (service, name), asked in sorted(found.items()) for shape in asked
    ]
    table = [
        "| service | question | command | filter | sort | index | reads |",
        "|---|---|---|---|---|---|---|",
        *rows,
    ]
    return head.replace("REASONS", reasons).replace("TABLE", "\n".join(table))
