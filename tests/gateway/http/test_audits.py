"""GraphQL over HTTP: every audit that npm's `graphql-http` ships."""

import hashlib
import json

from tests.support import npm

QUERIES = ["{ __typename }", "query Type($name: String!) { __type(name: $name) { name } }"]


async def test_every_audit_passes(make_world, tmp_path):
    """All 61 checks are ok; the documents that they send by GET are persisted ones."""
    folder = npm.installed("graphql-http-audit")
    manifest = tmp_path / "documents.json"
    manifest.write_text(json.dumps({hashlib.sha256(text.encode()).hexdigest(): text for text in QUERIES}))
    world = await make_world(persisted_documents=manifest)
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
