"""Lists of web origins, as operators write them: `https://app.example`, `https://*.app.example`, `http://localhost:*`."""

import re
from collections.abc import Iterable


def is_origin_pattern(text: str) -> bool:
    """Tell whether a text may stand in a list of origins."""
    return text == "*" or re.fullmatch(r"[a-z][a-z0-9+.-]*://(\*\.)?[^\s*/?#@]+(:\*)?", text, re.IGNORECASE) is not None


def pattern_of(listed: Iterable[str]) -> re.Pattern[str]:
    """Return what fully matches the listed origins in lower case; `*` alone stands for none in particular."""
    return re.compile("|".join(_pattern(origin) for origin in listed if origin != "*") or r"(?!)")


def require_patterns(listed: list[str]) -> list[str]:
    """Return a setting's list of origins.

    Raises:
        ValueError: an entry is none, and which.
    """
    wrong = [origin for origin in listed if not is_origin_pattern(origin)]
    if wrong:
        raise ValueError(f"not origins: {', '.join(wrong)}; an origin is like https://app.example, without a path")
    return listed


def _pattern(origin: str) -> str:
    scheme, _, rest = origin.lower().rstrip("/").partition("://")
    host, port = (rest[:-2], r":\d{1,5}") if rest.endswith(":*") else (rest, "")
    deep = r"(?:[a-z0-9_-]+\.)+" if host.startswith("*.") else ""
    return re.escape(f"{scheme}://") + deep + re.escape(host.removeprefix("*.")) + (f"(?:{port})?" if port else "")
