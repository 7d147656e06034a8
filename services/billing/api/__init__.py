"""Billing's GraphQL subgraph, its internal endpoints and its files.

Doors: `schema.SCHEMA`, `internal.internal_routes`, `files.file_routes`. Builds commands and shows results; decides
nothing. Every type, field, argument and enum value is described; `schema.graphql` is the checked-in snapshot.
"""
