"""What a client asked for: from bytes to a `GraphQLRequest`, or `Refused` with a status and a code. Runs nothing."""

from gateway.requests.persisted import PersistedDocuments
from gateway.requests.reading import GraphQLRequest, Reader, read_json
from gateway.requests.refused import Refused

__all__ = ["GraphQLRequest", "PersistedDocuments", "Reader", "Refused", "read_json"]
