#!/usr/bin/env bash
# Guess: an invoice of 10.05 with two discounts of 5 % on the whole says 0.50 + 0.50 = 1.00 for the allowances, as rule BR-CO-11 wants, since the library checks what it is given and promises EN 16931.
# So: it says 1.01 for the sum of 0.50 and 0.50, takes the lost cent off what is to be paid as a "rounding amount", and its own check is content; the norm's rules refuse the file.
# Source: erechnung 0.3.0 (PyPI, August 2026), calculation.calculate; EN 16931-1, BR-CO-11 in the Schematron that factur-x 7.8 carries, run by saxonche 13.1.1
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
  erechnung==0.3.0 factur-x==7.8 saxonche==13.1.1
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import importlib.metadata
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import facturx
from erechnung import Customer, CustomerType, Discount, Invoice, LineItem, Seller
from erechnung.calculation import calculate
from erechnung.validation import validate
from erechnung.xml import xml_bytes
from saxonche import PySaxonProcessor

RULES = Path(facturx.__file__).parent / "xsd_and_schematron/facturx-en16931/FACTUR-X_EN16931.xslt"


def invoice(discounts: int) -> Invoice:
    percent, rate = Decimal("5"), Decimal("19")
    return Invoice(
        seller=Seller(
            name="Seller", street="Weg", house_number="1", postal_code="10115", city="Berlin",
            vat_id="DE136695976", iban="DE89370400440532013000",
        ),
        customer=Customer(
            company="Buyer", street="Platz", house_number="2", postal_code="20095", city="Hamburg",
            customer_type=CustomerType.B2B,
        ),
        line_items=[LineItem("Work", Decimal("1"), Decimal("10.05"), tax_rate=rate)],
        invoice_number="INV-1",
        issue_date=date(2026, 11, 2),
        service_date=date(2026, 11, 1),
        discounts=[Discount("invoice", percent, tax_rate=rate, reason="Loyal") for _ in range(discounts)],
    )


def amounts(xml: str, name: str) -> list[str]:
    return re.findall(rf"<ram:{name}[^>]*>([^<]*)<", xml)


def refused(xml: bytes) -> list[str]:
    Path("invoice.xml").write_bytes(xml)
    with PySaxonProcessor(license=False) as processor:
        rules = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(RULES))
        report = rules.transform_to_string(source_file="invoice.xml")
    return sorted(set(re.findall(r"\[(BR-[A-Z0-9-]+)\]", report)))


for name in ("erechnung", "factur-x", "saxonche"):
    print(name, importlib.metadata.version(name))
verdicts = []
for count in (1, 2):
    made = invoice(count)
    totals = calculate(made)
    validate(made)
    xml = xml_bytes(made, totals)
    text = xml.decode()
    verdicts.append(refused(xml))
    print(
        f"{count} x 5 %: allowances", amounts(text, "ActualAmount"), "sum", amounts(text, "AllowanceTotalAmount"),
        "rounding", amounts(text, "RoundingAmount"), "to pay", amounts(text, "DuePayableAmount"),
        "refused by", verdicts[-1] or "nobody",
    )
raise SystemExit(0 if verdicts == [[], ["BR-CO-11"]] else 1)
PYTHON
