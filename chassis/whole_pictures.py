"""Whether a PNG or JPEG is there from its first byte to its last, so that whoever shows it can decode all of it.

PNG (W3C, third edition) is read wholly: each chunk's sum, and every row of pixels. JPEG (ITU-T T.81) is read to its
end: every segment, every table that a scan uses, every scan with its data, and the mark of the end, without which a
file was cut. The coded pixels themselves are not decoded: what is garbled there shows as spots.
"""

import struct
import zlib
from collections.abc import Iterator
from itertools import accumulate

PNG = b"\x89PNG\r\n\x1a\n"
_BLOCK = 1 << 20
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_RESTARTS = range(0xD0, 0xD8)
_START_OF_SCAN, _END, _QUANTIZATION, _HUFFMAN, _RESTART_INTERVAL = 0xDA, 0xD9, 0xDB, 0xC4, 0xDD
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
_OTHER_FRAMES = frozenset(range(0xC3, 0xD0)) - {_HUFFMAN, 0xC8, 0xCC}


def is_whole(data: bytes) -> bool:
    """Whether a PNG, or a JPEG in one of the three ways that everybody reads (T.81: SOF0, SOF1, SOF2), is complete."""
    try:
        return _png_is_whole(data) if data.startswith(PNG) else _jpeg_is_whole(data)
    except (IndexError, KeyError, ValueError, struct.error, zlib.error):
        return False


def _png_is_whole(data: bytes) -> bool:
    header, pixels, has_palette = b"", bytearray(), False
    for kind, content in _chunks(data):
        if not header and kind != b"IHDR":
            return False
        if kind == b"IHDR":
            header = content
        elif kind == b"PLTE":
            has_palette = 0 < len(content) <= 768 and len(content) % 3 == 0
        elif kind == b"IDAT":
            pixels += content
        elif kind == b"IEND":
            return (has_palette or header[9] != 3) and _rows_are_there(header, bytes(pixels))
    return False


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield type and content of each chunk. Raises ValueError for one that was cut or changed."""
    at = len(PNG)
    while at < len(data):
        length = int.from_bytes(data[at : at + 4])
        end = at + 8 + length
        (checksum,) = struct.unpack(">I", data[end : end + 4])
        if zlib.crc32(data[at + 4 : end]) != checksum:
            raise ValueError
        yield data[at + 4 : at + 8], data[at + 8 : end]
        at = end + 4


def _rows_are_there(header: bytes, pixels: bytes) -> bool:
    """Inflate the pixels in blocks: as many rows as the header says, each with one of the five filters."""
    width, height, depth, colour, compression, filtering, interlace = struct.unpack(">IIBBBBB", header)
    if depth not in _DEPTHS[colour] or compression or filtering or interlace > 1 or not width or not height:
        return False
    lengths = [1 + (columns * depth * _SAMPLES[colour] + 7) // 8 for columns in _rows(width, height, interlace)]
    starts, wanted = accumulate(lengths, initial=0), sum(lengths)
    inflating, waiting, seen, start = zlib.decompressobj(), pixels, 0, 0
    while seen < wanted:
        block = inflating.decompress(waiting, min(_BLOCK, wanted - seen))
        if not block:
            return False
        while start < seen + len(block):
            if start >= seen and start < wanted and block[start - seen] > 4:
                return False
            start = next(starts, wanted)
        seen, waiting = seen + len(block), inflating.unconsumed_tail
    return True


def _rows(width: int, height: int, interlace: int) -> Iterator[int]:
    """Yield how many pixels each row has, in the order in which they are sent."""
    for left, top, right_by, down_by in _ADAM7 if interlace else ((0, 0, 1, 1),):
        columns = (width - left + right_by - 1) // right_by
        if columns > 0:
            yield from [columns] * ((height - top + down_by - 1) // down_by)


def _jpeg_is_whole(data: bytes) -> bool:
    """Walk from the start to the end mark. A progressive picture has many scans, each is complete by itself."""
    tables: set[tuple[int, int]] = set()
    frame, scans, at, interval = b"", 0, 2, 0
    while True:
        marker, at = _marker(data, at)
        if marker == _END:
            return scans > 0
        length = int.from_bytes(data[at : at + 2])
        content = data[at + 2 : at + length]
        if length < 2 or len(content) != length - 2 or marker in _OTHER_FRAMES:
            return False
        at += length
        if marker in _FRAMES:
            frame = content if _is_frame(content) and not frame else b""
        elif marker == _RESTART_INTERVAL:
            interval = int.from_bytes(content)
        elif marker in (_QUANTIZATION, _HUFFMAN):
            tables |= _tables(marker, content)
        elif marker == _START_OF_SCAN:
            if not frame or not _uses_only(frame, content, tables):
                return False
            at, scans = _end_of_scan(data, at, interval), scans + 1


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """Return the marker at a place and where its segment begins; it may be padded with FF."""
    if data[at] != 0xFF:
        raise ValueError
    while data[at] == 0xFF:
        at += 1
    return data[at], at + 1


def _is_frame(content: bytes) -> bool:
    depth, height, width, components = struct.unpack(">BHHB", content[:6])
    sampled = all(1 <= content[at] >> 4 <= 4 and 1 <= content[at] & 15 <= 4 for at in range(7, len(content), 3))
    return depth == 8 and height > 0 and width > 0 and len(content) == 6 + 3 * components > 6 and sampled


def _tables(marker: int, content: bytes) -> set[tuple[int, int]]:
    """Return which tables a segment defines: its marker and their class and place. Raises ValueError for a cut one."""
    found: set[tuple[int, int]] = set()
    at = 0
    while at < len(content):
        name = content[at]
        if marker == _QUANTIZATION:
            name, size = name & 15, 128 if name >> 4 else 64
        else:
            size = 16 + sum(content[at + 1 : at + 17])
        at += 1 + size
        found.add((marker, name))
    if at != len(content):
        raise ValueError
    return found


def _uses_only(frame: bytes, scan: bytes, tables: set[tuple[int, int]]) -> bool:
    """Whether a scan names components of the frame, and tables that are there."""
    components = {frame[at]: frame[at + 2] for at in range(6, len(frame), 3)}
    count = scan[0]
    if not 1 <= count <= 4 or len(scan) != 4 + 2 * count:
        return False
    first, last, approximation = scan[-3], scan[-2], scan[-1]
    for at in range(1, 1 + 2 * count, 2):
        named, direct, alternating = scan[at], scan[at + 1] >> 4, scan[at + 1] & 15
        if (_QUANTIZATION, components[named]) not in tables:
            return False
        if first == 0 and approximation >> 4 == 0 and (_HUFFMAN, direct) not in tables:
            return False
        if last > 0 and (_HUFFMAN, 16 + alternating) not in tables:
            return False
    return True


def _end_of_scan(data: bytes, at: int, interval: int) -> int:
    """Return where the next marker after coded pixels stands; restarts come in their order. Raises ValueError."""
    begun, restart = at, 0
    while True:
        at = data.index(b"\xff", at)
        following = data[at + 1]
        if following in _RESTARTS:
            if not interval or following - _RESTARTS.start != restart % 8:
                raise ValueError
            restart += 1
        elif following not in (0, 0xFF):
            if at == begun:
                raise ValueError
            return at
        at += 1 if following == 0xFF else 2
