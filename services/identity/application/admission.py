"""Who may try a password or ask for a mail: limits that hurt only those who use them up.

One address has few tries at one account and many over all accounts; all strangers together have some more at one
account (NIST SP 800-63B-4 §3.2.2: at most 100). A device on which the person logged in before has tries of its own,
so that nobody else can use them up. The keys carry the person's epoch: a new password begins every count anew.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from chassis.addresses import one_client
from services.identity.application.ports import Link, LinkKind, Ports
from services.identity.domain.person import Person


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Where a request comes from; `device` is what a browser kept of an earlier log-in, as it was sent."""

    address: str
    device: str | None = None

    @property
    def client(self) -> str:
        """Return under which name this address is counted."""
        return one_client(self.address)


@dataclass(frozen=True, kw_only=True)
class Limit:
    """At most `most` tries under a key; `name` says in security events which limit it was."""

    name: str
    key: str
    most: int


@dataclass(slots=True)
class Tries:
    """The tries that were counted, by key, and the name of the limit that had none left."""

    receipts: dict[str, str] = field(default_factory=dict[str, str])
    exhausted: str | None = None

    @property
    def may_go_on(self) -> bool:
        return self.exhausted is None


async def take(limits: tuple[Limit, ...], ports: Ports, *, window: timedelta | None = None) -> Tries:
    """Count one try under each key, in this order, up to the first that has none left."""
    tries, now = Tries(), ports.clock.now()
    for limit in limits:
        receipt = await ports.throttle.admit(
            limit.key, limit=limit.most, window=window or ports.policy.tries_window, now=now
        )
        if receipt is None:
            tries.exhausted = limit.name
            break
        tries.receipts[limit.key] = receipt
    return tries


async def give_back(tries: Tries, ports: Ports) -> None:
    """Take the tries back that were counted: they were right, or nobody looked at them."""
    for key, receipt in tries.receipts.items():
        await ports.throttle.release(key, receipt)


def log_in_limits(caller: Caller, account: str, person: Person | None, ports: Ports) -> tuple[Limit, ...]:
    """Return what a log-in is counted under, the widest address first: what that refuses counts for no account."""
    policy, named = ports.policy, f"{account}\n{person.epoch if person else 0}"
    if person is not None and is_known_device(caller, person, ports):
        return (Limit(name="device", key=f"device:{person.id}\n{person.epoch}", most=policy.tries_per_account),)
    return (
        Limit(name="address", key=f"address:{caller.client}", most=policy.tries_per_address),
        Limit(name="account_and_address", key=f"{named}\n{caller.client}", most=policy.tries_per_account),
        Limit(name="account", key=named, most=policy.tries_per_account_anywhere),
    )


def reset_limits(caller: Caller, account: str, person: Person | None, ports: Ports) -> tuple[Limit, ...]:
    """Return what a request for a new password is counted under."""
    policy, named = ports.policy, f"reset:{account}\n{person.epoch if person else 0}"
    if person is not None and is_known_device(caller, person, ports):
        return (Limit(name="device", key=f"reset-device:{person.id}", most=policy.resets_per_account),)
    return (
        Limit(name="address", key=f"reset-address:{caller.client}", most=policy.resets_per_address),
        Limit(name="account_and_address", key=f"{named}\n{caller.client}", most=policy.resets_per_account),
        Limit(name="account", key=named, most=policy.resets_per_account_anywhere),
    )


def device_token(person: Person, ports: Ports) -> str:
    """Return what a device keeps on which this person has logged in. It opens nothing; it only counts apart."""
    return ports.links.issue(_device_of(person))


def is_known_device(caller: Caller, person: Person, ports: Ports) -> bool:
    """Say whether this person logged in on the caller's device before."""
    return caller.device is not None and ports.links.read(caller.device, LinkKind.DEVICE) == _device_of(person)


def is_some_device(caller: Caller, ports: Ports) -> bool:
    """Say whether anybody logged in on the caller's device before."""
    return caller.device is not None and ports.links.read(caller.device, LinkKind.DEVICE) is not None


def _device_of(person: Person) -> Link:
    return Link(LinkKind.DEVICE, person.organisation_id, person.id, 1)
