"""QR codes (ISO/IEC 18004) as pictures of one path; error correction M, as EPC069-12 wants it."""

import io
from functools import lru_cache

import segno

QUIET = 4
"""Modules of quiet zone around a code, as the standard asks for."""


@lru_cache(maxsize=64)
def svg_of(text: str) -> str:
    """Return an SVG of a QR code that says the text, in UTF-8. Raises ValueError for more than a code can say."""
    code = segno.make_qr(text, error="m", encoding="utf-8", boost_error=False)
    picture = io.BytesIO()
    code.save(picture, kind="svg", border=QUIET, dark="#000", light="#fff", xmldecl=False, svgns=True, omitsize=True)
    return picture.getvalue().decode()
