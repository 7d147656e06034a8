"""The GraphQL subgraph of identity: organisations, portals, staff, customers, contacts, and everybody's own session.

Door: `schema.SCHEMA`. `schema.graphql` is its snapshot, kept fresh by a test. `internal.py` answers other services.
"""
