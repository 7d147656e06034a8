"""One portal with its demo and one Chromium for all tests in a browser; each person gets a context of their own.

They are missing where Chromium cannot be had; `./portal test` installs it, and under CI nothing may be missing.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from portal_cli import chromium
from tests.browser.people import Person, enter
from tests.e2e.test_up import Portal
from tests.support.waiting import LIMIT

Enter = Callable[..., Person]

expect.set_options(timeout=LIMIT * 1000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`--fast` leaves them out."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """What a visitor has after `./portal up`."""
    running = Portal(tmp_path_factory.mktemp("browser") / "data")
    yield running
    running.child.stop(LIMIT)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, as a window that nobody sees; closed with the file.

    While Playwright is open, its event loop counts as running in this thread, and no other test could run one.
    """
    program = chromium.find()
    if program is None:
        if os.environ.get("CI"):
            pytest.fail(str(chromium.BrowserMissing()))
        pytest.skip(str(chromium.BrowserMissing()))
    with sync_playwright() as playwright:
        # Without its sandbox, which root may not have: it opens pages of this machine only.
        running = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()


@pytest.fixture
def someone(browser: Browser, portal: Portal) -> Iterator[Enter]:
    """Return what lets somebody in: a context of their own, whose complaints fail the test when it ends."""
    people: list[Person] = []

    def let_in(name: str, **options: Any) -> Person:
        people.append(enter(browser, f"http://127.0.0.1:{portal.port}", name, **options))
        return people[-1]

    yield let_in
    complaints = {person.name: person.complaints for person in people}
    for person in people:
        person.leave()
    assert complaints == {name: [] for name in complaints}
