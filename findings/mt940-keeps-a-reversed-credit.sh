#!/usr/bin/env bash
# Guess: in an MT940 statement, "RC" (reversal of a credit) takes money away like "D", so the library's amount is negative, as it is for "D".
# So: only the mark "D" is negative: a client's payment that came back reads as a second payment of +100.00, though the statement's own balances say that nothing is left.
# Source: mt-940 5.1.1 (PyPI, September 2026), models.Amount; SWIFT MT940, field 61, subfield 3 (C, D, RC, RD) and fields 60F and 62F
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check mt-940==5.1.1
"$folder/venv/bin/python" - <<'PYTHON'
import importlib.metadata
from decimal import Decimal

import mt940

print("mt-940", importlib.metadata.version("mt-940"))
STATEMENT = """:20:STATEMENT1
:25:DE89370400440532013000
:28C:1/1
:60F:C260615EUR0,00
:61:2606150615C100,00NTRFINV-1//BANK1
:61:2606150615RC100,00NTRFINV-1//BANK2
:61:2606150615D30,00NTRFFEE-1//BANK3
:61:2606150615RD30,00NTRFFEE-1//BANK4
:62F:C260615EUR0,00
-
"""
read = mt940.parse(STATEMENT)
amounts = {}
for entry in read:
    amounts[entry.data["status"]] = entry.data["amount"].amount
    print(f"{entry.data['status']:>2}", entry.data["amount"].amount)
balances = [read.data[name].amount.amount for name in ("final_opening_balance", "final_closing_balance")]
print("balances", *balances, "- sum of what was read", sum(amounts.values()))
expected = {"C": Decimal(100), "RC": Decimal(100), "D": Decimal(-30), "RD": Decimal(30)}
raise SystemExit(0 if amounts == expected and balances == [0, 0] else 1)
PYTHON
