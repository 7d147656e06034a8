#!/usr/bin/env bash
# Guess: a GraphQL client that accepts text/event-stream reads events whose lines end in CRLF, one of the three line ends of WHATWG's standard.
# So: @urql/core looks for two line feeds only; with CRLF it sees no event at all and answers a whole, valid stream by "[Network] No Content".
# Source: @urql/core 6.0.3 and graphql 16.15.0 from npm; https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
set -eu
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --ignore-scripts --no-audit --no-fund @urql/core@6.0.3 graphql@16.15.0 >/dev/null
cat > ask.mjs <<'JS'
import http from 'node:http';
import { readFileSync } from 'node:fs';
import { Client, fetchExchange } from '@urql/core';

let end = '\n';
const events = () => ['event: next', 'data: {"data":{"hello":"world"}}', '', 'event: complete', 'data: ', '', ''].join(end);
const server = http.createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(events());
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
console.log('@urql/core', JSON.parse(readFileSync('node_modules/@urql/core/package.json')).version);
const found = [];
for (const [name, used] of [['LF', '\n'], ['CRLF', '\r\n']]) {
  end = used;
  const client = new Client({ url: `http://127.0.0.1:${server.address().port}/`, exchanges: [fetchExchange], preferGetMethod: false });
  const { data, error } = await new Promise((done) => {
    client.query('{ hello }', {}, { requestPolicy: 'network-only' }).subscribe((result) => result.hasNext || done(result));
  });
  found.push(data?.hello ?? error?.message);
  console.log(`lines end in ${name}: data ${JSON.stringify(data)}, error ${error?.message}`);
}
server.close();
process.exit(found[0] === 'world' && found[1] === '[Network] No Content' ? 0 : 1);
JS
node ask.mjs
