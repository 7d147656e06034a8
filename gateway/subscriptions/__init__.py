"""Streams: Strawberry's ASGI view (graphql-transport-ws, SSE, multipart) over a schema that plans and executes itself.

Doors: `FederatedSchema`, from a query's text to its answers, and `Streams`, the ASGI application over it. Plain
requests never come here. Strawberry's schema extensions do not run; limits, errors and tracing are the gateway's own.
"""

from gateway.subscriptions.answering import FederatedSchema
from gateway.subscriptions.view import Streams

__all__ = ["FederatedSchema", "Streams"]
