"""The supergraph: types, fields and keys of all subgraphs as data, read from a standard supergraph file.

Door: `Supergraph.from_sdl(sdl)`; its `api_schema` is what clients see. Never changes after construction.
"""

from gateway.supergraph.errors import InvalidJoin, InvalidSdl, NotASupergraph, SupergraphError, UnsupportedFeature
from gateway.supergraph.model import ContextArgument, Field, FieldJoin, Key, RootKind, Subgraph, Type, TypeJoin, TypeRef
from gateway.supergraph.requirements import NOBODY, Granted, Requirement, Rules
from gateway.supergraph.supergraph import Supergraph

__all__ = [
    "NOBODY",
    "ContextArgument",
    "Field",
    "FieldJoin",
    "Granted",
    "InvalidJoin",
    "InvalidSdl",
    "Key",
    "NotASupergraph",
    "Requirement",
    "RootKind",
    "Rules",
    "Subgraph",
    "Supergraph",
    "SupergraphError",
    "Type",
    "TypeJoin",
    "TypeRef",
    "UnsupportedFeature",
]
