"""veraPDF, the reference validator of the PDF Association's members, on every kind of paper: PDF/A-3a and PDF/UA-1."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from portal_cli.foreign import VERAPDF
from services.billing.adapters.pdf.typst_renderer import render_now
from services.billing.application.printing import Party, PrintedDocument
from tests.support import printed
from tests.support.foreign import program

KINDS: dict[str, Callable[..., PrintedDocument]] = {
    "estimate": printed.estimate,
    "invoice": printed.invoice,
    "receipt": printed.receipt,
    "statement": printed.statement,
}
LANGUAGES = ("en", "de", "fr", "es", "ja", "ar")
RARE = "Zoë 😀 𠮷野家 \ue000 مرحبا שלום हिन्दी สวัสดี https://x.example/a?b=c"


def papers() -> dict[str, PrintedDocument]:
    """Every kind in every language with and without a logo, and every kind with characters that are hard to set."""
    plain = {
        f"{kind}-{language}-{'logo' if logo else 'bare'}": make(letter=printed.letter(language=language, logo=logo))
        for kind, make in KINDS.items()
        for language in LANGUAGES
        for logo in (printed.png(), None)
    }
    party = Party(name=RARE, address=(RARE,), email=f"{'a' * 60}@x.example", website="https://x.example")
    letter = printed.letter(sender=party, recipient=party, notes=RARE)
    return plain | {f"{kind}-rare": make(letter=letter) for kind, make in KINDS.items()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with all papers, printed once for both sets of rules."""
    place = tmp_path_factory.mktemp("papers")
    for name, document in papers().items():
        (place / f"{name}.pdf").write_bytes(render_now(document))
    return place


@pytest.mark.parametrize("flavour", ["3a", "ua1"])
def test_every_paper_keeps_the_standard(folder: Path, flavour: str) -> None:
    """Every rule that a program can check holds for every kind of document, language and kind of text."""
    jars = str(program(VERAPDF) / "lib" / "*")
    files = sorted(folder.glob("*.pdf"))
    command = ["java", "-cp", jars, "org.verapdf.apps.GreenfieldCliWrapper", "--format", "text", "--flavour", flavour]

    done = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, check=False)

    assert done.stdout.splitlines() == [f"PASS {file} {flavour}" for file in files]
