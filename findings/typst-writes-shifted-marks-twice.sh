#!/usr/bin/env bash
# Guess: what Typst sets as PDF/UA-1 and PDF/A-3a is read back as it was typed, once, in every script: both standards ask for the text of each glyph.
# So: where a font shifts a mark up or down (Thai in Noto Sans Thai Bold, vowel and tone signs), the text of the cluster stands once per glyph: "ดี" is read as "ดีดี" by PDFium; Noto Sans Thai Regular, which has glyphs of their own for that place, is read right. No error, no warning.
# Source: PyPI typst 0.15.2 and pypdfium2 5.15.2; npm @expo-google-fonts/noto-sans-thai 0.4.2
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check typst==0.15.2 pypdfium2==5.15.2
npm pack --silent @expo-google-fonts/noto-sans-thai@0.4.2 >/dev/null
tar xzf ./*.tgz
mkdir fonts
find package -name '*_400Regular.ttf' -exec cp {} fonts/ \;
find package -name '*_700Bold.ttf' -exec cp {} fonts/ \;
cat >try.py <<'PY'
import pypdfium2
import typst

FONTS = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=["fonts"])
WORDS = ["ดี", "สวัสดี", "ที่นี่", "ไทย"]


def read(word: str, weight: str) -> str:
    source = f'#set document(title: "t", date: datetime(year: 2026, month: 1, day: 1))\n#set text(font: "Noto Sans Thai", weight: "{weight}", lang: "th")\n{word}'
    pdf = typst.compile(source.encode(), font_paths=FONTS, ignore_system_fonts=True, pdf_standards=["a-3a", "ua-1"])
    return pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()


print("typst", typst.__version__ if hasattr(typst, "__version__") else "0.15.2", "· pypdfium2", pypdfium2.version.PYPDFIUM_INFO)
regular = {word: read(word, "regular") for word in WORDS}
bold = {word: read(word, "bold") for word in WORDS}
for word in WORDS:
    print(f"typed {word!a}\n  regular is read as {regular[word]!a}\n  bold    is read as {bold[word]!a}")
right = all(regular[word] == word for word in WORDS)
twice = bold["ดี"] == "ดีดี" and bold["สวัสดี"].count("ดี") == 2
print("as described" if right and twice else "changed")
raise SystemExit(0 if right and twice else 1)
PY
env/bin/python try.py
