"""Every line is one JSON object, and secrets never reach it."""

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog

from chassis.logging import start_logging

SECRET = "canary-5f1e"
CONTROLS = ["a\nb", "a\r\nb", "\x1b[31mred", "a\u2028b", "a\u2029b", "\0", "x" * 1_000_000, "\ud83d\ude00", "\x85"]


class Lines:
    """What was logged since the start."""

    def __init__(self) -> None:
        self.stream = StringIO()
        start_logging("test", stream=self.stream)

    def read(self) -> str:
        return self.stream.getvalue()


@pytest.fixture
def lines() -> Iterator[type[Lines]]:
    """Start with `lines()` inside the test, so that nobody but us handles what it logs."""
    root = logging.getLogger()
    before = (root.handlers, root.level)
    yield Lines
    root.handlers, root.level = before[0], before[1]
    structlog.reset_defaults()


@pytest.mark.parametrize("value", CONTROLS, ids=range(len(CONTROLS)))
def test_no_value_starts_a_new_line(lines: type[Lines], value: str) -> None:
    """Whatever stands in a value or in the message, it is one line of JSON of a bounded size."""
    started = lines()
    structlog.stdlib.get_logger("t").info(value, reason=value, route=value)
    logging.getLogger("other").warning("%s", value)
    out = started.read()
    assert out.count("\n") == 2
    for line in out.splitlines():
        assert isinstance(json.loads(line), dict)
        assert len(line) < 5000


def test_only_allowed_keys_are_written(lines: type[Lines]) -> None:
    """A key that is not on the list is named as dropped; its value is nowhere."""
    started = lines()
    structlog.stdlib.get_logger("t").info("login", password=SECRET, token=SECRET, reason=[SECRET], status=200)
    out = started.read()
    assert SECRET not in out
    assert json.loads(out)["dropped"] == ["password", "reason", "token"]


def test_an_exception_says_where_and_not_what(lines: type[Lines]) -> None:
    """The text and the variables of an exception stay out; its type and place are written."""
    started = lines()
    try:
        raise ValueError(SECRET)
    except ValueError:
        structlog.stdlib.get_logger("t").exception("failed")
        logging.getLogger("other").exception("failed")
    out = started.read()
    assert SECRET not in out
    assert out.count("\n") == 2
    for line in out.splitlines():
        assert json.loads(line)["error_type"] == "ValueError"
        assert json.loads(line)["error_at"].startswith(f"{__name__}:")


class Disk(StringIO):
    """A stream on a disk that may be full."""

    full = True

    def write(self, text: str, /) -> int:
        if self.full:
            raise OSError(28, "No space left on device")
        return super().write(text)


def test_lines_that_find_no_room_are_counted_and_told_later(
    lines: type[Lines], capfd: pytest.CaptureFixture[str]
) -> None:
    """Nobody who logs notices, no value reaches another stream, and the first line that is written says how many."""
    disk = Disk()
    start_logging("depot", stream=disk)
    log = structlog.stdlib.get_logger("test")
    for number in range(3):
        log.info("lost", password="secret", count=number)
    disk.full = False
    log.info("written")
    log.info("written")

    told = [(line["event"], line.get("count")) for line in map(json.loads, disk.getvalue().splitlines())]
    assert told == [("written", None), ("log_lines_lost", 3), ("written", None)]
    assert capfd.readouterr() == ("", "")


class Gone(StringIO):
    """Standard output that nobody reads any more."""

    def write(self, text: str, /) -> int:
        raise BrokenPipeError(text)


def test_a_log_that_cannot_be_written_stops_nobody(lines: type[Lines]) -> None:
    """Neither a stream that is gone nor a number that JSON's writer refuses is an error of whoever logs."""
    started = lines()
    structlog.stdlib.get_logger("t").info("big", count=2**80)
    assert json.loads(started.read())["count"] == str(2**80)
    start_logging("test", stream=Gone())
    structlog.stdlib.get_logger("u").info("lost")


def test_our_own_lines_are_no_records(lines: type[Lines], caplog: pytest.LogCaptureFixture) -> None:
    """What structlog's loggers say has its level, logger and time, and never passes the standard library's records."""
    started = lines()
    logging.getLogger().addHandler(caplog.handler)
    structlog.stdlib.get_logger("t").debug("not at this level")
    structlog.stdlib.get_logger("t").warning("said", status=500)
    said = json.loads(started.read())
    assert {**said, "timestamp": ""} == {
        "event": "said",
        "level": "warning",
        "logger": "t",
        "service": "test",
        "status": 500,
        "timestamp": "",
    }
    assert not caplog.records
