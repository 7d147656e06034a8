#!/usr/bin/env bash
# Guess: `ttl_sweep_seconds = 0` in the daemon's configuration file, whose unknown keys are refused, keeps expired documents, as the file's documentation says ("0 disables the thread entirely").
# So: the key is known, read and never handed to the server. The sweep runs each 60 s whatever it says: documents with a past date under a TTL index are gone within a minute.
# Source: secantusdb 0.7.0b3 (PyPI, October 2026): config.py knows the key, cli.py builds the server without it
set -eu
folder=$(mktemp -d)
daemon=
trap '[ -z "$daemon" ] || { kill "$daemon"; wait "$daemon" 2>/dev/null || true; }; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check secantusdb==0.7.0b3 pymongo==4.17.0
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
printf '[storage]\nttl_sweep_seconds = 0\n' >"$folder/secantusd.toml"
"$folder/venv/bin/secantusd-py" --config "$folder/secantusd.toml" --host 127.0.0.1 --port "$port" --storage-path "$folder/data" --log-level WARNING &
daemon=$!
"$folder/venv/bin/python" - "$port" <<'PYTHON'
import datetime
import importlib.metadata
import sys
import time

import pymongo

print("secantusdb", importlib.metadata.version("secantusdb"), "with ttl_sweep_seconds = 0")
things = pymongo.MongoClient(f"mongodb://127.0.0.1:{sys.argv[1]}/", serverSelectionTimeoutMS=60_000).finding.things
things.create_index("at", expireAfterSeconds=60)
things.insert_one({"_id": 1, "at": datetime.datetime(2026, 3, 9, tzinfo=datetime.UTC)})
begun = time.monotonic()
while (left := things.count_documents({})) and time.monotonic() - begun < 90:
    time.sleep(1)
print(f"documents after {time.monotonic() - begun:.0f} s: {left}")
raise SystemExit(0 if left == 0 else 1)
PYTHON
