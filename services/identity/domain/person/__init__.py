"""Whoever can be let in: what staff members and contacts have in common.

`person.py` is the state, `inviting.py` how somebody comes in, `access.py` passwords, and what ends sessions,
`second_factor.py` what is shown besides a password, `proving.py` how an address counts.
"""

from services.identity.domain.person.access import AccessBehaviour
from services.identity.domain.person.inviting import InvitingBehaviour
from services.identity.domain.person.person import Invite, LinkState, OwnChanges, PersonStatus
from services.identity.domain.person.proving import ProvingBehaviour
from services.identity.domain.person.second_factor import SecondFactorBehaviour, Shown

__all__ = [
    "AccessBehaviour",
    "Invite",
    "InvitingBehaviour",
    "LinkState",
    "OwnChanges",
    "Person",
    "PersonStatus",
    "ProvingBehaviour",
    "SecondFactorBehaviour",
    "Shown",
]


class Person(InvitingBehaviour, AccessBehaviour, SecondFactorBehaviour, ProvingBehaviour):
    """A staff member or a contact."""
