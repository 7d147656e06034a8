// node modelina.mjs DOCUMENT FOLDER: Modelina's models of an AsyncAPI document, in FOLDER/typescript and FOLDER/java.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";
import { JAVA_JACKSON_PRESET, JavaFileGenerator, TypeScriptFileGenerator } from "@asyncapi/modelina";

const [file, folder] = process.argv.slice(2);
const { document, diagnostics } = await new Parser().parse(readFileSync(file, "utf8"), { source: file });
if (!document) {
  console.error(JSON.stringify(diagnostics));
  process.exit(1);
}
// Without `rawPropertyNames` Modelina calls the field `type` `reservedType`, and no such field is in the JSON.
const typescript = new TypeScriptFileGenerator({
  modelType: "interface",
  rawPropertyNames: true,
  enumType: "union",
  mapType: "record",
});
await typescript.generateToFiles(document, `${folder}/typescript`, { exportType: "named" });
const java = new JavaFileGenerator({ presets: [JAVA_JACKSON_PRESET], collectionType: "List" });
await java.generateToFiles(document, `${folder}/java/events`, { packageName: "events" });
