"""Domains of e-mail addresses in one normal form: IDNA 2008 after the mapping of UTS 46, non-transitional."""

from functools import lru_cache

import idna


@lru_cache(maxsize=4096)
def ascii_domain(domain: str) -> str:
    """Return the domain in small letters, its international labels as `xn--…`; a dot at its end is dropped.

    `müller.example`, `MÜLLER.example`, `mu\u0308ller。example` and `xn--mller-kva.example` are one domain.

    Raises:
        ValueError: when it is no domain name, or a label of it means nothing under IDNA 2008.
    """
    plain = domain.removesuffix(".")
    if plain.isascii() and "xn--" not in plain.lower():
        return plain.lower()
    try:
        return idna.encode(plain, uts46=True, transitional=False).decode()
    except (idna.IDNAError, UnicodeError, IndexError):
        raise ValueError("not a domain name") from None
