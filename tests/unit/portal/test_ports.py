"""Ports that nobody listens on yet."""

import pytest

from portal_cli import ports


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty ports to choose from, none of them given out before."""
    monkeypatch.setattr(ports, "_GIVEN", set[int]())
    monkeypatch.setattr(ports, "_highest", lambda: ports._LOWEST + 20)
    monkeypatch.setattr(ports, "is_free", lambda port: True)


def test_no_port_is_given_out_twice() -> None:
    """Whoever was given a port may take seconds until it listens there."""
    given = [*ports.free_ports(10), *ports.free_ports(10)]

    assert len(set(given)) == 20
    with pytest.raises(OSError, match="no free ports"):
        ports.free_ports(1)


def test_ports_of_others_are_left() -> None:
    """Two processes that choose at once choose from different ones."""
    ports.leave(range(ports._LOWEST, ports._LOWEST + 20, 2))

    assert all(port % 2 for port in ports.free_ports(10))
