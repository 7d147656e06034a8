"""Lets a logo through only as what it claims to be: a PNG or JPEG of sane size. SVG could name other files; no."""

import struct

MAX_BYTES = 512 * 1024
MAX_SIDE = 4096
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG_FRAMES = frozenset({0xC0, 0xC1, 0xC2})


def image_type(logo: bytes | None) -> str | None:
    """Return `png` or `jpeg` for a logo that may be printed, None for anything else."""
    if not logo or len(logo) > MAX_BYTES:
        return None
    if logo.startswith(_PNG) and logo[12:16] == b"IHDR" and len(logo) > 24:
        width, height = struct.unpack(">II", logo[16:24])
        return "png" if _sane(width, height) else None
    if logo.startswith(b"\xff\xd8\xff"):
        size = _jpeg_size(logo)
        return "jpeg" if size and _sane(*size) else None
    return None


def _sane(width: int, height: int) -> bool:
    return 0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE


def _jpeg_size(logo: bytes) -> tuple[int, int] | None:
    """Walk the segments of a JPEG (ITU-T T.81, annex B) up to its frame header."""
    at = 2
    while at + 9 < len(logo) and logo[at] == 0xFF:
        marker, length = logo[at + 1], int.from_bytes(logo[at + 2 : at + 4])
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", logo[at + 5 : at + 9])
            return width, height
        if length < 2:
            return None
        at += 2 + length
    return None
