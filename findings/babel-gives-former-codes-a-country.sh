#!/usr/bin/env bash
# Guess: Babel reads the former codes iw, in and tl as today's he, id and fil: languages without a country.
# So: it reads them as Hebrew of Israel, Indonesian of Indonesia and Filipino of the Philippines, and `und` as American English.
# Source: babel 2.18.0 (CLDR 47) and 2.19.0 (CLDR 49) from PyPI, babel/core.py, Locale.parse: likely subtags without minimising
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
same=yes
for version in 2.18.0 2.19.0; do
    python3 -m venv "$folder/$version"
    "$folder/$version/bin/python" -m pip install --quiet --disable-pip-version-check "babel==$version"
    "$folder/$version/bin/python" - <<'PYTHON' || same=no
import babel
from babel import Locale

read = {code: str(Locale.parse(code)) for code in ("he", "iw", "in", "tl", "und")}
print(f"babel {babel.__version__}: {read}")
expected = {"he": "he", "iw": "he_IL", "in": "id_ID", "tl": "fil_PH", "und": "en_US"}
raise SystemExit(0 if read == expected else 1)
PYTHON
done
[ "$same" = yes ]
