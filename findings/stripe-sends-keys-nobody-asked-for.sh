#!/usr/bin/env bash
# Guess: with its retries off, Stripe's Python library sends an Idempotency-Key only where the caller gives one.
# So: every POST carries a key; without the caller's it is a fresh UUID that nobody can repeat. Looking for "calls without a key" finds none, and doing a lost call again is a new call.
# Source: stripe 16.1.0 (PyPI), its own requests seen by a local server
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'stripe==16.1.0'
"$folder/venv/bin/python" - <<'PYTHON'
import sys
import threading
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer

import stripe

seen = []


class Door(BaseHTTPRequestHandler):
    def answer(self):
        self.rfile.read(int(self.headers.get("content-length") or 0))
        seen.append((self.command, self.headers.get("Idempotency-Key")))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"id": "cus_1", "object": "customer", "deleted": true}')

    do_GET = do_POST = do_DELETE = answer

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Door)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}"
client = stripe.StripeClient("sk_test_123", base_addresses={"api": address}, max_network_retries=0)
client.v1.customers.create({"name": "Ada"})
client.v1.customers.create({"name": "Ada"})
client.v1.customers.create({"name": "Ada"}, {"idempotency_key": "ours"})
client.v1.customers.retrieve("cus_1")
client.v1.customers.delete("cus_1")
print("stripe", stripe.VERSION)
for method, key in seen:
    print(method, key)
keys = [key for _, key in seen]
fresh = all(key and uuid.UUID(key) for key in keys[:2]) and keys[0] != keys[1]
sys.exit(0 if fresh and keys[2:] == ["ours", None, None] else 1)
PYTHON
