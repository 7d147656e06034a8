// node again.mjs MODULE: reads lines "Type, tab, JSON", and writes each event again as quicktype's model writes it.
import { createInterface } from "node:readline";

const { Convert } = await import(process.argv[2]);
for await (const line of createInterface({ input: process.stdin })) {
  const [type, json] = line.split("\t");
  const written = Convert[`${type[0].toLowerCase()}${type.slice(1)}ToJson`](Convert[`to${type}`](json));
  console.log(JSON.stringify(JSON.parse(written)));
}
