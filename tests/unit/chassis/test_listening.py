"""Where a process listens: `::` is every address of both families, with or without IPv6."""

import errno
import socket
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from chassis.listening import CannotListen, listen
from portal_cli.ports import free_ports


def _reached(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=5):
            return True
    except OSError:
        return False


def _reached_by(sockets: Sequence[socket.socket]) -> list[bool]:
    port = sockets[0].getsockname()[1]
    answers = [_reached(host, port) for host in ("127.0.0.1", "::1")]
    for one in sockets:
        one.close()
    return answers


@pytest.mark.parametrize(
    ("host", "expected"),
    [("::", [True, True]), ("0.0.0.0", [True, False]), ("127.0.0.1", [True, False]), ("::1", [False, True])],
)
def test_a_host_says_which_families(host: str, expected: list[bool]) -> None:
    """`::` is both, everything else is what it says."""
    (port,) = free_ports(1)

    assert _reached_by(listen(host, port)) == expected


def test_without_ipv6_both_is_ipv4(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel without IPv6 knows no such socket; the process listens at all addresses that there are."""
    monkeypatch.setattr(socket, "has_dualstack_ipv6", lambda: False)
    (port,) = free_ports(1)

    assert _reached_by(listen("::", port)) == [True, False]


@pytest.fixture(params=[errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT], ids=["no address", "no family"])
def ipv4_only(request: pytest.FixtureRequest) -> Iterator[pytest.MonkeyPatch]:
    """A machine whose IPv6 is switched off, in one of two ways."""
    create = socket.create_server

    def without_ipv6(address: Any, **options: Any) -> socket.socket:
        if options.get("family") == socket.AF_INET6:
            raise OSError(request.param, "not here")
        return create(address, **options)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(socket, "create_server", without_ipv6)
        yield patched


def test_a_family_that_is_switched_off_is_left_out(ipv4_only: pytest.MonkeyPatch) -> None:
    """A name may have an address of a family that is off: the other ones are enough."""
    (port,) = free_ports(1)
    addresses = ((socket.AF_INET6, "::1"), (socket.AF_INET, "127.0.0.1"))
    both = [(family, socket.SOCK_STREAM, 6, "", (host, port)) for family, host in addresses]

    def resolved(*_: Any, **__: Any) -> Any:
        return both

    with ipv4_only.context() as patched:
        patched.setattr(socket, "getaddrinfo", resolved)
        sockets = listen("localhost", port)

    assert _reached_by(sockets) == [True, False]


def test_everywhere_is_ipv4_where_that_is_all(ipv4_only: pytest.MonkeyPatch) -> None:
    """`::` works there too."""
    (port,) = free_ports(1)

    assert _reached_by(listen("::", port)) == [True, False]


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("nowhere.invalid", r"^nowhere\.invalid:\d+ is not an address of this machine"),
        ("203.0.113.9", r"^Nothing can listen at 203\.0\.113\.9:\d+ \(Cannot assign requested address\)\.$"),
        ("2001:db8::9", r"^Nothing can listen at \[2001:db8::9\]:\d+ \(Cannot assign requested address\)\.$"),
    ],
)
def test_a_wrong_host_is_one_sentence(host: str, said: str) -> None:
    """The operator reads where and why."""
    (port,) = free_ports(1)

    with pytest.raises(CannotListen, match=said):
        listen(host, port)


@pytest.mark.parametrize("host", ["127.0.0.1", "::"])
def test_a_taken_port_is_one_sentence(host: str) -> None:
    """Somebody else listens there already, on the address itself or on all of them."""
    (port,) = free_ports(1)
    with (
        socket.create_server(("127.0.0.1", port)),
        pytest.raises(CannotListen, match=r"^Nothing can listen at .*:\d+ \(Address already in use\)\.$"),
    ):
        listen(host, port)
