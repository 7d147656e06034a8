"""Leaves out of an operation what its caller may not see, before it is planned. Pure: who asks is told by others.

Doors: `demands(…)`, what an operation demands of anybody, and `without_denied(…)`, what is left of it for one caller.
"""

from gateway.authorization.filtering import Demands, Left, demands, without_denied

__all__ = ["Demands", "Left", "demands", "without_denied"]
