#!/usr/bin/env bash
# Guess: a unique value that an update took away from a document is free for another document at once, as on MongoDB; SecantusDB's server in Rust speaks its protocol and refuses duplicates rightly.
# So: it is never free again. After $set, $unset, replaceOne and findOneAndUpdate an insert of the old value is E11000, while a find of it is empty; deleting the document then frees nothing either. Only deleting a document that still has the value frees it.
# Source: crates.io secantus-mdb 0.5.3-beta.196 (`secantusd-rs`), asked by pymongo 4.20.0 (PyPI)
# Building it takes minutes; it needs cargo, a C compiler, cmake and zlib's headers.
set -eu
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$folder"' EXIT
CARGO_TARGET_DIR="$folder/target" cargo install --quiet secantus-mdb --version 0.5.3-beta.196 --locked --ignore-rust-version --root "$folder"
rm -rf "$folder/target"
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'pymongo==4.20.0'
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir "$folder/data"
"$folder/bin/secantusd-rs" --host 127.0.0.1 --port "$port" --storage-path "$folder/data" --cache-size 256M --log-level WARNING &
server=$!
"$folder/venv/bin/python" - "$port" <<'PYTHON'
import sys

import pymongo
from pymongo.errors import DuplicateKeyError

database = pymongo.MongoClient("127.0.0.1", int(sys.argv[1]), serverSelectionTimeoutMS=30_000)["db"]
CHANGES = {
    "nothing": lambda things: None,
    "$set": lambda things: things.update_one({"_id": 1}, {"$set": {"owner": "b"}}),
    "$unset": lambda things: things.update_one({"_id": 1}, {"$unset": {"owner": ""}}),
    "replaceOne": lambda things: things.replace_one({"_id": 1}, {"owner": "b"}),
    "findOneAndUpdate": lambda things: things.find_one_and_update({"_id": 1}, {"$set": {"owner": "b"}}),
}


def is_free(things, value):
    try:
        things.insert_one({"owner": value})
    except DuplicateKeyError:
        return False
    return True


print("secantus-mdb 0.5.3-beta.196, buildInfo", database.client.server_info()["version"])
seen = {}
for name, change in CHANGES.items():
    things = database[name.strip("$")]
    things.create_index("owner", unique=True)
    things.insert_one({"_id": 1, "owner": "a"})
    change(things)
    holders = things.count_documents({"owner": "a"})
    changed = is_free(things, "a")
    things.delete_one({"_id": 1})
    seen[name] = (holders, changed, is_free(things, "a"))
    print(f"after {name}: {holders} documents have the value; free: {changed}; free once the document is deleted: {seen[name][2]}")
taken = all(seen[name] == (0, False, False) for name in CHANGES if name != "nothing")
same = seen["nothing"] == (1, False, True) and taken
print("as described" if same else "changed")
raise SystemExit(0 if same else 1)
PYTHON
