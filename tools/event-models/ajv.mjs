// node ajv.mjs FILE: reads {schemas: {type: schema}, probes: [[type, event], …]}, prints the verdict of each probe.
// Ajv as it comes: its strict mode refuses keywords and formats that it does not know.
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";

const { schemas, probes } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const ajv = new Ajv2020();
const compiled = Object.fromEntries(Object.entries(schemas).map(([type, schema]) => [type, ajv.compile(schema)]));
console.log(JSON.stringify(probes.map(([type, event]) => compiled[type](event))));
