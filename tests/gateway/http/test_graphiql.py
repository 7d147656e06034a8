"""GraphiQL's log-in: its operations fit the schema, and its tokens are refreshed before they end."""

import json
import re

from graphql import build_schema, parse, validate

from portal_cli import node
from portal_cli.paths import GATEWAY_SCHEMA, ROOT
from tests.support.npm import run_node

FILES = ROOT / "gateway" / "graphiql"
SCRIPT = """
const window = {};
new Function("window", require("fs").readFileSync("session.js", "utf8"))(window);
const asked = [], timers = [], seen = [];
let answers = [], clock = 1_000_000;
const session = window.makeSession({
  ask: async (query, variables) => (asked.push([query, variables ?? null]), answers.shift()),
  later: (run, after) => timers.push([run, after]), now: () => clock,
  changed: (present) => seen.push(present?.person.name ?? null),
});
const tokens = (accessToken, lives) => ({
  session: { accessToken, accessTokenExpiresAt: new Date(clock + lives).toISOString(), person: { name: "Ada" } },
});
const sent = () => session.headers({}).authorization ?? null;
(async () => {
  const told = {};
  answers = [{ refreshSession: { session: null } }];
  told.nobody = [await session.resume(), sent()];
  answers = [{ logIn: { session: null, userErrors: [{ message: "Wrong password." }] } }];
  told.wrong = [await session.logIn({ email: "a" }), sent()];
  answers = [{ logIn: { session: null, challenge: { __typename: "C" }, userErrors: [] } }];
  told.factor = (await session.logIn({})).includes("second factor");
  answers = [{ logIn: tokens("t1", 300_000) }];
  told.in = [await session.logIn({ email: "a" }), sent(), timers.at(-1)[1]];
  told.typed = session.headers({ authorization: "Bearer mine" }).authorization;
  answers = [{ refreshSession: tokens("t2", 300_000) }];
  await timers.at(-1)[0]();
  told.refreshed = [sent(), timers.length];
  answers = [Promise.reject(new Error("no network"))];
  await timers.at(-1)[0]();
  told.lost = sent();
  answers = [{ refreshSession: tokens("t3", 10_000) }];
  told.resumed = [await session.resume(), sent(), timers.at(-1)[1]];
  answers = [{ logOut: { done: true } }];
  await session.logOut();
  told.out = sent();
  console.log(JSON.stringify({ told, seen, asked: asked.map(([query]) => query) }));
})();
"""


async def test_the_session_of_the_page() -> None:
    """Log in, refresh half a minute early, give way to a typed header, lose the network, log out."""
    assert node.node_folder()
    status, out, errors = await run_node(FILES, "-e", SCRIPT)
    assert status == 0, errors
    found = json.loads(out)
    assert found["told"] == {
        "nobody": [False, None],
        "wrong": ["Wrong password.", None],
        "factor": True,
        "in": ["", "Bearer t1", 270_000],
        "typed": "Bearer mine",
        "refreshed": ["Bearer t2", 2],
        "lost": None,
        "resumed": [True, "Bearer t3", 1_000],
        "out": None,
    }
    schema = build_schema(GATEWAY_SCHEMA.read_text())
    for query in found["asked"]:
        assert validate(schema, parse(query)) == []


def test_the_operations_that_it_opens_with_fit_the_schema() -> None:
    """Each tab is one operation that runs as it is."""
    schema = build_schema(GATEWAY_SCHEMA.read_text())
    tabs = re.split(r"^# -+$", (FILES / "operations.graphql").read_text(), flags=re.MULTILINE)
    assert len(tabs) == 4
    for tab in tabs:
        assert validate(schema, parse(tab)) == []


async def test_the_page_has_its_button(world) -> None:
    """And what it needs is served."""
    async with world.client.get(world.url, headers={"accept": "text/html"}) as answer:
        assert 'id="log-in-button"' in await answer.text()
    for file in ("session.js", "operations.graphql"):
        async with world.client.get(world.url.replace("/graphql", f"/graphiql/{file}")) as answer:
            assert answer.status == 200
