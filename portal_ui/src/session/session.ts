import type { Client } from "@urql/core";
import { Client as GraphQL, fetchExchange } from "@urql/core";
import { useSyncExternalStore } from "react";
import type { PortalConfig } from "../config";
import { persistedExchange } from "../graphql/persisted";
import { LogOutDocument, RefreshSessionDocument, type TokensFragment } from "./gql/graphql";

export type Person = TokensFragment["person"];

export type SessionState =
  | { readonly status: "starting" }
  | { readonly status: "out"; readonly ended: boolean }
  | { readonly status: "in"; readonly person: Person };

type News = { kind: "in"; tokens: TokensFragment } | { kind: "out"; ended: boolean };

/** Refresh this long before the token ends. */
const MARGIN_MS = 30_000;
/** Where nobody can tell whether there is a session (no connection): ask again after this long. */
const RETRY_MS = 2_000;
/** Nothing secret: it only says that asking for a session is worth a request. */
const HINT = "portal.session";

/**
 * Who is logged in, in all tabs of this browser.
 *
 * The access token is kept in memory only. The refresh token is in a cookie that no script reads. Tabs tell each other
 * of tokens, and of logging in and out; only one of them refreshes at a time.
 */
class Session {
  #state: SessionState = { status: "starting" };
  #token: { value: string; until: number } | undefined;
  #anybody: Client | undefined;
  #running: Promise<boolean> | undefined;
  #listeners = new Set<() => void>();
  #tabs = new BroadcastChannel("portal-session");

  /** Ask whether there is a session, if one may be. */
  async start(config: PortalConfig): Promise<void> {
    this.#anybody = new GraphQL({
      url: config.gateway,
      preferGetMethod: false,
      fetchOptions: { credentials: "include", headers: { accept: "application/graphql-response+json, application/json" } },
      exchanges: [persistedExchange(config.persisted), fetchExchange],
    });
    this.#tabs.onmessage = (event: MessageEvent<News>) => this.#hear(event.data);
    while (localStorage.getItem(HINT) && !(await this.refresh()) && localStorage.getItem(HINT)) await pause(RETRY_MS);
    if (this.#state.status === "starting") this.#set({ status: "out", ended: false });
  }

  /** Asks without a session: logging in, links of mails. */
  get anybody(): Client {
    if (!this.#anybody) throw new Error("session.start() comes first");
    return this.#anybody;
  }

  state = (): SessionState => this.#state;
  isIn = (): boolean => this.#state.status === "in";
  isFresh = (): boolean => !!this.#token && this.#token.until - MARGIN_MS > Date.now();
  token = (): string | undefined => this.#token?.value;

  /** Return a token that is still good for a while. */
  async freshToken(): Promise<string | undefined> {
    if (this.isIn() && !this.isFresh()) await this.refresh();
    return this.token();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Take the tokens of a log-in. */
  enter(tokens: TokensFragment): void {
    this.#adopt(tokens);
    this.#tabs.postMessage({ kind: "in", tokens } satisfies News);
  }

  /** Get the next token; false if the session has ended or nobody can tell. */
  refresh(): Promise<boolean> {
    const before = this.#token?.value;
    this.#running ??= locked(() => this.#refresh(before)).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async logOut(): Promise<void> {
    await this.anybody.mutation(LogOutDocument, {}).toPromise();
    this.#leave(false);
    this.#tabs.postMessage({ kind: "out", ended: false } satisfies News);
  }

  async #refresh(before: string | undefined): Promise<boolean> {
    if (this.#token?.value !== before && this.isFresh()) return true;
    const { data, error } = await this.anybody.mutation(RefreshSessionDocument, {}).toPromise();
    const tokens = data?.refreshSession.session;
    if (tokens) {
      this.enter(tokens);
      return true;
    }
    const ended = data?.refreshSession.userErrors.some((one) => one.code === "SESSION_ENDED") || isUnknown(error);
    if (ended) {
      const was = this.isIn();
      this.#leave(was);
      if (was) this.#tabs.postMessage({ kind: "out", ended: true } satisfies News);
    }
    return false;
  }

  #hear(news: News): void {
    if (news.kind === "in") this.#adopt(news.tokens);
    else this.#leave(news.ended);
  }

  #adopt(tokens: TokensFragment): void {
    this.#token = { value: tokens.accessToken, until: Date.parse(tokens.accessTokenExpiresAt) };
    localStorage.setItem(HINT, "1");
    const known = this.#state.status === "in" ? this.#state.person : undefined;
    const isSame = known?.id === tokens.person.id && known.language === tokens.person.language && known.name === tokens.person.name;
    if (!isSame) this.#set({ status: "in", person: tokens.person });
    this.onToken();
  }

  /** Called whenever there is another token. */
  onToken: () => void = () => undefined;

  #leave(ended: boolean): void {
    this.#token = undefined;
    localStorage.removeItem(HINT);
    this.#set({ status: "out", ended });
  }

  #set(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

function isUnknown(error: { graphQLErrors: { extensions: Record<string, unknown> }[] } | undefined): boolean {
  return !!error?.graphQLErrors.some((one) => one.extensions["code"] === "UNAUTHENTICATED");
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function locked<T>(work: () => Promise<T>): Promise<T> {
  if (!("locks" in navigator)) return work();
  return navigator.locks.request("portal-refresh", work) as Promise<T>;
}

export const session = new Session();

export function useSession(): SessionState {
  return useSyncExternalStore(session.subscribe, session.state);
}
