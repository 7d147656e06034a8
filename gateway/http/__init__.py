"""GraphQL over HTTP: plain requests, answered straight from bytes to bytes. Never decides GraphQL semantics.

Door: `endpoint.Endpoint`, an ASGI application for one path; streams (WebSocket, SSE, multipart) go to the application
that it is given for them.
"""

from gateway.http.endpoint import Endpoint, EndpointOptions, Served

__all__ = ["Endpoint", "EndpointOptions", "Served"]
