"""Whether people of an organisation show a second factor at the log-in."""

from dataclasses import dataclass

from chassis.words import Word


class Demand(Word):
    """What is asked of people of one kind. Who has a second factor shows it, whatever is asked of others."""

    OFF = "off"
    OFFERED = "offered"
    REQUIRED = "required"


@dataclass(frozen=True, kw_only=True)
class LogInPolicy:
    """What is asked of staff and of clients' contacts."""

    staff: Demand = Demand.OFFERED
    clients: Demand = Demand.OFFERED

    def demand(self, *, is_contact: bool) -> Demand:
        """Return what is asked of one of them."""
        return self.clients if is_contact else self.staff
