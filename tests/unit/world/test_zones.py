"""Zones come from the tzdata package alone, in every process, and say what the law of this year says."""

import ast
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo  # noqa: TID251 - to see that nobody else's zones are read

import pytest
import tzdata

from chassis.world import zones
from chassis.world.releases import releases
from services.billing.domain.calendar import local_day

ROOT = Path(__file__).parents[3]
LATE = datetime(2026, 11, 29, 23, 22, tzinfo=UTC)

CHANGED_LATELY = {
    "Africa/Casablanca": (datetime(2026, 11, 29, 23, 22, tzinfo=UTC), 0),  # UTC+0 since 20 September 2026
    "Africa/El_Aaiun": (datetime(2026, 11, 29, 23, 22, tzinfo=UTC), 0),
    "America/Vancouver": (datetime(2026, 11, 30, 7, 30, tzinfo=UTC), -7),  # no winter time since 1 November 2026
    "America/Edmonton": (datetime(2026, 11, 30, 6, 30, tzinfo=UTC), -6),
    "America/Winnipeg": (datetime(2026, 11, 30, 5, 30, tzinfo=UTC), -5),
    "America/Havana": (datetime(2026, 11, 30, 4, 30, tzinfo=UTC), -4),
    "Asia/Almaty": (datetime(2026, 11, 30, 19, 30, tzinfo=UTC), 5),  # one zone for Kazakhstan since March 2024
    "America/Asuncion": (datetime(2026, 7, 1, 3, 30, tzinfo=UTC), -3),  # summer time all year since October 2024
    "America/Mexico_City": (datetime(2026, 7, 1, 5, 30, tzinfo=UTC), -6),  # no summer time since 2022
    "Asia/Amman": (datetime(2026, 12, 1, 21, 30, tzinfo=UTC), 3),
    "America/Nuuk": (datetime(2026, 12, 1, 2, 30, tzinfo=UTC), -2),
    "Asia/Tehran": (datetime(2026, 7, 1, 20, 0, tzinfo=UTC), 3.5),
}


@pytest.mark.parametrize("name", CHANGED_LATELY)
def test_zones_follow_the_law_of_this_year(name: str) -> None:
    """Where the rules changed lately, the day is the one that people there write."""
    instant, hours = CHANGED_LATELY[name]
    assert local_day(instant, name) == (instant + timedelta(hours=hours)).date()


def test_the_day_is_not_over_in_morocco_at_23_22_utc() -> None:
    """On 29 November 2026 it is still the 29th in Casablanca, as it is in Lisbon, and the 30th in Berlin."""
    days = {name: local_day(LATE, name).day for name in ("Africa/Casablanca", "Europe/Lisbon", "Europe/Berlin")}
    assert days == {"Africa/Casablanca": 29, "Europe/Lisbon": 29, "Europe/Berlin": 30}


@pytest.mark.parametrize(
    ("instant", "name", "day"),
    [
        (datetime(2026, 12, 31, 10, 1, tzinfo=UTC), "Pacific/Kiritimati", date(2027, 1, 1)),
        (datetime(2027, 1, 1, 10, 59, tzinfo=UTC), "Pacific/Pago_Pago", date(2026, 12, 31)),
        (datetime(2028, 2, 28, 10, 1, tzinfo=UTC), "Pacific/Kiritimati", date(2028, 2, 29)),
        (datetime(2028, 3, 1, 10, 59, tzinfo=UTC), "Pacific/Pago_Pago", date(2028, 2, 29)),
        (datetime(2027, 2, 28, 23, 22, tzinfo=UTC), "Asia/Kathmandu", date(2027, 3, 1)),
        (datetime(2026, 11, 29, 23, 22, tzinfo=UTC), "Australia/Lord_Howe", date(2026, 11, 30)),
        (datetime(2026, 11, 29, 11, 22, tzinfo=UTC), "Pacific/Chatham", date(2026, 11, 30)),
        (datetime(2026, 11, 29, 3, 22, tzinfo=UTC), "America/St_Johns", date(2026, 11, 28)),
    ],
)
def test_days_differ_at_the_edges_of_the_year(instant: datetime, name: str, day: date) -> None:
    """From +14 to −11, over the year's end, leap days and half hours, each place has its own day."""
    assert local_day(instant, name) == day


def test_this_process_reads_the_package_only() -> None:
    """The system's folders are not looked at, and the release that is told is the package's."""
    assert TZPATH == ()
    assert releases()["zones"] == zones.RELEASE == tzdata.IANA_VERSION


def test_a_process_is_not_led_astray_by_the_system(tmp_path: Path) -> None:
    """Another `Africa/Casablanca`, in a folder that Python reads first and already in its cache, is not used."""
    other = tmp_path / "Africa" / "Casablanca"
    other.parent.mkdir()
    package = Path(tzdata.__file__).parent / "zoneinfo"
    other.write_bytes((package / "Asia" / "Tokyo").read_bytes())
    program = (
        "from datetime import UTC, datetime; from zoneinfo import ZoneInfo; kept = ZoneInfo('Africa/Casablanca');"
        "from services.billing.domain.calendar import local_day;"
        "now = datetime(2026, 11, 29, 23, 22, tzinfo=UTC);"
        "print(now.astimezone(kept).date(), local_day(now, 'Africa/Casablanca'))"
    )
    environment = {**os.environ, "PYTHONTZPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["2026-11-30", "2026-11-29"]


@pytest.mark.parametrize("name", ["localtime", "Factory", "../../etc/passwd", "", "Mars/Olympus"])
def test_what_is_no_place_is_not_offered_but_read(name: str) -> None:
    """Nobody can choose it; a day that was stored under it is UTC's, not an error."""
    assert name not in zones.names()
    assert local_day(LATE, name) == LATE.date()


def test_every_zone_that_is_offered_has_a_day() -> None:
    """All of the package's names can be chosen and used, the old ones among them."""
    assert {"Europe/Kyiv", "Europe/Kiev", "America/Ciudad_Juarez", "Asia/Qostanay", "UTC"} <= zones.names()
    assert {local_day(LATE, name).day for name in zones.names()} == {29, 30}


def test_only_one_module_makes_zones() -> None:
    """No other module of the product imports `zoneinfo` (ruff refuses it as well)."""
    found = set[str]()
    for folder in ("chassis", "services", "gateway", "portal_cli", "payment_sandbox"):
        for path in (ROOT / folder).rglob("*.py"):
            tree = ast.walk(ast.parse(path.read_text("utf-8")))
            names = {node.module for node in tree if isinstance(node, ast.ImportFrom)}
            if "zoneinfo" in names:
                found.add(path.relative_to(ROOT).as_posix())
    assert found == {"chassis/world/zones.py"}


def test_images_and_scripts_say_the_same() -> None:
    """The image and the script leave Python no system folder to read zones from."""
    assert " PYTHONTZPATH= " in (ROOT / "Dockerfile").read_text("utf-8")
    assert "export PYTHONTZPATH=\n" in (ROOT / "portal").read_text("utf-8")
    assert ZoneInfo("Africa/Casablanca").utcoffset(LATE) == timedelta(0)
