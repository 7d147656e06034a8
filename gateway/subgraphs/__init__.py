"""Carries GraphQL requests to subgraphs: implements the executor's port. Never knows plans.

Doors: `http.HttpTransport` (our own lean HTTP/1.1 client), `aiohttp_transport.AiohttpTransport` (the same port on
aiohttp), `dedupe.SharedFetches` (a layer over either).
"""
