// Ask an endpoint for a document with deferred fragments by real clients, and print what each of them makes of it.
//
//   node clients.mjs URL DOCUMENT [VARIABLES]
//
// One line of JSON: {CLIENT: {"data": …, "error": … or null}}, the last result that the client gave out.
import { ApolloClient, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { Defer20220824Handler, GraphQL17Alpha9Handler } from '@apollo/client/incremental';
import { Client, fetchExchange } from '@urql/core';

const [uri, text, variables = '{}'] = process.argv.slice(2);

function last(observable) {
  return new Promise((resolve) => {
    let result = null;
    observable.subscribe({
      next: (value) => (result = { data: value.data ?? null, error: value.error?.message ?? null }),
      error: (error) => resolve({ data: null, error: String(error) }),
      complete: () => resolve(result),
    });
  });
}

// `subscribe` at the link's own level ends with the response; a watched query would stay open.
async function apollo(incrementalHandler) {
  const client = new ApolloClient({ cache: new InMemoryCache(), link: new HttpLink({ uri }), incrementalHandler });
  const result = await client.query({
    query: gql(text), variables: JSON.parse(variables), errorPolicy: 'all', fetchPolicy: 'no-cache',
  });
  return { data: result.data ?? null, error: result.error?.message ?? null };
}

function urql() {
  const client = new Client({ url: uri, exchanges: [fetchExchange], preferGetMethod: false });
  return new Promise((resolve) => {
    client.query(text, JSON.parse(variables)).subscribe((result) => {
      if (!result.hasNext) resolve({ data: result.data ?? null, error: result.error?.message ?? null });
    });
  });
}

const found = {
  'apollo 2022': await apollo(new Defer20220824Handler()),
  'apollo 17': await apollo(new GraphQL17Alpha9Handler()),
  urql: await urql(),
};
console.log(JSON.stringify(found));
process.exit(0);
