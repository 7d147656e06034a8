"""A person in a browser context of their own: what the page complains of, what axe finds, and what it looks like.

`complaints` are errors of the console, refusals by the policy, scripts that failed and files that were not there. A
test that means one to happen says so by `expects`.
"""

import io
import os
import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Response, ViewportSize, expect

from portal_cli.paths import ROOT
from tests.support.waiting import LIMIT

PICTURES = ROOT / "docs" / "interface"
_TAKE_PICTURES = "PORTAL_SCREENSHOTS"
_TELL_REFUSALS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile ?? ""}`));
"""
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_PHONE = ViewportSize(width=320, height=720)
_DESK = ViewportSize(width=1280, height=860)
_TALLEST = 1_000
_QUALITY = 60
"""Of a picture in the documentation: at most 60 kB, all of them 1.5 MB."""
_IN_THE_DARK = {"client-home", "client-invoice", "staff-home"}
_UNTIL = """() => new Promise((done, fail) => {
  setTimeout(() => fail(new Error("never: CONDITION")), LIMIT_MS);
  const look = () => (CONDITION ? done() : requestAnimationFrame(look));
  requestAnimationFrame(() => requestAnimationFrame(look));
})"""
"""Playwright's own waiting for a condition would evaluate a text in the page, which the policy forbids."""
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@dataclass
class Person:
    """Somebody in front of the interface."""

    name: str
    address: str
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list[str])
    expected: list[str] = field(default_factory=list[str])

    def expects(self, pattern: str) -> None:
        """From now on this is no complaint: a refusal that the test means to see."""
        self.expected.append(pattern)

    def opens(self, path: str) -> None:
        """Go to a page by its address, as a link in a mail does."""
        self.page.goto(f"{self.address}{path}")

    def sees(self, text: str | re.Pattern[str]) -> Locator:
        """Wait until a text is there, and return where."""
        place = self.page.get_by_text(text).first
        expect(place).to_be_visible()
        return place

    def heading(self, text: str | re.Pattern[str]) -> None:
        """Wait until the page of this heading is there."""
        expect(self.page.get_by_role("heading", name=text).first).to_be_visible()

    def types(self, label: str | re.Pattern[str], text: str) -> None:
        """Fill in the field of this label."""
        self.page.get_by_label(label).and_(self.page.locator("input, textarea")).first.fill(text)

    def presses(self, name: str | re.Pattern[str]) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=name).first.click()

    def follows(self, name: str | re.Pattern[str]) -> None:
        """Follow a link."""
        self.page.get_by_role("link", name=name).first.click()

    def is_accessible(self, picture: str = "") -> None:
        """Hold the page against axe's rules in both themes, with room for nothing; take pictures where asked for."""
        for theme in THEMES:
            self._in_theme(theme)
            found = _violations(self.page)
            assert not found, f"{self.page.url} ({theme}): {found}"
            if picture and (theme == "light" or picture in _IN_THE_DARK):
                self.pictured(f"{picture}-{theme}")
        self._in_theme("light")

    def _in_theme(self, theme: Literal["light", "dark"]) -> None:
        """Change the theme, and wait until no colour is on its way from the one to the other."""
        self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        self._until("document.getAnimations().every((one) => !(one instanceof CSSTransition))")

    def fits_a_phone(self, picture: str = "") -> None:
        """At 320 pixels nothing is wider than the window."""
        self.page.set_viewport_size(_PHONE)
        self._until("document.documentElement.scrollWidth <= 320")
        if picture:
            self.pictured(f"{picture}-phone", full_page=False)
        self.page.set_viewport_size(_DESK)

    def _until(self, condition: str) -> None:
        self.page.evaluate(_UNTIL.replace("CONDITION", condition).replace("LIMIT_MS", f"{LIMIT * 1000:.0f}"))

    def pictured(self, name: str, *, full_page: bool = True) -> None:
        """Keep what the page looks like in `docs/interface`, where `PORTAL_SCREENSHOTS` is set.

        On a phone only what the screen shows: the bar at its foot would stand in the midst of a whole page.
        """
        if folder := pictures_folder():
            self.page.evaluate("() => scrollTo(0, 0)")
            shown = Image.open(io.BytesIO(self.page.screenshot(full_page=full_page)))
            top = shown.crop((0, 0, shown.width, min(shown.height, _TALLEST)))
            top.save(folder / f"{name}.webp", quality=_QUALITY, method=6)

    def leave(self) -> None:
        """Close all windows."""
        self.context.close()

    def hears(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complains(f"console: {message.text}")

    def is_answered(self, answer: Response) -> None:
        if answer.status >= 400:
            self.complains(f"{answer.status} {answer.url}")

    def complains(self, said: str) -> None:
        if not any(re.search(pattern, said) for pattern in self.expected):
            self.complaints.append(said)


def enter(browser: Browser, address: str, name: str, *, locale: str = "en-GB", **options: Any) -> Person:
    """Return a person with an empty context, whose clock and language are the same on each machine."""
    context = browser.new_context(
        base_url=address, locale=locale, timezone_id="Europe/Berlin", viewport=_DESK, reduced_motion="reduce", **options
    )
    context.set_default_timeout(LIMIT * 1000)
    context.add_init_script(_TELL_REFUSALS)
    page = context.new_page()
    person = Person(name, address, context, page)
    page.on("console", person.hears)
    page.on("pageerror", lambda error: person.complains(f"script: {error}"))
    page.on("response", person.is_answered)
    return person


def pictures_folder() -> Path | None:
    """Return where pictures are kept, or None where nobody asked for them: another folder, or `1` for docs."""
    wanted = os.environ.get(_TAKE_PICTURES, "")
    if not wanted:
        return None
    folder = PICTURES if wanted == "1" else Path(wanted)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _violations(page: Page) -> list[str]:
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_axe())
    options = {"runOnly": {"type": "tag", "values": _RULES}, "resultTypes": ["violations"]}
    found: dict[str, Any] = page.evaluate("(options) => axe.run(document, options)", options)
    return [
        f"{one['id']}: {one['help']}: {node['html'][:160]} {node.get('failureSummary', '')[:160]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


@cache
def _axe() -> str:
    """Return axe-core 4.12, as `axe-playwright-python` brings it."""
    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
