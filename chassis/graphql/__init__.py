"""The GraphQL door of a subgraph: view, context, refusals, idempotency, pagination, shared types.

Door: `view.subgraph_app(schema, …)` and `schema.SubgraphSchema`. Decides nothing of the business.
"""
