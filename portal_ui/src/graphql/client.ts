import { Client, type CombinedError, fetchExchange, subscriptionExchange } from "@urql/core";
import { authExchange } from "@urql/exchange-auth";
import type { Client as Socket } from "graphql-ws";
import type { PortalConfig } from "../config";
import { session } from "../session/session";
import { cache } from "./cache";
import { persistedExchange } from "./persisted";

/** Make the client of one log-in; another log-in gets another client, so that no cache outlives its owner. */
export function createPortalClient(config: PortalConfig, socket: Socket): Client {
  return new Client({
    url: config.gateway,
    preferGetMethod: false,
    fetchOptions: () => ({
      credentials: "include",
      headers: { accept: "application/graphql-response+json, application/json", "accept-language": document.documentElement.lang },
    }),
    exchanges: [cache(), authentication, persistedExchange(config.persisted), fetchExchange, liveUpdates(socket)],
  });
}

const authentication = authExchange(async (tools) => ({
  addAuthToOperation(operation) {
    const token = session.token();
    return token ? tools.appendHeaders(operation, { authorization: `Bearer ${token}` }) : operation;
  },
  willAuthError: () => session.isIn() && !session.isFresh(),
  didAuthError: (error) => session.isIn() && codesOf(error).includes("UNAUTHENTICATED"),
  refreshAuth: async () => {
    await session.refresh();
  },
}));

function liveUpdates(socket: Socket) {
  return subscriptionExchange({
    forwardSubscription: (body) => ({
      subscribe: (sink) => ({
        unsubscribe: socket.subscribe(
          {
            query: body.query ?? "", // graphql-ws insists on a text, which is empty where an id stands for it
            ...(body.variables ? { variables: body.variables as Record<string, unknown> } : {}),
            ...(body.operationName ? { operationName: body.operationName } : {}),
            ...(body.extensions ? { extensions: body.extensions as Record<string, unknown> } : {}),
          },
          {
            next: (result) => sink.next(result as never),
            error: (error) => sink.error(error),
            complete: () => sink.complete(),
          },
        ),
      }),
    }),
  });
}

/** Return the codes of an answer's errors. */
export function codesOf(error: CombinedError | undefined): string[] {
  return error?.graphQLErrors.map((one) => String(one.extensions["code"] ?? "")) ?? [];
}
