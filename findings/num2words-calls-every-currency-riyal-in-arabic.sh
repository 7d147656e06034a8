#!/usr/bin/env bash
# Guess: an amount in words, in Arabic, names the currency that was given, or is refused as in other languages (NotImplementedError): 12.50 EUR is never written as another currency.
# So: euros, dollars, pounds, dirhams of the Emirates and what is no currency are all written as "riyal and halala", without an error. Kuwaiti dinars are known, with two digits for the fils: 12.345 KWD is written as 34 fils; Tunisian millimes have their three.
# Source: num2words 0.5.14 (PyPI), num2words/lang_AR.py; ISO 4217 (KWD: minor unit of three digits)
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check num2words==0.5.14
"$folder/venv/bin/python" - <<'PYTHON'
import importlib.metadata
from decimal import Decimal

from num2words import num2words

print("num2words", importlib.metadata.version("num2words"))


def words(amount: str, currency: str, lang: str = "ar") -> str:
    try:
        said = num2words(Decimal(amount), to="currency", currency=currency, lang=lang)
    except NotImplementedError as error:
        said = f"refused: {error}"
    print(amount, currency, lang, said)
    return said


riyals = words("12.50", "SAR")
same = all(words("12.50", currency) == riyals for currency in ("EUR", "USD", "GBP", "AED", "XXX"))
same &= words("12.50", "KWD") != riyals
same &= words("12.50", "EUR", "ja").startswith("refused")
same &= words("12.345", "KWD") == words("12.34", "KWD")
same &= words("12.345", "TND") != words("12.34", "TND")
raise SystemExit(0 if same else 1)
PYTHON
