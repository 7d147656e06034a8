import { createClient, type Client } from "graphql-ws";
import { session } from "../session/session";
import { connection } from "./connection";

/** Open the socket for live updates; it connects when something is watched, and again whenever it breaks. */
export function openSocket(url: string): Client {
  const socket = createClient({
    url,
    lazy: true,
    keepAlive: 10_000,
    connectionParams: async () => ({ authorization: `Bearer ${(await session.freshToken()) ?? ""}` }),
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: (tries) => new Promise((resolve) => setTimeout(resolve, Math.min(500 * 2 ** tries, 10_000))),
    // What is thrown in the browser itself, while the connection stands, would be thrown again at once, for ever.
    shouldRetry: (failure) => !(failure instanceof Error),
    on: {
      connected: () => connection.say("live"),
      closed: () => connection.say("broken"),
    },
  });
  return socket;
}
