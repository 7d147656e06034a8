// Puts the documents of all parts into one manifest, which an operator gives to the gateway (PORTAL_PERSISTED_DOCUMENTS).
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const files = ["session", "account", "client", "staff"].map((part) => `src/${part}/gql/persisted-documents.json`).filter(existsSync);
const documents = files.flatMap((file) => Object.entries(JSON.parse(readFileSync(file, "utf8"))));
const sorted = documents.sort(([one], [other]) => (one < other ? -1 : 1));
writeFileSync("persisted-documents.json", `${JSON.stringify(Object.fromEntries(sorted), null, 1)}\n`);
