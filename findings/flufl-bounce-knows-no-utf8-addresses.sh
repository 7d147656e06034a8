#!/usr/bin/env bash
# Guess: a failed recipient of an RFC 6533 report (address type utf-8) is found by the bounce parser as one of RFC 3464 is, at least where the address itself is plain ASCII.
# So: an address of the type utf-8 is never found, ASCII or not, and nothing is raised: the bounce looks like no bounce. Where the original address has that type and the final one is rfc822, three failures are told for one recipient: both, and the word "utf-8" itself.
# Source: flufl.bounce 6.0.0 (PyPI, 2026), all_failures; RFC 6533 sections 3 and 4, RFC 3464 section 2.3
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check flufl.bounce==6.0.0
"$folder/venv/bin/python" - <<'PYTHON'
import importlib.metadata
from email import message_from_string

from flufl.bounce import all_failures

print("flufl.bounce", importlib.metadata.version("flufl.bounce"))
REPORT = """From: MAILER-DAEMON@mx.example
To: sender@example.com
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="part"

--part
Content-Type: text/plain

The mail could not be delivered.

--part
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

{recipient}
Action: failed
Status: 5.1.1

--part--
"""
RECIPIENTS = {
    "rfc822": ("Final-Recipient: rfc822; jo@b.example", {b"jo@b.example"}),
    "utf-8, ASCII": ("Final-Recipient: utf-8; jo@b.example", set()),
    "utf-8, escaped": ("Final-Recipient: utf-8; jos\\x{E9}@b.example", set()),
    "original utf-8, final rfc822": (
        "Original-Recipient: utf-8; jos\\x{E9}@b.example\nFinal-Recipient: rfc822; jose@b.example",
        {b"jos\\x{E9}@b.example", b"jose@b.example", b"utf-8"},
    ),
}
same = True
for name, (recipient, seen) in RECIPIENTS.items():
    _, failed = all_failures(message_from_string(REPORT.format(recipient=recipient)))
    print(name, sorted(failed))
    same = same and failed == seen
raise SystemExit(0 if same else 1)
PYTHON
