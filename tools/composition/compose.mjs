// Compose subgraph SDL files into one Federation v2 supergraph, printed on standard output.
//
//   npm ci                                            (once, in this folder)
//   node compose.mjs NAME=URL=FILE [NAME=URL=FILE …] > supergraph.graphql
//
// Subgraphs are composed in the order of their names, so that the order of the arguments never shows in the output.
// Composition errors go to standard error, one a line, with exit status 1.
import { readFileSync } from 'node:fs';
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';

function subgraph(argument) {
  const first = argument.indexOf('=');
  const last = argument.lastIndexOf('=');
  if (first < 1 || first === last) throw new Error(`expected NAME=URL=FILE, got "${argument}"`);
  const file = argument.slice(last + 1);
  try {
    const typeDefs = parse(readFileSync(file, 'utf8'));
    return { name: argument.slice(0, first), url: argument.slice(first + 1, last), typeDefs };
  } catch (error) {
    throw new Error(`${file}: ${error.message}`);
  }
}

function fail(lines) {
  for (const line of lines) console.error(line);
  process.exit(1);
}

try {
  const subgraphs = process.argv.slice(2).map(subgraph);
  if (subgraphs.length === 0) fail(['usage: node compose.mjs NAME=URL=FILE …']);
  subgraphs.sort((one, other) => (one.name < other.name ? -1 : 1));
  const { supergraphSdl, errors } = composeServices(subgraphs);
  if (errors?.length) fail(errors.map(({ message }) => message.trim()));
  process.stdout.write(supergraphSdl.trim() + '\n');
} catch (error) {
  fail([error.message]);
}
