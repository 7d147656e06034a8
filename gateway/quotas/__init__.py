"""How much one person, and one address, may ask of this process: work per minute, and what is open at once.

Doors: `Visits`, which says who asks and gives out `Visit`s; `Quotas`, the numbers. Counted in the memory of one
process: a portal of three gateways admits up to three times as much. Never knows what an operation is, only what it
may cost.
"""

from gateway.quotas.amounts import Quotas
from gateway.quotas.persons import Persons
from gateway.quotas.visits import Visit, Visits

__all__ = ["Persons", "Quotas", "Visit", "Visits"]
