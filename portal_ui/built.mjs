// Writes down of which sources `dist` was built, so that a test can tell without Node.js whether it is fresh.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const SOURCES = ["src", "public", "index.html", "package-lock.json", "tsconfig.json", "vite.config.ts"];

const digest = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");
const filesOf = (place) => {
  const inside = readdirSync(".", { withFileTypes: true }).find((one) => one.name === place);
  if (!inside?.isDirectory()) return [place];
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => `${one.parentPath}/${one.name}`);
};
const digests = (places) => Object.fromEntries(places.flatMap(filesOf).sort().map((file) => [file, digest(file)]));

writeFileSync("built.json", `${JSON.stringify({ sources: digests(SOURCES), built: digests(["dist"]) }, null, 1)}\n`);
