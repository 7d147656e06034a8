// Page and refetch by Relay's own compiler and runtime, as its hooks do, and print what its store holds.
//
//   node relay-pages.mjs URL TOKEN SCHEMA INVOICE
//
// The artifacts are compiled from the schema's file into a folder that is deleted at the end.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import runtime from 'relay-runtime';

const [uri, token, schema, invoice] = process.argv.slice(2);
const {
  Environment, Network, Observable, RecordSource, Store, createOperationDescriptor, fetchQuery, getPaginationMetadata,
  getPaginationVariables, getRefetchMetadata, getSingularSelector,
} = runtime;
const SOURCE = `import { graphql } from 'relay-runtime';
graphql\`query PagesForwardQuery($count: Int) { ...Pages_forward @arguments(count: $count) }\`;
graphql\`query PagesBackwardQuery($count: Int) { ...Pages_backward @arguments(count: $count) }\`;
graphql\`query PagesOneQuery($id: ID!) { invoice(id: $id) { ...Pages_one } }\`;
graphql\`fragment Pages_forward on Query @refetchable(queryName: "PagesForwardPaginationQuery")
  @argumentDefinitions(count: { type: "Int" }, cursor: { type: "String" }) {
  invoices(first: $count, after: $cursor) @connection(key: "Pages_forward_invoices") { edges { node { id number } } } }\`;
graphql\`fragment Pages_backward on Query @refetchable(queryName: "PagesBackwardPaginationQuery")
  @argumentDefinitions(count: { type: "Int" }, cursor: { type: "String" }) {
  invoices(last: $count, before: $cursor) @connection(key: "Pages_backward_invoices") { edges { node { id number } } } }\`;
graphql\`fragment Pages_one on Invoice @refetchable(queryName: "PagesRefetchQuery") { number comments { nodes { text } } }\`;
`;

const folder = mkdtempSync(join(import.meta.dirname, '.relay-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, 'made'));
writeFileSync(join(folder, 'package.json'), '{"type": "commonjs"}');
writeFileSync(join(folder, 'Pages.js'), SOURCE);
symlinkSync(schema, join(folder, 'schema.graphql'));
const settings = { src: '.', schema: 'schema.graphql', language: 'javascript', artifactDirectory: 'made', eagerEsModules: false };
writeFileSync(join(folder, 'relay.config.json'), JSON.stringify(settings));
const compiler = join(import.meta.dirname, 'node_modules/relay-compiler/cli.js');
execFileSync(process.execPath, [compiler, 'relay.config.json'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
const made = createRequire(join(folder, 'made', 'any.js'));

const asked = [];
const ask = (params, variables) => Observable.from((async () => {
  asked.push(params.name);
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const answer = await fetch(uri, { method: 'POST', headers, body: JSON.stringify({ query: params.text, variables }) });
  return answer.json();
})());
const environment = new Environment({ network: Network.create(ask), store: new Store(new RecordSource()) });
const held = (fragment, operation, parent) => environment.lookup(getSingularSelector(fragment, parent ?? environment.lookup(operation.fragment).data)).data;

async function pages(direction, name) {
  const [query, fragment] = [made(`./Pages${name}Query.graphql`), made(`./Pages_${direction}.graphql`)];
  await fetchQuery(environment, query, { count: 2 }).toPromise();
  const operation = createOperationDescriptor(query, { count: 2 });
  environment.retain(operation);
  const { paginationRequest, paginationMetadata } = getPaginationMetadata(fragment, 'test');
  const seen = [];
  for (;;) {
    const { edges, pageInfo } = held(fragment, operation).invoices;
    seen.push(edges.map(({ node }) => node.number));
    const [more, cursor] = direction === 'forward' ? [pageInfo.hasNextPage, pageInfo.endCursor] : [pageInfo.hasPreviousPage, pageInfo.startCursor];
    if (!more) return seen;
    const variables = getPaginationVariables(direction, 2, cursor, {}, {}, paginationMetadata);
    await fetchQuery(environment, paginationRequest, variables).toPromise();
  }
}

async function refetched() {
  const [query, fragment] = [made('./PagesOneQuery.graphql'), made('./Pages_one.graphql')];
  await fetchQuery(environment, query, { id: invoice }).toPromise();
  const operation = createOperationDescriptor(query, { id: invoice });
  environment.retain(operation);
  const parent = environment.lookup(operation.fragment).data.invoice;
  const before = held(fragment, operation, parent);
  const { refetchableRequest, identifierInfo } = getRefetchMetadata(fragment, 'test');
  const variables = { [identifierInfo.identifierQueryVariableName]: before[identifierInfo.identifierField] };
  const { node } = await fetchQuery(environment, refetchableRequest, variables, { fetchPolicy: 'network-only' }).toPromise();
  return [before, held(fragment, operation, node)].map(({ number, comments }) => [number, comments.nodes.map(({ text }) => text)]);
}

console.log(JSON.stringify({
  forward: await pages('forward', 'Forward'), backward: await pages('backward', 'Backward'), refetched: await refetched(), asked,
}));
process.exit(0);
