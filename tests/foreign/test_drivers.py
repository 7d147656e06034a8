"""The other driver: what is proven of storage through motor holds through PyMongo's asynchronous API as well."""

import os
import subprocess
import sys

import pytest

from chassis.mongo.client import DRIVERS
from portal_cli.paths import ROOT

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("driver", sorted(set(DRIVERS) - {"motor"}))
def test_the_contracts_of_storage_hold_through_it(driver: str) -> None:
    """The contract suites of all four services and what we believe of an engine, in a process of its own."""
    suites = (
        "tests/contract",
        "tests/foreign/test_storage_engines.py",
        "-k",
        "secantusdb",
        "-m",
        "not slow and not broker",
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "--tb=short", *suites],
        cwd=ROOT,
        env={**os.environ, "PORTAL_MONGO_DRIVER": driver},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-8_000:]


def test_a_driver_that_is_none_is_refused() -> None:
    """A wrong name ends the start with the names that are right."""
    done = subprocess.run(
        [sys.executable, "-c", "import chassis.mongo.client"],
        cwd=ROOT,
        env={**os.environ, "PORTAL_MONGO_DRIVER": "mongodb"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.strip() == "PORTAL_MONGO_DRIVER is 'mongodb': give motor or pymongo, or leave it out for motor."
