"""How the interface feels: Core Web Vitals of the built files in Chromium, its CPU slowed down four times.

    python -m benchmarks.interface [--slower 4] [--runs 3]

One `portal up` with its demo; each page is opened by its address in a new tab of somebody who is logged in, and then
clicked on once. LCP and CLS as the browser reports them, INP as the longest interaction; the median of the runs.
Requests are those to the gateway until nothing moves, without the refresh of the token that each new tab begins with.
Milliseconds hold for this machine and hour, and for its gateway as well: LCP waits for the page's answer. The floor is
a page of one word of the same process.
"""

import argparse
import json
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, sync_playwright

from portal_cli import chromium
from portal_cli.demo.people import MARY, OWNER, Person
from tests.e2e.test_up import Portal
from tests.support.waiting import LIMIT

_SLUG = "/northwind"
_PAGES = (
    ("floor: a page of one word", "/livez", None, "body"),
    ("client: log-in", f"{_SLUG}/log-in", None, "input[name=email]"),
    ("client: home", _SLUG, MARY, "main h1"),
    ("client: invoices", f"{_SLUG}/invoices", MARY, "a.row"),
    ("client: an invoice", "a.row", MARY, "textarea"),
    ("client: statement", f"{_SLUG}/statement", MARY, "main select, main button"),
    ("staff: overview", "/staff", OWNER, "main h1"),
    ("staff: invoices", "/staff/invoices", OWNER, "a.row"),
    ("staff: an invoice", "a.row", OWNER, "textarea"),
    ("staff: a new invoice", "/staff/invoices/new", OWNER, "input[name=subject]"),
)
_OBSERVE = """
window.__vitals = { lcp: 0, cls: 0, inp: 0 };
new PerformanceObserver((list) => list.getEntries().forEach((one) => (__vitals.lcp = one.startTime)))
  .observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) =>
  list.getEntries().filter((one) => !one.hadRecentInput).forEach((one) => (__vitals.cls += one.value)))
  .observe({ type: "layout-shift", buffered: true });
new PerformanceObserver((list) =>
  list.getEntries().filter((one) => one.interactionId)
    .forEach((one) => (__vitals.inp = Math.max(__vitals.inp, one.duration))))
  .observe({ type: "event", durationThreshold: 16, buffered: true });
"""
_SETTLE_MS = 1_500


@dataclass(frozen=True)
class Vitals:
    """One page, opened once: milliseconds, milliseconds, a share of the window, and a number."""

    lcp: float
    inp: float
    cls: float
    requests: int


def _logged_in(context: BrowserContext, who: Person) -> None:
    page = context.new_page()
    page.goto(_SLUG if who is MARY else "/staff")
    page.locator("input[name=email]").fill(who.email)
    page.locator("input[name=password]").fill(who.password)
    page.keyboard.press("Enter")
    page.get_by_role("navigation").first.wait_for()
    page.close()


def _address(context: BrowserContext, path: str, who: Person | None) -> str:
    """Return the address of a page; that of the first document in the list where none is given."""
    if path.startswith("/"):
        return path
    page = context.new_page()
    page.goto(f"{_SLUG}/invoices?status=open" if who is MARY else "/staff/invoices")
    found = page.locator(path).first.get_attribute("href") or ""
    page.close()
    return found


def _is_asked(page: Page, asked: list[str]) -> None:
    def note(request: Any) -> None:
        if request.url.endswith("/graphql") and request.post_data:
            asked.append(json.loads(request.post_data)["operationName"])

    page.on("request", note)


def _measure(context: BrowserContext, address: str, touched: str, slower: float) -> Vitals:
    page = context.new_page()
    asked: list[str] = []
    _is_asked(page, asked)
    protocol: Any = context.new_cdp_session(page)
    protocol.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.goto(address)
    place = page.locator(touched).first
    place.wait_for()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(_SETTLE_MS)
    opened = [name for name in asked if name != "RefreshSession"]
    lcp, cls = page.evaluate("() => [__vitals.lcp, __vitals.cls]")
    place.click(no_wait_after=True)
    page.keyboard.press("Tab")
    page.wait_for_timeout(_SETTLE_MS)
    inp = page.evaluate("() => window.__vitals.inp")
    page.close()
    return Vitals(lcp, inp, cls, len(opened))


def _row(name: str, found: list[Vitals]) -> str:
    middle = statistics.median
    return (
        f"| {name} | {middle(one.lcp for one in found):.0f} | {middle(one.inp for one in found):.0f} "
        f"| {middle(one.cls for one in found):.3f} | {max(one.requests for one in found)} |"
    )


def run(slower: float, runs: int) -> None:
    """Print one row for each page."""
    program = chromium.find()
    if program is None:
        raise SystemExit(str(chromium.BrowserMissing()))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        portal = Portal(Path(folder) / "data")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        try:
            print(f"| page (CPU {slower:g} times slower) | LCP ms | INP ms | CLS | requests |\n|---|---|---|---|---|")
            for name, path, who, touched in _PAGES:
                context = browser.new_context(base_url=f"http://127.0.0.1:{portal.port}", locale="en-GB")
                context.set_default_timeout(LIMIT * 1_000)
                context.add_init_script(_OBSERVE)
                if who:
                    _logged_in(context, who)
                address = _address(context, path, who)
                print(_row(name, [_measure(context, address, touched, slower) for _ in range(runs)]), flush=True)
                context.close()
        finally:
            browser.close()
            portal.child.stop(LIMIT)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--slower", type=float, default=4.0)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    run(arguments.slower, arguments.runs)
