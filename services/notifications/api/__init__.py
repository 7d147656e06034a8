"""The GraphQL subgraph of notifications: everybody's own feed, its live updates, and what one wants to be told."""
