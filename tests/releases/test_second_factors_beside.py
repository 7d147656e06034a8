"""A second factor beside the version before: its process lets nobody in by the password alone, and loses nothing."""

import asyncio
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from chassis.kernel import Principal, Role, new_id
from chassis.mongo.client import connect
from services.identity.adapters.mongo_people import MongoStaffMembers
from services.identity.domain.person import NewPasskey, PersonStatus
from services.identity.domain.staff_member import StaffDetails, StaffMember
from services.identity.messaging.published import LANGUAGE
from tests.releases.other_version import RELEASES, NotThere, commit_of, export
from tests.support.clock import NOON
from tests.support.storage import Databases, quickest

KEY = NewPasskey(id="id", public_key="key", sign_count=0, backup_eligible=True, backed_up=True, attempt="a")
BEFORE = """
import asyncio, sys
from CHASSIS.kernel import Principal
from CHASSIS.mongo.client import connect
from services.identity.adapters.mongo_people import MongoStaffMembers
from services.identity.messaging.published import LANGUAGE

url, name, organisation, person = sys.argv[1:]

def rename(it):
    it.name = "Renamed"

async def main():
    staff = MongoStaffMembers(connect(url, name), LANGUAGE, lambda: None)
    by = Principal.for_service(organisation)
    found = await staff.update(by, person, rename)
    print(found.password_hash, found.may_log_in)

asyncio.run(main())
"""


async def test_the_version_before_finds_no_password_and_keeps_the_rest(databases: Databases, tmp_path: Path) -> None:
    """What passkeys and awaited proofs are made of is there after its save; who has a passkey has no password there."""
    try:
        tree = export(commit_of(RELEASES[-1]), tmp_path / "tree")
    except NotThere as missing:
        pytest.skip(f"the version before this one cannot be had: {missing}")
    chassis = "services.chassis" if (tree / "services" / "chassis").is_dir() else "chassis"
    program = tree / "before.py"
    program.write_text(BEFORE.replace("CHASSIS", chassis))
    url, name = databases.url(quickest()), f"v{uuid4().hex[:12]}_identity"
    database = connect(url, name)
    staff = MongoStaffMembers(database, LANGUAGE, lambda: None)
    details = StaffDetails(name="Ada", email="ada@x.example", role=Role.OWNER)
    owner = StaffMember.register_owner(new_id("stf"), new_id("org"), details, "hash", NOON)
    owner.add_passkey(KEY, "Phone", ("one",), NOON)
    await staff.add(owner)
    command = [sys.executable, str(program), url, name, owner.organisation_id, owner.id]
    done = await asyncio.to_thread(subprocess.run, command, cwd=tree, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == ("None False", 0), done.stderr
    kept = await staff.get(Principal.for_service(owner.organisation_id), owner.id)
    assert (kept.name, kept.status) == ("Renamed", PersonStatus.ACCEPTED)
    assert (kept.guard, kept.own_passkeys, kept.awaited_proof) == (owner.guard, owner.own_passkeys, owner.awaited_proof)
    await database.drop()
    await database.close()
