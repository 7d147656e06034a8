"""The built interface is that of its sources, small, and asks the gateway only what its schema has; without Node.js."""

import gzip
import hashlib
import json
import re
from pathlib import Path

from graphql import build_schema, parse, validate

from portal_cli.paths import GATEWAY_SCHEMA, INTERFACE, ROOT

UI = ROOT / "portal_ui"
_BUILT: dict[str, dict[str, str]] = json.loads((UI / "built.json").read_text())
_BUILD = "run `npm run build` in portal_ui and commit what it writes"
_FIRST_PAGE = 200_000
"""How many bytes the first page may be, compressed: `index.html` and all that it names."""


def _digests(*places: str) -> dict[str, str]:
    found = [one for place in places for one in ((UI / place).rglob("*") if (UI / place).is_dir() else [UI / place])]
    return {
        str(file.relative_to(UI)): hashlib.sha256(file.read_bytes()).hexdigest() for file in found if file.is_file()
    }


def test_what_is_served_was_built_of_these_sources() -> None:
    """Whoever changes a source builds again: the sources' digests are written down by the build."""
    now = _digests("src", "public", "index.html", "package-lock.json", "tsconfig.json", "vite.config.ts")

    assert {name for name in now.keys() | _BUILT["sources"].keys() if now.get(name) != _BUILT["sources"].get(name)} == (
        set()
    ), _BUILD


def test_what_is_served_is_what_was_built() -> None:
    """No file of the build was changed, forgotten or left over."""
    assert _digests("dist") == _BUILT["built"], _BUILD


def test_the_page_brings_no_script_of_its_own() -> None:
    """Its policy would not run it: scripts and styles are files beside it."""
    page = (INTERFACE / "index.html").read_text()

    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|javascript:", page) == []


def test_the_first_page_is_small() -> None:
    """What a browser loads before it shows anything."""
    page = (INTERFACE / "index.html").read_text()
    named = [INTERFACE / name for name in re.findall(r'(?:src|href)="/([^"]+)"', page)]

    sizes = {file.name: len(gzip.compress(file.read_bytes())) for file in [INTERFACE / "index.html", *named]}
    assert sum(sizes.values()) <= _FIRST_PAGE, sizes


def test_every_document_of_the_interface_fits_the_schema() -> None:
    """A gateway that runs trusted documents alone can be given `persisted-documents.json`."""
    schema = build_schema(GATEWAY_SCHEMA.read_text("utf-8"))
    documents: dict[str, str] = json.loads((UI / "persisted-documents.json").read_text())

    assert len(documents) > 50
    assert [name for name, text in documents.items() if validate(schema, parse(text))] == []


def test_every_language_says_everything() -> None:
    """Each part has its texts in five languages, with the same keys."""
    for part in ("core", "account", "client", "staff"):
        keys = {file.stem: _keys(file) for file in (UI / "src" / "i18n" / part).glob("??.ts")}
        assert set(keys) == {"en", "de", "fr", "es", "ar"}
        assert {language: keys["en"] ^ said for language, said in keys.items() if said != keys["en"]} == {}


def _keys(file: Path) -> set[str]:
    return set(re.findall(r'^  (?:"([\w.]+)"|(\w+)):', file.read_text("utf-8"), re.MULTILINE))
