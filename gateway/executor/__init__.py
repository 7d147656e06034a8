"""Runs query plans: asks subgraphs through a port, keeps one tree of what they answer, and projects it for the client.

Door: `Operation(schema, document, node, plan)`, made once per operation; then `execute`, `execute_body` (the response
body as bytes) or `subscribe` for each request. Everything derived from the plan is compiled when it is made:

- `run` turns the nodes into waves, each written at once and awaited together; no task is made for a fetch;
- `fetch`, `root_fetch`, `entity_fetch` write request bodies from constant bytes and read answers with suspicion;
- `representations` sends each distinct entity once; `folding` makes equal objects at one path one object;
- `failures` keeps errors in the tree where values are missing, so that they come out at the client's paths;
- `project` copies a faultless tree by generated code; `complete` is the careful projection behind it;
- `incremental` answers in parts (`execute_incrementally`): `parted_shape` says what comes with which deferred fragment,
  `deliveries` what is still to come, `deferring` keeps a plan for each choice of the variables that decide on it.

It never opens a connection, never knows HTTP, and never runs graphql-core over fetched data (only over introspection).
"""
