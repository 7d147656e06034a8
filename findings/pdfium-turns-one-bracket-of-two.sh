#!/usr/bin/env bash
# Guess: PDFium, which reads words from right to left in their order, gives brackets around an Arabic word back as a pair: one opens, one closes, as in the file.
# So: text extraction mirrors only one of the two: "(سلام)" that Typst set comes back as two brackets of one kind, in a sentence of either direction; pypdf reads both from the same file. Words and order are right, so only brackets show it.
# Source: PyPI typst 0.15.2, pypdfium2 5.15.2 and pypdf 7.1.1
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

WORDS = ["(سلام)", "[سلام]", "(abc)"]


def made(word: str, lang: str) -> bytes:
    source = f'#set text(font: "DejaVu Sans Mono", lang: "{lang}")\n#text("QQ " + "{word}" + " ZZ")'
    return typst.compile(source.encode(), ignore_system_fonts=True)


def brackets(text: str) -> str:
    return "".join(sorted(char for char in text if char in "()[]"))


print("pypdfium2", pypdfium2.version.PYPDFIUM_INFO, "· pypdf", pypdf.__version__)
odd = list[bool]()
for word in WORDS:
    for lang in ("en", "ar"):
        pdf = made(word, lang)
        by_pdfium = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
        by_pypdf = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
        print(f"typed {word!a} in {lang}: PDFium {brackets(by_pdfium)!a} of {by_pdfium!a}, pypdf {brackets(by_pypdf)!a}")
        odd.append(brackets(by_pypdf) == brackets(word) and (brackets(by_pdfium) != brackets(word)) == (word != "(abc)"))
print("as described" if all(odd) else "changed")
raise SystemExit(0 if all(odd) else 1)
PY
env/bin/python try.py
