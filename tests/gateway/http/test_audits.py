"""GraphQL over HTTP: every audit that npm's `graphql-http` ships."""

import json

from tests.support import npm


async def test_every_audit_passes(world):
    """All 61 checks are ok, with the settings that a gateway has by itself."""
    folder = npm.installed("graphql-http-audit")
    code, out, err = await npm.run_node(folder, "audit.mjs", world.url)
    assert code == 0, err
    audits = [json.loads(line) for line in out.splitlines()]
    print(f"\n{sum(audit['status'] == 'ok' for audit in audits)} of {len(audits)} audits ok")
    assert len(audits) == 61
    assert [audit for audit in audits if audit["status"] != "ok"] == []


def test_the_locks_name_no_registry():
    """The lock files hold hashes and no address."""
    locks = list(npm.TOOLS.glob("*/package-lock.json"))
    assert locks
    assert [lock.parent.name for lock in locks if '"resolved"' in lock.read_text()] == []
