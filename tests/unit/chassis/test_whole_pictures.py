"""Pictures that were cut or broken are told from whole ones, of every kind and wherever they were cut."""

import io

import pytest
from PIL import Image

from chassis.whole_pictures import PNG, is_whole
from tests.support.pictures import JPEGS, PICTURES, PNGS, chunk, interlaced, png

PARTS = (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99)


@pytest.mark.parametrize("name", PICTURES)
def test_a_whole_picture_is_whole(name: str) -> None:
    """Pillow decodes it, and so do we."""
    with Image.open(io.BytesIO(PICTURES[name])) as image:
        image.load()
    assert is_whole(PICTURES[name])


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_that_was_cut_is_not(name: str) -> None:
    """After its head, in the middle, in its last bytes: each is missed."""
    data = PICTURES[name]
    places = {8, *(int(len(data) * part) for part in PARTS), *(len(data) - left for left in range(1, 16))}
    assert [place for place in sorted(places) if is_whole(data[:place])] == []


@pytest.mark.parametrize("name", PNGS)
def test_a_png_whose_bytes_were_changed_is_not(name: str) -> None:
    """Each chunk has a sum: any byte after the signature that changes is found."""
    data = PNGS[name]
    step = max(1, len(data) // 40)
    changed = [data[:at] + bytes([data[at] ^ 0x41]) + data[at + 1 :] for at in range(8, len(data), step)]
    assert not any(map(is_whole, changed))


@pytest.mark.parametrize(("name", "marker"), [("JPEG", 0xDB), ("JPEG", 0xC4), ("JPEG", 0xC0), ("JPEG grey", 0xDA)])
def test_a_jpeg_without_a_part_is_not(name: str, marker: int) -> None:
    """Without its tables, its frame or its scan nothing can be decoded."""
    data = JPEGS[name]
    while (at := data.find(bytes([0xFF, marker]))) >= 0:
        data = data[:at] + data[at + 2 + int.from_bytes(data[at + 2 : at + 4]) :]
    assert not is_whole(data)


def test_a_jpeg_that_lost_a_restart_is_not() -> None:
    """Restarts are numbered in turn: a hole in the coded pixels that swallows one is found."""
    data = JPEGS["JPEG with restarts"]
    first, second = data.index(b"\xff\xd1"), data.index(b"\xff\xd2")
    assert not is_whole(data[:first] + data[second:])


def test_rows_that_are_missing_inside_a_sound_file_are_missed() -> None:
    """A header that promises more rows than the pixels have, with a sum that is right; and a filter that is none."""
    data = interlaced(5, 5)
    header = bytearray(data[16:29])
    header[3] = 200
    assert not is_whole(PNG + chunk(b"IHDR", bytes(header)) + data[33:])
    assert is_whole(PNG + chunk(b"IHDR", bytes(data[16:29])) + data[33:])
    palette_is_missing = png()[:25] + b"\x03" + png()[26:]
    assert not is_whole(palette_is_missing)


@pytest.mark.parametrize("data", [b"", PNG, b"\xff\xd8\xff", b"\xff\xd8\xff\xd9", b"\xff" * 99, b"GIF89a"])
def test_what_is_no_picture_is_not_whole(data: bytes) -> None:
    """Signatures alone are not enough."""
    assert not is_whole(data)
