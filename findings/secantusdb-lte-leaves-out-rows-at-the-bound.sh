#!/usr/bin/env bash
# Guess: `{owner: "a", at: {$gte: 1, $lte: 5}}` finds the rows whose `at` is 5, whatever indexes there are: an index makes a query faster, never smaller.
# So: with an index (owner, at, _id) the rows at the upper bound are missing, and with (owner, at falling, _id falling) those at the lower one; without it, or with (owner, at), all are found.
# Source: secantusdb 0.7.0b3 (PyPI), secantusd-py over pymongo 4.15; https://www.mongodb.com/docs/manual/reference/operator/query/lte/
set -eu
folder=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
server=0
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check "secantusdb==0.7.0b3" "pymongo==4.15.4"
port=$("$folder/venv/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir "$folder/data"
"$folder/venv/bin/secantusd-py" --host 127.0.0.1 --port "$port" --storage-path "$folder/data" >"$folder/log" 2>&1 &
server=$!
"$folder/venv/bin/python" - "$port" <<'PYTHON'
import importlib.metadata
import sys

import pymongo

client = pymongo.MongoClient(f"mongodb://127.0.0.1:{sys.argv[1]}/?retryWrites=false", serverSelectionTimeoutMS=20_000)
print("secantusdb", importlib.metadata.version("secantusdb"), "pymongo", pymongo.version)
indexes = {
    "no index": None,
    "owner, at": [("owner", 1), ("at", 1)],
    "owner, at, _id": [("owner", 1), ("at", 1), ("_id", 1)],
    "owner, at falling, _id falling": [("owner", 1), ("at", -1), ("_id", -1)],
}
found = {}
for number, (name, keys) in enumerate(indexes.items()):
    rows = client["probe"][f"rows{number}"]
    rows.insert_many([{"_id": f"r{at}", "owner": "a", "at": at} for at in range(1, 8)])
    if keys:
        rows.create_index(keys)
    found[name] = sorted(row["at"] for row in rows.find({"owner": "a", "at": {"$gte": 1, "$lte": 5}}))
    print(f"{name}: {found[name]}")
client.close()
whole = [1, 2, 3, 4, 5]
expected = {
    "no index": whole,
    "owner, at": whole,
    "owner, at, _id": [1, 2, 3, 4],
    "owner, at falling, _id falling": [2, 3, 4, 5],
}
raise SystemExit(0 if found == expected else 1)
PYTHON
