"""Clients that others wrote read deferred answers: Apollo Client with both of its handlers, and urql."""

import json

import pytest

from tests.support.npm import installed, run_node

FIRST, SECOND = {"id": "1"}, {"id": "2"}
CLIENTS = ("apollo 2022", "apollo 17", "urql")
# (what is asked, the data that every client ends with, its error)
CASES = [
    ("a list", '{ users { id ... @defer(label: "n") { invoices { id } } } }', {
        "users": [{**FIRST, "invoices": [{"id": "i0"}, {"id": "i2"}]},
                  {**SECOND, "invoices": [{"id": "i1"}, {"id": "i3"}]}]}, None),
    ("nested", '{ me { id ... @defer(label: "a") { name ... @defer(label: "b") { invoices { id } } } } }', {
        "me": {**FIRST, "name": "Ada", "invoices": [{"id": "i0"}, {"id": "i2"}]}}, None),
    ("not deferred", "{ me { id ... @defer(if: false) { invoices { id } } } }", {
        "me": {**FIRST, "invoices": [{"id": "i0"}, {"id": "i2"}]}}, None),
    ("failed in one of two", '{ users { id ... @defer(label: "m") { must } } }', {
        "users": [{**FIRST, "must": 1}, SECOND]}, "no must"),
    ("failed without a label", "{ users { id ... @defer { must } } }", {
        "users": [{**FIRST, "must": 1}, SECOND]}, "no must"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "data", "error"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
async def test_clients_end_with_the_whole_answer(world, query, data, error):
    """Every client has the data in the end, and the error of a fragment that failed."""
    status, out, errors = await run_node(installed("defer-clients"), "clients.mjs", world.url, query)
    assert status == 0, errors
    found = json.loads(out)
    assert {name: _plain(found[name]["data"]) for name in CLIENTS} == dict.fromkeys(CLIENTS, data)
    told = {name: (found[name]["error"] or "").split("] ")[-1] or None for name in CLIENTS}
    assert told == dict.fromkeys(CLIENTS, error)


def _plain(value):
    """Return data without the type names that clients add."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items() if key != "__typename"}
    return [_plain(one) for one in value] if isinstance(value, list) else value
