#!/usr/bin/env bash
# Guess: in a schema built from SDL, the argument `first: Int = 20` has the `default_value` 20, as in every release before.
# So: `default_value` is Undefined, without a warning; 20 stands in `default.literal` alone. Made in code, it is the other way.
# Source: graphql-core 3.3.2 (PyPI, 2026), graphql/type/definition.py GraphQLDefaultInput; 3.2.6 beside it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for release in 3.2.6 3.3.2; do
  python3 -m venv "$folder/$release"
  "$folder/$release/bin/pip" install --quiet "graphql-core==$release"
  "$folder/$release/bin/python" -W error - <<'PY' | tee -a "$folder/seen"
from graphql import GraphQLArgument, GraphQLInt, build_schema, version

written = build_schema("type Query { rows(first: Int = 20): Int }").query_type.fields["rows"].args["first"]
made = GraphQLArgument(GraphQLInt, default_value=20)
default = getattr(written, "default", None)
literal = default.literal.value if default else None
print(f"graphql-core {version} | from SDL: default_value={written.default_value} literal={literal}", end=" ")
print(f"| made: default_value={made.default_value}")
PY
done
diff "$folder/seen" - <<'SEEN'
graphql-core 3.2.6 | from SDL: default_value=20 literal=None | made: default_value=20
graphql-core 3.3.2 | from SDL: default_value=Undefined literal=20 | made: default_value=20
SEEN
