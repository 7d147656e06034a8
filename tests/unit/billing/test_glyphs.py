"""Every script in use and every emoji has a glyph of its own: no paper shows the last font's crossed box for it."""

import io
import unicodedata
from dataclasses import replace

import pypdf
import pytest

from services.billing.adapters.pdf.typst_renderer import render_now
from tests.support import printed

BLOCKS = """
0021-007E 00A1-017F 0180-02FF 0370-03E1 0400-052F 0531-058F 05D0-05EA 0620-064A 0710-074F 0780-07B1 07C0-07F5 0840-0858
0905-0939 0985-09B9 0A05-0A39 0A85-0AB9 0B05-0B39 0B85-0BB9 0C05-0C39 0C85-0CB9 0D05-0D39 0D85-0DC6 0E01-0E30 0EA5-0EA7
0F40-0F6C 1000-102A 10A0-10FF 1200-135A 13A0-13F5 1401-167F 1780-17B3 1820-1878 18B0-18F5 1900-191E 1950-1974 1980-19AB
1A20-1A54 1B05-1B33 1B83-1BA0 1BC0-1BE5 1C00-1C23 1C50-1C7F 1C90-1CBF 1E00-1EFF 1F00-1FFE 2010-2027 2030-205E 20A0-20BF
2100-214F 2150-218B 2190-22FF 2460-24FF 2600-27BF 2800-28FF 2C60-2C7F 2D30-2D67 3001-3003 3041-3094 30A1-30F6 3105-3129
3131-318E 3400-4DB5 4E00-9FA5 A000-A48C A4D0-A4FF A500-A62B A6A0-A6EF A807-A822 A882-A8B3 A90A-A92D A984-A9B2 A9E0-A9FE
AA00-AA28 AA80-AAAF AB01-AB2E AB70-ABBF ABC0-ABE2 AC00-D7A3 FF01-FF5E 104B0-104FB 10D00-10D23 11103-11126 11400-11434
16F00-16F4A 1D400-1D7FF 1E100-1E12C 1E2C0-1E2EB 1E900-1E943 1F300-1F5FF 1F600-1F64F 1F680-1F6FC 1F90C-1F9FF 1FA70-1FAAC
""".split()  # noqa: SIM905 - one word a range reads better than a hundred quoted ones
"""The characters that begin a cluster in the scripts that Unicode recommends or calls limited in use, and all emoji."""


def crossed_boxes(text: str) -> list[str]:
    """Return the fonts without glyphs that a paper with this text needs."""
    document = printed.receipt(letter=printed.letter(logo=None, notes=text))
    pages = pypdf.PdfReader(io.BytesIO(render_now(document))).pages
    fonts = {str(font["/BaseFont"]) for page in pages for font in page["/Resources"]["/Font"].values()}  # type: ignore[index]
    return sorted(font for font in fonts if "LastResort" in font)


@pytest.mark.parametrize("block", BLOCKS)
def test_every_block_in_use_has_glyphs(block: str) -> None:
    """All assigned characters of a block are set with fonts that know them."""
    first, last = (int(code, 16) for code in block.split("-"))
    text = " ".join(chr(code) for code in range(first, last + 1) if unicodedata.category(chr(code))[0] not in "CZ")

    assert text
    assert crossed_boxes(text) == []


@pytest.mark.parametrize("text", ["👩\u200d👩\u200d👧", "🇺🇦", "👍🏽", "❤️", "1️⃣", "🏳️\u200d🌈"])
def test_emoji_of_several_characters_have_glyphs(text: str) -> None:
    """Families, flags, tones and variants are set as well."""
    assert crossed_boxes(text) == []


def test_the_test_sees_a_character_without_a_glyph() -> None:
    """A rare Han character of the supplementary planes is a crossed box, and that is noticed."""
    assert crossed_boxes(replace(printed.letter(), notes="𠮷").notes) != []
