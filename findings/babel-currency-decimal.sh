#!/usr/bin/env bash
# Guess: Babel writes Swiss francs in French with the decimal point that its own locale data has for currencies.
# So: it writes a comma: `currencyDecimal` and `currencyGroup` are loaded from CLDR and read by nothing, in 2.18 and 2.19.
# Source: babel 2.18.0 (CLDR 47) and 2.19.0 (CLDR 49) from PyPI, babel/numbers.py, get_decimal_symbol and get_group_symbol
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
same=yes
for version in 2.18.0 2.19.0; do
    python3 -m venv "$folder/$version"
    "$folder/$version/bin/python" -m pip install --quiet --disable-pip-version-check "babel==$version"
    "$folder/$version/bin/python" - <<'PYTHON' || same=no
from decimal import Decimal

import babel
from babel import Locale
from babel.numbers import format_currency

locale = Locale.parse("fr_CH")
symbols = locale.number_symbols["latn"]
written = format_currency(Decimal("12.50"), "CHF", locale=locale)
print(f"babel {babel.__version__}: {written!r}; its data: decimal {symbols['decimal']!r}, "
      f"for currencies {symbols.get('currencyDecimal')!r}")
raise SystemExit(0 if symbols.get("currencyDecimal") == "." and "12,50" in written else 1)
PYTHON
done
[ "$same" = yes ]
