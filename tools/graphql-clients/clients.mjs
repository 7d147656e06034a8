// Ask an endpoint by one of the clients that front-end teams use, and print what it makes of the answers.
//
//   node clients.mjs URL CLIENT
//
// One line of JSON: {SCENARIO: …}; what a client cannot do, or does as another one does it, is not in it.
const [uri, name] = process.argv.slice(2);
const QUERY = 'query Mine { me { id name } }';
const MUTATION = 'mutation Enter { logIn(name: "a") { id } }';
const PARTIAL = 'query Partial { users { id must } }';
const INVALID = '{ nobody }';
const SUBSCRIPTION = 'subscription Ticks($to: Int!) { ticks(to: $to) { number } }';
const DEFERRING = '{ me { id ... @defer(label: "n") { invoices { id } } } }';
const ENDLESS = { to: -2 };

let sent = 0;
const counted = (...args) => (sent++, fetch(...args));
const codes = (errors) => (errors ?? []).map((one) => one.extensions?.code ?? one.message);
const told = async (run) => {
  try {
    return await run();
  } catch (error) {
    return { thrown: codes(error.errors ?? error.graphQLErrors ?? error.response?.errors ?? error) };
  }
};

async function apollo(library, link4) {
  const { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql, createPersistedQueryLink, setContext } = library;
  const http = new HttpLink({ uri, fetch: counted });
  const make = (...links) => new ApolloClient({
    link: ApolloLink.from([...links, http]), cache: new InMemoryCache(), clientAwareness: { name: 'test', version: '1' },
    defaultOptions: { query: { fetchPolicy: 'no-cache', errorPolicy: 'all' }, mutate: { errorPolicy: 'all' } },
    ...(link4 ? { incrementalHandler: link4 } : {}),
  });
  const shown = ({ data, error, errors }) => ({ data: data ?? null, codes: codes(error?.errors ?? error?.graphQLErrors ?? errors) });
  const client = make();
  const query = (text, via = client, options = {}) => told(async () => shown(await via.query({ query: gql(text), ...options })));
  const news = (variables, most) => new Promise((resolve) => {
    const seen = [];
    const running = client.subscribe({ query: gql(SUBSCRIPTION), variables }).subscribe({
      next: ({ data }) => {
        seen.push(data.ticks.number);
        if (seen.length === most) { running.unsubscribe(); resolve(seen); }
      },
      error: (error) => resolve(String(error)), complete: () => resolve(seen),
    });
  });
  const sha256 = async (text) => Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).toString('hex');
  const persisted = make(createPersistedQueryLink({ sha256, useGETForHashedQueries: true }));
  const found = {
    query: await query(QUERY), partial: await query(PARTIAL), invalid: await query(INVALID),
    mutation: await told(async () => shown(await client.mutate({ mutation: gql(MUTATION) }))),
    subscription: await news({ to: 2 }), aborted: await news(ENDLESS, 1), deferring: await query(DEFERRING),
  };
  sent = 0;
  found.persisted = [await query('{ me { name } }', persisted), await query('{ me { name } }', persisted), sent];
  let token = 'old';
  const authorised = make(setContext(() => ({ headers: { authorization: `Bearer ${token}` } })));
  const refused = await query(QUERY, authorised);
  token = 'new';
  found.refreshed = [refused.codes ?? refused.thrown, await query(QUERY, authorised)];
  return found;
}

async function urql(core, version) {
  const { Client, fetchExchange } = core;
  const make = (options = {}, ...exchanges) => new Client({
    url: uri, exchanges: [...exchanges, fetchExchange], fetch: counted, fetchSubscriptions: true, ...options,
  });
  const client = make();
  const shown = ({ data, error }) => ({ data: data ?? null, codes: error?.networkError ? String(error) : codes(error?.graphQLErrors) });
  const query = async (text, via = client) => shown(await via.query(text, {}).toPromise());
  const until = (observable, most) => new Promise((resolve) => {
    const seen = [];
    const running = observable.subscribe((result) => {
      seen.push(result);
      if (most ? seen.length === most : result.hasNext === false) {
        setTimeout(() => running.unsubscribe());
        resolve(seen);
      }
    });
  });
  const found = {
    query: await query(QUERY), partial: await query(PARTIAL), invalid: await query(INVALID),
    mutation: shown(await client.mutation(MUTATION, {}).toPromise()),
    'by GET': await query(QUERY, make({ preferGetMethod: 'force' })),
    'by POST': await query(QUERY, make({ preferGetMethod: false })),
    subscription: (await until(client.subscription(SUBSCRIPTION, { to: 2 }), 2)).map(({ data }) => data.ticks.number),
    aborted: (await until(client.subscription(SUBSCRIPTION, ENDLESS), 1)).map(({ data }) => data.ticks.number),
    deferring: shown((await until(client.query(DEFERRING, {}))).at(-1)),
  };
  if (version === 6) {
    const { persistedExchange } = await import('@urql/exchange-persisted');
    const { authExchange } = await import('@urql/exchange-auth');
    const persisted = make({}, persistedExchange({}));
    sent = 0;
    found.persisted = [await query('{ me { id } }', persisted), await query('{ me { id } }', persisted), sent];
    let token = 'old';
    const seen = [];
    const authorised = make({}, authExchange(async (utils) => ({
      addAuthToOperation: (operation) => utils.appendHeaders(operation, { authorization: `Bearer ${token}` }),
      didAuthError: (error) => (seen.push(...codes(error.graphQLErrors)), seen.includes('UNAUTHENTICATED')),
      refreshAuth: async () => { token = 'new'; },
    })));
    const last = await query(QUERY, authorised);
    found.refreshed = [seen, last];
  }
  return found;
}

async function relay() {
  const runtime = (await import('relay-runtime')).default;
  const { Environment, Network, RecordSource, Store, Observable } = runtime;
  const ask = (params, variables) => Observable.create((sink) => {
    counted(uri, {
      method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json' },
      body: JSON.stringify({ query: params.text, variables }),
    }).then((answer) => answer.json()).then((json) => { sink.next(json); sink.complete(); }, (error) => sink.error(error));
  });
  const environment = new Environment({ network: Network.create(ask), store: new Store(new RecordSource()) });
  const run = (text) => told(async () => {
    const params = { name: 'Any', operationKind: 'query', text, metadata: {}, id: null, cacheID: text };
    return environment.getNetwork().execute(params, {}, { force: true }).toPromise();
  });
  const plain = (one) => ({ data: one.data ?? null, codes: codes(one.errors) });
  return {
    query: plain(await run(QUERY)), partial: plain(await run(PARTIAL)), invalid: plain(await run(INVALID)), mutation: plain(await run(MUTATION)),
  };
}

async function graphqlRequest() {
  const { GraphQLClient } = await import('graphql-request');
  const client = new GraphQLClient(uri, { fetch: counted, errorPolicy: 'all' });
  const ask = (via, text) => told(async () => {
    const { data, errors } = await via.rawRequest(text);
    return { data: data ?? null, codes: codes(errors) };
  });
  const aborting = new AbortController();
  const given = new GraphQLClient(uri, { fetch: counted, signal: aborting.signal });
  aborting.abort();
  return {
    query: await ask(client, QUERY), partial: await ask(client, PARTIAL), invalid: await ask(client, INVALID), mutation: await ask(client, MUTATION),
    'by GET': await ask(new GraphQLClient(uri, { fetch: counted, method: 'GET', errorPolicy: 'all' }), QUERY),
    'given up': await given.request(QUERY).catch((error) => error.name),
  };
}

async function stream(client) {
  const all = async (payload) => {
    const seen = [];
    try {
      for await (const one of client.iterate(payload)) seen.push(one);
    } catch (error) {
      return { thrown: codes(Array.isArray(error) ? error : [error]) };
    }
    return seen;
  };
  const first = async (payload) => {
    const running = client.iterate(payload);
    const { value } = await running.next();
    await running.return();
    return [value.data.ticks.number];
  };
  const one = async (query) => {
    const found = await all({ query });
    return found.thrown ? { data: null, codes: found.thrown } : { data: found[0].data ?? null, codes: codes(found[0].errors) };
  };
  const found = {
    query: await one(QUERY), partial: await one(PARTIAL), invalid: await one(INVALID), mutation: await one(MUTATION),
    subscription: (await all({ query: SUBSCRIPTION, variables: { to: 2 } })).map(({ data }) => data.ticks.number),
    aborted: await first({ query: SUBSCRIPTION, variables: ENDLESS }),
  };
  client.dispose();
  return found;
}

const clients = {
  'apollo 3': async () => apollo({
    ...(await import('@apollo/client3/core/index.js')),
    ...(await import('@apollo/client3/link/persisted-queries/index.js')),
    ...(await import('@apollo/client3/link/context/index.js')),
  }),
  'apollo 4': async () => {
    const { Defer20220824Handler } = await import('@apollo/client/incremental');
    return apollo({
      ...(await import('@apollo/client')),
      ...(await import('@apollo/client/link/persisted-queries')),
      ...(await import('@apollo/client/link/context')),
    }, new Defer20220824Handler());
  },
  'urql 4': async () => urql(await import('@urql/core4'), 4),
  'urql 5': async () => urql(await import('@urql/core5'), 5),
  'urql 6': async () => urql(await import('@urql/core'), 6),
  relay,
  'graphql-request': graphqlRequest,
  'graphql-sse': async () => stream((await import('graphql-sse')).createClient({ url: uri, fetchFn: counted, retryAttempts: 0 })),
  'graphql-ws': async () => stream((await import('graphql-ws')).createClient({
    url: uri.replace('http', 'ws'), retryAttempts: 0, webSocketImpl: (await import('ws')).WebSocket,
  })),
};
console.log(JSON.stringify(await clients[name]()));
process.exit(0);
