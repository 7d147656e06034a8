"""Every decision in `docs/adr` has its date, its status, its alternatives and its line in the index."""

import re

import pytest

from portal_cli.paths import ROOT

FOLDER = ROOT / "docs" / "adr"
PAGES = sorted(FOLDER.glob("[0-9]*.md"))
_HEAD = re.compile(
    r"# (?P<number>\d+)\. (?P<title>.+)\n\n"
    r"\*\*Date\.\*\* (?P<date>20\d\d-\d\d-\d\d) · \*\*Status\.\*\* (?P<status>.+)\n\n"
)
_PARTS = ("Decision", "Why", "Alternatives considered", "Kept true by")
_STATUS = re.compile(r"(proposed|accepted|replaced|given up)\b")


def wrong(name: str, page: str, index: str) -> list[str]:
    """Return what a decision's page, or the index, lacks: one sentence each."""
    head = _HEAD.match(page)
    if head is None:
        return [f"{name} begins otherwise than `# N. Title`, then `**Date.** YYYY-MM-DD · **Status.** accepted`"]
    told = [f"{name} has no **{part}.**" for part in _PARTS if not re.search(rf"^\*\*{part}\b", page, re.MULTILINE)]
    if not _STATUS.match(head["status"]):
        told.append(f"{name}: its status is {head['status']!r}, not proposed, accepted, replaced by … or given up")
    line = f"| {head['number']} | [{head['title']}]({name}) | {head['date']} | {head['status']} |"
    if line not in index.splitlines():
        told.append(f"docs/adr/README.md lacks this line, word for word: {line}")
    if name[:4] != f"{int(head['number']):04}":
        told.append(f"{name} is decision {head['number']} by its title")
    return told


def test_every_decision_is_whole_and_in_the_index() -> None:
    """Whoever reads one learns when, whether it holds, and what else was thought of."""
    index = (FOLDER / "README.md").read_text("utf-8")
    told = [line for page in PAGES for line in wrong(page.name, page.read_text("utf-8"), index)]
    if told:
        pytest.fail("\n".join(told), pytrace=False)


def test_the_index_names_pages_that_exist() -> None:
    """One line a page, in the order of their numbers, and links in the pages lead somewhere."""
    named = re.findall(r"^\| \d+ \| \[.+?\]\((.+?)\)", (FOLDER / "README.md").read_text("utf-8"), re.MULTILINE)
    links = {link for page in PAGES for link in re.findall(r"\]\(([^)#:]+\.md)", page.read_text("utf-8"))}

    assert named == [page.name for page in PAGES]
    assert {link for link in links if not (FOLDER / link).exists()} == set()


_GOOD = """# 7. Pears are green

**Date.** 2026-11-30 · **Status.** accepted

**Decision.** Green.

**Why.** Plums are blue.

**Alternatives considered.** Blue.

**Kept true by** the painter.
"""
_LINE = "| 7 | [Pears are green](0007-pears.md) | 2026-11-30 | accepted |"


@pytest.mark.parametrize(
    ("page", "index", "said"),
    [
        (_GOOD, _LINE, []),
        (_GOOD, "", [f"docs/adr/README.md lacks this line, word for word: {_LINE}"]),
        (_GOOD.replace("**Alternatives", "**Others"), _LINE, ["0007-pears.md has no **Alternatives considered.**"]),
        (
            _GOOD.replace("**Date.** 2026-11-30 · ", ""),
            _LINE,
            ["0007-pears.md begins otherwise than `# N. Title`, then `**Date.** YYYY-MM-DD · **Status.** accepted`"],
        ),
    ],
)
def test_what_a_page_lacks_is_named(page: str, index: str, said: list[str]) -> None:
    """A page without alternatives, date or line in the index is refused with the line to write."""
    assert wrong("0007-pears.md", page, index) == said
