#!/usr/bin/env bash
# Guess: what PDFium reads of an Arabic word is the word, since the file says of the ligature of lam and alef which letters it stands for, in their order.
# So: letters are turned one by one when a line runs from right to left, those within a ligature as well: "سلام" (peace) is read as "سالم" (Salem), in each word with that ligature; pypdf reads the same file right. A font that sets both letters by glyphs of their own is read right.
# Source: PyPI typst 0.15.2, pypdfium2 5.15.2 and pypdf 7.1.1; the font is DejaVu Sans Mono, which Typst brings
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check typst==0.15.2 pypdfium2==5.15.2 pypdf==7.1.1
cat >try.py <<'PY'
import io

import pypdf
import pypdfium2
import typst

LIGATED = {"سلام": "سالم", "علاء": "عالء"}
PLAIN = ["لوحة", "شنايدر"]


def made(word: str) -> bytes:
    source = f'#set text(font: "DejaVu Sans Mono", lang: "ar", dir: rtl)\n{word}'
    return typst.compile(source.encode(), ignore_system_fonts=True)


print("pypdfium2", pypdfium2.version.PYPDFIUM_INFO, "· pypdf", pypdf.__version__)
as_said = list[bool]()
for word in [*LIGATED, *PLAIN]:
    pdf = made(word)
    by_pdfium = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range().strip()
    by_pypdf = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text().strip()
    print(f"typed {word} {word!a}\n  PDFium reads {by_pdfium} {by_pdfium!a}\n  pypdf reads  {by_pypdf} {by_pypdf!a}")
    as_said.append(by_pypdf == word and by_pdfium == LIGATED.get(word, word))
print("as described" if all(as_said) else "changed")
raise SystemExit(0 if all(as_said) else 1)
PY
env/bin/python try.py
