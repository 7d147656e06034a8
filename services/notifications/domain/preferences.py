"""What somebody wants to be told, per kind and channel. Everything is on until it is switched off."""

from dataclasses import dataclass

from services.notifications.domain.errors import KindNotYours
from services.notifications.domain.kinds import KINDS_OF, Audience, Channel, Kind


@dataclass(frozen=True, slots=True)
class Preference:
    """One kind, by mail and in the portal."""

    kind: Kind
    email: bool = True
    in_app: bool = True

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels that are on."""
        chosen = ((Channel.EMAIL, self.email), (Channel.IN_APP, self.in_app))
        return tuple(channel for channel, on in chosen if on)


def checked(preference: Preference, audience: Audience) -> Preference:
    """Return the preference when people on this side have it.

    Raises:
        KindNotYours: when they are never told of the kind.
    """
    if preference.kind not in KINDS_OF[audience]:
        raise KindNotYours
    return preference
