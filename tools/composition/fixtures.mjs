// Compose the supergraphs that tests read: every folder FOLDER/NAME with subgraph files gets a supergraph.graphql.
//
//   node fixtures.mjs FOLDER
//
// A subgraph's name is its file's; its address is http://NAME.example/graphql.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';

const [folder] = process.argv.slice(2);
let failed = 0;
for (const entry of readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
  const path = join(folder, entry.name);
  const files = readdirSync(path).filter((file) => file.endsWith('.graphql') && file !== 'supergraph.graphql').sort();
  const { supergraphSdl, errors } = composeServices(
    files.map((file) => {
      const name = file.replace('.graphql', '');
      return { name, url: `http://${name}.example/graphql`, typeDefs: parse(readFileSync(join(path, file), 'utf8')) };
    }),
  );
  for (const { message } of errors ?? []) console.error(`${entry.name}: ${message.trim()}`);
  if (errors?.length) failed += 1;
  else writeFileSync(join(path, 'supergraph.graphql'), supergraphSdl.trim() + '\n');
}
process.exit(failed ? 1 : 0);
