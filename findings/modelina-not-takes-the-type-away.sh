#!/usr/bin/env bash
# Guess: `"not": {"type": "string", "pattern": "…"}` beside `"type": "string"` is one more rule; the model's field stays a text.
# So: Modelina takes the type that `not` names away, and the field is `any` (Java: Object); a `not` without a type does no harm.
# Source: npm @asyncapi/modelina 5.10.1, TypeScript and Java generators, on a valid schema (JSON Schema 2020-12, section 10.2.1.4)
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type": "module"}' > package.json
npm install --silent --ignore-scripts --no-audit --no-fund @asyncapi/modelina@5.10.1 >/dev/null 2>&1
cat > make.mjs <<'JS'
import { readFileSync } from "node:fs";
import { JavaGenerator, TypeScriptGenerator } from "@asyncapi/modelina";
const { version } = JSON.parse(readFileSync("node_modules/@asyncapi/modelina/package.json", "utf8"));
console.log(`modelina ${version}, node ${process.version}`);
const text = (not) => ({ type: "string", pattern: "^[a-z]+$", not });
const schema = {
  $schema: "http://json-schema.org/draft-07/schema#", title: "Thing", type: "object",
  properties: { typed: text({ type: "string", pattern: "\\n" }), untyped: text({ pattern: "\\n" }) },
  required: ["typed", "untyped"],
};
for (const generator of [new TypeScriptGenerator({ modelType: "interface" }), new JavaGenerator()]) {
  const [model] = await generator.generate(schema);
  console.log(model.result.split("\n").filter((line) => /^\s+(private \w+ )?(un)?typed[:;]/.test(line)).join("\n"));
}
JS
node make.mjs | tee said.txt
grep -q ' typed: any;' said.txt
grep -q 'untyped: string;' said.txt
grep -q 'private Object typed;' said.txt
grep -q 'private String untyped;' said.txt
