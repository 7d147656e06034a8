"""Pictures of every kind that we take, written by Pillow, and interlaced ones that Pillow does not write."""

import io
import struct
import zlib

from PIL import Image

NOISE = Image.effect_noise((61, 47), 80)


def png(width: int = 61, height: int = 47) -> bytes:
    """Return a PNG whose pixels do not shrink."""
    return written(Image.effect_noise((width, height), 80).convert("RGB"), "PNG")


def written(image: Image.Image, kind: str, **how: object) -> bytes:
    """Return the file of an image."""
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    """Return one chunk of a PNG."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def interlaced(width: int, height: int) -> bytes:
    """Return a grey PNG in the seven passes of Adam7."""
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
    rows = bytearray()
    for left, top, right, down in passes:
        columns, lines = len(range(left, width, right)), len(range(top, height, down))
        rows += (b"\0" + bytes(range(columns))) * lines if columns else b""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 1)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(bytes(rows))), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _with_preview() -> bytes:
    """Return a JPEG that has a smaller one, with an end mark of its own, among its notes."""
    notes = b"Exif\0\0" + written(NOISE.resize((16, 16)), "JPEG")
    return written(NOISE.convert("RGB"), "JPEG", exif=notes)


PNGS = {
    **{f"PNG {mode}": written(NOISE.convert(mode), "PNG") for mode in ("1", "L", "LA", "RGB", "RGBA", "P", "I;16")},
    "PNG P of 4 colours": written(NOISE.quantize(4), "PNG"),
    "PNG in several IDAT": written(Image.effect_noise((200, 150), 80).convert("RGB"), "PNG", compress_level=0),
    **{f"PNG interlaced {size}": interlaced(*size) for size in ((1, 1), (3, 2), (61, 47))},
}
JPEGS = {
    "JPEG": written(NOISE.convert("RGB"), "JPEG"),
    "JPEG of the best quality": written(NOISE.convert("RGB"), "JPEG", quality=100, subsampling=0),
    "JPEG grey": written(NOISE, "JPEG"),
    "JPEG progressive": written(NOISE.convert("RGB"), "JPEG", progressive=True, optimize=True),
    "JPEG progressive grey": written(NOISE, "JPEG", progressive=True),
    "JPEG with restarts": written(NOISE.convert("RGB"), "JPEG", restart_marker_blocks=1),
    "JPEG progressive with restarts": written(NOISE.convert("RGB"), "JPEG", restart_marker_rows=1, progressive=True),
    "JPEG with a preview": _with_preview(),
}
PICTURES = {**PNGS, **JPEGS}
