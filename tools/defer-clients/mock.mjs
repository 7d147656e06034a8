// Run one operation over mocked schema files, as front-end teams do in their tests.
//
//   node mock.mjs MOCKS SCHEMA
//
// One line of JSON: what `graphql` answers over the file for mocks; how it refuses the schema with `@defer`; and what
// the remedy for that file gives, `experimentalExecuteIncrementally`.
import { readFileSync } from 'node:fs';
import { buildSchema, experimentalExecuteIncrementally, graphqlSync, parse } from 'graphql';

const [mocks, whole] = process.argv.slice(2).map((file) => buildSchema(readFileSync(file, 'utf8')));
const source = '{ me { __typename name } }';
const rootValue = { me: { __typename: 'StaffMember', name: 'Ada' } };

function refused() {
  try {
    return graphqlSync({ schema: whole, source, rootValue });
  } catch (error) {
    return /experimental directives/.exec(error.message)?.[0] ?? error.message;
  }
}

const remedy = await experimentalExecuteIncrementally({ schema: whole, document: parse(source), rootValue });
console.log(JSON.stringify([graphqlSync({ schema: mocks, source, rootValue }), refused(), remedy]));
