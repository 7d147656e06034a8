"""Whoever can be let in: what staff members and contacts have in common.

`person.py` is the state, `inviting.py` how somebody comes in, `access.py` passwords, and what ends sessions,
`second_factor.py` what is shown besides a password, `passkeys.py` how one comes in
without one, `proving.py` how an address counts.
"""

from services.identity.domain.person.access import AccessBehaviour
from services.identity.domain.person.inviting import InvitingBehaviour
from services.identity.domain.person.passkeys import NewPasskey, PasskeyBehaviour, ShownPasskey
from services.identity.domain.person.person import Invite, LinkState, OwnChanges, Passkey, PersonStatus
from services.identity.domain.person.proving import ProvingBehaviour
from services.identity.domain.person.second_factor import Shown

__all__ = [
    "AccessBehaviour",
    "Invite",
    "InvitingBehaviour",
    "LinkState",
    "NewPasskey",
    "OwnChanges",
    "Passkey",
    "PasskeyBehaviour",
    "Person",
    "PersonStatus",
    "ProvingBehaviour",
    "Shown",
    "ShownPasskey",
]


class Person(InvitingBehaviour, AccessBehaviour, PasskeyBehaviour, ProvingBehaviour):
    """A staff member or a contact."""
