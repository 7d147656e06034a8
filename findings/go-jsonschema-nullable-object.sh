#!/usr/bin/env bash
# Guess: go-jsonschema makes Go code that compiles of every schema that it takes without an error.
# So: an object or null, told by anyOf with a title, becomes a type with an undeclared name; with oneOf it compiles, untyped.
# Source: github.com/atombender/go-jsonschema v0.24.1, run on a valid schema (JSON Schema 2020-12, sections 10.2.1 and 9.1)
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
GOBIN="$folder" GOFLAGS=-p=2 go install github.com/atombender/go-jsonschema@v0.24.1 2>/dev/null
echo "go-jsonschema v0.24.1, $(go version)"

schema() {
  cat <<JSON
{"\$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Customer", "type": "object",
 "properties": {
   "billing": {"title": "OptionalAddress", "$1": [{"\$ref": "#/\$defs/Address"}, {"type": "null"}]},
   "shipping": {"title": "OptionalAddress", "$1": [{"\$ref": "#/\$defs/Address"}, {"type": "null"}]}},
 "required": ["billing", "shipping"],
 "\$defs": {"Address": {"title": "Address", "type": "object",
   "properties": {"city": {"type": "string"}}, "required": ["city"]}}}
JSON
}

built() {
  mkdir -p "$1/models"
  printf 'module models\n\ngo 1.22\n' > "$1/go.mod"
  schema "$1" > "$1/customer.json"
  ./go-jsonschema -p models --struct-name-from-title --tags json -o "$1/models/models.go" "$1/customer.json"
  grep 'Billing .*json' "$1/models/models.go" || true
  (cd "$1" && go vet ./... 2>&1) && echo "$1: compiles" || echo "$1: does not compile"
}

built anyOf | tee any.txt
built oneOf | tee one.txt
grep -q 'anyOf: does not compile' any.txt
grep -q 'oneOf: compiles' one.txt
