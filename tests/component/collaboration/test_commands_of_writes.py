"""What a comment asks of the database, command by command: a new one has to be meant."""

from tests.component.collaboration.conftest import Running
from tests.support.collaboration.makers import CONTACT, invoice
from tests.support.commands import recorded


async def test_a_comment_is_written_by_so_many_commands(running: Running) -> None:
    """By a contact: the key, what it may see, its allowance, the one write, what is shown."""
    about = invoice()
    await running.tell_of(about)
    await running.comment(about, CONTACT, "One")
    with recorded(running.service.database.name) as commands:
        payload = await running.comment(about, CONTACT, "Two")
    assert payload["userErrors"] == []
    assert [f"{one['_name']} {one[one['_name']]}" for one in commands] == [
        "insert idempotency",
        "find documents",
        "find portals",
        "update allowances",
        "insert comments",
        "update idempotency",
        "find comments",
        "find documents",
        "find portals",
    ]
