// Headers typed into GraphiQL (authorization) travel with queries, and with subscriptions in the first message.
const root = document.getElementById("graphiql");
const address = new URL(root.dataset.path, window.location.href);
const socket = new URL(address);
socket.protocol = address.protocol === "https:" ? "wss:" : "ws:";

let headers = {};
const wsClient = graphqlWs.createClient({ url: socket.href, lazy: true, connectionParams: () => headers });
const fetcher = GraphiQL.createFetcher({ url: address.href, wsClient });

ReactDOM.createRoot(root).render(
  React.createElement(GraphiQL, {
    fetcher: (params, options) => {
      headers = Object.fromEntries(
        Object.entries(options?.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
      );
      return fetcher(params, options);
    },
    defaultEditorToolsVisibility: true,
  }),
);
