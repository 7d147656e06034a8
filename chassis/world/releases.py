"""Which release of each kind of data this process reads, for `/readyz` and the log."""

import babel
from babel.core import get_cldr_version

from chassis.world import countries, currencies, zones


def releases() -> dict[str, str]:
    """Return the release of zones, locale data, currencies and countries, by kind."""
    return {
        "zones": zones.RELEASE,
        "locales": f"CLDR {get_cldr_version()} (Babel {babel.__version__})",
        "currencies": currencies.PUBLISHED.isoformat(),
        "countries": countries.PUBLISHED,
    }
