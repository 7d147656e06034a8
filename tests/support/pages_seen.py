"""Pages as pictures: small, grey, and compared so that fonts may be smoothed otherwise and nothing may move."""

import io
from pathlib import Path
from typing import Any, cast

import pypdfium2
from PIL import Image, ImageChops, ImageFilter

DPI = 36
"""Of the pictures that are kept: 1.4 pixels a millimetre, so that 3 mm are four of them."""
_FINER = 4
_SHADES = 16
_TILE = 6
_INK = 160
TOLERATED = 18
"""How many of 255 shades a tile of 4 mm may differ on average, after blurring.

Text that is drawn without smoothing, for liquid crystals, finer or coarser differs by 16 at most; a line of text that
moves by 3 mm by 22 and more.
"""


def pictures(pdf: bytes, **how: bool) -> list[Image.Image]:
    """Return each page, grey, at `DPI`; drawn finer and averaged, so that hints and smoothing count little.

    `how` are PDFium's options of drawing.
    """
    document: Any = pypdfium2.PdfDocument(pdf)
    try:
        drawn = [page.render(scale=DPI * _FINER / 72, grayscale=True, **how).to_pil().convert("L") for page in document]
    finally:
        document.close()
    return [page.reduce(_FINER) for page in drawn]


def room_behind(pdf: bytes, text: str) -> float:
    """Return how many points lie between the first place of a text on the first page and what follows in its line.

    Less than nothing where the text goes on in another line.
    """
    document: Any = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0].get_textpage()
        found, count = page.search(text).get_next()
        following = found + count
        while page.get_text_range(following, 1).isspace():
            following += 1
        first, last, behind = (page.get_charbox(place) for place in (found, found + count - 1, following))
        return behind[0] - last[2] if abs(first[1] - last[1]) < 4 else -1.0
    finally:
        document.close()


def kept(picture: Image.Image) -> bytes:
    """Return the PNG that is checked in: few shades, well packed."""
    out = io.BytesIO()
    few = picture.point([round(shade * (_SHADES - 1) / 255) for shade in range(256)], "L")
    palette = [round(shade * 255 / (_SHADES - 1)) for shade in range(_SHADES) for _ in "RGB"]
    indexed = Image.frombytes("P", few.size, few.tobytes())
    indexed.putpalette(palette)
    indexed.save(out, "PNG", optimize=True, bits=4)
    return out.getvalue()


def differences(seen: Image.Image, golden: Image.Image) -> list[str]:
    """Return the places that differ, in millimetres from the top left."""
    if seen.size != golden.size:
        return [f"the page is {_mm(seen.size)} instead of {_mm(golden.size)}"]
    softened = [one.convert("L").filter(ImageFilter.BoxBlur(1)) for one in (seen, golden)]
    tiles = ImageChops.difference(*softened).reduce(_TILE)
    return [
        f"{_mm((column * _TILE, row * _TILE))}: {shade} shades"
        for row in range(tiles.height)
        for column in range(tiles.width)
        if (shade := int(tiles.getpixel((column, row)))) > TOLERATED  # pyright: ignore[reportArgumentType]
    ]


def lines_of(picture: Image.Image) -> list[tuple[int, int]]:
    """Return the lines of text, as the first row of pixels and how many: rows with ink between rows without.

    Rules, one row high, are none.
    """
    rows = [picture.crop((0, row, picture.width, row + 1)) for row in range(picture.height)]
    inked = [cast(tuple[int, int], row.getextrema())[0] < _INK for row in rows] + [False]
    starts = [row for row in range(1, picture.height) if inked[row] and not inked[row - 1]]
    found = [(start, inked.index(False, start) - start) for start in starts]
    return [(start, height) for start, height in found if height > 1]


def moved(picture: Image.Image, top: int, height: int, *, millimetres: float) -> Image.Image:
    """Return the picture with the rows from `top` on moved down, over what is there."""
    strip = picture.crop((0, top, picture.width, top + height))
    changed = picture.copy()
    changed.paste(255, (0, top, picture.width, top + height))
    changed.paste(strip, (0, top + round(millimetres * DPI / 25.4)))
    return changed


def read(file: Path) -> Image.Image:
    """Return a picture that is checked in."""
    with Image.open(file) as image:
        return image.convert("L")


def _mm(place: tuple[int, int]) -> str:
    across, down = (round(pixels * 25.4 / DPI) for pixels in place)
    return f"{across} × {down} mm"
