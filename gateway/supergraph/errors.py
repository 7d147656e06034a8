"""Why a file is no supergraph that this gateway can serve."""


class SupergraphError(ValueError):
    """The supergraph file cannot be used; the text says why, for operators."""


class InvalidSdl(SupergraphError):
    """The file is not GraphQL SDL, or its types do not form a schema."""


class NotASupergraph(SupergraphError):
    """The file is SDL, but has no join specification or no subgraph: a plain schema or a subgraph."""


class UnsupportedFeature(SupergraphError):
    """The file needs something that a gateway must implement to serve it safely, and ours does not."""

    def __init__(self, feature: str, purpose: str) -> None:
        """Name the feature, by its specification's address where it has one, and its purpose in the file."""
        super().__init__(
            f"the supergraph needs {feature} for {purpose}, which this gateway does not implement: "
            "compose it without, or serve it by a router that does"
        )


class InvalidJoin(SupergraphError):
    """A join directive names an unknown graph, or holds a field set that does not parse."""
