"""The GraphQL subgraph of collaboration: it adds discussion, views and forwards to billing's documents."""
