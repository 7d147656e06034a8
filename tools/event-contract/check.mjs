// node check.mjs FILE: prints one JSON object per finding ({severity, code, message, path}); exits 1 when the document is not valid.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const file = process.argv[2];
const { document, diagnostics } = await new Parser().parse(readFileSync(file, "utf8"), { source: file });
for (const { severity, code, message, path } of diagnostics) {
  console.log(JSON.stringify({ severity, code, message, path: path.join(".") }));
}
process.exit(document ? 0 : 1);
