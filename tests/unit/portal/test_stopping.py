"""What ends `portal up`."""

import os
import signal
from collections.abc import Iterator

import pytest

from portal_cli import up


@pytest.fixture
def hangup() -> Iterator[None]:
    """Leave SIGHUP as it was."""
    before = signal.getsignal(signal.SIGHUP)
    yield
    signal.signal(signal.SIGHUP, before)


def test_a_terminal_that_closes_ends_it(hangup: None) -> None:
    """Without `nohup` the portal stops in order, as at Ctrl-C."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    with pytest.raises(up.StopRequested), up._stopping_on_signals():  # pyright: ignore[reportPrivateUsage]
        os.kill(os.getpid(), signal.SIGHUP)


def test_nohup_is_obeyed(hangup: None) -> None:
    """Who starts it with SIGHUP ignored wants it to go on when the terminal closes."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with up._stopping_on_signals():  # pyright: ignore[reportPrivateUsage]
        os.kill(os.getpid(), signal.SIGHUP)


def test_nobody_has_to_read_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe that was closed, or a terminal that is gone, ends nothing."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as gone:
        monkeypatch.setattr("sys.stdout", gone)
        up._say("Starting …")  # pyright: ignore[reportPrivateUsage]
        monkeypatch.undo()
        os.dup2(os.open(os.devnull, os.O_WRONLY), gone.fileno())
