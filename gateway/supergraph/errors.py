"""Why a file is no supergraph that this gateway can serve."""


class SupergraphError(ValueError):
    """The supergraph file cannot be used; the text says why, for operators."""


class InvalidSdl(SupergraphError):
    """The file is not GraphQL SDL, or its types do not form a schema."""


class NotASupergraph(SupergraphError):
    """The file is SDL, but has no join specification or no subgraph: a plain schema or a subgraph."""


class UnsupportedFeature(SupergraphError):
    """The file links a specification that a gateway must implement to serve it safely, and ours does not."""

    def __init__(self, url: str) -> None:
        """Name the specification by its address."""
        super().__init__(f"the supergraph needs {url}, which this gateway does not implement")


class InvalidJoin(SupergraphError):
    """A join directive names an unknown graph, or holds a field set that does not parse."""
