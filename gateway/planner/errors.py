"""Why an operation has no plan."""


class PlanningError(ValueError):
    """No plan can be made for the operation."""


class UnknownOperation(PlanningError):
    """The document has no operation of the given name, or several and no name was given."""


class Unsatisfiable(PlanningError):
    """No way through the subgraphs reaches a field: the supergraph was not checked when it was composed."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        """Name the fields, as paths."""
        super().__init__(f"none of the subgraphs can resolve {', '.join(fields)} from where it is asked for")
        self.fields = fields
