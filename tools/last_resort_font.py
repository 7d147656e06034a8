"""Write `PortalLastResort-Regular.ttf`: a crossed box for every character that no other font of ours has.

Run `uv run --with fonttools==4.68.0 tools/last_resort_font.py PATH`, where the path is the font's, among the others.
Private-use characters and noncharacters are left out, since PDF/A refuses them with any font.
"""

import sys

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

GLYPHS = 4093
"""A prime: in a PDF a glyph stands for one character, so what is copied is right while no two that share one meet."""
MADE = 3849984000
"""1 January 2026 in seconds since 1904, so that the same program writes the same bytes."""
FAMILY = "Portal Last Resort"
OUTLINE = (
    ((60, -60), (60, 760), (740, 760), (740, -60)),
    ((120, 0), (680, 0), (680, 700), (120, 700)),
    ((120, 0), (640, 700), (680, 700), (160, 0)),
)


def is_left_out(code: int) -> bool:
    control, surrogate_or_private = 0x7F <= code < 0xA0, 0xD800 <= code < 0xF900 or code >= 0xF0000
    return control or surrogate_or_private or 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE or code == 0xFEFF


def box():
    pen = TTGlyphPen(None)
    for first, *others in OUTLINE:
        pen.moveTo(first)
        for point in others:
            pen.lineTo(point)
        pen.closePath()
    return pen.glyph()


def same():
    pen = TTGlyphPen({".notdef": box()})
    pen.addComponent(".notdef", (1, 0, 0, 1, 0, 0))
    return pen.glyph()


def write(target: str) -> None:
    boxes = [f"box{number}" for number in range(GLYPHS)]
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder([".notdef", *boxes])
    font.setupCharacterMap({0x20: boxes[0]})
    font.setupGlyf({".notdef": box(), **{name: same() for name in boxes}})
    font.setupHorizontalMetrics(dict.fromkeys([".notdef", *boxes], (800, 60)))
    font.setupHorizontalHeader(ascent=1069, descent=-293)
    names = {"familyName": FAMILY, "styleName": "Regular", "uniqueFontIdentifier": f"{FAMILY} 1", "fullName": FAMILY}
    font.setupNameTable({**names, "psName": FAMILY.replace(" ", ""), "version": "Version 1.0"})
    font.setupOS2(sTypoAscender=1069, sTypoDescender=-293, usWinAscent=1069, usWinDescent=293)
    font.setupPost(keepGlyphNames=False)
    table = CmapSubtable.newSubtable(12)
    table.platformID, table.platEncID, table.language = 3, 10, 0
    table.cmap = {code: boxes[code % GLYPHS] for code in range(0x20, 0x110000) if not is_left_out(code)}
    font.font["cmap"].tables = [table]
    font.font["head"].created = font.font["head"].modified = MADE
    font.font.recalcTimestamp = False
    font.save(target)


if __name__ == "__main__":
    write(sys.argv[1])
