"""What a browser says of itself, in a few words that its owner recognises: "Firefox, Windows"."""

LONGEST = 60

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def summary_of(user_agent: str) -> str | None:
    """Return browser and system of a `User-Agent` header (RFC 9110 §10.1.5), else the first product that it names.

    None where it says nothing that could be shown.
    """
    known = [_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)]
    if any(known):
        return ", ".join(filter(None, known))
    product = user_agent.split("/", 1)[0].split(" ", 1)[0][:LONGEST]
    return product if product.isascii() and product.isprintable() and product else None


def _first(words: tuple[tuple[str, str], ...], user_agent: str) -> str | None:
    return next((name for sign, name in words if sign in user_agent), None)
