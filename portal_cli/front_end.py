"""A front end that runs elsewhere, against an embedded portal: what the portal must be told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from portal_cli.ports import LOOPBACK
from portal_cli.refusals import Refusal

_WILDCARDS = ("0.0.0.0", "::")  # noqa: S104 - compared, not listened on
_TWINS = {"localhost": LOOPBACK, LOOPBACK: "localhost"}


@dataclass(frozen=True, kw_only=True)
class FrontEnd:
    """`host` is where the portal listens, `origins` whose pages may use it, `portal_url` where links of mails lead.

    `portal_url` is empty where the portal itself is meant.
    """

    host: str = LOOPBACK
    origins: tuple[str, ...] = ()
    portal_url: str = ""

    @classmethod
    def of(cls, *, host: str, origins: Sequence[str], portal_url: str) -> Self:
        """Return what the options mean: mails lead to the first origin unless told otherwise.

        Raises:
            Refusal: an origin or an address is none.
        """
        for origin in origins:
            if _origin(origin) != origin.rstrip("/").lower():
                raise Refusal(f"--origin {origin!r} is not an origin; give one like http://localhost:5173.")
        if portal_url and not _origin(portal_url):
            raise Refusal(f"--portal-url {portal_url!r} is not an address; give one like http://localhost:5173.")
        all_ = [_origin(one) for one in (*origins, *([portal_url] if portal_url else []))]
        twins = [name for one in all_ for name in (one, twin(one)) if name]
        chosen = portal_url or next(iter(origins), "")
        return cls(host=host, origins=tuple(dict.fromkeys(twins)), portal_url=chosen.rstrip("/"))

    @property
    def reached(self) -> str:
        """Where our own processes reach what listens."""
        return LOOPBACK if self.host in (*_WILDCARDS, *_TWINS) else self.host

    @property
    def name(self) -> str:
        """The name under which a browser on this machine reaches what listens.

        It is that of the front end where that is on this machine: cookies do not go from `localhost` to `127.0.0.1`.
        """
        if self.host not in (*_WILDCARDS, *_TWINS):
            return self.host
        hosts = [urlsplit(one).hostname for one in (self.portal_url, *self.origins) if one]
        return "localhost" if hosts[:1] == ["localhost"] else LOOPBACK


def _origin(address: str) -> str:
    """Return the origin of an address, empty where it has none."""
    try:
        parts = urlsplit(address.lower())
        parts.port  # noqa: B018 - refuses a port that is none
    except ValueError:
        return ""
    usable = parts.scheme in ("http", "https") and parts.hostname and not parts.username
    return f"{parts.scheme}://{parts.netloc}" if usable else ""


def twin(origin: str) -> str:
    """Return the same page under the other name of this machine, empty where it is on another one."""
    parts = urlsplit(origin)
    other = _TWINS.get(parts.hostname or "")
    return f"{parts.scheme}://{other}{f':{parts.port}' if parts.port else ''}" if other else ""
