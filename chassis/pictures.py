"""What the header of a PNG or JPEG says of the picture. Nothing is decoded: who prints it finds out what is broken."""

import struct
from dataclasses import dataclass

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_JPEG_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
_CMYK = 4


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's kind (`png` or `jpeg`), its size in pixels, and whether its colours are those of a printing press."""

    kind: str
    width: int
    height: int
    is_cmyk: bool = False


def picture_of(data: bytes) -> Picture | None:
    """Return what the header says, None for anything but a PNG or JPEG whose header can be read."""
    if data.startswith(_PNG) and data[12:16] == b"IHDR" and len(data) > 24:
        return Picture("png", *struct.unpack(">II", data[16:24]))
    return _jpeg(data) if data.startswith(_JPEG) else None


def _jpeg(data: bytes) -> Picture | None:
    """Walk the segments of a JPEG (ITU-T T.81, annex B) up to its frame header; markers may be padded with FF."""
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if marker == 0xFF:
            at += 1
            continue
        if marker in _JPEG_FRAMES:
            height, width, components = struct.unpack(">HHB", data[at + 5 : at + 10])
            return Picture("jpeg", width, height, components == _CMYK)
        if length < 2:
            return None
        at += 2 + length
    return None
