// Headers typed into GraphiQL (authorization) travel with queries, and with subscriptions in the first message; so does
// the token of whoever logged in by the button. The button is there where the schema has `logIn` and `refreshSession`.
const root = document.getElementById("graphiql");
const address = new URL(root.dataset.path, window.location.href);
const socket = new URL(address);
socket.protocol = address.protocol === "https:" ? "wss:" : "ws:";

let headers = {};
let session = null;
const connect = () => graphqlWs.createClient({ url: socket.href, lazy: true, connectionParams: () => headers });
const fetcher = GraphiQL.createFetcher({ url: address.href, wsClient: connect() });
const lower = (given) => Object.fromEntries(Object.entries(given ?? {}).map(([name, value]) => [name.toLowerCase(), value]));

async function ask(query, variables) {
  const body = JSON.stringify({ query, variables });
  const answer = await fetch(address, { method: "POST", headers: { "content-type": "application/json" }, body, credentials: "include" });
  return (await answer.json()).data;
}

function show(tabs) {
  ReactDOM.createRoot(root).render(
    React.createElement(GraphiQL, {
      fetcher: (params, options) => {
        headers = session ? session.headers(lower(options?.headers)) : lower(options?.headers);
        return fetcher(params, { ...options, headers });
      },
      defaultEditorToolsVisibility: true,
      ...(tabs.length ? { defaultTabs: tabs } : {}),
    }),
  );
}

function bar() {
  const [form, button, who, wrong] = ["log-in", "log-in-button", "log-in-who", "log-in-wrong"].map((id) => document.getElementById(id));
  const dialog = form.closest("dialog");
  const changed = (present) => {
    who.textContent = present ? present.person.name ?? "" : "";
    button.textContent = present ? "Log out" : "Log in";
    button.dataset.present = present ? "yes" : "";
  };
  session = makeSession({ ask, later: setTimeout.bind(window), now: Date.now, changed });
  button.addEventListener("click", () => (button.dataset.present ? session.logOut() : dialog.showModal()));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const given = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));
    wrong.textContent = await session.logIn(given);
    if (!wrong.textContent) {
      form.reset();
      dialog.close();
    }
  });
  button.parentElement.hidden = false;
  return session.resume();
}

async function start() {
  const data = await ask('{ __type(name: "Mutation") { fields { name } } }').catch(() => null);
  const known = new Set((data?.__type?.fields ?? []).map((one) => one.name));
  if (!known.has("logIn") || !known.has("refreshSession")) return show([]);
  const text = await fetch("/graphiql/operations.graphql").then((one) => one.text());
  await bar().catch(() => false);
  show(text.split(/^# -+$/m).map((query) => ({ query: query.trim() })));
}

start();
